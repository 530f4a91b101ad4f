"""Loops: what goes through them, and those that never end; functions that call themselves without an end.

Promise: a loop with any way out (`break`, `return`, `raise`, `yield`, an exit) is left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from ..core.verdicts import Finding

__all__ = ["find_endless", "has_exit", "leaves", "never_ends", "width_of"]

_ENDLESS = frozenset({"count", "cycle", "repeat"})
_EXITS = frozenset({"exit", "quit", "_exit"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def has_exit(loop: ast.While | ast.For) -> bool:
    """Whether something in the body can end the loop, other than its own condition."""
    return any(_exits(statement, inner=False) for statement in loop.body)


def _exits(node: ast.AST, *, inner: bool) -> bool:
    if isinstance(node, (ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Await, ast.Assert, ast.Global)):
        return True
    if isinstance(node, ast.Break) and not inner:
        return True
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _EXITS or name in ("next", "get_nowait", "popleft", "pop"):  # these raise when there is no more
            return True
    if isinstance(node, _FUNCTIONS):
        return False
    # A `break` in an inner loop ends that one only; what stands in its `else` is ours again, which is rare.
    inner = inner or isinstance(node, (ast.For, ast.AsyncFor, ast.While))
    return any(_exits(child, inner=inner) for child in ast.iter_child_nodes(node))


def find_endless(tree: ast.Module) -> Iterator[Finding]:
    """Loops that have no end where they stand, and functions of the cell that call only themselves."""
    imported = _from_itertools(tree)
    for node in _run_at_once(tree):
        if (
            isinstance(node, ast.While)
            and isinstance(node.test, ast.Constant)
            and node.test.value
            and not has_exit(node)
        ):
            yield Finding("endless", f"`while {ast.unparse(node.test)}` never ends: nothing in it breaks", node.lineno)
        elif isinstance(node, ast.For) and not has_exit(node):
            if _is_endless(node.iter, imported):
                yield Finding(
                    "endless", f"`{ast.unparse(node.iter)}` never ends: nothing in the loop breaks", node.lineno
                )
            elif _grows(node):
                yield Finding(
                    "endless", f"the loop adds to `{ast.unparse(node.iter)}` while it goes through it", node.lineno
                )
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp)) and _is_endless(
            node.generators[0].iter, imported
        ):
            yield Finding("endless", f"`{ast.unparse(node.generators[0].iter)}` never ends", node.lineno)
    called = {
        node.func.id for node in _run_at_once(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef) and statement.name in called:
            line = _calls_itself(statement)
            if line:
                yield Finding("endless", f"RecursionError: `{statement.name}` calls itself in any case", line)


def never_ends(test: ast.expr, states: Sequence[dict[str, Any]], names: set[str]) -> bool:
    """Whether a loop goes on for ever, by the plain values of all names at the beginning of its last rounds.

    `names` are those in its condition. Either all is as it was before, or the one that counts runs away from its goal.
    """
    *before, now = states
    if names <= now.keys() and now in before:
        return True
    return len(states) > 3 and _runs_away(test, states[-4:])


def _runs_away(test: ast.expr, states: Sequence[dict[str, Any]]) -> bool:
    if not isinstance(test, ast.Compare) or not isinstance(test.left, ast.Name) or len(test.ops) != 1:
        return False
    name, operation = test.left.id, test.ops[0]
    values = [state.get(name) for state in states]
    try:
        goal = ast.literal_eval(test.comparators[0])
    except ValueError:
        return False
    if not all(type(one) is int for one in (goal, *values)):
        return False
    steps = {b - a for a, b in pairwise(values)}  # type: ignore[operator]
    changed = {one for one in states[0] if states[0][one] != states[-1].get(one)}
    if len(steps) != 1 or changed != {name}:
        return False
    step, ahead = steps.pop(), goal - values[-1]
    if isinstance(operation, (ast.Gt, ast.GtE)):
        return bool(step > 0)
    if isinstance(operation, (ast.Lt, ast.LtE)):
        return bool(step < 0)
    return isinstance(operation, ast.NotEq) and (ahead * step < 0 or (step != 0 and ahead % step != 0))


def _from_itertools(tree: ast.AST) -> set[str]:
    return {
        alias.asname or alias.name
        for one in ast.walk(tree)
        if isinstance(one, ast.ImportFrom) and one.module == "itertools"
        for alias in one.names
    }


def _run_at_once(node: ast.AST) -> Iterator[ast.AST]:
    """What runs with the cell: not functions' bodies, and nothing in a `try` that may be meant to stop it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (*_FUNCTIONS, ast.Try)):
            yield child
            yield from _run_at_once(child)


def _is_endless(node: ast.expr, imported: set[str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func)
    few = len(node.args) + len(node.keywords) < 2
    return (
        name.rpartition(".")[2] in _ENDLESS
        and ("itertools" in name or name in imported)
        and (few or not name.endswith("repeat"))
    )


def _grows(loop: ast.For) -> bool:
    return isinstance(loop.iter, ast.Name) and any(
        isinstance(one, ast.Expr)
        and isinstance(one.value, ast.Call)
        and ast.unparse(one.value.func) == f"{loop.iter.id}.append"
        for one in loop.body
    )


def _calls_itself(function: ast.FunctionDef) -> int:
    """The line of a call of itself that nothing stands before; 0 if there is none."""
    if function.decorator_list:
        return 0
    for statement in function.body:
        if not isinstance(statement, (ast.Expr, ast.Assign, ast.Return, ast.AugAssign, ast.AnnAssign)):
            return 0
        todo: list[ast.AST] = [statement]
        while todo:
            node = todo.pop()
            if isinstance(
                node, (ast.IfExp, ast.BoolOp, ast.Yield, ast.YieldFrom, *_FUNCTIONS, ast.GeneratorExp, ast.ListComp)
            ):
                continue
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function.name:
                return node.lineno
            todo.extend(ast.iter_child_nodes(node))
        if isinstance(statement, ast.Return):
            return 0
    return 0


def leaves(loop: ast.For | ast.While) -> bool:
    """Whether a round may end in the middle: then its statements do not simply follow each other."""
    return any(isinstance(one, (ast.Break, ast.Continue, ast.Return)) for one in ast.walk(loop))


def width_of(node: ast.expr) -> int:
    """How many values each round of going through a call gives; 0 if that is not known."""
    if not isinstance(node, ast.Call):
        return 0
    if isinstance(node.func, ast.Name) and node.func.id == "zip":
        return 0 if any(isinstance(one, ast.Starred) for one in node.args) else len(node.args)
    builtin = isinstance(node.func, ast.Name) and node.func.id == "enumerate"
    pairs = isinstance(node.func, ast.Attribute) and node.func.attr in ("items", "iterrows") and not node.args
    return 2 if builtin or pairs else 0
