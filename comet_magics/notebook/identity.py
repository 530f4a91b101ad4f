"""Which notebook this kernel belongs to, as far as its front end tells."""

from __future__ import annotations

import getpass
import hashlib
import os
import uuid
from collections.abc import Mapping

__all__ = ["cache_key", "notebook_name"]


def notebook_name(namespace: Mapping[str, object]) -> str:
    """The notebook's path or name, empty if nobody tells.

    Sources: `JPY_SESSION_NAME` (set by Jupyter Server for the kernels that it starts), `__vsc_ipynb_file__` (VS Code).
    """
    told = namespace.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME", "")
    return str(told)


def cache_key(namespace: Mapping[str, object]) -> str:
    """A short key, the same for a notebook across kernels, that tells the provider nothing of its name."""
    name = notebook_name(namespace)
    if name:
        return "comet-" + hashlib.sha256(f"{getpass.getuser()}\0{name}".encode()).hexdigest()[:24]
    return "comet-" + uuid.uuid4().hex[:24]
