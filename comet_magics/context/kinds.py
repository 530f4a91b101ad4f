"""What an object is, found without asking the object.

Promise: nothing here runs code of the object or of its class. An object may lie through `__class__`, `__getattr__` or
`__module__`, a class through its metaclass; `type()` and the types that real libraries put into `sys.modules` don't.
No library is imported: what was never imported can't have made the object.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from types import MemberDescriptorType, ModuleType
from typing import Any

__all__ = ["attributes", "is_a", "library", "mro", "qualified_name", "type_name"]

_TYPE: Any = type.__dict__
_MODULE: Any = ModuleType.__dict__
_mro = _TYPE["__mro__"].__get__
_name = _TYPE["__name__"].__get__
_module = _TYPE["__module__"].__get__
_namespace = _TYPE["__dict__"].__get__
_module_dict = _MODULE["__dict__"].__get__


def mro(value: object) -> tuple[type, ...]:
    """The classes of `value`, nearest first."""
    found: tuple[type, ...] = _mro(type(value))
    return found


def type_name(cls: type) -> str:
    """The class's own name, at most 80 characters."""
    return str(_name(cls))[:80]


def qualified_name(cls: type) -> str:
    """`module.Class` as the class says it, without `builtins` and `__main__`."""
    module = _module(cls)
    if type(module) is not str or module in {"builtins", "__main__"}:
        return type_name(cls)
    return f"{module[:80]}.{type_name(cls)}"


def library(name: str) -> dict[str, Any] | None:
    """The namespace of the imported module `name`, None if it was not imported from a file by Python itself."""
    module = sys.modules.get(name)
    if not isinstance(module, ModuleType) or ModuleType not in _mro(type(module)):
        return None
    namespace: dict[str, Any] = _module_dict(module)
    spec = namespace.get("__spec__")
    if type(spec) is not ModuleSpec or type(namespace.get("__file__")) is not str:
        return None
    return namespace


def is_a(value: object, module: str, *names: str) -> bool:
    """Whether `value` is an instance of one of `module`'s classes `names` (or of a subclass)."""
    namespace = library(module)
    if namespace is None:
        return False
    classes = mro(value)
    return any(any(cls is namespace.get(name) for cls in classes) for name in names)


def attributes(value: object) -> dict[str, Any]:
    """What is stored on the instance itself: its `__dict__` and plain slots. Properties are not run."""
    found: dict[str, Any] = {}
    for cls in reversed(mro(value)):
        own = _namespace(cls)
        for name, entry in list(own.items()):
            if type(entry) is MemberDescriptorType and not name.startswith("__"):
                try:
                    found[name] = entry.__get__(value, cls)
                except (AttributeError, TypeError):  # an empty slot
                    continue
    try:
        stored = object.__getattribute__(value, "__dict__")
    except AttributeError:
        stored = None
    if type(stored) is dict:
        found.update((key, entry) for key, entry in list(stored.items()) if type(key) is str)
    return found
