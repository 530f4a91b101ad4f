"""What expressions are, as far as that is known; and what is wrong with them as they stand.

Promise: what is not understood is unknown, and about unknown things nothing is said: a finding needs a chain of known
steps from a live value or a literal.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..core.verdicts import Finding
from .arrays import Shape
from .attributes import attribute
from .calls import call
from .frames import ARRAY, PANDAS, SERIES
from .namespace import Namespace
from .operations import check_order, operated
from .plain import NOTHING, Unknown, Wrong, compare, unary
from .subscripts import subscripted
from .things import UNKNOWN, Thing, plain_thing

__all__ = ["Expressions"]

_MOST_ROUNDS = 50
_AWAIT = "; `await` it"


class Expressions:
    """Knows `env`, what is known of names; `findings` fills up.

    `muted` is above 0 where a failure would be caught; `asked` are names that the cell itself asks about; `declared`
    are those that functions of the cell declare `global`; `writes` says that files may have come into being.
    """

    def __init__(self, namespace: Namespace, env: dict[str, Thing]) -> None:
        self.namespace = namespace
        self.env = env
        self.findings: list[Finding] = []
        self.muted = 0
        self.asked: set[str] = set()
        self.declared: set[str] = set()
        self.writes = False

    def tell(self, kind: str, message: str, node: ast.AST) -> None:
        """Keep a finding, once a line and message."""
        finding = Finding(kind, message, getattr(node, "lineno", 1))
        if not self.muted and finding not in self.findings:
            self.findings.append(finding)

    def may_have(self, key: str, name: str) -> bool:
        """Whether a kind has an attribute, as far as is known."""
        kind = self.namespace.kinds.get(key)
        return kind is None or kind.members is None or name in kind.members

    def need_file(self, node: ast.expr | None) -> None:
        """Tell it where a literal names a file that is not there."""
        if isinstance(node, ast.Constant) and node.value in self.namespace.absent and not self.writes:
            self.tell("missing-file", f"FileNotFoundError: there is no file `{node.value}`", node)

    def store(self, target: ast.expr, thing: Thing) -> None:
        """Bind a target."""
        raise NotImplementedError

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
        known = self.env.get(node.id)
        if known is None and node.id in self.namespace.builtins:
            return Thing(owner=Thing(module="builtins"), name=node.id)
        return known or UNKNOWN

    def value_Constant(self, node: ast.Constant) -> Thing:  # noqa: N802, D102
        return plain_thing(node.value)

    def value_JoinedStr(self, node: ast.JoinedStr) -> Thing:  # noqa: N802, D102
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.value(part.value)
        return Thing("builtins.str")

    def value_List(self, node: ast.List) -> Thing:  # noqa: N802, D102
        items = [self.value(one) for one in node.elts]
        literal = all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.elts)
        strings = tuple(item.strings[0] for item in items if item.strings) if literal and node.elts else None
        return self._display(list, node, items) or Thing("builtins.list", strings=strings)

    def value_Tuple(self, node: ast.Tuple) -> Thing:  # noqa: N802, D102
        items = tuple(self.value(one) for one in node.elts)
        return self._display(tuple, node, items) or Thing("builtins.tuple", items=items)

    def value_Set(self, node: ast.Set) -> Thing:  # noqa: N802, D102
        items = [self.value(one) for one in node.elts]
        return self._display(set, node, items) or Thing("builtins.set")

    def value_Dict(self, node: ast.Dict) -> Thing:  # noqa: N802, D102
        keys = [self.value(one) for one in node.keys]
        items = [self.value(one) for one in node.values]
        if None in node.keys or not all(map(_is_alone, (*keys, *items), (*node.keys, *node.values))):
            return Thing("builtins.dict")
        pairs = [(key.plain, item.plain) for key, item in zip(keys, items, strict=True)]
        return self.computed(node, lambda: dict(pairs)) or Thing("builtins.dict")

    def _display(self, kind: Callable[..., Any], node: Any, items: Sequence[Thing]) -> Thing | None:
        """A list, tuple or set of plain values that nobody else can change; None for any other."""
        if not all(map(_is_alone, items, node.elts)):
            return None
        return self.computed(node, lambda: kind([item.plain for item in items]))

    def computed(self, node: ast.AST, compute: Callable[[], Any], root: Thing | None = None) -> Thing | None:
        """The plain value that `compute` gives; None where it gives none. What it would raise is told."""
        try:
            found = plain_thing(compute(), root)
        except Unknown:
            return None
        except (Wrong, TypeError) as error:
            words = str(error) if isinstance(error, Wrong) else f"TypeError: {error}"
            self.tell("raises", words, node)
            return UNKNOWN
        return None if found is UNKNOWN else found

    def value_Await(self, node: ast.Await) -> Thing:  # noqa: N802, D102
        self.need_protocol(self.value(node.value), "__await__", "awaited", node)
        return UNKNOWN

    def need_protocol(self, thing: Thing, method: str, words: str, node: ast.AST) -> None:
        """Tell it where a kind does not have `method`."""
        kind = self.namespace.kinds.get(thing.kind)
        if kind is not None and not self.may_have(thing.kind, method):
            self.tell("bad-await", f"a {kind.name} can't be {words}", node)

    def value_Lambda(self, node: ast.Lambda, given: Thing = UNKNOWN) -> Thing:  # noqa: N802, D102
        with_names = {one.arg: UNKNOWN for one in ast.walk(node.args) if isinstance(one, ast.arg)}
        if node.args.args and given is not UNKNOWN:
            with_names[node.args.args[0].arg] = given
        # It runs later, when names may hold other values.
        outer, self.env = self.env, {**{name: thing.vague() for name, thing in self.env.items()}, **with_names}
        self.value(node.body)
        self.env = outer
        return UNKNOWN

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Thing:
        outer, self.env = self.env, dict(self.env)
        parts = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        first = node.generators[0]
        items = self.items_of(self.value(first.iter), first.iter)
        if isinstance(node, ast.GeneratorExp) or len(node.generators) > 1 or first.ifs:
            items = None  # what is left of it, or when it runs, is not known
        for item in [UNKNOWN] if items is None else items:
            for place, generator in enumerate(node.generators):
                if place:
                    self.value(generator.iter)
                self.store(generator.target, item if place == 0 else UNKNOWN)
                for test in generator.ifs:
                    self.value(test)
            for part in parts:
                self.value(part)
        self.env = outer
        return Thing({ast.ListComp: "builtins.list", ast.DictComp: "builtins.dict"}.get(type(node), ""))

    value_ListComp = value_SetComp = value_GeneratorExp = value_DictComp = _comprehension  # noqa: N815

    def value_IfExp(self, node: ast.IfExp) -> Thing:  # noqa: N802, D102
        test = self.value(node.test)
        if test.plain is not NOTHING:
            return self.value(node.body if test.plain else node.orelse)
        one, other = self.value(node.body), self.value(node.orelse)
        return one if one is other else UNKNOWN

    def value_NamedExpr(self, node: ast.NamedExpr) -> Thing:  # noqa: N802, D102
        thing = self.value(node.value)
        self.store(node.target, thing)
        return thing

    def value_Compare(self, node: ast.Compare) -> Thing:  # noqa: N802, D102
        things = [self.value(one) for one in (node.left, *node.comparators)]
        if len(things) == 2 and all(thing.plain is not NOTHING for thing in things):
            found = self.computed(node, lambda: compare(node.ops[0], things[0].plain, things[1].plain))
            return found or UNKNOWN
        check_order(self, node, things)
        return next((Thing(thing.kind, shape=thing.shape) for thing in things if thing.kind == SERIES), UNKNOWN)

    def truth(self, thing: Thing, node: ast.AST) -> None:
        """Tell it where something has no truth."""
        if thing.kind in (SERIES, PANDAS):
            name = thing.kind.rpartition(".")[2]
            self.tell("truth", f"the truth of a {name} is ambiguous; use `&`, `|`, `.any()` or `.all()`", node)

    def value_BoolOp(self, node: ast.BoolOp) -> Thing:  # noqa: N802, D102
        known = True
        for one in node.values:
            thing = self.value(one)
            known = known and thing.plain is not NOTHING
            if known and bool(thing.plain) is isinstance(node.op, ast.Or):
                return thing  # the rest does not run
            if one is not node.values[-1]:
                self.truth(thing, one)
        return thing if known else UNKNOWN

    def value_BinOp(self, node: ast.BinOp) -> Thing:  # noqa: N802, D102
        left, right = self.value(node.left), self.value(node.right)
        return operated(self, node.op, left, right, node)

    def shaped(self, node: ast.AST, compute: Callable[[], Shape | None]) -> Shape | None:
        """The shape that `compute` gives. What it would raise is told."""
        try:
            return compute()
        except Wrong as error:
            self.tell("wrong-shape", str(error), node)
            return None

    def value_UnaryOp(self, node: ast.UnaryOp) -> Thing:  # noqa: N802, D102
        thing = self.value(node.operand)
        if thing.plain is not NOTHING:
            return self.computed(node, lambda: unary(node.op, thing.plain)) or UNKNOWN
        return Thing(thing.kind, shape=thing.shape) if thing.kind in (SERIES, ARRAY, "polars.Expr") else UNKNOWN

    def value_Subscript(self, node: ast.Subscript) -> Thing:  # noqa: N802, D102
        return subscripted(self, self.value(node.value), node)

    def value_Slice(self, node: ast.Slice) -> Thing:  # noqa: N802, D102
        for part in (node.lower, node.upper, node.step):
            self.value(part)
        return UNKNOWN

    def value_Call(self, node: ast.Call) -> Thing:  # noqa: N802, D102
        called = node.func
        function = attribute(self, called, called=True) if isinstance(called, ast.Attribute) else self.value(called)
        return call(self, function, node)

    def value_Attribute(self, node: ast.Attribute) -> Thing:  # noqa: N802, D102
        return attribute(self, node)

    def arguments(self, node: ast.Call, given: Thing = UNKNOWN) -> list[Thing]:
        """Look into all arguments; `given` is what a lambda among them gets."""
        things = []
        for one in (*node.args, *(keyword.value for keyword in node.keywords)):
            if isinstance(one, ast.Lambda):
                things.append(self.value_Lambda(one, given))
            else:
                things.append(self.value(one.value if isinstance(one, ast.Starred) else one))
        return things

    def items_of(self, thing: Thing, node: ast.expr) -> list[Thing] | None:
        """What going through something gives, one by one, where that is known and little; tells where it can't be."""
        if thing.kind in ("builtins.int", "builtins.float", "builtins.NoneType", "builtins.coroutine"):
            name = thing.kind.rpartition(".")[2]
            self.tell("not-iterable", f"`{name}` can't be gone through{_AWAIT if name == 'coroutine' else ''}", node)
        if isinstance(thing.plain, (list, tuple, str, dict, range)) and len(thing.plain) <= _MOST_ROUNDS:
            return [plain_thing(one, thing) for one in thing.plain]
        return None

    def forget(self, things: Iterable[Thing]) -> None:
        """Something unknown was called with `things`: what it could change is not known any more."""
        for thing in things:
            if thing.is_mutable:
                thing.forget()
        for name, thing in list(self.env.items()):
            if thing.plain is NOTHING:
                continue
            if thing.is_mutable:
                thing.forget()
            if name in self.namespace.values or name in self.declared:
                self.env[name] = thing.vague()


def _is_alone(thing: Thing, node: ast.expr | None) -> bool:
    """Whether a plain value is held by nobody but the display that it stands in."""
    return thing.plain is not NOTHING and (
        not thing.is_mutable or isinstance(node, (ast.List, ast.Dict, ast.Set, ast.Tuple))
    )
