"""Floor 2: what is kept on disk: the ledger."""
