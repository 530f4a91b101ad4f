"""The values behind hidden names, and behind names that tell of a secret, so that they are found wherever else they
stand: in outputs, errors, other frames.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from .hiding import Hidden
from .kinds import attributes, mro, qualified_name
from .limits import Unfit, within
from .secret_names import Telling, guards, is_distinctive, telling
from .values import ITERATE, is_plain

if TYPE_CHECKING:
    from .engines import Table

__all__ = ["hidden_values", "named_secrets"]

_ROWS = 100_000
_ITEMS = 2000
_SECRETS = 2000


def hidden_values(names: Mapping[str, object], hidden: Hidden, seconds: float = 20.0) -> list[str]:
    """The texts of all hidden variables and columns. Raises Unfit where they can't be read in `seconds`.

    An engine is asked for the hidden columns' first 100,000 rows, which is what anybody may have looked at.
    """
    found: list[str] = []
    if not hidden.patterns:
        return found

    from .engines import is_eager, is_lazy

    def work() -> None:
        for name, value in list(names.items()):
            if is_eager(value):
                found.extend(_columns(name, value, hidden))
            elif is_lazy(value):
                found.extend(_query(name, value, hidden))
            elif hidden.name(name):
                found.extend(_texts(value, 3))

    within(seconds, work)
    return found


def named_secrets(
    names: Mapping[str, object], environment: Mapping[str, str], seconds: float = 1.0
) -> list[tuple[str, str]]:
    """(name, value) of what stands under telling names: variables, their keys and attributes, columns, the environment.

    Texts that could stand anywhere are left out; what can't be read in `seconds`, too: the other nets remain.
    """
    found = [(name, value) for name, value in environment.items() if telling(name) is Telling.SURELY]

    from .engines import is_eager

    def work() -> None:
        for name, value in list(names.items()):
            found.extend(_secret_columns(value) if is_eager(value) else _secret_texts(name, value, 2))

    with contextlib.suppress(Unfit):
        within(seconds, work)
    return [(name, text) for name, text in found if is_distinctive(text) and guards(name, text)]


def _secret_columns(value: Any) -> Iterator[tuple[str, str]]:
    from .engines import open_table

    table = open_table(value, str)
    for position, label in enumerate(table.labels):
        if telling(label):
            items = table.foreign(position)
            for item in items[:_SECRETS] if items is not None else table.series(position).head(_SECRETS).to_list():
                yield from _secret_texts(label, item, 0)


def _secret_texts(name: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    """Texts under a telling name, and those under telling names within `value`."""
    if type(value) in {str, bytes}:
        text = value if type(value) is str else bytes(value).decode("utf-8", "replace")  # type: ignore[call-overload]
        if len(text) <= 4000 and telling(name):
            yield name, text
    elif depth:
        inside = _entries(value) if not telling(name) else [(name, item) for _, item in _entries(value)]
        for key, item in inside:
            yield from _secret_texts(key, item, depth - 1)


def _entries(value: object) -> Iterator[tuple[str, object]]:
    bases = mro(value)
    if dict in bases:
        found: dict[object, object] = value  # type: ignore[assignment]
        for key, item in islice(dict.items(found), _ITEMS):
            yield (key if type(key) is str else ""), item
        return
    for base in bases:
        if base in ITERATE:
            yield from (("", item) for item in islice(ITERATE[base](value), _ITEMS))
            return
    yield from attributes(value).items()


def _columns(name: str, value: Any, hidden: Hidden) -> Iterator[str]:
    from .engines import open_table

    table = open_table(value, str)
    yield from _row_labels(name, table, hidden)
    for position, label in enumerate(table.labels):
        if hidden.name(name) or hidden.column(name, label):
            for item in table.series(position).head(_ROWS).to_list():
                yield from _texts(item, 1)


def _row_labels(name: str, table: Table, hidden: Hidden) -> Iterator[str]:
    if table.row_labels is None:
        return
    names, labels = table.row_labels(_ROWS)
    if hidden.name(name) or any(label and hidden.column(name, label) for label in names):
        for label in labels:
            for part in label if type(label) is tuple else (label,):
                yield from _texts(part, 1)


def _query(name: str, value: Any, hidden: Hidden) -> Iterator[str]:
    from .lazy import first_values, lazy_schema

    try:
        wanted = [label for label in lazy_schema(value)[0] if hidden.name(name) or hidden.column(name, label)]
        items = first_values(value, wanted, _ROWS) if wanted else []
    except Exception as exc:
        raise Unfit(f"the engine of {name} raised {qualified_name(type(exc))}") from exc
    for item in items:
        yield from _texts(item, 1)


def _texts(value: object, depth: int) -> Iterator[str]:
    if is_plain(value):
        text = value if type(value) is str else str(value) if type(value) is not int or value.bit_length() < 400 else ""
        yield text
    elif depth:
        bases = mro(value)
        for base in bases:
            if base in ITERATE:
                for item in islice(ITERATE[base](value), _ITEMS):
                    yield from _texts(item, depth - 1)
        entries = dict.values(value) if dict in bases else attributes(value).values()  # type: ignore[arg-type]
        for entry in islice(entries, _ITEMS):
            yield from _texts(entry, depth - 1)
