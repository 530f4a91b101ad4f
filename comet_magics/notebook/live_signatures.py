"""What live functions and methods take and give, by their own signatures and annotations.

Promise: nothing is called; where a wrapper may take more than it says, nothing is known.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterable
from typing import Any

from ..code.signatures import without_first

__all__ = ["signature_of_function", "signatures"]


def signatures(
    members: dict[str, Any], attributes: Iterable[str], *, method: bool
) -> tuple[dict[str, str], dict[str, inspect.Signature]]:
    """For each of `attributes` that is a function: its annotation of what it returns, as written, and its signature."""
    returns, found = {}, {}
    for name in attributes:
        member = members.get(name)
        if isinstance(member, property):
            member = member.fget
        static = isinstance(member, staticmethod)
        if isinstance(member, (staticmethod, classmethod)):
            member = member.__func__
        if isinstance(member, types.FunctionType):
            said = member.__annotations__.get("return")
            returns[name] = said if isinstance(said, str) else getattr(said, "__name__", "")
            taken = signature_of_function(member, skip=method and not static)
            if taken is not None:
                found[name] = taken
        elif isinstance(member, type) and "__new__" not in vars(member):
            taken = signature_of_function(vars(member).get("__init__"), skip=True)
            if taken is not None:
                found[name] = taken
        elif type(member).__name__ == "_ArrayFunctionDispatcher":
            taken = signature_of_function(member, skip=False)
            if taken is not None:
                found[name] = taken
    return returns, found


def signature_of_function(function: object, *, skip: bool = False) -> inspect.Signature | None:
    """What a function takes, without the first if `skip`; None where that can't be told."""
    if type(function).__name__ == "_ArrayFunctionDispatcher":  # numpy's own wrapper, in C
        function = getattr(function, "__wrapped__", None)
    if not isinstance(function, types.FunctionType):
        return None
    try:
        # A wrapper that is marked as one takes what the wrapped takes; others are taken at their word.
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None
    outer = function.__code__
    wrapped = hasattr(function, "__wrapped__")
    if wrapped and (not outer.co_flags & inspect.CO_VARKEYWORDS or _renames(function)):
        return None
    return without_first(signature) if skip else signature


def _renames(function: types.FunctionType) -> bool:
    """Whether a wrapper may accept more names than what it wraps: one that handles renamed or deprecated arguments."""
    return any("renam" in name or "deprecat" in name or "old_" in name for name in function.__code__.co_freevars)
