"""Live values as the check needs them.

Promise: nothing of the user's is called. Only exact types are looked into: built-in values, numpy's arrays, and the
schema of a frame (pandas, polars, pyarrow, and whatever narwhals knows).
"""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Callable
from typing import Any

from ..code.namespace import Value
from ..code.plain import NOTHING, copied
from .live_signatures import signature_of_function

__all__ = ["live_value"]

_FRAMES = ("pandas", "polars", "pyarrow", "modin", "cudf", "dask", "ibis", "pyspark", "narwhals", "duckdb")


def live_value(value: Any, add: Callable[[type], str]) -> Value:
    """`value` as data; `add` describes a class and gives its key."""
    if isinstance(value, types.ModuleType):
        return Value(module=value.__name__)
    if isinstance(value, type):
        return Value(klass=add(value))
    klass = type(value)
    library = klass.__module__.partition(".")[0]
    if klass is types.FunctionType:
        assert isinstance(value, types.FunctionType)
        is_async = inspect.iscoroutinefunction(value) and not hasattr(value, "__wrapped__")
        return Value(kind=add(klass), signature=signature_of_function(value), is_async=is_async)
    if library == "builtins" or isinstance(value, types.BuiltinFunctionType):
        plain = copied(value)
        return Value(kind=add(klass), plain=plain) if plain is not NOTHING else Value(kind=add(klass))
    if klass is getattr(sys.modules.get("numpy"), "ndarray", None):
        return Value(kind=add(klass), shape=tuple(map(int, value.shape)))
    extra: frozenset[str] = frozenset()
    try:
        own = object.__getattribute__(value, "__dict__")
        extra = frozenset(name for name in own if isinstance(name, str)) if type(own) is dict else extra
    except AttributeError:
        pass
    kind = add(klass)
    if library not in _FRAMES:
        return Value(kind=kind, extra=extra)
    columns, levels, size = _schema(value, library)
    types_, shape = (
        ({}, None) if library != "pandas" or columns is None else (_types(value), tuple(map(int, value.shape)))
    )
    holds = {"": _word(value.dtype)} if library == "pandas" and klass.__name__ == "Series" else types_
    return Value(kind=kind, columns=columns, levels=levels, extra=extra, size=size, types=holds, shape=shape)


def _schema(value: Any, library: str) -> tuple[tuple[str, ...] | None, tuple[str, ...], str]:
    """Columns, index names and size of a frame; only of types that are the libraries' own."""
    try:
        if library == "pandas":
            if type(value).__name__ != "DataFrame":
                return None, (), ""
            columns = value.columns
            if columns.nlevels > 1:
                return None, (), ""
            names = tuple(name for name in columns if isinstance(name, str))
            levels = tuple(str(name) for name in value.index.names if name is not None)
            return (names if len(names) == len(columns) else None), levels, _size(value)
        if library == "duckdb" and type(value).__name__ != "DuckDBPyRelation":
            return None, (), ""
        import narwhals as nw

        frame = nw.from_native(value, pass_through=True)
        if not isinstance(frame, (nw.DataFrame, nw.LazyFrame)):
            return None, (), ""
        return tuple(frame.collect_schema().names()), (), _size(value) if isinstance(frame, nw.DataFrame) else ""
    except Exception:  # noqa: BLE001  a frame that can't say its schema is a frame that we know nothing of
        return None, (), ""


def _types(value: Any) -> dict[str, str]:
    """What a pandas frame's columns hold, in one word each, where its dtype says so."""
    found = {name: _word(dtype) for name, dtype in zip(value.columns, value.dtypes, strict=True)}
    return {name: word for name, word in found.items() if word}


def _word(dtype: Any) -> str:
    if type(dtype).__name__ == "StringDtype":
        return "text"
    words = {"i": "number", "u": "number", "f": "number", "M": "date"}
    return words.get(dtype.kind, "") if type(dtype).__module__.startswith("numpy") else ""


def _size(value: Any) -> str:
    return "×".join(str(int(size)) for size in value.shape)
