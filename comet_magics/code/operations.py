"""Operations on two things: what they give, and which types and shapes do not go together."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .arrays import Shape, broadcast, matmul
from .frames import ARRAY, PANDAS, SERIES
from .plain import NOTHING, binary
from .things import UNKNOWN, Thing

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = ["check_order", "operated"]

_NUMBERS = frozenset({"number", "int", "float", "bool"})
_AWAIT = "; `await` it"
_SIGNS = {ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**"}


def operated(walk: Walk, operation: ast.operator, left: Thing, right: Thing, node: ast.AST) -> Thing:
    """What an operation on two things gives."""
    if left.plain is not NOTHING and right.plain is not NOTHING:
        return walk.computed(node, lambda: binary(operation, left.plain, right.plain)) or UNKNOWN
    held = [thing.holds or thing.kind.removeprefix("builtins.") for thing in (left, right)]
    _check_operands(walk, operation, held, node)
    shape = _shape_of(walk, operation, left, right, node)
    kinds = {left.kind, right.kind}
    if SERIES in kinds and PANDAS not in kinds:
        numbers = set(held) <= _NUMBERS
        return Thing(SERIES, holds="number" if numbers else "", shape=shape)
    if ARRAY in kinds and shape is not None:
        return Thing(ARRAY, shape=shape)
    if kinds <= {"builtins.int", "builtins.float"}:
        return Thing("builtins.float" if isinstance(operation, ast.Div) or len(kinds) > 1 else left.kind)
    return Thing("polars.Expr") if "polars.Expr" in kinds and "polars.Expr" in walk.namespace.kinds else UNKNOWN


def _check_operands(walk: Walk, operation: ast.operator, held: list[str], node: ast.AST) -> None:
    left, right = held
    texts = {"text", "str"}
    if isinstance(operation, ast.Mod) and left == "str":
        return
    repeats = isinstance(operation, ast.Mult) and "int" in held
    if ((left in texts and right in _NUMBERS) or (right in texts and left in _NUMBERS)) and not repeats:
        walk.tell("wrong-type", "text and a number in one operation", node)
    elif left in texts and right in texts and "text" in held and not isinstance(operation, ast.Add):
        walk.tell("wrong-type", f"`{_SIGNS.get(type(operation), '?')}` between texts", node)
    for one, other in ((left, right), (right, left)):
        if one in ("coroutine", "NoneType") and other in _NUMBERS | {"str", "coroutine", "NoneType"}:
            walk.tell("wrong-type", f"a {one} in an operation{_AWAIT if one == 'coroutine' else ''}", node)
            return


def _shape_of(walk: Walk, operation: ast.operator, left: Thing, right: Thing, node: ast.AST) -> Shape | None:
    if ARRAY not in (left.kind, right.kind) or PANDAS in (left.kind, right.kind):
        return left.shape if left.kind == SERIES else right.shape if right.kind == SERIES else None
    one, other = (() if thing.kind in ("builtins.int", "builtins.float") else thing.shape for thing in (left, right))
    if one is None or other is None or SERIES in (left.kind, right.kind):
        return None
    return walk.shaped(node, lambda: (matmul if isinstance(operation, ast.MatMult) else broadcast)(one, other))


def check_order(walk: Walk, node: ast.Compare, things: list[Thing]) -> None:
    """Tell it where things that have no order are compared by it."""
    ordered = any(isinstance(one, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for one in node.ops)
    held = {thing.holds or thing.kind.removeprefix("builtins.") for thing in things}
    if ordered and "text" in held and held & _NUMBERS:
        walk.tell("wrong-type", "text and a number can't be ordered", node)
