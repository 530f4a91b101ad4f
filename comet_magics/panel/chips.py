"""The session's variables as chips that put `@name` into a question: frames first, then what is large, then the rest.

Promise: no code of an object runs: what is no known frame or array is told by its type's name.
"""

from __future__ import annotations

import types
from collections.abc import Mapping

from ..context.engines import is_eager, is_lazy
from ..context.kinds import is_a, type_name

__all__ = ["chips"]

_MOST = 40


def chips(names: Mapping[str, object]) -> list[dict[str, str]]:
    """Name and description of the variables that a question may be about."""
    ranked = []
    for name, value in names.items():
        if isinstance(value, types.ModuleType):
            continue
        rank = 0 if is_eager(value) or is_lazy(value) else 1 if is_a(value, "numpy", "ndarray") else 2
        ranked.append((rank, name, value))
    ranked.sort(key=lambda one: one[0])
    return [{"name": name, "about": _about(value, rank)} for rank, name, value in ranked[:_MOST]]


def _about(value: object, rank: int) -> str:
    words = type_name(type(value))
    if rank == 2 or is_lazy(value):
        return words
    try:
        shape = value.shape  # type: ignore[attr-defined]  # of a library's own class
        return f"{words} {'×'.join(str(int(size)) for size in shape)}"
    except Exception:  # noqa: BLE001 - a subclass may do what it likes
        return words
