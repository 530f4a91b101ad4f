"""Plain values: numbers, texts, and the lists, tuples, sets and dicts of them, computed with by Python itself.

Promise: only operations of exactly these built-in types are run, on copies of our own, and none whose result could be
large or take long. What Python would raise comes back as Wrong, what is not done here as Unknown.
"""

from __future__ import annotations

import ast
import datetime
import json
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

__all__ = [
    "MUTATORS",
    "NOTHING",
    "Unknown",
    "Wrong",
    "binary",
    "call",
    "compare",
    "copied",
    "library_call",
    "method",
    "subscript",
    "unary",
]


class _Nothing:
    def __repr__(self) -> str:
        return "NOTHING"


NOTHING: Any = _Nothing()

_SIMPLE = (int, float, bool, str, bytes, type(None), range)
_HOLDERS = (list, tuple, set, frozenset, dict)
_MOST_ITEMS, _MOST_CHARACTERS, _MOST_BITS = 1_000, 10_000, 4_096
# Hardly any machine holds so much: what asks for it fails.
_ANY_MEMORY = 1 << 38

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow, ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_, ast.BitXor: operator.xor, ast.LShift: operator.lshift, ast.RShift: operator.rshift,
    ast.MatMult: operator.matmul,
}  # fmt: skip
_UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Not: operator.not_, ast.Invert: operator.invert,
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
    ast.Is: operator.is_, ast.IsNot: operator.is_not,
}  # fmt: skip
_CALLS: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (abs, all, any, bool, chr, dict, divmod, enumerate, float, frozenset, int, len, list, max, min, ord,
                range, round, set, sorted, str, sum, tuple, zip)
}  # fmt: skip
_LARGE = ("factorial", "comb", "perm", "prod", "pow", "ldexp")  # these may take long, or give very much
_LIBRARY: dict[str, dict[str, Callable[..., Any]]] = {
    "math": {name: one for name, one in vars(math).items() if callable(one) and name not in _LARGE},
    "json": {"loads": json.loads},
    "datetime": {"date": datetime.date, "datetime": datetime.datetime, "timedelta": datetime.timedelta},
}
# Of the mutable types; all methods of the others only read.
_READERS: dict[type, set[str]] = {
    list: {"count", "index", "copy"},
    dict: {"get", "keys", "values", "items", "copy"},
    set: {"copy", "difference", "intersection", "isdisjoint", "issubset", "issuperset", "union"},
}
MUTATORS = frozenset({"append", "clear", "extend", "insert", "remove", "reverse", "sort", "update", "add", "discard"})
_GROWING = frozenset(
    {"ljust", "rjust", "center", "zfill", "expandtabs", "format", "format_map", "replace", "join", "translate"}
)


class Unknown(Exception):
    """It is not computed here."""


class Wrong(Exception):
    """Python would raise; the words are its own."""


def copied(value: object) -> Any:
    """A copy of `value` if it is plain and small, else NOTHING. Exact types only: none of anybody's code is run."""
    try:
        return _copied(value, [_MOST_ITEMS])
    except Unknown:
        return NOTHING


def _copied(value: object, room: list[int], depth: int = 0) -> Any:
    room[0] -= 1
    kind = type(value)
    if room[0] < 0 or depth > 6:
        raise Unknown
    if kind in _SIMPLE:
        if kind in (str, bytes) and len(value) > _MOST_CHARACTERS:  # type: ignore[arg-type]
            raise Unknown
        if kind is int and value.bit_length() > _MOST_BITS:  # type: ignore[attr-defined]
            raise Unknown
        return value
    if kind is dict:
        return {_copied(a, room, depth + 1): _copied(b, room, depth + 1) for a, b in list(value.items())}  # type: ignore[attr-defined]
    if kind in _HOLDERS:
        return kind([_copied(one, room, depth + 1) for one in list(value)])  # type: ignore[call-overload]
    raise Unknown


def binary(operation: ast.operator, left: Any, right: Any) -> Any:
    """`left operation right`."""
    if isinstance(operation, ast.Mult):
        _check_product(left, right)
    if isinstance(operation, ast.Pow) and not (abs(_number(left)) <= 1 << 32 and abs(_number(right)) <= 64):
        raise Unknown
    if isinstance(operation, ast.LShift) and _number(right) > 256:
        raise Unknown
    if isinstance(operation, ast.Mod) and isinstance(left, (str, bytes)):
        raise Unknown  # a width may be anything
    return _tried(_BINARY[type(operation)], left, right)


def _number(value: Any) -> Any:
    if type(value) not in (int, float, bool):
        raise Unknown
    return value


def _check_product(left: Any, right: Any) -> None:
    for holder, times in ((left, right), (right, left)):
        if isinstance(holder, (str, bytes, list, tuple)) and type(times) is int:
            size = len(holder) * times
            if size * (1 if isinstance(holder, (str, bytes)) else 8) > _ANY_MEMORY:
                raise Wrong(f"MemoryError: {size:.0e} items do not fit into any memory")
            if size > _MOST_CHARACTERS:
                raise Unknown


def unary(operation: ast.unaryop, value: Any) -> Any:
    """`operation value`."""
    return _tried(_UNARY[type(operation)], value)


def compare(operation: ast.cmpop, left: Any, right: Any) -> Any:
    """`left operation right`."""
    return _tried(_COMPARE[type(operation)], left, right)


def subscript(value: Any, key: Any) -> Any:
    """`value[key]`."""
    return _tried(operator.getitem, value, key)


def call(name: str, given: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """A built-in function of plain values."""
    if name in ("bytes", "bytearray") and given and type(given[0]) is int and given[0] > _ANY_MEMORY:
        raise Wrong(f"MemoryError: {given[0]:.0e} bytes do not fit into any memory")
    if name not in _CALLS:
        raise Unknown
    for one in given:
        if isinstance(one, range) and len(one) > _MOST_ITEMS and name not in ("len", "min", "max", "bool"):
            if name in ("list", "tuple", "set", "sorted") and len(one) * 8 > _ANY_MEMORY:
                raise Wrong(f"MemoryError: {len(one):.0e} items do not fit into any memory")
            raise Unknown
    found = _tried(_CALLS[name], *given, **named)
    return _tried(list, found) if name in ("enumerate", "zip") else found


def library_call(module: str, name: str, given: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """A function of the standard library that only computes."""
    function = _LIBRARY.get(module, {}).get(name)
    if function is None:
        raise Unknown
    return _tried(function, *given, **named)


def method(value: Any, name: str, given: Sequence[Any], named: Mapping[str, Any]) -> Any:
    """A method that only reads."""
    if name in _GROWING or name not in _READERS.get(type(value), {name}) or name.startswith("_"):
        raise Unknown
    function = getattr(value, name, None)
    if function is None or not callable(function):
        raise Unknown
    found = _tried(function, *given, **named)
    return list(found) if type(value) is dict and name in ("keys", "values", "items") else found


def _tried(function: Callable[..., Any], *given: Any, **named: Any) -> Any:
    try:
        found = function(*given, **named)
    except (MemoryError, RecursionError):
        raise Unknown from None
    except Exception as error:  # noqa: BLE001 - whatever it is, the cell would raise it, too
        words = str(error)
        raise Wrong(f"{type(error).__name__}: {words}" if words else type(error).__name__) from None
    if isinstance(found, float) and math.isnan(found):
        raise Unknown  # nothing is the same as itself
    return found
