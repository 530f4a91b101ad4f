"""The live shell as the data that the check needs.

Promise: nothing of the user's is called. Types are read from the classes' own dictionaries; only the schema of a frame
(pandas, polars, pyarrow, and whatever narwhals knows) is asked for. A module that is not loaded is looked for, not
imported.
"""

from __future__ import annotations

import ast
import inspect
import sys
import types
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ..code.cells import extensions_of, to_python
from ..code.namespace import Kind, Module, Namespace, Value
from .sources import exports, is_installed, parameters, submodules

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["describe"]

# Classes that a cell meets without naming them, where their library is loaded.
_MET = {
    "pandas": (
        "pandas:DataFrame pandas:Series pandas:Index pandas.api.typing:DataFrameGroupBy pandas.api.typing:SeriesGroupBy"
        " pandas.core.strings.accessor:StringMethods"
    ),
    "polars": (
        "polars:DataFrame polars:LazyFrame polars:Series polars:Expr polars.dataframe.group_by:GroupBy"
        " polars.lazyframe.group_by:LazyGroupBy polars.expr.string:ExprStringNameSpace"
        " polars.expr.datetime:ExprDateTimeNameSpace polars.expr.list:ExprListNameSpace"
    ),
    "numpy": "numpy:ndarray",
    "matplotlib": "matplotlib.axes:Axes matplotlib.figure:Figure",
}
_DT = ("DatetimeProperties", "TimedeltaProperties", "PeriodProperties")
_BUILTINS = (str, list, dict, set, tuple, int, float, bytes, type(None))
_FRAMES = ("pandas", "polars", "pyarrow", "modin", "cudf", "dask", "ibis", "pyspark", "narwhals", "duckdb")
# These answer unknown attributes with their columns only, or with a hint and an error.
_CLOSED = frozenset({"pandas", "polars", "numpy"})


def describe(shell: InteractiveShell, sources: Iterable[str]) -> Namespace:
    """What the check of `sources` needs to know of `shell`."""
    mentions = _Mentions()
    for source in sources:
        mentions.read(source)
    names = shell.user_ns
    kinds: dict[str, Kind] = {}
    for library, places in _MET.items():
        if library in sys.modules:
            for place in places.split():
                _add(kinds, _found(place), mentions.attributes)
    _add_dates(kinds, mentions.attributes)
    for builtin in _BUILTINS:
        _add(kinds, builtin, mentions.attributes)
    values = {name: _value(value, kinds, mentions) for name, value in list(names.items()) if isinstance(name, str)}
    modules = {value.module for name, value in values.items() if value.module and name in mentions.names}
    modules |= {name for name in mentions.modules if name in sys.modules}
    described: dict[str, Module] = {}
    for name in sorted(modules):
        _add_module(described, kinds, name, mentions)
    for name in mentions.modules - sys.modules.keys():
        names_there = exports(name)
        if names_there is not None:
            taken = {one: parameters(name, one) for one in mentions.attributes & names_there}
            described[name] = Module(
                names_there, params={one: words for one, words in taken.items() if words is not None}
            )
    return Namespace(
        values=values,
        kinds=kinds,
        modules=described,
        missing=frozenset(name for name in mentions.modules if not is_installed(name)),
        magics=frozenset((kind, name) for kind, magics in shell.magics_manager.magics.items() for name in magics),
        in_loop=hasattr(shell, "kernel"),
    )


class _Mentions(ast.NodeVisitor):
    """The names, attributes and modules that some code mentions: only these need be described."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.modules: set[str] = set()

    def read(self, source: str) -> None:
        self.modules |= set(extensions_of(source))
        try:
            self.visit(ast.parse(to_python(source)))
        except (SyntaxError, ValueError):
            return

    def visit_Name(self, node: ast.Name) -> None:
        self.names.add(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.attributes.add(node.attr)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            parts = alias.name.split(".")
            self.modules |= {".".join(parts[:count]) for count in range(1, len(parts) + 1)}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module and not node.level:
            parts = node.module.split(".")
            self.modules |= {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
            self.modules |= {
                f"{node.module}.{alias.name}" for alias in node.names if f"{node.module}.{alias.name}" in sys.modules
            }
            self.attributes |= {alias.name for alias in node.names}


def _found(place: str) -> Any:
    module, _, name = place.partition(":")
    return vars(sys.modules[module]).get(name) if module in sys.modules else None


def _key(klass: type) -> str:
    library = klass.__module__.partition(".")[0]
    return f"{library}.{klass.__qualname__}"


def _add(kinds: dict[str, Kind], klass: Any, attributes: Iterable[str]) -> str:
    if not isinstance(klass, type):
        return ""
    key = _key(klass)
    if key in kinds:
        return key
    members: dict[str, Any] = {}
    for base in reversed(type.mro(klass)):
        members.update(vars(base))
    library = key.partition(".")[0]
    is_open = library not in _CLOSED and (
        "__getattr__" in members or isinstance(members["__getattribute__"], types.FunctionType)
    )
    returns, params = _signatures(members, attributes, method=True)
    kinds[key] = Kind(klass.__name__, library, None if is_open else frozenset(members), returns, params)
    return key


def _add_dates(kinds: dict[str, Kind], attributes: Iterable[str]) -> None:
    """`.dt` is one of several classes, by the column's type: what any of them has may be there."""
    found = [_found(f"pandas.core.indexes.accessors:{name}") for name in _DT]
    if all(found):
        for klass in found:
            _add(kinds, klass, attributes)
        members = [kinds[_key(klass)].members for klass in found]
        kinds["pandas.DT"] = Kind("Series.dt", "pandas", frozenset().union(*(names for names in members if names)))


def _signatures(
    members: dict[str, Any], attributes: Iterable[str], *, method: bool
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    returns, params = {}, {}
    for name in attributes:
        member = members.get(name)
        if isinstance(member, property):
            member = member.fget
        if isinstance(member, (staticmethod, classmethod)):
            member = member.__func__
        if isinstance(member, types.FunctionType):
            said = member.__annotations__.get("return")
            returns[name] = said if isinstance(said, str) else getattr(said, "__name__", "")
            taken = _taken(member, skip=method)
            if taken is not None:
                params[name] = taken
        elif isinstance(member, type) and "__new__" not in vars(member):
            taken = _taken(vars(member).get("__init__"), skip=True)
            if taken is not None:
                params[name] = taken
        elif type(member).__name__ == "_ArrayFunctionDispatcher":
            taken = _taken(member, skip=False)
            if taken is not None:
                params[name] = taken
    return returns, params


def _taken(function: object, *, skip: bool) -> tuple[str, ...] | None:
    """The names that a function takes by keyword; None where it takes any, or that can't be told."""
    if type(function).__name__ == "_ArrayFunctionDispatcher":  # numpy's own wrapper, in C
        function = getattr(function, "__wrapped__", None)
    if not isinstance(function, types.FunctionType):
        return None
    try:
        # A wrapper that is marked as one takes what the wrapped takes; others are taken at their word.
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None
    outer = function.__code__
    wrapped = hasattr(function, "__wrapped__")
    if any(one.kind is one.VAR_KEYWORD for one in parameters) or (
        wrapped and not outer.co_flags & inspect.CO_VARKEYWORDS
    ):
        return None
    if wrapped and _renames(function):
        return None
    return tuple(one.name for one in parameters[1 if skip else 0 :] if one.kind is not one.POSITIONAL_ONLY)


def _renames(function: types.FunctionType) -> bool:
    """Whether a wrapper may accept more names than what it wraps: one that handles renamed or deprecated arguments."""
    return any("renam" in name or "deprecat" in name or "old_" in name for name in function.__code__.co_freevars)


def _value(value: object, kinds: dict[str, Kind], mentions: _Mentions) -> Value:
    if isinstance(value, types.ModuleType):
        return Value(module=value.__name__)
    if isinstance(value, type):
        return Value(klass=_add(kinds, value, mentions.attributes))
    klass = type(value)
    library = klass.__module__.partition(".")[0]
    if library == "builtins" or isinstance(value, (types.FunctionType, types.BuiltinFunctionType)):
        return Value(kind=_add(kinds, klass, mentions.attributes))
    extra: frozenset[str] = frozenset()
    try:
        own = object.__getattribute__(value, "__dict__")
        extra = frozenset(name for name in own if isinstance(name, str)) if type(own) is dict else extra
    except AttributeError:
        pass
    kind = _add(kinds, klass, mentions.attributes)
    if library not in _FRAMES:
        return Value(kind=kind, extra=extra)
    columns, levels, size = _schema(value, library)
    types_ = _types(value) if library == "pandas" and columns is not None else {}
    return Value(kind=kind, columns=columns, levels=levels, extra=extra, size=size, types=types_)


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
    words = {"i": "number", "u": "number", "f": "number", "M": "date"}
    found = {}
    for name, dtype in zip(value.columns, value.dtypes, strict=True):
        word = "text" if type(dtype).__name__ == "StringDtype" else words.get(getattr(dtype, "kind", ""), "")
        if word and (word == "text" or type(dtype).__module__.startswith("numpy")):
            found[name] = word
    return found


def _size(value: Any) -> str:
    return "×".join(str(int(size)) for size in value.shape)


def _add_module(modules: dict[str, Module], kinds: dict[str, Kind], name: str, mentions: _Mentions) -> None:
    module = sys.modules.get(name)
    if module is None or name in modules:
        return
    own = dict(vars(module))
    is_open = "__getattr__" in own and "__dir__" not in own and name.partition(".")[0] not in _CLOSED
    names = set(own)
    if "__dir__" in own and isinstance(own["__dir__"], types.FunctionType) and not is_open:
        names |= set(_listed(own["__dir__"]))
    if hasattr(module, "__path__"):
        names |= submodules(list(module.__path__))
    classes = {}
    for attribute in mentions.attributes & names:
        value = own.get(attribute)
        if isinstance(value, type):
            classes[attribute] = _add(kinds, value, mentions.attributes)
        elif isinstance(value, types.ModuleType) and value.__name__.startswith(name):
            _add_module(modules, kinds, value.__name__, mentions)
    returns, params = _signatures(own, mentions.attributes, method=False)
    modules[name] = Module(None if is_open else frozenset(names), returns, params, classes)


def _listed(listing: Callable[[], Iterable[str]]) -> list[str]:
    """What a library's own `__dir__` says: the names that its lazy `__getattr__` would load."""
    try:
        return list(listing())
    except Exception:  # noqa: BLE001  then the names that are there
        return []
