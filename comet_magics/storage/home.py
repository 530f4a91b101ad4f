"""Where comet_magics keeps its own files: the ledger and the embedded model's weights. Never a key."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["home", "ledger_path"]


def home() -> Path:
    """`COMET_MAGICS_HOME`, or the system's folder for a user's application data.

    Read at each call, so that a change takes effect at once. The folder need not exist yet.
    """
    chosen = os.environ.get("COMET_MAGICS_HOME")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return platformdirs.user_data_path("comet_magics", appauthor=False)


def ledger_path() -> Path:
    """The ledger's file, which need not exist yet."""
    return home() / "ledger.sqlite3"
