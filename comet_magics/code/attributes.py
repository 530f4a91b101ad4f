"""Attributes: of modules, of classes, of frames and of values."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from .frames import ARRAY, SERIES, column_of, is_frame
from .names import did_you_mean
from .things import UNKNOWN, Thing, kind_called, plain_thing

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = ["attribute"]

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
_SHAPES = frozenset({"shape", "ndim", "size", "T"})
_READS = frozenset({"read", "readline", "readlines", "write", "writelines", "seek"})


def attribute(walk: Walk, node: ast.Attribute, *, called: bool = False) -> Thing:
    """`thing.name`; `called` says that it is called."""
    owner = walk.value(node.value)
    if owner.shape is not None and node.attr in _SHAPES:
        return _of_shape(owner, node.attr)
    if owner.is_closed and node.attr in _READS:
        walk.tell("closed-file", "ValueError: the file is closed by then", node)
        return UNKNOWN
    if owner.module:
        return _of_module(walk, owner, node)
    if owner.klass:
        _need_member(walk, owner, owner.klass, node, called)
        return Thing(owner=owner, name=node.attr)
    if owner.name == "open file":
        return Thing(owner=owner, name=node.attr)
    if not owner.kind:
        return Thing(owner=owner, name=node.attr, view=node.attr) if owner.view == "plot" else UNKNOWN
    if owner.columns is not None and node.attr in owner.columns and not walk.may_have(owner.kind, node.attr):
        return column_of(owner, node.attr)
    _need_member(walk, owner, owner.kind, node, called)
    if is_frame(owner) and node.attr in _VIEWS:
        return Thing(owner=owner, view=node.attr)
    wrong = {"str": ("number", "date"), "dt": ("number", "text")}.get(node.attr, ())
    if owner.kind == SERIES and owner.holds in wrong:
        walk.tell("wrong-type", f"`.{node.attr}` of a column that holds {owner.holds}s".replace("texts", "text"), node)
    return _accessor(walk, owner, node.attr) or Thing(owner=owner, name=node.attr)


def _accessor(walk: Walk, owner: Thing, name: str) -> Thing | None:
    special = {(SERIES, "str"): "pandas.StringMethods", (SERIES, "dt"): "pandas.DT"}
    key = special.get((owner.kind, name), "")
    kind = walk.namespace.kinds.get(owner.kind)
    if not key and kind is not None and kind.name.startswith("Expr") and name in ("str", "dt", "list"):
        key = kind_called(kind.returns.get(name, ""), owner.kind, walk.namespace)
    return Thing(key) if key in walk.namespace.kinds else None


def _of_module(walk: Walk, owner: Thing, node: ast.Attribute) -> Thing:
    full = f"{owner.module}.{node.attr}"
    module = walk.namespace.modules.get(owner.module)
    if full in walk.namespace.modules:
        return Thing(module=full)
    if module is None:
        return Thing(module=full) if owner.module not in walk.namespace.modules and node.attr.islower() else UNKNOWN
    if module.names is not None and node.attr not in module.names:
        hint = _hint(node.attr, module.names)
        walk.tell("missing-attribute", f"`{owner.module}` has no `{node.attr}`{hint}", node)
        return UNKNOWN
    if node.attr in module.classes:
        return Thing(klass=module.classes[node.attr])
    return Thing(owner=owner, name=node.attr)


def _need_member(walk: Walk, owner: Thing, key: str, node: ast.Attribute, called: bool) -> None:
    name = node.attr
    if walk.may_have(key, name) or name in owner.extra or name.startswith("_") or name in walk.asked:
        return
    kind = walk.namespace.kinds[key]
    members = {one for one in kind.members or () if not one.startswith("_")}
    known = members | (owner.columns or set()) | owner.extra
    near = did_you_mean(name, iter(known))
    # These answer some attributes from their data: only what is called, and looks like a method, is certain.
    if (key == SERIES and not called) or (
        is_frame(owner) and owner.columns is None and not (called and (near or name in _GONE))
    ):
        return
    if owner.view == "instance" and not (called and near and not name.endswith("_")):
        return
    walk.tell(
        "missing-attribute", f"`{kind.name}` has no `{name}`{_hint(name, known) if name in _GONE else near}", node
    )


def _of_shape(owner: Thing, name: str) -> Thing:
    """An attribute that follows from an array's lengths."""
    shape = owner.shape or ()
    if name == "T":
        return Thing(owner.kind, shape=shape[::-1]) if owner.kind == ARRAY else UNKNOWN
    if name == "ndim":
        return plain_thing(len(shape))
    if name == "size" or None in shape:
        return Thing("builtins.int") if name == "size" else Thing("builtins.tuple", items=tuple(map(_length, shape)))
    return plain_thing(shape)


def _length(length: int | None) -> Thing:
    return Thing("builtins.int") if length is None else plain_thing(length)


def _hint(name: str, known: Iterable[str]) -> str:
    return f"; {_GONE[name]}" if _GONE.get(name) else did_you_mean(name, iter(known))
