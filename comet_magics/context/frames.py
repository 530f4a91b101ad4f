"""A dataframe in words: shape, columns with their facts, a few rows; within about 900 tokens whatever its size.

Promise: `describe_frame` gives forms from the fullest to a single line, each with every column accounted for (wide
frames are folded by name). Hidden columns are counted, never named or shown; columns that are named like a secret show
no values. An engine that is dead or slow costs the time of `deadline` and gives the shortest form with the reason.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from .columns import EXACT, ColumnFacts, column_facts, foreign_facts, number
from .engines import Table, is_eager, is_lazy, open_table
from .folding import Group, fold
from .frame_words import FEW_ROWS, Measured, frame_forms, size_in_words
from .hiding import Hidden
from .kinds import qualified_name
from .lazy import Look, facts_of, lazy_schema, look
from .limits import FRAME_TOKENS, Deadline, Unfit, within
from .secret_names import guarded, is_secret_name
from .values import brief

__all__ = ["describe_frame", "is_frame"]

_DETAILED = 60
_SINGLES = 40
_SMALL = 12
_COUNTED, _COUNTED_CELLS = 1000, 5_000_000


def is_frame(value: object) -> bool:
    """Whether `value` is a frame, table or series of a known library."""
    return is_eager(value) or is_lazy(value)


def describe_frame(
    name: str,
    value: object,
    *,
    redact: Callable[[str], str],
    hidden: Hidden,
    seconds: float,
    measure: bool = True,
    wanted: frozenset[str] = frozenset(),
    tokens: int = FRAME_TOKENS,
) -> tuple[str, ...]:
    """The descriptions of the frame called `name`, the fullest first, each of at most about `tokens` tokens.

    `measure=False` asks for names and types only, which costs nothing; `wanted` are columns that the question names:
    they are measured first and never folded. Raises Unfit where the object can't even name its columns in `seconds`.
    """
    deadline = Deadline(seconds * 0.9)
    lazy = _opened(name, value, hidden, seconds) if is_lazy(value) else None
    if lazy is not None:
        if measure:
            _look(lazy, value, redact, deadline, seconds)
        return frame_forms(lazy, redact, wanted, tokens)
    try:
        frame = within(seconds, lambda: _eager(name, value, redact, hidden, deadline, measure, wanted))
    except Unfit as exc:
        if not measure:
            raise
        forms = describe_frame(name, value, redact=redact, hidden=hidden, seconds=min(0.3, seconds), measure=False)
        return tuple(f"{form}\nits values could not be looked at: {exc}" for form in forms)
    return frame_forms(frame, redact, wanted, tokens)


def _eager(
    name: str,
    value: object,
    redact: Callable[[str], str],
    hidden: Hidden,
    deadline: Deadline,
    measure: bool,
    wanted: frozenset[str],
) -> Measured:
    table = open_table(value, redact)
    shown = [position for position, label in enumerate(table.labels) if not hidden.column(name, label)]
    about = table.index()
    frame = Measured(
        name,
        table.engine,
        table.rows,
        [table.labels[position] for position in shown],
        [table.dtypes[position] for position in shown],
        lines=[line for line in about if not hidden.mentions(line)],
        kept_out=len(table.labels) - len(shown),
    )
    if table.bytes:
        frame.engine += f", {size_in_words(table.bytes)}"
    frame.groups = _unfold(fold(frame.labels, frame.dtypes), frame, wanted)
    if not measure:
        return frame
    for position in _to_measure(frame, wanted):
        frame.facts[position] = _measured(frame, table, shown[position], position, redact, deadline)
    frame.missing = _missing_in_groups(frame, table, shown)
    first = [position for position in range(len(shown)) if position in frame.facts][:_SINGLES]
    if first and table.rows and not deadline.passed:
        columns = [_cells(frame, table, shown[position], position, redact) for position in first]
        if len(frame.lines) == len(about) and (labels := _row_labels(frame, table, redact, hidden)):
            columns.insert(0, labels)
        frame.head = [list(row) for row in zip(*columns, strict=True)]
    _repeated_rows(frame, table, deadline)
    return frame


def _missing_in_groups(frame: Measured, table: Table, shown: list[int]) -> dict[int, int]:
    """What is missing in each of the columns that are told as one, where that is quickly counted."""
    members = [at for group in frame.groups if len(group.members) > 1 for at in group.members]
    if not table.rows or len(members) > _COUNTED or len(members) * table.rows > _COUNTED_CELLS:
        return {}
    try:
        return {at: int(table.series(shown[at]).null_count()) for at in members}
    except Exception:  # noqa: BLE001 - as in _measured
        return {}


def _measured(
    frame: Measured, table: Table, source: int, position: int, redact: Callable[[str], str], deadline: Deadline
) -> ColumnFacts:
    label, dtype = frame.labels[position], frame.dtypes[position]
    try:
        if (items := table.foreign(source)) is not None:
            facts = foreign_facts(label, dtype, items, redact)
        else:
            facts = column_facts(label, dtype, table.series(source), redact, deadline)
        facts.notes = [note for note in (table.note(source), *facts.notes) if note]
    except Exception as exc:  # noqa: BLE001 - one odd column never spoils the rest
        facts = ColumnFacts(label, dtype, notes=[f"could not be measured ({qualified_name(type(exc))})"])
    return _without_secret(facts)


def _without_secret(facts: ColumnFacts) -> ColumnFacts:
    if is_secret_name(facts.name):
        facts.summary = facts.short = "values kept out: named like a secret"
        facts.low = facts.high = None
        facts.notes = []
    return facts


def _cells(frame: Measured, table: Table, source: int, position: int, redact: Callable[[str], str]) -> list[str]:
    rows, label = _rows(table), frame.labels[position]
    if is_secret_name(label):
        return ["…"] * rows
    try:
        items = table.foreign(source) if frame.dtypes[position] == "object" else None
        shown = items[:rows] if items is not None else table.series(source).head(rows).to_list()
        return [_cell(value, guarded(label, redact)) for value in shown]
    except Exception:  # noqa: BLE001 - as in _measured
        return ["?"] * rows


def _cell(value: object, redact: Callable[[str], str]) -> str:
    """A value of a row that is shown: a number as far as anybody reads it."""
    if type(value) is float:
        return number(value, 6)
    return str(value) if type(value) is datetime.timedelta else brief(value, redact, 28, 2)


def _row_labels(frame: Measured, table: Table, redact: Callable[[str], str], hidden: Hidden) -> list[str]:
    """The rows' own names: in a table of totals they are what the numbers are about."""
    if table.row_labels is None:
        return []
    names, labels = table.row_labels(_rows(table))
    kept_out = any(name and (hidden.column(frame.name, name) or is_secret_name(name)) for name in names)
    if kept_out:
        return []
    frame.row_label = " / ".join(names) or "index"
    return [brief(label, redact, 40, 1) for label in labels]


def _rows(table: Table) -> int:
    """A small table is shown whole."""
    return table.rows if table.rows <= _SMALL else FEW_ROWS


def _repeated_rows(frame: Measured, table: Table, deadline: Deadline) -> None:
    """How many rows are repeated, where that is cheap and no element's own `__eq__` or `__hash__` would run."""
    import narwhals as nw

    if not table.rows or table.rows > EXACT or len(table.labels) > _SINGLES or deadline.passed:
        return
    if any(kind == "Object" or table.foreign(at) is not None for at, kind in enumerate(table.dtypes)):
        return
    try:
        whole = nw.from_native(table.native, eager_only=True)
        repeated = table.rows - len(whole.unique())
    except Exception:  # noqa: BLE001 - nested columns and repeated names have no distinct rows
        return
    if repeated:
        frame.lines.append(f"{repeated:,} rows repeat an earlier one")


def _to_measure(frame: Measured, wanted: frozenset[str]) -> list[int]:
    """Single columns and those asked for, and three of each group."""
    asked = [position for position, label in enumerate(frame.labels) if label in wanted][:_SINGLES]
    singles = [group.members[0] for group in frame.groups if len(group.members) == 1][:_DETAILED]
    folded = [group for group in frame.groups if len(group.members) > 1][:20]
    samples = [member for group in folded for member in group.members[:3]]
    return list(dict.fromkeys([*asked, *singles, *samples]))


def _unfold(groups: list[Group], frame: Measured, wanted: frozenset[str]) -> list[Group]:
    """Few columns are not folded at all; a column that was asked for gets a line of its own."""
    if len(frame.labels) <= 12:
        return [Group(label, frame.dtypes[at], (at,)) for at, label in enumerate(frame.labels)]
    asked = [at for at, label in enumerate(frame.labels) if label in wanted]
    single = {group.members[0] for group in groups if len(group.members) == 1}
    extra = [Group(frame.labels[at], frame.dtypes[at], (at,)) for at in asked if at not in single]
    return [*extra, *groups]


def _opened(name: str, value: Any, hidden: Hidden, seconds: float) -> Measured:
    """A table of an engine by its names and types; no query runs."""
    labels, dtypes = within(min(seconds, 1.5) if seconds else 0, lambda: lazy_schema(value))
    shown = [position for position, label in enumerate(labels) if not hidden.column(name, label)]
    module = qualified_name(type(value)).split(".")
    frame = Measured(
        name,
        f"{module[0].lstrip('_')} {module[-1]}, not loaded",
        None,
        [labels[position] for position in shown],
        [dtypes[position] for position in shown],
        kept_out=len(labels) - len(shown),
    )
    frame.groups = _unfold(fold(frame.labels, frame.dtypes), frame, frozenset())
    return frame


def _look(frame: Measured, value: Any, redact: Callable[[str], str], deadline: Deadline, seconds: float) -> None:
    """Measure a table of an engine; what it does not answer in time is missing, and said so."""
    positions = [group.members[0] for group in frame.groups][:_SINGLES]
    seen = Look([frame.labels[at] for at in positions])
    try:
        within(max(0.05, deadline.left), lambda: look(value, seen, deadline))
    except Unfit as exc:
        what = "its values" if seen.head is None else "all of its rows"
        frame.lines.append(f"{what} could not be looked at: {_in_time(exc, seconds)}")
    frame.rows = seen.rows
    if seen.head is None:
        return
    facts = facts_of(seen, redact, Deadline(0.3))
    frame.facts = {at: _without_secret(fact) for at, fact in zip(positions, facts, strict=True)}
    for row in seen.head.head(FEW_ROWS).rows():
        cells = zip(positions, row, strict=True)
        frame.head.append(
            [
                "…" if is_secret_name(frame.labels[at]) else _cell(cell, guarded(frame.labels[at], redact))
                for at, cell in cells
            ]
        )


def _in_time(exc: Unfit, seconds: float) -> str:
    return f"no answer within {seconds:.1f} s" if str(exc).startswith("no answer") else str(exc)
