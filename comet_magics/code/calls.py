"""What a call gives, after a look at its arguments."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING

from . import plain
from .frames import ARRAY, FRAMES, GROUPS, PANDAS, SERIES, argument, is_frame, literal
from .lengths import check_lengths
from .module_calls import module_called
from .numpy_rules import array_method
from .pandas_rules import check_pandas, merge, pandas_result
from .plain import NOTHING
from .plots import check_plot
from .polars_rules import check_polars, polars_result
from .signatures import check_call
from .things import UNKNOWN, Thing, kind_called, plain_thing

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = ["call"]

# What a method of a column needs numbers for.
_NUMBERS_ONLY = frozenset(
    {"mean", "std", "var", "median", "quantile", "skew", "kurt", "prod", "abs", "diff", "pct_change"}
)
_RESULTS = {"len": "int", "int": "int", "float": "float", "str": "str", "input": "str", "repr": "str", "sorted": "list",
            "list": "list", "dict": "dict", "set": "set", "id": "int", "hash": "int", "ord": "int"}  # fmt: skip
_KEEPING = frozenset({"random", "heapq", "bisect"})  # modules that change the lists they are given
_FRAME_NUMBERS = frozenset({"mean", "std", "var", "median", "corr", "cov", "skew", "quantile"})
_RUNNING = frozenset({"exec", "eval", "globals", "vars", "setattr", "map", "filter"})


def call(walk: Walk, function: Thing, node: ast.Call) -> Thing:
    """What a call gives."""
    owner, name = function.owner, function.name
    things = walk.arguments(node, _for_lambdas(owner, name, node))
    check_plot(walk, function, node, things)
    check_lengths(walk, name, owner, node, things)
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("read_text", "read_bytes"):
        _check_path(walk, node.func.value)
    if function.klass:
        check_call(walk, function.klass.rpartition(".")[2], _init_signature(walk, function.klass), node)
        return _made(walk, function.klass, node, things)
    if function.module:
        walk.tell("not-callable", f"TypeError: the module `{function.module}` can't be called", node)
        return UNKNOWN
    if owner is None:
        return _function_called(walk, function, node, things)
    if owner.module == "builtins":
        return _builtin_called(walk, name, node, things)
    if owner.module:
        if owner.module.partition(".")[0] in _KEEPING:
            walk.forget(things)
        return module_called(walk, owner, name, node, things)
    return _method_called(walk, owner, name, node, things)


def _function_called(walk: Walk, function: Thing, node: ast.Call, things: list[Thing]) -> Thing:
    """A function of the notebook, or something that we know nothing of: it may change what it is given."""
    if function.kind and not walk.may_have(function.kind, "__call__"):
        walk.tell("not-callable", f"TypeError: a {function.kind.rpartition('.')[2]} can't be called", node)
        return UNKNOWN
    check_call(walk, ast.unparse(node.func), function.signature, node)
    for thing in () if function.view else things:
        if is_frame(thing):
            thing.columns, thing.types, thing.shape = None, {}, None
    walk.forget(things)
    return Thing("builtins.coroutine") if function.is_async else UNKNOWN


def _check_path(walk: Walk, node: ast.expr) -> None:
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Path", "pathlib.Path") and len(node.args) == 1:
        walk.need_file(node.args[0])


def _builtin_called(walk: Walk, name: str, node: ast.Call, things: list[Thing]) -> Thing:
    check_call(walk, name, walk.namespace.builtins.get(name), node)
    if name in _RUNNING:
        walk.forget(things)
    if name == "open":
        modes = [*node.args[1:2], *argument(node, "mode")]
        if all((literal(one) or "w")[0] == "r" for one in modes):
            walk.need_file(node.args[0] if node.args else None)
        return Thing(name="open file")
    if name in ("iter", "next", "enumerate", "zip") or any(isinstance(one, ast.Starred) for one in node.args):
        return UNKNOWN
    if name == "len" and len(things) == 1 and things[0].shape and things[0].shape[0] is not None:
        return plain_thing(things[0].shape[0])
    if all(thing.plain is not NOTHING for thing in things) and all(keyword.arg for keyword in node.keywords):
        given = [thing.plain for thing in things[: len(node.args)]]
        named = {k.arg: t.plain for k, t in zip(node.keywords, things[len(node.args) :], strict=True) if k.arg}
        found = walk.computed(node, lambda: plain.call(name, given, named))
        if found is not None:
            return found
    return Thing(f"builtins.{_RESULTS[name]}") if name in _RESULTS else UNKNOWN


def _method_called(walk: Walk, owner: Thing, name: str, node: ast.Call, things: list[Thing]) -> Thing:
    kind = walk.namespace.kinds.get(owner.kind or owner.klass)
    if kind is not None:
        check_call(walk, f"{kind.name}.{name}", kind.signatures.get(name), node)
    if owner.name == "open file":
        owner.is_closed = owner.is_closed or name == "close"
        return UNKNOWN
    if owner.kind.startswith("builtins."):
        return _plain_method(walk, owner, name, node, things)
    _check_numbers(walk, owner, name, node)
    if owner.kind in FRAMES or owner.kind in GROUPS:
        return _frame_call(walk, owner, name, node)
    if owner.kind == ARRAY:
        return array_method(walk, owner, name, node)
    if kind is None or not owner.kind:
        walk.forget(things)
        return UNKNOWN
    return Thing(kind_called(kind.returns.get(name, ""), owner.kind, walk.namespace))


def _plain_method(walk: Walk, owner: Thing, name: str, node: ast.Call, things: list[Thing]) -> Thing:
    """A method of a value of a built-in type."""
    starred = any(isinstance(one, ast.Starred) for one in node.args) or any(one.arg is None for one in node.keywords)
    if owner.plain is not NOTHING and not starred and all(thing.plain is not NOTHING for thing in things):
        given = [thing.plain for thing in things[: len(node.args)]]
        named = {k.arg: t.plain for k, t in zip(node.keywords, things[len(node.args) :], strict=True) if k.arg}
        found = walk.computed(node, lambda: plain.method(owner.plain, name, given, named), owner)
        if found is not None:
            return found
    if owner.kind in ("builtins.list", "builtins.dict", "builtins.set"):
        owner.forget()
        if name in plain.MUTATORS:
            return Thing("builtins.NoneType")
    results = {("str", "split"): "list", ("str", "join"): "str", ("str", "strip"): "str", ("str", "lower"): "str"}
    found_kind = results.get((owner.kind.removeprefix("builtins."), name))
    return Thing(f"builtins.{found_kind}") if found_kind else UNKNOWN


def _check_numbers(walk: Walk, owner: Thing, name: str, node: ast.Call) -> None:
    """Means of text, of a column or of a whole frame."""
    if owner.kind == SERIES and owner.holds == "text" and name in _NUMBERS_ONLY:
        walk.tell("wrong-type", f"TypeError: `{name}` of a column that holds text", node)
    texts = [column for column, holds in owner.types.items() if holds == "text"]
    if owner.kind == PANDAS and name in _FRAME_NUMBERS and texts and not node.args and not node.keywords:
        walk.tell(
            "wrong-type", f"TypeError: `{name}` of a frame whose `{texts[0]}` holds text; `numeric_only=True`?", node
        )


def _for_lambdas(owner: Thing | None, name: str, node: ast.Call) -> Thing:
    """What a lambda among the arguments is given: the frame, or one of its rows."""
    if owner is None or owner.kind != PANDAS or owner.columns is None:
        return UNKNOWN
    if name in ("assign", "pipe"):
        names = [keyword.arg for keyword in node.keywords]
        return owner.like(None if None in names or name == "pipe" else owner.columns | {one for one in names if one})
    axis = next((keyword.value for keyword in node.keywords if keyword.arg == "axis"), None)
    if name == "apply" and isinstance(axis, ast.Constant) and axis.value in (1, "columns"):
        return Thing(view="row", columns=owner.columns)
    return UNKNOWN


def _init_signature(walk: Walk, key: str) -> inspect.Signature | None:
    kind = walk.namespace.kinds.get(key)
    name = key.rpartition(".")[2]
    for module in walk.namespace.modules.values():
        if module.classes.get(name) == key and name in module.signatures:
            return module.signatures[name]
    return kind.signatures.get("__init__") if kind is not None else None


def _made(walk: Walk, key: str, node: ast.Call, things: list[Thing]) -> Thing:
    """What a class gives when it is called."""
    if key in FRAMES:
        names = [walk.value(one).plain for one in argument(node, "columns")]
        shape = things[0].shape if things else None
        if shape and len(shape) == 2 and isinstance((*names, None)[0], list) and shape[1] not in (None, len(names[0])):
            walk.tell("wrong-shape", f"ValueError: {len(names[0])} names for {shape[1]} columns", node)
        data = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "data"), None)
        only = not any(keyword.arg in ("columns", "schema", None) for keyword in node.keywords)
        if isinstance(data, ast.Dict) and only and all(literal(one) is not None for one in data.keys):
            return Thing(key, columns={literal(one) or "" for one in data.keys})
        return Thing(key, levels=None)
    library = key.partition(".")[0]
    return Thing(key) if library in ("pandas", "polars", "builtins") else Thing(key, view="instance")


def _frame_call(walk: Walk, owner: Thing, name: str, node: ast.Call) -> Thing:
    """A method of a frame or of its groups."""
    pandas = owner.kind.startswith("pandas")
    (check_pandas if pandas else check_polars)(walk, owner, name, node)
    if name in ("merge", "join") and owner.kind not in GROUPS:
        other = next(iter(argument(node, 0) or argument(node, "right") or argument(node, "other")), None)
        return merge(walk, owner, node, other) if name == "merge" or not pandas else owner.like(None)
    return (pandas_result if pandas else polars_result)(walk, owner, name, node)
