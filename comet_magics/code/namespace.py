"""What the check knows of the live notebook: names, their types, columns, and what the types offer. Data only.

Promise: whoever fills this in (`notebook.describe`) evaluates no property of a user's object beyond a frame's schema;
what is not known is None, and about that the check is silent.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .arrays import Shape
from .plain import NOTHING

__all__ = ["Kind", "Module", "Namespace", "Value"]


@dataclass(frozen=True, slots=True)
class Kind:
    """A class: its attribute names (None: open, any may exist), and of its methods what they return and take.

    `returns` gives the annotation as it is written (`DataFrame`, `Self`); `signatures` what its methods take, without
    the object itself, missing where that can't be told.
    """

    name: str
    library: str
    members: frozenset[str] | None = None
    returns: Mapping[str, str] = field(default_factory=dict)
    signatures: Mapping[str, inspect.Signature] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Module:
    """A module that is loaded: its names (None: open), as in Kind; `classes` maps its names to keys of kinds."""

    names: frozenset[str] | None = None
    returns: Mapping[str, str] = field(default_factory=dict)
    signatures: Mapping[str, inspect.Signature] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Value:
    """A live name. `kind` is a key of kinds; `module` and `klass` are set where the value is a module or a class.

    `columns` are a frame's (None: no frame, or not known), `levels` its index's names, `extra` the instance's own
    attributes, `size` words such as `344×8`, `types` what columns hold: `number`, `text` or `date`.
    `plain` is a copy of a small value of built-in types, NOTHING for any other; `shape` an array's, a column's or a
    frame's. `signature` is what a function of the notebook takes, `is_async` whether its call must be awaited.
    """

    kind: str = ""
    module: str = ""
    klass: str = ""
    columns: tuple[str, ...] | None = None
    levels: tuple[str, ...] = ()
    extra: frozenset[str] = frozenset()
    size: str = ""
    types: Mapping[str, str] = field(default_factory=dict)
    plain: Any = NOTHING
    shape: Shape | None = None
    signature: inspect.Signature | None = None
    is_async: bool = False


@dataclass(frozen=True, slots=True)
class Namespace:
    """The live notebook. `missing` are the imported modules that are not installed, `exports` what the others offer
    (None: open); `magics` the names of line and cell magics; `in_loop` whether cells run in an event loop.
    `builtins` are the signatures of the built-in functions that cells mention, `absent` the texts in them that would
    be paths of files, of which there are none.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    modules: Mapping[str, Module] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    magics: frozenset[tuple[str, str]] | None = None
    in_loop: bool = True
    builtins: Mapping[str, inspect.Signature] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
