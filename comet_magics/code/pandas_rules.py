"""Rules of pandas: which arguments name columns, and which columns come out. Each rule is a row of a table.

Source: pandas' API reference.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from .frames import (
    GROUPS,
    PANDAS,
    add_columns,
    argument,
    column_of,
    is_frame,
    literal,
    named_arguments,
    need_column,
    strings_of,
)
from .things import UNKNOWN, Thing, kind_called

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = ["check_pandas", "merge", "pandas_result"]

# The arguments that name columns, by position (a number) and by keyword.
_PANDAS_NAMES: dict[str, tuple[int | str, ...]] = {
    "groupby": (0, "by"), "sort_values": (0, "by"), "set_index": (0, "keys"), "explode": (0, "column"),
    "drop_duplicates": (0, "subset"), "duplicated": (0, "subset"), "dropna": ("subset",), "drop": ("columns",),
    "pivot_table": ("index", "columns", "values"), "pivot": ("index", "columns", "values"),
    "melt": ("id_vars", "value_vars"), "nlargest": (1, "columns"), "nsmallest": (1, "columns"),
    "hist": (0, "column", "by"), "boxplot": (0, "column", "by"), "value_counts": (0, "subset"), "pop": (0,),
    "astype": (), "agg": (), "plot": ("x", "y"), "merge": ("on", "left_on"), "join": ("on",),
}  # fmt: skip
_PANDAS_KEYS = {"astype": 0, "agg": 0, "aggregate": 0}
_SAME_TYPES = frozenset({
    "head", "tail", "sample", "copy", "sort_values", "sort_index", "dropna", "drop_duplicates", "query",
    "nlargest", "nsmallest",
})  # fmt: skip
_SAME_PANDAS = _SAME_TYPES | frozenset({
    "fillna", "ffill", "bfill", "round", "clip", "astype", "replace", "convert_dtypes", "infer_objects",
    "where", "mask", "interpolate", "shift", "diff", "explode",
})  # fmt: skip
_WORDS = frozenset({"inf", "nan", "true", "false"})


def check_pandas(walk: Walk, owner: Thing, name: str, node: ast.Call) -> None:
    """The arguments of a method of a frame, or of its groups, that name columns."""
    aggregates = name in ("agg", "aggregate")
    if owner.kind in GROUPS:
        if aggregates:
            named_arguments(walk, owner, node, (), _PANDAS_KEYS.get(name), levels=True)
            _check_named_aggregation(walk, owner, node)
        return
    named_arguments(walk, owner, node, _PANDAS_NAMES.get(name, ()), _PANDAS_KEYS.get(name), levels=name != "drop")
    if name in ("query", "eval"):
        _check_query(walk, owner, node, name)


def merge(walk: Walk, left: Thing, node: ast.Call, right_node: ast.expr | None) -> Thing:
    """Two frames joined, pandas' or polars'; tells of keys that one of them lacks."""
    right = walk.value(right_node)
    for side, places in ((left, ("on", "left_on")), (right, ("on", "right_on"))):
        if is_frame(side):
            named_arguments(walk, side, node, places, levels=side.kind == PANDAS)
    if not is_frame(left):
        return UNKNOWN
    keys = {name for given in argument(node, "on") for name in strings_of(walk, given) or ()}
    known = (
        left.columns is not None
        and right.columns is not None
        and left.kind == PANDAS
        and not argument(node, "indicator")
    )
    if known and left.columns is not None and right.columns is not None and left.columns & right.columns <= keys:
        return Thing(left.kind, columns=left.columns | right.columns)
    return left.like(None)


def _check_named_aggregation(walk: Walk, owner: Thing, node: ast.Call) -> None:
    for keyword in node.keywords:
        if keyword.arg and isinstance(keyword.value, ast.Tuple) and len(keyword.value.elts) == 2:
            string = literal(keyword.value.elts[0])
            if string is not None:
                need_column(walk, owner, string, keyword.value)


def _check_query(walk: Walk, owner: Thing, node: ast.Call, method: str) -> None:
    text = literal(node.args[0]) if node.args else None
    if text is None or "`" in text or owner.columns is None:
        return
    try:
        tree = ast.parse(re.sub(r"@(?=\w)", "__at_", text).replace("\n", " ").strip(), mode="exec")
    except SyntaxError:
        return
    stored = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    called = {one.func.id for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
    for one in ast.walk(tree):
        if isinstance(one, ast.Name) and not one.id.startswith("__at_") and one.id not in stored | called | _WORDS:
            need_column(walk, owner, one.id, node, levels=True)
    if method == "eval":
        add_columns(owner, tuple(stored))


def pandas_result(walk: Walk, owner: Thing, name: str, node: ast.Call) -> Thing:
    """What a method of a frame, or of its groups, gives; changes `owner` where it works in place."""
    in_place = any(k.arg == "inplace" and isinstance(k.value, ast.Constant) and k.value.value for k in node.keywords)
    if owner.kind in GROUPS:
        return _grouped_result(walk, owner, name, node)
    result = _new_columns(walk, owner, name, node)
    if in_place:
        owner.columns = result.columns
        owner.levels, owner.types, owner.shape = result.levels, result.types, None
        return Thing("builtins.NoneType")
    if name == "insert":
        add_columns(owner, strings_of(walk, node.args[1]) if len(node.args) > 1 else None)
    elif name == "pop":
        for string in (strings_of(walk, node.args[0]) or ()) if node.args else ():
            if owner.columns is not None:
                owner.columns.discard(string)
        return column_of(owner)
    elif name == "update":
        return UNKNOWN
    return result


def _new_columns(walk: Walk, owner: Thing, name: str, node: ast.Call) -> Thing:
    """The frame that a method of a pandas frame gives."""
    columns, levels = owner.columns, owner.levels
    if name in _SAME_PANDAS:
        same = owner.copy()
        same.types = same.types if name in _SAME_TYPES else {}
        return same
    if name == "groupby":
        keys = strings_of(walk, next(iter(argument(node, 0) or argument(node, "by")), None))
        return Thing("pandas.DataFrameGroupBy", columns=columns, keys=keys)
    if columns is not None and name == "assign":
        added = {keyword.arg for keyword in node.keywords}
        return owner.like(None if None in added else columns | {one for one in added if one})
    if columns is not None and name == "drop":
        gone = [strings_of(walk, one) for one in argument(node, "columns")]
        by_rows = node.args or any(keyword.arg in ("axis", "labels") for keyword in node.keywords)
        return owner.like(None if by_rows or None in gone else columns - {one for part in gone for one in part or ()})
    if columns is not None and name == "rename":
        pairs = next(iter(argument(node, "columns")), None)
        if isinstance(pairs, ast.Dict) and all(literal(one) is not None for one in (*pairs.keys, *pairs.values)):
            names = {literal(old): literal(new) or "" for old, new in zip(pairs.keys, pairs.values, strict=True)}
            return owner.like({names.get(one) or one for one in columns})
        return owner.like(None)
    if columns is not None and name == "reset_index":
        dropped = any(keyword.arg == "drop" for keyword in node.keywords)
        plain = (
            levels is not None
            and not node.args
            and all(keyword.arg in ("drop", "inplace") for keyword in node.keywords)
        )
        return Thing(
            owner.kind, columns=columns | ({"index"} | (levels or set()) if not dropped else set()) if plain else None
        )
    if columns is not None and name == "set_index":
        keys = strings_of(walk, node.args[0]) if node.args else None
        kept = any(keyword.arg in ("drop", "append") for keyword in node.keywords)
        return Thing(owner.kind, columns=None if keys is None or kept else columns - set(keys), levels=set(keys or ()))
    kind = walk.namespace.kinds.get(owner.kind)
    key = kind_called(kind.returns.get(name, ""), owner.kind, walk.namespace) if kind is not None else ""
    return Thing(key, levels=None)


def _grouped_result(walk: Walk, owner: Thing, name: str, node: ast.Call) -> Thing:
    named = name in ("agg", "aggregate") and node.keywords and not node.args
    if named and all(keyword.arg and isinstance(keyword.value, ast.Tuple) for keyword in node.keywords):
        names = {keyword.arg for keyword in node.keywords if keyword.arg}
        return Thing(
            PANDAS, columns=names | set(owner.keys or ()) if owner.keys else None, levels=set(owner.keys or ())
        )
    kind = walk.namespace.kinds.get(owner.kind)
    key = kind_called(kind.returns.get(name, ""), owner.kind, walk.namespace) if kind is not None else ""
    return Thing(key, levels=None)
