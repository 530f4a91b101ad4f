"""The live shell as the data that the check needs.

Promise: nothing of the user's is called. Types are read from the classes' own dictionaries; only the schema of a frame
(pandas, polars, pyarrow, and whatever narwhals knows) is asked for. A module that is not loaded is looked for, not
imported.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import sys
import types
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..code.cells import extensions_of, open_lines, to_python
from ..code.namespace import Kind, Module, Namespace
from .live_signatures import signatures
from .live_values import live_value
from .sources import exports, is_installed, signature_in, submodules

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
_BUILTINS = (str, list, dict, set, tuple, int, float, bool, bytes, type(None), types.FunctionType, types.CoroutineType)
# These answer unknown attributes with their columns only, or with a hint and an error.
_CLOSED = frozenset({"pandas", "polars", "numpy"})

_ANYTHING = inspect.signature(lambda *given, **named: None)  # noqa: ARG005
_PATH = re.compile(r"(?!\w+:)[\w~./\\ -]*[\w-]\.[A-Za-z]\w{1,7}")  # no address, no pattern


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
    values = {
        name: live_value(value, lambda klass: _add(kinds, klass, mentions.attributes))
        for name, value in list(names.items())
        # IPython's own `open` is Python's, with a warning.
        if isinstance(name, str) and not (name == "open" and getattr(value, "__wrapped__", None) is builtins.open)
    }
    modules = {value.module for name, value in values.items() if value.module and name in mentions.names}
    modules |= {name for name in mentions.modules if name in sys.modules}
    described: dict[str, Module] = {}
    for name in sorted(modules):
        _add_module(described, kinds, name, mentions)
    for name in mentions.modules - sys.modules.keys():
        names_there = exports(name)
        if names_there is not None:
            taken = {one: signature_in(name, one) for one in mentions.attributes & names_there}
            described[name] = Module(names_there, signatures={one: found for one, found in taken.items() if found})
    return Namespace(
        values=values,
        kinds=kinds,
        modules=described,
        missing=frozenset(name for name in mentions.modules if not is_installed(name)),
        magics=frozenset((kind, name) for kind, magics in shell.magics_manager.magics.items() for name in magics),
        in_loop=hasattr(shell, "kernel"),
        builtins=_builtin_signatures(mentions.names - values.keys()),
        absent=frozenset(text for text in mentions.texts if _is_absent(text)),
    )


def _builtin_signatures(names: Iterable[str]) -> dict[str, inspect.Signature]:
    found = {}
    for name in names:
        value = vars(builtins).get(name)
        # A class's may be anything; those of the functions are written down.
        if isinstance(value, type):
            found[name] = _ANYTHING
        elif callable(value):
            try:
                found[name] = inspect.signature(value)
            except (TypeError, ValueError):
                found[name] = _ANYTHING
    return found


def _is_absent(text: str) -> bool:
    """Whether a text looks like the path of a file that is not there; the disk is only looked at."""
    looks = 2 < len(text) < 200 and _PATH.fullmatch(text)
    try:
        return bool(looks) and not Path(text).expanduser().exists()
    except (OSError, RuntimeError, ValueError):
        return False


class _Mentions(ast.NodeVisitor):
    """The names, attributes and modules that some code mentions: only these need be described."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.modules: set[str] = set()
        self.texts: set[str] = set()

    def read(self, source: str) -> None:
        self.modules |= set(extensions_of(source))
        try:
            self.visit(ast.parse(open_lines(to_python(source))))
        except (SyntaxError, ValueError):
            return

    def visit_Name(self, node: ast.Name) -> None:
        self.names.add(node.id)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.texts.add(node.value)

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
    answers = "__getattr__" in members or isinstance(members["__getattribute__"], types.FunctionType)
    # What can be called and answers to any name, as `polars.col` does, is open in any library.
    is_open = answers and (library not in _CLOSED or "__call__" in vars(klass))
    returns, found = signatures(members, attributes, method=True)
    kinds[key] = Kind(klass.__name__, library, None if is_open else frozenset(members), returns, found)
    return key


def _add_dates(kinds: dict[str, Kind], attributes: Iterable[str]) -> None:
    """`.dt` is one of several classes, by the column's type: what any of them has may be there."""
    found = [_found(f"pandas.core.indexes.accessors:{name}") for name in _DT]
    if all(found):
        for klass in found:
            _add(kinds, klass, attributes)
        members = [kinds[_key(klass)].members for klass in found]
        kinds["pandas.DT"] = Kind("Series.dt", "pandas", frozenset().union(*(names for names in members if names)))


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
    returns, found = signatures(own, mentions.attributes, method=False)
    modules[name] = Module(None if is_open else frozenset(names), returns, found, classes)


def _listed(listing: Callable[[], Iterable[str]]) -> list[str]:
    """What a library's own `__dir__` says: the names that its lazy `__getattr__` would load."""
    try:
        return list(listing())
    except Exception:  # noqa: BLE001  then the names that are there
        return []
