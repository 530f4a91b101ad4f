"""Rules of NumPy: the shapes that its functions and arrays' methods give, and what does not fit.

Source: NumPy's API reference.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from .arrays import Shape, joined, made, matmul, nested, reshaped
from .frames import ARRAY, argument
from .plain import NOTHING
from .things import UNKNOWN, Thing

if TYPE_CHECKING:
    from .expressions import Expressions as Walk

__all__ = ["array_method", "numpy_call"]

_FILLED = frozenset({"zeros", "ones", "empty", "full", "standard_normal", "random", "rand_n"})
_SIZED = frozenset({"normal", "uniform", "randint", "integers", "choice", "poisson", "exponential", "binomial"})
_JOINING = {"concatenate": 0, "vstack": 0, "row_stack": 0, "hstack": 1, "column_stack": 1}
_OF_NUMBERS = frozenset({"log", "log2", "log10", "log1p", "exp", "expm1", "sqrt", "cbrt", "sin", "cos", "tan", "abs",
                         "floor", "ceil", "square"})  # fmt: skip
_SAME = frozenset({"copy", "astype", "round", "clip", "cumsum"})


def numpy_call(walk: Walk, name: str, node: ast.Call, things: list[Thing]) -> Thing:
    """What a function of numpy, or of numpy.random, gives."""
    first = things[0] if node.args else UNKNOWN
    if name in _OF_NUMBERS:
        if first.holds == "text" or first.kind == "builtins.str":
            walk.tell("wrong-type", f"TypeError: `np.{name}` of text", node)
        return Thing(first.kind, shape=first.shape) if first.kind in (ARRAY, "pandas.Series") else UNKNOWN
    shape = walk.shaped(node, lambda: _shape(walk, name, node, first))
    if name in ("outer", "meshgrid") and len(things) > 1:
        lengths = [thing.shape[0] if thing.kind == ARRAY and thing.shape else None for thing in things[:2]]
        whole = walk.shaped(node, lambda: made(lengths)) if None not in lengths else None
        return _array(walk, whole) if name == "outer" else UNKNOWN
    if name in ("dot", "matmul") and len(things) > 1:
        one, other = things[0].shape, things[1].shape
        if one and other and {things[0].kind, things[1].kind} == {ARRAY}:
            return _array(walk, walk.shaped(node, lambda: matmul(one, other)))
        return UNKNOWN
    known = name in ("array", "asarray", "arange", "linspace", "eye", "identity") or name in _FILLED | _SIZED
    return _array(walk, shape) if known or shape is not None else UNKNOWN


def _array(walk: Walk, shape: Shape | None) -> Thing:
    # A shape without lengths is a single number.
    return Thing(ARRAY, shape=shape) if ARRAY in walk.namespace.kinds and shape != () else UNKNOWN


def _shape(walk: Walk, name: str, node: ast.Call, first: Thing) -> Shape | None:
    named = {keyword.arg: walk.value(keyword.value).plain for keyword in node.keywords}
    if name in _FILLED:
        return made(first.plain if node.args else named.get("shape", named.get("size")))
    if name in _SIZED:
        return made(named["size"]) if "size" in named else None
    if name in ("eye", "identity"):
        return made((first.plain, first.plain)) if len(node.args) == 1 and "M" not in named else None
    if name in ("array", "asarray"):
        known = isinstance(first.plain, (list, tuple)) and "dtype" not in named
        return nested(first.plain) if known else first.shape
    if name == "arange":
        bounds = [walk.value(one).plain for one in node.args]
        return made(len(range(*bounds))) if bounds and all(type(one) is int for one in bounds) else (None,)
    if name == "linspace":
        size = walk.value(node.args[2]).plain if len(node.args) > 2 else named.get("num", 50)
        return made(size) if type(size) is int else (None,)
    if name in _JOINING and isinstance(node.args[0] if node.args else None, (ast.List, ast.Tuple)):
        return _joined(walk, name, node, named)
    return None


def _joined(walk: Walk, name: str, node: ast.Call, named: dict[str | None, object]) -> Shape | None:
    parts = node.args[0]
    assert isinstance(parts, (ast.List, ast.Tuple))
    shapes = [walk.value(one).shape if walk.value(one).kind == ARRAY else None for one in parts.elts]
    axis = named.get("axis", _JOINING[name])
    known = [one for one in shapes if one is not None]
    if len(known) != len(shapes) or not known or type(axis) is not int or len(node.args) > 1:
        return None
    flat = all(len(one) == 1 for one in known)
    if name in ("vstack", "row_stack"):
        known = [(1, *one) if len(one) == 1 else one for one in known]
    elif name == "column_stack":
        known = [(*one, 1) if len(one) == 1 else one for one in known]
    flat = all(len(one) == 1 for one in known)
    return joined(known, 0 if flat else axis)


def array_method(walk: Walk, owner: Thing, name: str, node: ast.Call) -> Thing:
    """What a method of an array gives."""
    shape = owner.shape
    given = [walk.value(one).plain for one in node.args]
    if name == "reshape" and given and shape is not None:
        to = given[0] if len(given) == 1 and isinstance(given[0], (tuple, list)) else given
        if all(type(one) is int for one in to):
            return _array(walk, walk.shaped(node, lambda: reshaped(shape, to)))
    if name in ("ravel", "flatten"):
        return _array(walk, (None,))
    if name == "dot" and shape and node.args:
        other = walk.value(node.args[0])
        if other.kind == ARRAY and other.shape:
            right = other.shape
            return _array(walk, walk.shaped(node, lambda: matmul(shape, right)))
    if name in _SAME and not argument(node, "axis") and (given or name == "copy") and NOTHING not in given:
        return Thing(ARRAY, shape=shape if name != "cumsum" else None)
    return UNKNOWN
