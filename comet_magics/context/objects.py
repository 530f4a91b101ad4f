"""What is neither a scalar nor a frame, described as what it is: functions, classes, arrays, models, figures, JSON.

Promise: types are told by identity; what is read of an object is stored on it or is a real library's own attribute.
`describe` gives forms from the fullest to a line. It may raise whatever a library raises: the caller guards it.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from .arrays import array_text, sparse_text, tensor_text, xarray_text
from .figures import altair_text, matplotlib_text, plotly_text
from .hiding import Hidden
from .kinds import attributes, is_a, mro, qualified_name, type_name
from .secret_names import is_secret_name
from .values import brief, shorten

__all__ = ["describe"]

Redact = Callable[[str], str]
_LIBRARY: tuple[tuple[str, tuple[str, ...], Callable[[Any, Redact], str]], ...] = (
    ("numpy", ("ndarray",), array_text),
    ("scipy.sparse", ("sparray", "spmatrix"), sparse_text),
    ("torch", ("Tensor",), tensor_text),
    ("xarray", ("Dataset", "DataArray"), xarray_text),
    ("matplotlib.figure", ("Figure",), matplotlib_text),
    ("matplotlib.axes", ("Axes",), matplotlib_text),
    ("plotly.graph_objs", ("Figure",), plotly_text),
    ("plotly.basedatatypes", ("BaseFigure",), plotly_text),
    ("altair", ("TopLevelMixin",), altair_text),
)


def describe(name: str, value: object, redact: Redact, hidden: Hidden) -> tuple[str, ...]:
    """What `value`, called `name`, is; the fullest form first. A name like a secret's gets its type only."""
    if is_secret_name(name) and not callable_kind(value):
        return (f"{name}: {qualified_name(type(value))}, kept out because of its name",)
    for module, names, write in _LIBRARY:
        if is_a(value, module, *names):
            return _two(f"{name}: {write(value, redact)}")
    if is_a(value, "torch.nn", "Module"):
        return _two(f"{name}: {_network(value)}")
    if is_a(value, "sklearn.base", "BaseEstimator"):
        return _two(redact(f"{name}: {_estimator(value, redact)}"))
    if (kind := callable_kind(value)) == "function":
        return _two(redact(_function(name, value)))
    if kind == "class":
        return _two(redact(_class(name, value)))
    if kind == "module":
        return (_module(name, value),)
    if any(base in {dict, list} for base in mro(value)):
        return _nested(name, value, redact)
    text = brief(value, redact, 400)
    if text.endswith(" object>"):
        return _instance(name, value, redact, hidden)
    # Name and value are redacted together, so that a telling name hides its value.
    return tuple(dict.fromkeys(redact(f"{name} = {form}") for form in (text, brief(value, redact, 60))))


def callable_kind(value: object) -> str:
    """`function`, `class` or `module` for those, by their real type; empty for anything else."""
    if type(value) in {types.FunctionType, types.BuiltinFunctionType, types.MethodType}:
        return "function"
    if type in mro(value):
        return "class"
    return "module" if types.ModuleType in mro(value) else ""


def _two(text: str) -> tuple[str, ...]:
    first = text.split("\n", 1)[0]
    return tuple(dict.fromkeys((shorten(text, 2400), shorten(first, 200))))


def _module(name: str, value: object) -> str:
    namespace = attributes(value)
    own, version = namespace.get("__name__"), namespace.get("__version__")
    text = f"{name}: module {own if type(own) is str else '?'}"
    return f"{text} {version}" if type(version) is str else text


def _function(name: str, value: object) -> str:
    code = getattr(value, "__code__", None) if type(value) is types.FunctionType else None
    if type(code) is not types.CodeType:
        return f"{name}: function of a compiled library" if type(value) is not types.MethodType else f"{name}: method"
    text = f"def {name}{_signature(value)}"
    doc = value.__doc__
    return f"{text}: {_first_line(doc)}" if type(doc) is str and doc.strip() else text


def _signature(value: object) -> str:
    """The signature, without running a default's `__repr__`."""
    try:
        signature = inspect.signature(value, follow_wrapped=False)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return "(…)"
    shown: list[str] = []
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    for at, parameter in enumerate(signature.parameters.values()):
        if parameter.kind is parameter.KEYWORD_ONLY and not {parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL} & set(
            kinds[:at]
        ):
            shown.append("*")
        stars = "*" * (parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD))
        text = stars + "*" * (parameter.kind is parameter.VAR_KEYWORD) + parameter.name
        if parameter.annotation is not parameter.empty:
            text += f": {_annotation(parameter.annotation)}"
        if parameter.default is not parameter.empty:
            text += f"={brief(parameter.default, str, 40, 1)}"
        shown.append(text)
    returned = signature.return_annotation
    return f"({', '.join(shown)})" + ("" if returned is signature.empty else f" -> {_annotation(returned)}")


def _annotation(value: object) -> str:
    if type(value) is str or value is None:
        return shorten(str(value), 60)
    return type_name(value) if type in mro(value) else "…"  # type: ignore[arg-type]


def _class(name: str, value: Any) -> str:
    bases = [type_name(base) for base in mro_of(value)[1:-1][:3]]
    own = dict(dict(type.__dict__)["__dict__"].__get__(value))
    text = f"class {name}({', '.join(bases)})"
    start = own.get("__init__")
    if type(start) is types.FunctionType:
        text += f", __init__{_signature(start)}"
    methods = [key for key, entry in own.items() if type(entry) is types.FunctionType and not key.startswith("_")]
    if methods:
        text += f"; methods {', '.join(methods[:12])}"
    doc = own.get("__doc__")
    if type(doc) is not str or not doc.strip() or doc.startswith(f"{type_name(value)}("):  # a dataclass writes its own
        return text
    return f"{text}: {_first_line(doc)}"


def mro_of(cls: type) -> tuple[type, ...]:
    """The classes that `cls` inherits from, itself first."""
    found: tuple[type, ...] = dict(type.__dict__)["__mro__"].__get__(cls)
    return found


def _first_line(doc: str) -> str:
    return shorten(doc.strip().split("\n", 1)[0], 120)


def _instance(name: str, value: object, redact: Redact, hidden: Hidden) -> tuple[str, ...]:
    head = f"{name}: {qualified_name(type(value))} object"
    parts = []
    for key, entry in islice(attributes(value).items(), 12):
        if not key.startswith("__") and not hidden.column(name, key):
            shown = "…" if is_secret_name(key) else brief(entry, redact, 80, 1)
            parts.append(f"{key}={shown}")
    return tuple(dict.fromkeys((redact(f"{head} with {', '.join(parts)}"), head))) if parts else (head,)


def _nested(name: str, value: Any, redact: Redact) -> tuple[str, ...]:
    short = redact(f"{name} = {brief(value, redact, 160)}")
    outline = redact(f"{name}: {shorten(_outline(value, redact, 4), 1200)}")
    return tuple(dict.fromkeys((f"{outline}\n{redact(f'{name} = {brief(value, redact, 600)}')}", short)))


def _outline(value: Any, redact: Redact, depth: int) -> str:
    """The structure of nested JSON: keys with the types below them, and lists by what they hold."""
    bases = mro(value)
    if dict in bases and depth:
        shown = [
            f"{brief(key, redact, 40, 0)}: {_outline(entry, redact, depth - 1)}" for key, entry in _items(value, 20)
        ]
        length = dict.__len__(value)
        more = f", … {length:,} keys" if length > len(shown) else ""
        return f"{type_name(type(value))} {{{', '.join(shown)}{more}}}"
    if list in bases and depth:
        length = list.__len__(value)
        inside = sorted({_outline(entry, redact, depth - 1) for entry in islice(list.__iter__(value), 20)})
        return f"{type_name(type(value))} of {length:,}" + (f": {' | '.join(inside[:3])}" if inside else "")
    return type_name(type(value))


def _items(value: Any, limit: int) -> Iterator[tuple[object, object]]:
    return islice(dict.items(value), limit)


def _estimator(value: object, redact: Redact) -> str:
    stored = attributes(value)
    settings = {key: entry for key, entry in stored.items() if not key.endswith("_") and not key.startswith("_")}
    fitted = {key: entry for key, entry in stored.items() if key.endswith("_") and not key.startswith("_")}
    text = f"{qualified_name(type(value))}, {'fitted' if fitted else 'not fitted'}"
    text += "\nparameters: " + ", ".join(f"{key}={_setting(entry, redact)}" for key, entry in settings.items())
    if fitted:
        shown = [f"{key} = {_fitted(entry, redact)}" for key, entry in list(fitted.items())[:14]]
        text += "\n" + "\n".join(shown)
    return text


def _setting(value: object, redact: Redact) -> str:
    """A parameter; the steps of a pipeline by their names and classes."""
    if type(value) is list and value and all(type(step) is tuple and len(step) >= 2 for step in value):
        return "[" + ", ".join(f"{brief(step[0], redact, 40)} {type_name(type(step[1]))}" for step in value) + "]"
    if is_a(value, "sklearn.base", "BaseEstimator"):
        return type_name(type(value))
    return brief(value, redact, 80, 1)


def _fitted(value: object, redact: Redact) -> str:
    return array_text(value, redact) if is_a(value, "numpy", "ndarray") else brief(value, redact, 120, 2)


def _network(value: object) -> str:
    """A torch module: its parts and how many parameters they have, from its own tables."""
    total = 0
    lines: list[str] = []
    stack: list[tuple[str, object, int]] = [("", value, 0)]
    while stack and len(lines) < 40:
        path, module, depth = stack.pop()
        stored = attributes(module)
        own = sum(
            int(entry.numel()) for entry in (stored.get("_parameters") or {}).values() if is_a(entry, "torch", "Tensor")
        )
        total += own
        lines.append(f"{'  ' * depth}{path} {type_name(type(module))}" + (f", {own:,} parameters" if own else ""))
        inner = stored.get("_modules") or {}
        stack += [(str(key), entry, depth + 1) for key, entry in reversed(list(inner.items())) if entry is not None]
    return f"{qualified_name(type(value))}, {total:,} parameters in all\n" + "\n".join(lines[1:])
