"""Frozen records that cost little to define.

`dataclasses` compiles six functions for each frozen class, half a millisecond in all; the fifty records that a first
answer needs would cost a kernel more than importing httpx. `record` compiles one and shares the others. Promise: what
it makes is frozen, slotted and compared by class and content, matches by position, copies and pickles, as a frozen
dataclass does. There is no inheritance of fields, no `field()` and no `__post_init__`.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: Any) -> Any:
        """Only type checkers need it."""
        return lambda decorator: decorator


__all__ = ["record", "replace"]

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Make `cls` a frozen record of its annotated names, in their order; a value in the body is the default."""
    names = tuple(cls.__annotations__)
    given = {f"_{name}": cls.__dict__[name] for name in names if name in cls.__dict__}
    parameters = ", ".join(f"{name}=_{name}" if f"_{name}" in given else name for name in names)
    settings = "".join(f"\n    set(self, {name!r}, {name})" for name in names) or " pass"
    scope: dict[str, Any] = {**given, "set": object.__setattr__}
    exec(f"def __init__(self, {parameters}):{settings}", scope)  # noqa: S102 - names of our own fields
    body = {name: value for name, value in cls.__dict__.items() if name not in (*names, "__dict__", "__weakref__")}
    shared = {name: value for name, value in _SHARED.items() if name not in body}
    made = {**body, **shared, "__init__": scope["__init__"], "__slots__": names, "__match_args__": names}
    return type(cls.__name__, cls.__bases__, made)


def replace(value: T, **changes: Any) -> T:
    """A copy of a record with some of its fields changed."""
    fields = {name: getattr(value, name) for name in _names(value)}
    return type(value)(**{**fields, **changes})


def _names(value: Any) -> tuple[str, ...]:
    return value.__match_args__  # type: ignore[no-any-return]


def _values(value: Any) -> tuple[Any, ...]:
    return tuple(getattr(value, name) for name in _names(value))


def _eq(self: Any, other: object) -> Any:
    return _values(self) == _values(other) if type(other) is type(self) else NotImplemented


def _repr(self: Any) -> str:
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in _names(self))
    return f"{type(self).__qualname__}({fields})"


def _frozen(self: Any, name: str, *_: object) -> None:
    raise FrozenInstanceError(f"cannot change field {name!r} of {type(self).__qualname__}")


_SHARED: dict[str, Any] = {
    "__eq__": _eq,
    "__hash__": lambda self: hash((type(self), _values(self))),
    "__repr__": _repr,
    "__setattr__": _frozen,
    "__delattr__": _frozen,
    "__reduce__": lambda self: (type(self), _values(self)),
}
