"""Which names a block creates or changes, and what they hold, in a forked copy of the kernel.

Promise: shapes are read in the copy only, where evaluating a property of a user's object changes nothing.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Any

from ..core.verdicts import Change

__all__ = ["Names", "shape_of"]

_HIDDEN = frozenset({"In", "Out", "get_ipython", "exit", "quit", "open"})


class Names:
    """The namespace at one moment, to be compared with a later one."""

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self.namespace = namespace
        # The objects are held, so that an identity is not given to another one.
        self.before = {name: (value, _outline(value)) for name, value in _own(namespace).items()}

    def changes(self) -> list[Change]:
        """What is new or holds something else, in the order of the namespace; modules and functions by name only."""
        found = []
        for name, value in _own(self.namespace).items():
            old = self.before.get(name)
            if old is not None and old[0] is value and old[1] == _outline(value):
                continue
            if isinstance(value, types.ModuleType):
                continue
            found.append(Change(name, type(value).__name__, shape_of(value), new=old is None))
        return found


def shape_of(value: object) -> str:
    """`3×4` for what has a shape, `17` for what has a length, else empty."""
    try:
        shape = getattr(value, "shape", None)
        if isinstance(shape, tuple) and shape and all(isinstance(size, int) for size in shape):
            return "×".join(map(str, shape))
        if isinstance(value, (list, tuple, dict, set, frozenset)):
            return str(len(value))
    except Exception:  # noqa: BLE001  a user's property may raise anything
        return ""
    return ""


def _own(namespace: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in list(namespace.items()) if not name.startswith("_") and name not in _HIDDEN}


def _outline(value: object) -> object:
    """What of a mutable value is cheap to compare: shape and column names."""
    if not hasattr(type(value), "shape") and not isinstance(value, (list, dict, set)):
        return None
    try:
        columns = getattr(value, "columns", None)
        listed = tuple(columns) if isinstance(getattr(value, "shape", None), tuple) and columns is not None else ()
        return shape_of(value), listed
    except Exception:  # noqa: BLE001  a user's property may raise anything
        return None
