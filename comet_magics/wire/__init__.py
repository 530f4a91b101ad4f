"""Floor 1: bytes to events and requests to bodies, for both endpoints, without any I/O."""
