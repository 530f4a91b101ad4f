"""Floor 1: the code in an answer."""
