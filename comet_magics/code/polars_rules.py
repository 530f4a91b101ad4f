"""Rules of polars: which arguments name columns, and which columns come out. Each rule is a row of a table.

Source: polars' API reference.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .frames import FRAMES, LAZY, POLARS, literal, named_arguments, need_column, strings_of
from .things import UNKNOWN, Thing, kind_called

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = ["check_polars", "polars_result"]

_POLARS_NAMES: dict[str, tuple[int | str, ...]] = {
    "select": (-1,), "sort": (-1, "by"), "group_by": (-1, "by"), "drop": (-1,), "unique": (0, "subset"),
    "explode": (-1,), "get_column": (0,), "drop_nulls": (0, "subset"), "partition_by": (-1,), "to_dummies": (0,),
    "pivot": (0, "on", "index", "values"), "unpivot": (0, "on", "index"), "join": ("on", "left_on"), "top_k": ("by",),
    "with_columns": (), "filter": (), "agg": (),
}  # fmt: skip
_SAME_POLARS = frozenset({
    "filter", "sort", "head", "tail", "limit", "unique", "sample", "drop_nulls", "slice", "lazy", "collect",
    "clone", "rechunk", "shift", "reverse", "fill_null", "top_k", "fill_nan", "bottom_k", "cache",
    "gather_every",
})  # fmt: skip
_POLARS_KEYS = {"rename": 0, "cast": 0}


def check_polars(walk: Walk, owner: Thing, name: str, node: ast.Call) -> None:
    """The arguments of a method of a frame, or of its groups, that name columns."""
    if owner.kind in FRAMES:
        named_arguments(walk, owner, node, _POLARS_NAMES.get(name, ()), _POLARS_KEYS.get(name))
    if name in _POLARS_NAMES:
        _check_expressions(walk, owner, node)


def _check_expressions(walk: Walk, owner: Thing, node: ast.Call) -> None:
    """`pl.col("x")` in the arguments of a polars frame's method."""
    todo: list[ast.AST] = [*node.args, *(keyword.value for keyword in node.keywords)]
    while todo:
        here = todo.pop()
        if isinstance(here, ast.Lambda):
            continue
        if isinstance(here, ast.Call):
            if (
                isinstance(here.func, ast.Attribute)
                and here.func.attr in _POLARS_NAMES
                and here.func.attr not in ("sort", "explode", "filter", "unique", "drop_nulls", "top_k")
            ):
                continue  # another frame's method, with its own columns
            of_columns = isinstance(here.func, ast.Attribute) and here.func.attr in ("over", "sort_by")
            if of_columns or _is_col(walk, here.func):
                for one in here.args:
                    for string in strings_of(walk, one) or ():
                        if not string.startswith(("^", "*")):
                            need_column(walk, owner, string, one)
        todo.extend(ast.iter_child_nodes(here))


def _is_col(walk: Walk, node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "col" and walk.value(node.value).module == "polars"
    thing = walk.value(node) if isinstance(node, ast.Name) else UNKNOWN
    return thing.name == "col" and thing.owner is not None and thing.owner.module == "polars"


def polars_result(walk: Walk, owner: Thing, name: str, node: ast.Call) -> Thing:
    """What a method of a frame, or of its groups, gives."""
    kind = walk.namespace.kinds.get(owner.kind)
    key = kind_called(kind.returns.get(name, ""), owner.kind, walk.namespace) if kind is not None else ""
    if name == "collect" and owner.kind == LAZY:
        key = POLARS
    if name in _SAME_POLARS and owner.kind in FRAMES:
        return Thing(key or owner.kind, columns=None if owner.columns is None else set(owner.columns))
    if name == "group_by":
        keys = [_expression_name(walk, one) for one in node.args]
        known = tuple(one for one in keys if one) if all(keys) and not node.keywords else None
        return Thing(key, columns=owner.columns, keys=known)
    if name in ("select", "with_columns", "agg"):
        names = [_expression_name(walk, one) for one in node.args] + [keyword.arg for keyword in node.keywords]
        kept = owner.columns if name == "with_columns" else set(owner.keys) if owner.keys is not None else None
        kept = set() if name == "select" else kept
        found = {one for one in names if one}
        target = owner.kind if owner.kind in FRAMES else key
        return Thing(target, columns=None if kept is None or None in names or "" in names else kept | found)
    return Thing(key)


def _expression_name(walk: Walk, node: ast.expr) -> str | None:
    """The name of the column that a polars expression gives; None where it is not plain."""
    if isinstance(node, ast.Constant):
        return literal(node)
    if isinstance(node, (ast.BinOp, ast.Compare)):
        return _expression_name(walk, node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "alias":
            return literal(node.args[0]) if node.args else None
        if _is_col(walk, node.func):
            return literal(node.args[0]) if len(node.args) == 1 else None
        if node.func.attr == "len" and not node.args and isinstance(node.func.value, ast.Name):
            return "len"
        if node.func.attr in (
            "cast",
            "mean",
            "sum",
            "max",
            "min",
            "std",
            "median",
            "first",
            "last",
            "round",
            "n_unique",
            "count",
        ):
            return _expression_name(walk, node.func.value)
    return None
