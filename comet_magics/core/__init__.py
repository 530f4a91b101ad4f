"""Floor 0: frozen data, errors and Protocols. Standard library only; nothing here does I/O."""
