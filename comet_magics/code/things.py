"""What the check believes an expression to be: a frame with these columns, a method of that class, or nothing known."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field, replace
from typing import Any

from .arrays import Shape
from .namespace import Kind, Namespace, Value
from .plain import NOTHING, copied

__all__ = ["UNKNOWN", "Thing", "kind_called", "merged", "plain_thing", "thing_of"]


@dataclass(eq=False, slots=True)
class Thing:
    """An expression's value, as far as it is known; fields that are empty or None are not known.

    `kind` is a key of the namespace's kinds. `columns` are a frame's, shared by all names of that frame; `levels` its
    index's names. `owner` and `name` make it an attribute of something (`df.groupby`); `view` is `loc`, `plot` … of
    its owner, or `row`. `strings` are a literal's own, `items` a tuple's. `types` says what a frame's
    columns hold, `holds` what a column does. `plain` is the value itself where it is a built-in one, `root` what it was
    taken out of; `shape` the lengths of an array, a column, a frame. `signature` is what a function takes, `is_async`
    whether its call must be awaited, `is_closed` whether a file is.
    """

    kind: str = ""
    module: str = ""
    klass: str = ""
    columns: set[str] | None = None
    levels: set[str] | None = field(default_factory=set)
    extra: frozenset[str] = frozenset()
    owner: Thing | None = None
    name: str = ""
    view: str = ""
    strings: tuple[str, ...] | None = None
    items: tuple[Thing, ...] = ()
    keys: tuple[str, ...] | None = None
    types: dict[str, str] = field(default_factory=dict)
    holds: str = ""
    plain: Any = NOTHING
    root: Thing | None = None
    shape: Shape | None = None
    signature: inspect.Signature | None = None
    is_async: bool = False
    is_closed: bool = False

    def forget(self) -> None:
        """Something may have changed the value."""
        self.plain, self.strings = NOTHING, None
        if self.root is not None:
            self.root.forget()

    @property
    def is_mutable(self) -> bool:
        """Whether the plain value can change."""
        return isinstance(self.plain, (list, dict, set))

    def vague(self) -> Thing:
        """What is still known when it is used later: not the value, for another may have come in its place."""
        if self.plain is NOTHING and self.shape is None:
            return self
        return UNKNOWN if self.plain is not NOTHING else replace(self, shape=None)

    def like(self, columns: set[str] | None) -> Thing:
        """A new frame of the same kind."""
        return Thing(self.kind, columns=columns, levels=self.levels)

    def copy(self) -> Thing:
        """A new frame with the same columns, whose columns can change on their own."""
        same = self.like(None if self.columns is None else set(self.columns))
        same.types = dict(self.types)
        return same


UNKNOWN = Thing()


def plain_thing(value: Any, root: Thing | None = None) -> Thing:
    """A plain value as a Thing."""
    value = copied(value)
    if value is NOTHING:
        return UNKNOWN
    strings = (value,) if isinstance(value, str) else None
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        strings = tuple(value)
    return Thing(f"builtins.{type(value).__name__}", strings=strings, plain=value, root=root)


def thing_of(value: Value) -> Thing:
    """A live value as a Thing."""
    if value.plain is not NOTHING:
        return plain_thing(value.plain)
    columns = None if value.columns is None else set(value.columns)
    thing = Thing(value.kind, value.module, value.klass, columns, set(value.levels), value.extra)
    thing.types = dict(value.types)
    thing.shape, thing.signature, thing.is_async = value.shape, value.signature, value.is_async
    return thing


def merged(left: dict[str, Thing], right: dict[str, Thing]) -> dict[str, Thing]:
    """What is known after either of two branches ran."""
    both: dict[str, Thing] = {}
    for name in left.keys() | right.keys():
        one, other = left.get(name, UNKNOWN), right.get(name, UNKNOWN)
        if one is other or (one.plain is not NOTHING and _same(one.plain, other.plain)):
            both[name] = one
        elif one.kind == other.kind and one.module == other.module and one.klass == other.klass:
            columns = None if one.columns is None or other.columns is None else one.columns | other.columns
            both[name] = Thing(one.kind, one.module, one.klass, columns, one.levels)
            both[name].shape = one.shape if one.shape == other.shape else None
        else:
            both[name] = UNKNOWN
    return both


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other) and not isinstance(one, (list, dict, set))


def kind_called(annotation: str, base: str, kinds: Namespace) -> str:
    """The key of the kind that an annotation names, or `""`; `base` is the kind it was written in."""
    names = [part.strip().strip("'\"") for part in annotation.split("|")]
    names = [name for name in names if name != "None"]
    if len(names) != 1:
        return ""
    if names[0] == "Self":
        return base
    library = (kinds.kinds.get(base) or Kind("", base.partition(".")[0])).library
    key = f"{library}.{names[0].partition('[')[0].rpartition('.')[2]}"
    return key if key in kinds.kinds else ""
