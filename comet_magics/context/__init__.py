"""Floor 1: what the notebook knows, turned into the text that goes along with a question. Computation only."""
