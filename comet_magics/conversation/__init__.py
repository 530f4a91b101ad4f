"""Floor 3: a turn, the session it belongs to, and the loop that drives it, against Protocols only."""
