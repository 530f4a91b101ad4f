"""Frames: their columns as they are read and stored, whichever library's they are."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .names import did_you_mean
from .things import UNKNOWN, Thing

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = [
    "ARRAY",
    "FRAMES",
    "GROUPS",
    "LAZY",
    "PANDAS",
    "POLARS",
    "SERIES",
    "add_columns",
    "argument",
    "column_of",
    "frame_subscript",
    "is_frame",
    "literal",
    "named_arguments",
    "need_column",
    "store_columns",
    "strings_of",
]

PANDAS, SERIES, POLARS, LAZY = "pandas.DataFrame", "pandas.Series", "polars.DataFrame", "polars.LazyFrame"
ARRAY = "numpy.ndarray"
FRAMES = frozenset({PANDAS, POLARS, LAZY})
GROUPS = frozenset({"pandas.DataFrameGroupBy", "polars.GroupBy", "polars.LazyGroupBy"})
_NOT_COLUMNS = frozenset({"index", "level_0"})


def is_frame(thing: Thing) -> bool:
    """Whether it is a pandas or polars frame."""
    return thing.kind in FRAMES


def column_of(thing: Thing, name: str = "") -> Thing:
    """One column of a frame."""
    series = {PANDAS: SERIES, POLARS: "polars.Series"}
    rows = thing.shape[:1] if thing.shape else None
    return Thing(series.get(thing.kind, ""), holds=thing.types.get(name, ""), shape=rows)


def need_column(walk: Walk, thing: Thing, name: str, node: ast.AST, levels: bool = False) -> None:
    """Tell it where a frame has no such column."""
    if thing.columns is None or name in thing.columns or name in walk.asked:
        return
    if levels and (thing.levels is None or name in thing.levels or name in _NOT_COLUMNS):
        return
    walk.tell("missing-column", f"no column `{name}`{did_you_mean(name, iter(sorted(thing.columns)))}", node)


def strings_of(walk: Walk, node: ast.expr | None) -> tuple[str, ...] | None:
    """The strings of a literal, of a list of literals, or of a name that holds such; None if not known."""
    if isinstance(node, (ast.Tuple, ast.List)):
        parts = [strings_of(walk, one) for one in node.elts if not isinstance(one, ast.Starred)]
        return tuple(one for part in parts if part for one in part)
    if isinstance(node, (ast.Constant, ast.Name)):
        return walk.value(node).strings
    return None


def frame_subscript(walk: Walk, thing: Thing, node: ast.Subscript) -> Thing:
    """`frame[…]`, read; of its groups and its rows, too."""
    key = node.slice
    if thing.view in ("loc", "at", "iloc", "iat") and thing.owner is not None:
        return _located(walk, thing.owner, thing.view, key)
    inner = walk.value_Lambda(key, thing) if isinstance(key, ast.Lambda) else walk.value(key)
    if thing.view == "row" or (thing.kind in GROUPS and thing.kind.startswith("pandas")):
        for name in strings_of(walk, key) or ():
            need_column(walk, thing, name, node)
        single = inner.kind == "builtins.str" and thing.kind in GROUPS
        return (
            Thing("pandas.SeriesGroupBy" if single else thing.kind, columns=thing.columns, keys=thing.keys)
            if thing.kind
            else UNKNOWN
        )
    if not is_frame(thing) or thing.kind == LAZY:
        return UNKNOWN
    if inner.strings is not None and inner.kind in ("builtins.str", "builtins.list"):
        for name in inner.strings:
            need_column(walk, thing, name, node)
        return column_of(thing, inner.strings[0]) if inner.kind == "builtins.str" else thing.like(set(inner.strings))
    if inner.kind == "builtins.list":
        return thing.like(None)
    if thing.kind == PANDAS and (isinstance(key, (ast.Slice, ast.Compare, ast.BoolOp)) or inner.kind == SERIES):
        return thing.copy()
    return UNKNOWN


def _located(walk: Walk, frame: Thing, view: str, key: ast.expr) -> Thing:
    rows, column = (key.elts[0], key.elts[1]) if isinstance(key, ast.Tuple) and len(key.elts) == 2 else (key, None)
    for part in (rows, column):
        if isinstance(part, ast.Lambda):
            walk.value_Lambda(part, frame)
        elif part is not None:
            walk.value(part)
    if view in ("iloc", "iat"):
        return frame.copy() if view == "iloc" and isinstance(key, ast.Slice) else UNKNOWN
    names = strings_of(walk, column)
    for name in names or ():
        need_column(walk, frame, name, key)
    selects_many = isinstance(rows, (ast.Slice, ast.Compare, ast.BinOp, ast.BoolOp)) or walk.value(rows).kind == SERIES
    if column is None:
        return frame.copy() if selects_many else UNKNOWN
    if view == "loc" and selects_many and names:
        return frame.like(set(names)) if isinstance(column, ast.List) else column_of(frame)
    return UNKNOWN


def store_columns(walk: Walk, target: ast.Subscript) -> None:
    """`thing[…] = …`: columns come into being."""
    thing, key = walk.value(target.value), target.slice
    if thing.view in ("loc", "at") and thing.owner is not None:
        thing.owner.shape = None  # it may be a new row
        column = key.elts[1] if isinstance(key, ast.Tuple) and len(key.elts) == 2 else None
        walk.value(key.elts[0] if isinstance(key, ast.Tuple) and key.elts else key)
        add_columns(thing.owner, strings_of(walk, column) if column is not None else ())
        return
    walk.value(key)
    if is_frame(thing):
        mask = isinstance(key, (ast.Compare, ast.BinOp, ast.UnaryOp))
        add_columns(thing, () if mask else strings_of(walk, key))


def add_columns(frame: Thing, names: tuple[str, ...] | None) -> None:
    """A frame gets columns; None where their names are not known."""
    if names is None:
        frame.columns, frame.types = None, {}
    elif frame.columns is not None:
        frame.columns |= set(names)
    for name in names or ():
        frame.types.pop(name, None)


def argument(node: ast.Call, place: int | str) -> list[ast.expr]:
    """The argument at a position, by its keyword, or, at -1, all positional ones."""
    if isinstance(place, str):
        return [keyword.value for keyword in node.keywords if keyword.arg == place]
    if place == -1:
        return list(node.args)
    return node.args[place : place + 1]


def literal(node: ast.expr | None) -> str | None:
    """A literal text, else None."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def named_arguments(
    walk: Walk,
    frame: Thing,
    node: ast.Call,
    places: Iterable[int | str],
    keyed: int | None = None,
    *,
    levels: bool = False,
) -> None:
    """Tell where an argument at one of `places`, or a key of the dict at place `keyed`, names no column.

    `levels` says that names of the index will do.
    """
    pandas = frame.kind.startswith("pandas")
    if any(keyword.arg == "default" for keyword in node.keywords):
        return
    for place in places:
        for given in argument(node, place):
            for string in strings_of(walk, given) or ():
                if pandas or not string.startswith(("^", "*")):
                    need_column(walk, frame, string, given, levels=levels)
    strict = not any(keyword.arg == "strict" for keyword in node.keywords)
    for given in argument(node, keyed) if keyed is not None and strict else ():
        for key in given.keys if isinstance(given, ast.Dict) else ():
            string = literal(key) or ""
            if key is not None and string:
                need_column(walk, frame, string, key, levels=levels)
