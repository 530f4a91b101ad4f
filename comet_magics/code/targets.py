"""What is assigned to: names, several at once, items, attributes."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .frames import ARRAY, PANDAS, store_columns
from .plain import NOTHING
from .things import UNKNOWN, Thing, plain_thing

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = ["store", "unpack"]


def store(walk: Walk, target: ast.expr, thing: Thing) -> None:
    """Bind a target: a name, several, an item, an attribute."""
    if isinstance(target, ast.Name):
        walk.env[target.id] = thing
    elif isinstance(target, (ast.Tuple, ast.List)):
        for one, item in zip(target.elts, unpack(walk, target, thing, target), strict=True):
            store(walk, one, item)
    elif isinstance(target, ast.Starred):
        store(walk, target.value, UNKNOWN)
    elif isinstance(target, ast.Subscript):
        _store_item(walk, target, thing)
    elif isinstance(target, ast.Attribute):
        owner = walk.value(target.value)
        if owner.columns is not None and target.attr == "columns":
            owner.columns = None
        if owner.columns is not None and target.attr == "index":
            owner.levels = None


def unpack(walk: Walk, target: ast.Tuple | ast.List, thing: Thing, node: ast.AST) -> Sequence[Thing]:
    """What each part of a target gets; tells where their numbers differ."""
    wanted, starred = len(target.elts), any(isinstance(one, ast.Starred) for one in target.elts)
    items: Sequence[Thing] | None = thing.items or None
    if isinstance(thing.plain, (tuple, list, str, dict)):
        items = [plain_thing(one, thing) for one in thing.plain]
    elif items is None and thing.kind == ARRAY and thing.shape and thing.shape[0] is not None:
        items = [Thing(ARRAY if thing.shape[1:] else "", shape=thing.shape[1:] or None)] * min(thing.shape[0], 99)
    elif thing.kind in ("builtins.int", "builtins.float", "builtins.NoneType", "builtins.coroutine"):
        walk.tell("unpacking", f"TypeError: `{thing.kind.rpartition('.')[2]}` can't be unpacked", node)
    if items is None:
        return [UNKNOWN] * wanted
    if (len(items) < wanted - 1) if starred else len(items) != wanted:
        words = "not enough" if len(items) < wanted else "too many"
        walk.tell("unpacking", f"ValueError: {words} values to unpack ({len(items)} for {wanted} names)", node)
        return [UNKNOWN] * wanted
    return [UNKNOWN] * wanted if starred else items


def _store_item(walk: Walk, target: ast.Subscript, given: Thing) -> None:
    """`thing[…] = …`."""
    thing = walk.value(target.value)
    if thing.plain is not NOTHING and not isinstance(thing.plain, (list, dict)):
        walk.tell("raises", f"TypeError: a {thing.kind.rpartition('.')[2]} can't be changed", target)
    thing.forget()
    store_columns(walk, target)
    if thing.kind == PANDAS and given.shape is None and isinstance(given.plain, list):
        given = Thing(shape=(len(given.plain),))
    rows = thing.shape[0] if thing.kind == PANDAS and thing.shape else None
    single = isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str)
    if rows is not None and single and given.kind in ("", ARRAY) and given.shape and given.shape[0] not in (None, rows):
        walk.tell("wrong-shape", f"ValueError: {given.shape[0]} values for {rows} rows", target)
