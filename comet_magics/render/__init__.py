"""Floor 1: an answer's text to what a notebook or a terminal shows, without any I/O."""
