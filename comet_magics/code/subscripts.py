"""`thing[key]`, read: of plain values, of arrays, of frames."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from .arrays import indexed
from .frames import ARRAY, PANDAS, frame_subscript
from .plain import NOTHING, subscript
from .things import UNKNOWN, Thing

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = ["subscripted"]

_NEVER = frozenset({"int", "float", "bool", "NoneType", "coroutine", "set", "function"})


def subscripted(walk: Walk, thing: Thing, node: ast.Subscript) -> Thing:
    """What `thing[…]` gives."""
    kind = thing.kind.removeprefix("builtins.")
    if thing.kind.startswith("builtins.") and kind in _NEVER:
        hint = "; `await` it" if kind == "coroutine" else ""
        walk.tell("not-subscriptable", f"TypeError: a {kind} has no items{hint}", node)
        return UNKNOWN
    if thing.plain is not NOTHING:
        key = _key(walk, node.slice)
        return UNKNOWN if key is NOTHING else walk.computed(node, lambda: subscript(thing.plain, key), thing) or UNKNOWN
    if thing.kind == ARRAY:
        return _of_array(walk, thing, node)
    if thing.view == "iloc" and thing.owner is not None and thing.owner.shape:
        keys = [_key(walk, one) for one in _parts(node.slice)]
        rows = thing.owner.shape[: 1 if thing.owner.kind != PANDAS else 2]
        walk.shaped(node, lambda: indexed(rows, [slice(None) if one is NOTHING else one for one in keys]))
    if thing.items and isinstance(node.slice, ast.Constant) and type(node.slice.value) is int:
        place = node.slice.value
        return thing.items[place] if -len(thing.items) <= place < len(thing.items) else UNKNOWN
    return frame_subscript(walk, thing, node)


def _of_array(walk: Walk, thing: Thing, node: ast.Subscript) -> Thing:
    keys = [_key(walk, one) for one in _parts(node.slice)]
    shape = thing.shape
    if shape is None or any(one is NOTHING for one in keys):
        return Thing(ARRAY if any(isinstance(one, slice) for one in keys) else "")
    left = walk.shaped(node, lambda: indexed(shape, keys))
    return Thing(ARRAY, shape=left) if left else UNKNOWN


def _parts(key: ast.expr) -> list[ast.expr]:
    return list(key.elts) if isinstance(key, ast.Tuple) else [key]


def _key(walk: Walk, node: ast.expr) -> Any:
    """A plain key, or a slice of plain bounds; NOTHING if it is not known."""
    if not isinstance(node, ast.Slice):
        return walk.value(node).plain
    bounds = [None if one is None else walk.value(one).plain for one in (node.lower, node.upper, node.step)]
    return slice(*bounds) if all(one is None or type(one) is int for one in bounds) else NOTHING
