"""Floor 2: the ways to a model: HTTP, retries, and the embedded model's server."""
