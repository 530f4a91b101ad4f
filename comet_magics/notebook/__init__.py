"""Floor 4: the only place that knows IPython's shell, its display and its history."""
