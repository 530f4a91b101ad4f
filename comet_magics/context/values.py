"""A value in one short line, safely.

Promise: only types known to be harmless are written out, through their base class's own methods; of anything else the
type is named. So no foreign `__repr__`, `__str__`, `__len__`, `__iter__` or `__hash__` ever runs, and a value of any
size takes a time bounded by `limit`.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import pathlib
import re
import types
import uuid
from collections.abc import Callable, Iterable, Iterator
from enum import EnumMeta
from itertools import islice
from typing import Any

from .kinds import attributes, is_a, library, mro, qualified_name, type_name

__all__ = ["ITERATE", "brief", "is_harmless", "is_plain", "shorten"]

_ITEMS = 8
_DEPTH = 3
# A secret may be cut in two by shortening, so this much is redacted first; longer than any key file's line or token.
_WINDOW = 6000
_BY_REPR: frozenset[type] = frozenset(
    {bool, float, complex, type(None), type(...), type(NotImplemented), range, datetime.timedelta, fractions.Fraction}
)
_BY_STR: frozenset[type] = frozenset(
    {datetime.date, datetime.time, uuid.UUID, pathlib.PosixPath, pathlib.WindowsPath, pathlib.PurePosixPath}
    | {pathlib.PureWindowsPath}
)
_PLAIN = _BY_REPR | _BY_STR | {int, str, bytes, datetime.datetime, decimal.Decimal}
_SEQUENCES: dict[type, tuple[str, str]] = {list: ("[", "]"), tuple: ("(", ")"), set: ("{", "}")}
_SEQUENCES |= {frozenset: ("frozenset({", "})"), collections.deque: ("deque([", "])")}
# How to walk through each container without its subclass's own methods.
ITERATE: dict[type, Callable[[Any], Iterator[Any]]] = {
    kind: kind.__iter__ for kind in (list, tuple, set, frozenset, collections.deque)
}
_LENGTH: dict[type, Callable[[Any], int]] = {
    kind: kind.__len__ for kind in (list, tuple, set, frozenset, collections.deque)
}


def is_plain(value: object) -> bool:
    """Whether `value` is of a built-in scalar type exactly: comparing, hashing and printing it are harmless."""
    return type(value) in _PLAIN


def is_harmless(kind: type) -> bool:
    """Whether libraries may look at objects of exactly this type as they like: none of its methods is anybody's own."""
    if kind in _PLAIN or kind in _LENGTH or kind is dict or type_name(kind) in {"NAType", "NaTType"}:
        return True
    pandas, numpy = library("pandas") or {}, library("numpy") or {}
    known = [pandas.get(name) for name in ("Timestamp", "Timedelta", "Period", "Interval", "Series", "DataFrame")]
    known += [numpy.get("ndarray"), *(numpy.get("sctypeDict") or {}).values()]
    return any(kind is one for one in known)


def shorten(text: str, limit: int) -> str:
    """`text` with its middle left out if it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    head = (limit - 3) * 2 // 3
    tail = max(0, limit - 3 - head)
    return f"{text[:head]} … {text[len(text) - tail :]}"


def brief(value: object, redact: Callable[[str], str], limit: int = 200, depth: int = _DEPTH) -> str:
    """`value` as Python would write it, in at most about `limit` characters; names the type where that isn't safe."""
    kind = type(value)
    if kind in _PLAIN:
        return _scalar(value, kind, redact, limit)
    for base in mro(value):
        if base in ITERATE:
            return _sequence(value, base, redact, limit, depth)
        if base is dict:
            return _mapping(value, redact, limit, depth)
        if base in {str, int, float, bytes}:
            return f"{type_name(kind)}({_scalar(_base_value(value, base), base, redact, limit)})"
    return _other(value, kind, redact, limit)


def _base_value(value: Any, base: type) -> object:
    if base is str:
        return str.__str__(value) if type(value) is str else str.__getitem__(value, slice(None))
    return base.__getnewargs__(value)[0] if base in {int, float, bytes} else value


def _scalar(value: Any, kind: type, redact: Callable[[str], str], limit: int) -> str:
    if kind is str:
        return _string(value, redact, limit)
    if kind is int:
        return str(value) if value.bit_length() < 400 else f"<int of {value.bit_length():,} bits>"
    if kind is bytes:
        return f"<{len(value):,} bytes>" if len(value) > 40 else redact(repr(value))
    if kind is datetime.datetime:
        # A tzinfo may be anybody's class; its offset is asked only of the standard ones.
        known = type(value.tzinfo) in {type(None), datetime.timezone} or is_a(value.tzinfo, "zoneinfo", "ZoneInfo")
        return str(value) if known else f"{value.replace(tzinfo=None)} ({type_name(type(value.tzinfo))})"
    if kind is decimal.Decimal:
        return shorten(str(value), limit) if abs(value.adjusted()) < 1000 else "<Decimal, very long>"
    return shorten(redact(str(value) if kind in _BY_STR else repr(value)), limit)


def _string(value: str, redact: Callable[[str], str], limit: int) -> str:
    if len(value) <= 2 * _WINDOW:
        text = redact(value)
    else:
        text = f"{redact(value[:_WINDOW])[: _WINDOW // 2]} … {redact(value[-_WINDOW:])[-_WINDOW // 2 :]}"
    shown = repr(shorten(text, limit))
    return shown if len(text) <= limit else f"{shown} ({len(value):,} characters)"


def _sequence(value: Any, base: type, redact: Callable[[str], str], limit: int, depth: int) -> str:
    length = _LENGTH[base](value)
    fields = _field_names(value) if base is tuple else ()
    if depth <= 0:
        return f"<{type_name(type(value))} of {length:,}>"
    parts: list[str] = []
    room = limit
    for index, item in enumerate(islice(ITERATE[base](value), _ITEMS if length > _ITEMS + 2 else length)):
        text = brief(item, redact, max(20, min(room, limit // 2)), depth - 1)
        parts.append(f"{fields[index]}={text}" if index < len(fields) else text)
        room -= len(text)
        if room <= 0:
            break
    left, right = _SEQUENCES[base]
    if type(value) is not base:
        left, right = f"{type_name(type(value))}(", ")"
    if len(parts) < length:
        parts.append(f"… {length:,} in all" + _item_types(value, base, length))
    return redact(left + ", ".join(parts) + right)


def _field_names(value: object) -> tuple[str, ...]:
    for base in mro(value):
        fields = type.__dict__["__dict__"].__get__(base).get("_fields")
        if type(fields) is tuple and all(type(field) is str for field in fields):
            return fields
    return ()


def _item_types(value: Any, base: type, length: int) -> str:
    kinds = collections.Counter(type_name(type(item)) for item in islice(ITERATE[base](value), 2000))
    seen = "" if length <= 2000 else " of the first 2,000"
    names = ", ".join(f"{count:,} {name}" for name, count in kinds.most_common(3))
    return f"{seen}: {names}" if len(kinds) > 1 or length > 2000 else f": {next(iter(kinds))}"


def _mapping(value: Any, redact: Callable[[str], str], limit: int, depth: int) -> str:
    length = dict.__len__(value)
    if depth <= 0:
        return f"<{type_name(type(value))} of {length:,}>"
    parts: list[str] = []
    room = limit
    for key, entry in islice(dict.items(value), 12):
        shown = brief(key, redact, 40, 0)
        # Name and value are redacted as one, so that a telling key hides its value.
        text = redact(f"{shown}: {brief(entry, redact, max(20, min(room, limit // 2)), depth - 1)}")
        parts.append(text)
        room -= len(text)
        if room <= 0:
            break
    if len(parts) < length:
        more = [brief(key, redact, 30, 0) for key in islice(dict.keys(value), len(parts), len(parts) + 10)]
        parts.append(f"… {length:,} keys" + (f", among them {', '.join(more)}" if room > 0 else ""))
    inside = "{" + ", ".join(parts) + "}"
    return inside if type(value) is dict else f"{type_name(type(value))}({inside})"


def _other(value: object, kind: type, redact: Callable[[str], str], limit: int) -> str:
    if EnumMeta in mro(kind):
        name = attributes(value).get("_name_")
        return f"{type_name(kind)}.{name}" if type(name) is str else f"<{type_name(kind)}>"
    if kind is re.Pattern:
        return shorten(f"re.compile({value.pattern!r})", limit) if type(value.pattern) is str else "<re.Pattern>"  # type: ignore[attr-defined]
    if kind in {bytearray, memoryview}:
        return f"<{type_name(kind)} of {len(value):,}>"  # type: ignore[arg-type]
    if kind in {types.FunctionType, types.BuiltinFunctionType, types.MethodType}:
        return f"<function {_callable_name(value)}>"
    if kind is types.ModuleType:
        return "<module>"
    if type in mro(value):
        return f"<class {qualified_name(value)}>"  # type: ignore[arg-type]
    if is_a(value, "numpy", "generic") or is_a(value, "pandas", "Timestamp", "Timedelta", "Period", "Interval"):
        return shorten(redact(str(value)), limit)
    if is_a(value, "pandas.api.typing", "NAType", "NaTType") or type_name(kind) in {"NAType", "NaTType"}:
        return "NA" if type_name(kind) == "NAType" else "NaT"
    return _sized(value, kind)


def _callable_name(value: object) -> str:
    name = object.__getattribute__(value, "__name__") if type(value) is not types.MethodType else "method"
    return str(name)[:80] if type(name) is str else "?"


def _sized(value: object, kind: type) -> str:
    """Frames and arrays inside a container: what they are and how large, by their real class's attributes."""
    shape: Iterable[object] | None = None
    for module, name in (
        ("numpy", "ndarray"),
        ("pandas", "DataFrame"),
        ("pandas", "Series"),
        ("polars", "DataFrame"),
        ("polars", "Series"),
        ("pyarrow", "Table"),
        ("torch", "Tensor"),
    ):
        if is_a(value, module, name):
            shape = tuple(value.shape)  # type: ignore[attr-defined]
            return f"<{type_name(kind)}, {' × '.join(str(size) for size in shape)}>"
    return f"<{qualified_name(kind)} object>"
