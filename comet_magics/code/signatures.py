"""Calls against signatures: whether the arguments would be taken, in Python's own words.

Promise: where a call passes `*` or `**`, only keywords that can't be right are told.
"""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING

from .names import did_you_mean

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = ["check_call", "signature_of", "without_first"]

_GIVEN = inspect.Parameter
_WORDS = {"missing a required argument": "missing-argument", "too many positional": "too-many-arguments"}


def signature_of(arguments: ast.arguments) -> inspect.Signature:
    """The signature of a function as it is written."""
    positional = [*arguments.posonlyargs, *arguments.args]
    without = len(positional) - len(arguments.defaults)
    found = [
        _GIVEN(
            one.arg,
            _GIVEN.POSITIONAL_ONLY if one in arguments.posonlyargs else _GIVEN.POSITIONAL_OR_KEYWORD,
            default=_GIVEN.empty if place < without else None,
        )
        for place, one in enumerate(positional)
    ]
    if arguments.vararg:
        found.append(_GIVEN(arguments.vararg.arg, _GIVEN.VAR_POSITIONAL))
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(_GIVEN(one.arg, _GIVEN.KEYWORD_ONLY, default=_GIVEN.empty if default is None else None))
    if arguments.kwarg:
        found.append(_GIVEN(arguments.kwarg.arg, _GIVEN.VAR_KEYWORD))
    return inspect.Signature(found)


def without_first(signature: inspect.Signature) -> inspect.Signature:
    """A method's signature without the object itself."""
    parameters = list(signature.parameters.values())
    takes_any = not parameters or parameters[0].kind is _GIVEN.VAR_POSITIONAL
    return signature if takes_any else signature.replace(parameters=parameters[1:])


def check_call(walk: Walk, called: str, signature: inspect.Signature | None, node: ast.Call) -> None:
    """Tell it where a call's arguments do not fit."""
    if signature is None or _unknown_keyword(walk, called, signature, node):
        return
    if any(isinstance(one, ast.Starred) for one in node.args) or any(one.arg is None for one in node.keywords):
        return
    try:
        signature.bind(*node.args, **{one.arg: one.value for one in node.keywords if one.arg})
    except TypeError as error:
        words = str(error)
        kind = next((kind for start, kind in _WORDS.items() if words.startswith(start)), "wrong-arguments")
        walk.tell(kind, f"TypeError: `{called}`: {words}", node)


def _unknown_keyword(walk: Walk, called: str, signature: inspect.Signature, node: ast.Call) -> bool:
    parameters = signature.parameters.values()
    if any(one.kind is _GIVEN.VAR_KEYWORD for one in parameters):
        return False
    taken = [one.name for one in parameters if one.kind in (_GIVEN.POSITIONAL_OR_KEYWORD, _GIVEN.KEYWORD_ONLY)]
    for keyword in node.keywords:
        if keyword.arg is not None and keyword.arg not in taken:
            words = f"`{called}` takes no `{keyword.arg}`{did_you_mean(keyword.arg, iter(taken))}"
            walk.tell("unknown-argument", words, keyword.value)
            return True
    return False
