"""A walk through a cell's statements that follows values, frames and their columns, and finds what they do not have.

Promise: as for expressions. Bodies of `try` that catch, and names that the cell itself asks about (`if "x" in df`), are
left alone; of a branch whose condition is known, only what runs is looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from .expressions import Expressions
from .frames import GROUPS, PANDAS, need_column, strings_of
from .loops import has_exit, leaves, never_ends, width_of
from .names import forgiving
from .namespace import Namespace
from .operations import operated
from .plain import NOTHING
from .signatures import signature_of, without_first
from .targets import store, unpack
from .things import UNKNOWN, Thing, merged, thing_of

__all__ = ["Walk"]

_MOST_ROUNDS = 60


class Walk(Expressions, ast.NodeVisitor):
    """Walks statements in order; `findings` fills up, `env` is what is known of the names after it."""

    def __init__(self, namespace: Namespace) -> None:
        super().__init__(namespace, {name: thing_of(value) for name, value in namespace.values.items()})
        self.bodies: list[ast.FunctionDef | ast.AsyncFunctionDef] = []

    def run(self, tree: ast.Module) -> None:
        """Walk a whole cell; functions' bodies last, since they run later."""
        self.asked |= _asked_about(tree)
        self.declared |= {name for one in ast.walk(tree) if isinstance(one, ast.Global) for name in one.names}
        for name in self.declared & self.env.keys():
            self.env[name] = self.env[name].vague()
        self.body(tree.body)
        while self.bodies:
            self._function_body(self.bodies.pop(0))

    def body(self, statements: Iterable[ast.stmt]) -> None:
        """Walk statements one after the other."""
        for statement in statements:
            self.visit(statement)

    def generic_visit(self, node: ast.AST) -> None:
        """Anything not named below: its expressions are evaluated, its statements walked."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child)
            else:
                self.visit(child)

    def visit_Expr(self, node: ast.Expr) -> None:  # noqa: D102
        self.value(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:  # noqa: D102
        thing = self.value(node.value)
        for target in node.targets:
            self.store(target, thing)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:  # noqa: D102
        if node.value is not None:
            self.store(node.target, self.value(node.value))

    def visit_AugAssign(self, node: ast.AugAssign) -> None:  # noqa: D102
        added = self.value(node.value)
        before = self.value(ast.copy_location(_as_load(node.target), node.target))
        if before.is_mutable:
            before.forget()  # a list grows in place
        self.store(node.target, operated(self, node.op, before, added, node))

    def visit_Import(self, node: ast.Import) -> None:  # noqa: D102
        for alias in node.names:
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            self.env[alias.asname or name] = Thing(module=name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:  # noqa: D102
        module = self.namespace.modules.get(node.module or "")
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            thing = Thing(owner=Thing(module=node.module or ""), name=alias.name)
            if module is not None and alias.name in module.classes:
                thing = Thing(klass=module.classes[alias.name])
            elif full in self.namespace.modules:
                thing = Thing(module=full)
            self.env[alias.asname or alias.name] = thing

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:  # noqa: D102
        self._define(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:  # noqa: D102
        self._define(node)

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.value(default)
        plain = not node.decorator_list
        signature = signature_of(node.args) if plain else None
        is_async = isinstance(node, ast.AsyncFunctionDef) and plain and not _yields(node)
        self.env[node.name] = Thing("builtins.function", signature=signature, is_async=is_async)
        self.bodies.append(node)

    def _function_body(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outer = self.env
        self.env = {name: thing.vague() for name, thing in outer.items()}
        local = {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
        local |= {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
        self.env.update(dict.fromkeys(local, UNKNOWN))
        self.body(node.body)
        self.env = outer

    def visit_ClassDef(self, node: ast.ClassDef) -> None:  # noqa: D102
        made = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]
        plain = made and not (node.bases or node.keywords or node.decorator_list or made[0].decorator_list)
        self.env[node.name] = Thing(signature=without_first(signature_of(made[0].args))) if plain else UNKNOWN
        self.bodies += [one for one in node.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]

    def visit_If(self, node: ast.If) -> None:  # noqa: D102
        test = self.value(node.test)
        self.truth(test, node.test)
        if test.plain is not NOTHING:
            self.body(node.body if test.plain else node.orelse)
        else:
            self._branches(node.body, node.orelse)

    def _branches(self, *bodies: list[ast.stmt]) -> None:
        before, ends = self.env, []
        for body in bodies:
            self.env = dict(before)
            self.body(body)
            ends.append(self.env)
        self.env = ends[0]
        for end in ends[1:]:
            self.env = merged(self.env, end)

    def visit_For(self, node: ast.For) -> None:  # noqa: D102
        thing = self.value(node.iter)
        items = self.items_of(thing, node.iter)
        width = 2 if thing.kind in GROUPS else width_of(node.iter)
        if width and isinstance(node.target, (ast.Tuple, ast.List)):
            unpack(self, node.target, Thing(items=(UNKNOWN,) * width), node)
        if items is None or leaves(node):
            self._loop([ast.copy_location(ast.Pass(), node)], node.target, node.body, node.orelse, self._row(node.iter))
            return
        for item in items:
            self.store(node.target, item)
            self.body(node.body)
        self.body(node.orelse)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:  # noqa: D102
        self.need_protocol(self.value(node.iter), "__aiter__", "gone through with `async for`", node)
        self._loop([], node.target, node.body, node.orelse)

    def visit_While(self, node: ast.While) -> None:  # noqa: D102
        if not self._followed(node):
            self._loop([ast.copy_location(ast.Expr(node.test), node)], None, node.body, node.orelse)

    def _followed(self, node: ast.While) -> bool:
        """Whether the loop could be gone through round by round, as long as all that its condition needs is known."""
        if leaves(node):
            return False
        env, told = dict(self.env), list(self.findings)
        names = {one.id for one in ast.walk(node.test) if isinstance(one, ast.Name)} & self.env.keys()
        states: list[dict[str, Any]] = []
        for _ in range(_MOST_ROUNDS):
            test = self.value(node.test)
            if test.plain is NOTHING:
                break
            if not test.plain:
                self.body(node.orelse)
                return True
            states.append({name: thing.plain for name, thing in self.env.items() if thing.plain is not NOTHING})
            if len(states) > 1 and not has_exit(node) and never_ends(node.test, states, names):
                self.tell("endless", f"`while {ast.unparse(node.test)}` never ends", node)
                return True
            self.body(node.body)
        self.env, self.findings = env, told
        return False

    def _row(self, node: ast.expr) -> Thing:
        """What each round of going through a frame's `iterrows()` gives."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "iterrows"):
            return UNKNOWN
        frame = self.value(node.func.value)
        return Thing(items=(UNKNOWN, Thing(view="row", columns=frame.columns))) if frame.kind == PANDAS else UNKNOWN

    def _loop(
        self,
        test: list[ast.stmt],
        target: ast.expr | None,
        body: list[ast.stmt],
        rest: list[ast.stmt],
        item: Thing = UNKNOWN,
    ) -> None:
        """A first round in silence shows what the body changes; the second speaks, knowing either."""
        before = dict(self.env)
        for silent in (True, False):
            self.muted += silent
            if target is not None:
                self.store(target, item)
            self.body([*test, *body])
            self.muted -= silent
            self.env = merged(before, self.env)
        self.body(rest)

    def visit_Try(self, node: ast.Try) -> None:  # noqa: D102
        silent = bool(node.handlers)
        before = dict(self.env)
        self.muted += silent or forgiving(node)
        self.body(node.body)
        self.muted -= silent or forgiving(node)
        after = self.env
        for handler in node.handlers:
            self.env = dict(before)
            if handler.name:
                self.env[handler.name] = UNKNOWN
            self.muted += 1
            self.body(handler.body)
            self.muted -= 1
            after = merged(after, self.env)
        self.env = after
        self.body([*node.orelse, *node.finalbody])

    visit_TryStar = visit_Try  # noqa: N815

    def visit_With(self, node: ast.With) -> None:  # noqa: D102
        for item in node.items:
            thing = self.value(item.context_expr)
            if item.optional_vars is not None:
                self.store(item.optional_vars, thing if thing.name == "open file" else UNKNOWN)
        # `with pytest.raises(…)`, `with suppress(…)` make a failure harmless.
        harmless = any(
            "raises" in ast.dump(item.context_expr) or "suppress" in ast.dump(item.context_expr) for item in node.items
        )
        self.muted += harmless
        self.body(node.body)
        self.muted -= harmless
        for item in node.items:
            if isinstance(item.optional_vars, ast.Name) and self.env[item.optional_vars.id].name == "open file":
                self.env[item.optional_vars.id].is_closed = True

    def visit_AsyncWith(self, node: ast.AsyncWith) -> None:  # noqa: D102
        for item in node.items:
            if self.value(item.context_expr).name == "open file":
                self.tell("bad-await", "TypeError: a file is not opened with `async with`", node)
        self.visit_With(node)  # type: ignore[arg-type]

    def visit_Match(self, node: ast.Match) -> None:  # noqa: D102
        self.value(node.subject)
        self.muted += 1
        for case in node.cases:
            self.body(case.body)
        self.muted -= 1

    def visit_Delete(self, node: ast.Delete) -> None:  # noqa: D102
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.env[target.id] = UNKNOWN
            elif isinstance(target, ast.Subscript):
                thing = self.value(target.value)
                thing.forget()
                for name in strings_of(self, target.slice) or ():
                    if thing.columns is not None:
                        need_column(self, thing, name, target)
                        thing.columns.discard(name)

    def store(self, target: ast.expr, thing: Thing) -> None:  # noqa: D102 - as promised
        store(self, target, thing)


def _as_load(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Name):
        return ast.Name(node.id, ast.Load())
    if isinstance(node, ast.Subscript):
        return ast.Subscript(node.value, node.slice, ast.Load())
    assert isinstance(node, ast.Attribute)
    return ast.Attribute(node.value, node.attr, ast.Load())


def _asked_about(tree: ast.AST) -> set[str]:
    """Strings that the cell compares with `in`, or asks `hasattr` and `getattr` about."""
    found: set[str] = set()

    def strings(node: ast.AST) -> Iterator[str]:
        return (one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str))

    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(isinstance(op, (ast.In, ast.NotIn)) for op in node.ops):
            found.update(strings(node.left))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("hasattr", "getattr"):
            found.update(string for one in node.args[1:] for string in strings(one))
    return found


def _yields(node: ast.AST) -> bool:
    return any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in ast.walk(node))
