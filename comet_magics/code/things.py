"""What the check believes an expression to be: a frame with these columns, a method of that class, or nothing known."""

from __future__ import annotations

from dataclasses import dataclass, field

from .namespace import Kind, Namespace, Value

__all__ = ["UNKNOWN", "Thing", "kind_called", "merged", "thing_of"]


@dataclass(eq=False, slots=True)
class Thing:
    """An expression's value, as far as it is known; fields that are empty or None are not known.

    `kind` is a key of the namespace's kinds. `columns` are a frame's, shared by all names of that frame; `levels` its
    index's names. `owner` and `name` make it an attribute of something (`df.groupby`); `view` is `loc`, `plot` … of
    its owner, or `row`. `strings` are a literal's own, `items` a tuple's. `types` says what a frame's
    columns hold, `holds` what a column does.
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

    def like(self, columns: set[str] | None) -> Thing:
        """A new frame of the same kind."""
        return Thing(self.kind, columns=columns, levels=self.levels)

    def copy(self) -> Thing:
        """A new frame with the same columns, whose columns can change on their own."""
        same = self.like(None if self.columns is None else set(self.columns))
        same.types = dict(self.types)
        return same


UNKNOWN = Thing()


def thing_of(value: Value) -> Thing:
    """A live value as a Thing."""
    columns = None if value.columns is None else set(value.columns)
    thing = Thing(value.kind, value.module, value.klass, columns, set(value.levels), value.extra)
    thing.types = dict(value.types)
    return thing


def merged(left: dict[str, Thing], right: dict[str, Thing]) -> dict[str, Thing]:
    """What is known after either of two branches ran."""
    both: dict[str, Thing] = {}
    for name in left.keys() | right.keys():
        one, other = left.get(name, UNKNOWN), right.get(name, UNKNOWN)
        if one is other:
            both[name] = one
        elif one.kind == other.kind and one.module == other.module and one.klass == other.klass:
            columns = None if one.columns is None or other.columns is None else one.columns | other.columns
            both[name] = Thing(one.kind, one.module, one.klass, columns, one.levels)
        else:
            both[name] = UNKNOWN
    return both


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
