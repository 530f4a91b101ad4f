"""A walk through a cell that follows frames and their columns, and finds what they do not have.

Promise: what is not understood is unknown, and about unknown things nothing is said: a finding needs a chain of known
steps from a live value or a literal. Bodies of `try` that catch, and names that the cell itself asks about
(`if "x" in df`), are left alone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from ..core.verdicts import Finding
from . import columns as rules
from .names import did_you_mean, forgiving
from .namespace import Namespace
from .things import UNKNOWN, Thing, kind_called, merged, thing_of

__all__ = ["Walk"]

_GONE = {
    "append": "`pd.concat` took its place", "ix": "`.loc` and `.iloc` took its place", "iteritems": "it is `.items`",
    "as_matrix": "it is `.to_numpy` now", "get_value": "use `.at`", "sort": "it is `.sort_values` now",
    "groupby": "polars calls it `group_by`", "with_column": "it is `with_columns`", "apply": "use `map_elements`",
    "float": "it is the builtin `float`, or `np.float64`", "int": "it is the builtin `int`, or `np.int64`",
    "bool": "it is the builtin `bool`, or `np.bool_`", "object": "it is the builtin `object`",
    "swapaxes": "use `.transpose`", "mad": "it was removed", "lookup": "it was removed",
    "applymap": "it is `.map` now", "product": "use `.prod`", "cumproduct": "use `.cumprod`", "in1d": "use `np.isin`",
    "alltrue": "use `np.all`", "sometrue": "use `np.any`", "trapz": "it is `np.trapezoid` now",
}  # fmt: skip
_VIEWS = frozenset({"loc", "iloc", "at", "iat", "plot"})
_PANDAS_FRAME, _PANDAS_SERIES = "pandas.DataFrame", "pandas.Series"


class Walk(ast.NodeVisitor):
    """Walks statements in order; `findings` fills up, `env` is what is known of the names after it."""

    def __init__(self, namespace: Namespace, env: dict[str, Thing] | None = None) -> None:
        self.namespace = namespace
        self.env = {name: thing_of(value) for name, value in namespace.values.items()} if env is None else env
        self.findings: list[Finding] = []
        self.muted = 0
        self.asked: set[str] = set()
        self.bodies: list[ast.FunctionDef | ast.AsyncFunctionDef] = []

    def run(self, tree: ast.Module) -> None:
        """Walk a whole cell; functions' bodies last, since they run later."""
        self.asked |= _asked_about(tree)
        self.body(tree.body)
        while self.bodies:
            self._function_body(self.bodies.pop(0))

    def tell(self, kind: str, message: str, node: ast.AST) -> None:
        """Keep a finding, once a line and message."""
        finding = Finding(kind, message, getattr(node, "lineno", 1))
        if not self.muted and finding not in self.findings:
            self.findings.append(finding)

    def body(self, statements: Iterable[ast.stmt]) -> None:
        """Walk statements one after the other."""
        for statement in statements:
            self.visit(statement)

    # Statements

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
        self.value(node.value)
        self.value(ast.copy_location(_as_load(node.target), node.target))
        self.store(node.target, UNKNOWN)

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
        self.env[node.name] = UNKNOWN
        self.bodies.append(node)

    def _function_body(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        outer = self.env
        self.env = dict(outer)
        local = {name.id for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
        local |= {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
        self.env.update(dict.fromkeys(local, UNKNOWN))
        self.body(node.body)
        self.env = outer

    def visit_ClassDef(self, node: ast.ClassDef) -> None:  # noqa: D102
        self.env[node.name] = UNKNOWN
        self.bodies += [one for one in node.body if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]

    def visit_If(self, node: ast.If) -> None:  # noqa: D102
        self._truth(self.value(node.test), node.test)
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
        self.value(node.iter)
        self._loop([ast.copy_location(ast.Pass(), node)], node.target, node.body, node.orelse)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:  # noqa: D102
        self._need_protocol(self.value(node.iter), "__aiter__", "gone through with `async for`", node)
        self._loop([], node.target, node.body, node.orelse)

    def visit_While(self, node: ast.While) -> None:  # noqa: D102
        self._loop([ast.copy_location(ast.Expr(node.test), node)], None, node.body, node.orelse)

    def _loop(self, test: list[ast.stmt], target: ast.expr | None, body: list[ast.stmt], rest: list[ast.stmt]) -> None:
        """A first round in silence shows what the body changes; the second speaks, knowing either."""
        before = dict(self.env)
        for silent in (True, False):
            self.muted += silent
            if target is not None:
                self.store(target, UNKNOWN)
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
                self.store(item.optional_vars, UNKNOWN if thing.module or thing.klass else Thing())
        # `with pytest.raises(…)`, `with suppress(…)` make a failure harmless.
        harmless = any(
            "raises" in ast.dump(item.context_expr) or "suppress" in ast.dump(item.context_expr) for item in node.items
        )
        self.muted += harmless
        self.body(node.body)
        self.muted -= harmless

    visit_AsyncWith = visit_With  # type: ignore[assignment]  # noqa: N815

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
                for name in rules.strings_of(self, target.slice) or ():
                    if thing.columns is not None:
                        rules.need_column(self, thing, name, target)
                        thing.columns.discard(name)

    # Names

    def store(self, target: ast.expr, thing: Thing) -> None:
        """Bind a target."""
        if isinstance(target, ast.Name):
            self.env[target.id] = thing
        elif isinstance(target, (ast.Tuple, ast.List)):
            items = thing.items if len(thing.items) == len(target.elts) else (UNKNOWN,) * len(target.elts)
            for one, item in zip(target.elts, items, strict=True):
                self.store(one, item)
        elif isinstance(target, ast.Starred):
            self.store(target.value, UNKNOWN)
        elif isinstance(target, ast.Subscript):
            rules.store_columns(self, target)
        elif isinstance(target, ast.Attribute):
            owner = self.value(target.value)
            if owner.columns is not None and target.attr == "columns":
                owner.columns = None
            if owner.columns is not None and target.attr == "index":
                owner.levels = None

    # Expressions

    def value(self, node: ast.expr | None) -> Thing:
        """What an expression is, as far as it is known; looks into all of its parts."""
        if node is None:
            return UNKNOWN
        method = getattr(self, f"value_{type(node).__name__}", None)
        if method is not None:
            known: Thing = method(node)
            return known
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.value(child)
        return UNKNOWN

    def value_Name(self, node: ast.Name) -> Thing:  # noqa: N802, D102
        return self.env.get(node.id, UNKNOWN)

    def value_Constant(self, node: ast.Constant) -> Thing:  # noqa: N802, D102
        if isinstance(node.value, str):
            return Thing("builtins.str", strings=(node.value,))
        return Thing(f"builtins.{type(node.value).__name__}") if type(node.value) in (int, float, bytes) else UNKNOWN

    def value_JoinedStr(self, node: ast.JoinedStr) -> Thing:  # noqa: N802, D102
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.value(part.value)
        return Thing("builtins.str")

    def value_List(self, node: ast.List) -> Thing:  # noqa: N802, D102
        items = [self.value(one) for one in node.elts]
        literal = all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.elts)
        strings = tuple(item.strings[0] for item in items if item.strings) if literal and node.elts else None
        return Thing("builtins.list", strings=strings)

    def value_Tuple(self, node: ast.Tuple) -> Thing:  # noqa: N802, D102
        return Thing(items=tuple(self.value(one) for one in node.elts))

    def value_Dict(self, node: ast.Dict) -> Thing:  # noqa: N802, D102
        for one in (*node.keys, *node.values):
            self.value(one)
        return Thing("builtins.dict")

    def value_Await(self, node: ast.Await) -> Thing:  # noqa: N802, D102
        self._need_protocol(self.value(node.value), "__await__", "awaited", node)
        return UNKNOWN

    def _need_protocol(self, thing: Thing, method: str, words: str, node: ast.AST) -> None:
        kind = self.namespace.kinds.get(thing.kind)
        if kind is not None and not self.may_have(thing.kind, method):
            self.tell("bad-await", f"a {kind.name} can't be {words}", node)

    def value_Lambda(self, node: ast.Lambda, given: Thing = UNKNOWN) -> Thing:  # noqa: N802, D102
        with_names = {one.arg: UNKNOWN for one in ast.walk(node.args) if isinstance(one, ast.arg)}
        if node.args.args and given is not UNKNOWN:
            with_names[node.args.args[0].arg] = given
        outer, self.env = self.env, {**self.env, **with_names}
        self.value(node.body)
        self.env = outer
        return UNKNOWN

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Thing:
        outer, self.env = self.env, dict(self.env)
        for generator in node.generators:
            self.value(generator.iter)
            self.store(generator.target, UNKNOWN)
            for test in generator.ifs:
                self.value(test)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.value(part)
        self.env = outer
        return Thing({ast.ListComp: "builtins.list", ast.DictComp: "builtins.dict"}.get(type(node), ""))

    value_ListComp = value_SetComp = value_GeneratorExp = value_DictComp = _comprehension  # noqa: N815

    def value_IfExp(self, node: ast.IfExp) -> Thing:  # noqa: N802, D102
        self.value(node.test)
        one, other = self.value(node.body), self.value(node.orelse)
        return one if one is other else UNKNOWN

    def value_NamedExpr(self, node: ast.NamedExpr) -> Thing:  # noqa: N802, D102
        thing = self.value(node.value)
        self.store(node.target, thing)
        return thing

    def value_Compare(self, node: ast.Compare) -> Thing:  # noqa: N802, D102
        things = [self.value(one) for one in (node.left, *node.comparators)]
        return next((Thing(thing.kind) for thing in things if thing.kind == _PANDAS_SERIES), UNKNOWN)

    def _truth(self, thing: Thing, node: ast.AST) -> None:
        if thing.kind in (_PANDAS_SERIES, _PANDAS_FRAME):
            name = thing.kind.rpartition(".")[2]
            self.tell("truth", f"the truth of a {name} is ambiguous; use `&`, `|`, `.any()` or `.all()`", node)

    def value_BoolOp(self, node: ast.BoolOp) -> Thing:  # noqa: N802, D102
        for one in node.values[:-1]:
            self._truth(self.value(one), one)
        self.value(node.values[-1])
        return UNKNOWN

    def value_BinOp(self, node: ast.BinOp) -> Thing:  # noqa: N802, D102
        things = [self.value(node.left), self.value(node.right)]
        kinds = {thing.kind for thing in things}
        if {(thing.holds or thing.kind) for thing in things} == {"text", "builtins.int"} and not isinstance(
            node.op, ast.Mult
        ):
            self.tell("wrong-type", "text and a number in one operation", node)
        if _PANDAS_SERIES in kinds and _PANDAS_FRAME not in kinds:
            return Thing(_PANDAS_SERIES)
        return Thing("polars.Expr") if "polars.Expr" in kinds and "polars.Expr" in self.namespace.kinds else UNKNOWN

    def value_UnaryOp(self, node: ast.UnaryOp) -> Thing:  # noqa: N802, D102
        thing = self.value(node.operand)
        return Thing(thing.kind) if thing.kind in (_PANDAS_SERIES, "polars.Expr") else UNKNOWN

    def value_Subscript(self, node: ast.Subscript) -> Thing:  # noqa: N802, D102
        return rules.subscript(self, self.value(node.value), node)

    def value_Attribute(self, node: ast.Attribute, called: bool = False) -> Thing:  # noqa: N802, D102
        owner = self.value(node.value)
        if owner.module:
            return self._of_module(owner, node)
        if owner.klass:
            self._need_member(owner, owner.klass, node, called)
            return Thing(owner=owner, name=node.attr)
        if not owner.kind:
            return Thing(owner=owner, name=node.attr, view=node.attr) if owner.view == "plot" else UNKNOWN
        if owner.columns is not None and node.attr in owner.columns and not self.may_have(owner.kind, node.attr):
            return rules.column_of(owner, node.attr)
        self._need_member(owner, owner.kind, node, called)
        if rules.is_frame(owner) and node.attr in _VIEWS:
            return Thing(owner=owner, view=node.attr)
        wrong = {"str": ("number", "date"), "dt": ("number", "text")}.get(node.attr, ())
        if owner.kind == _PANDAS_SERIES and owner.holds in wrong:
            self.tell(
                "wrong-type", f"`.{node.attr}` of a column that holds {owner.holds}s".replace("texts", "text"), node
            )
        return self._accessor(owner, node.attr) or Thing(owner=owner, name=node.attr)

    def _accessor(self, owner: Thing, name: str) -> Thing | None:
        special = {(_PANDAS_SERIES, "str"): "pandas.StringMethods", (_PANDAS_SERIES, "dt"): "pandas.DT"}
        key = special.get((owner.kind, name), "")
        kind = self.namespace.kinds.get(owner.kind)
        if not key and kind is not None and kind.name.startswith("Expr") and name in ("str", "dt", "list"):
            key = kind_called(kind.returns.get(name, ""), owner.kind, self.namespace)
        return Thing(key) if key in self.namespace.kinds else None

    def _of_module(self, owner: Thing, node: ast.Attribute) -> Thing:
        full = f"{owner.module}.{node.attr}"
        module = self.namespace.modules.get(owner.module)
        if full in self.namespace.modules:
            return Thing(module=full)
        if module is None:
            return Thing(module=full) if owner.module not in self.namespace.modules and node.attr.islower() else UNKNOWN
        if module.names is not None and node.attr not in module.names:
            hint = _hint(node.attr, module.names)
            self.tell("missing-attribute", f"`{owner.module}` has no `{node.attr}`{hint}", node)
            return UNKNOWN
        if node.attr in module.classes:
            return Thing(klass=module.classes[node.attr])
        return Thing(owner=owner, name=node.attr)

    def may_have(self, key: str, name: str) -> bool:
        """Whether a kind has an attribute, as far as is known."""
        kind = self.namespace.kinds.get(key)
        return kind is None or kind.members is None or name in kind.members

    def _need_member(self, owner: Thing, key: str, node: ast.Attribute, called: bool) -> None:
        name = node.attr
        if self.may_have(key, name) or name in owner.extra or name.startswith("_") or name in self.asked:
            return
        kind = self.namespace.kinds[key]
        members = {one for one in kind.members or () if not one.startswith("_")}
        known = members | (owner.columns or set()) | owner.extra
        near = did_you_mean(name, iter(known))
        # These answer some attributes from their data: only what is called, and looks like a method, is certain.
        if (key == _PANDAS_SERIES and not called) or (
            rules.is_frame(owner) and owner.columns is None and not (called and near)
        ):
            return
        if owner.view == "instance" and not (called and near and not name.endswith("_")):
            return
        self.tell(
            "missing-attribute", f"`{kind.name}` has no `{name}`{_hint(name, known) if name in _GONE else near}", node
        )

    def value_Call(self, node: ast.Call) -> Thing:  # noqa: N802, D102
        called = node.func
        function = (
            self.value_Attribute(called, called=True) if isinstance(called, ast.Attribute) else self.value(called)
        )
        return rules.call(self, function, node)

    def arguments(self, node: ast.Call, given: Thing = UNKNOWN) -> list[Thing]:
        """Look into all arguments; `given` is what a lambda among them gets."""
        things = []
        for one in (*node.args, *(keyword.value for keyword in node.keywords)):
            if isinstance(one, ast.Lambda):
                things.append(self.value_Lambda(one, given))
            else:
                things.append(self.value(one.value if isinstance(one, ast.Starred) else one))
        return things


def _hint(name: str, known: Iterable[str]) -> str:
    return f"; {_GONE[name]}" if _GONE.get(name) else did_you_mean(name, iter(known))


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
