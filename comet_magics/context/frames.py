"""A dataframe in words: shape, columns with their facts, a few rows; within about 900 tokens whatever its size.

Promise: `describe_frame` gives forms from the fullest to a single line, each with every column accounted for (wide
frames are folded by name). Hidden columns are counted, never named or shown; columns that are named like a secret show
no values. An engine that is dead or slow costs the time of `deadline` and gives the shortest form with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .columns import EXACT, ColumnFacts, column_facts, number, share
from .engines import Table, is_eager, is_lazy, open_table
from .folding import Group, fold, names_within
from .kinds import qualified_name
from .lazy import lazy_facts, lazy_schema
from .limits import Deadline, Unfit, within
from .redact import Hidden, is_secret_name
from .tokens import estimate
from .values import brief

__all__ = ["FRAME_TOKENS", "describe_frame", "is_frame"]

FRAME_TOKENS = 900
_DETAILED = 60
_SINGLES = 40
_ROWS = 3


@dataclass(slots=True)
class _Frame:
    name: str
    engine: str
    rows: int | None
    labels: list[str]
    dtypes: list[str]
    facts: dict[int, ColumnFacts] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    head: list[list[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    kept_out: int = 0


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
    redact_name = redact

    def work() -> _Frame:
        frame = _lazy(name, value, redact_name, hidden, deadline, measure) if is_lazy(value) else None
        return frame or _eager(name, value, redact_name, hidden, deadline, measure, wanted)

    try:
        frame = within(seconds, work)
    except Unfit as exc:
        if not measure:
            raise
        forms = describe_frame(name, value, redact=redact, hidden=hidden, seconds=min(0.3, seconds), measure=False)
        return tuple(f"{form}\nits values could not be looked at: {exc}" for form in forms)
    return _forms(frame, redact, wanted, tokens)


def _eager(
    name: str,
    value: object,
    redact: Callable[[str], str],
    hidden: Hidden,
    deadline: Deadline,
    measure: bool,
    wanted: frozenset[str],
) -> _Frame:
    table = open_table(value, redact)
    shown = [position for position, label in enumerate(table.labels) if not hidden.column(name, label)]
    frame = _Frame(
        name,
        table.engine,
        table.rows,
        [table.labels[position] for position in shown],
        [table.dtypes[position] for position in shown],
        lines=[line for line in table.index if not hidden.mentions(line)],
        kept_out=len(table.labels) - len(shown),
    )
    if table.bytes:
        frame.engine += f", {_size(table.bytes)}"
    frame.groups = _unfold(fold(frame.labels, frame.dtypes), frame, wanted)
    if not measure:
        return frame
    for position in _to_measure(frame, wanted):
        frame.facts[position] = _measured(frame, table, shown[position], position, redact, deadline)
    _repeated_rows(frame, table, value, deadline)
    first = [position for position in range(len(shown)) if position in frame.facts][:_SINGLES]
    if first and table.rows and not deadline.passed:
        columns = [_cells(frame, table, shown[position], position, redact) for position in first]
        frame.head = [list(row) for row in zip(*columns, strict=True)]
    return frame


def _measured(
    frame: _Frame, table: Table, source: int, position: int, redact: Callable[[str], str], deadline: Deadline
) -> ColumnFacts:
    label, dtype = frame.labels[position], frame.dtypes[position]
    try:
        facts = column_facts(label, dtype, table.series(source), redact, deadline)
    except Exception as exc:  # noqa: BLE001 - one odd column never spoils the rest
        facts = ColumnFacts(label, dtype, notes=[f"could not be measured ({qualified_name(type(exc))})"])
    if source in table.notes:
        facts.notes.insert(0, table.notes[source])
    return _without_secret(facts)


def _without_secret(facts: ColumnFacts) -> ColumnFacts:
    if is_secret_name(facts.name):
        facts.summary, facts.low, facts.high = "values kept out: named like a secret", None, None
        facts.notes = []
    return facts


def _cells(frame: _Frame, table: Table, source: int, position: int, redact: Callable[[str], str]) -> list[str]:
    rows = min(_ROWS, table.rows)
    if is_secret_name(frame.labels[position]):
        return ["…"] * rows
    try:
        return [brief(value, redact, 28, 1) for value in table.series(source).head(rows).to_list()]
    except Exception:  # noqa: BLE001 - as in _measured
        return ["?"] * rows


def _repeated_rows(frame: _Frame, table: Table, value: Any, deadline: Deadline) -> None:
    """How many rows are repeated, where that is cheap and no element's own `__eq__` or `__hash__` would run."""
    import narwhals as nw

    plain = all(kind not in {"object", "Object"} for kind in table.dtypes)
    if not table.rows or table.rows > EXACT or len(table.labels) > _SINGLES or not plain or deadline.passed:
        return
    try:
        whole = nw.from_native(value, eager_only=True)
        repeated = table.rows - len(whole.unique())
    except Exception:  # noqa: BLE001 - nested columns and repeated names have no distinct rows
        return
    if repeated:
        frame.lines.append(f"{repeated:,} rows repeat an earlier one")


def _to_measure(frame: _Frame, wanted: frozenset[str]) -> list[int]:
    """Single columns and those asked for, and three of each group."""
    asked = [position for position, label in enumerate(frame.labels) if label in wanted][:_SINGLES]
    singles = [group.members[0] for group in frame.groups if len(group.members) == 1][:_DETAILED]
    samples = [member for group in frame.groups[:20] if len(group.members) > 1 for member in group.members[:3]]
    return list(dict.fromkeys([*asked, *singles, *samples]))


def _unfold(groups: list[Group], frame: _Frame, wanted: frozenset[str]) -> list[Group]:
    """Few columns are not folded at all; a column that was asked for gets a line of its own."""
    if len(frame.labels) <= 12:
        return [Group(label, frame.dtypes[at], (at,)) for at, label in enumerate(frame.labels)]
    asked = [at for at, label in enumerate(frame.labels) if label in wanted]
    single = {group.members[0] for group in groups if len(group.members) == 1}
    extra = [Group(frame.labels[at], frame.dtypes[at], (at,)) for at in asked if at not in single]
    return [*extra, *groups]


def _lazy(
    name: str, value: Any, redact: Callable[[str], str], hidden: Hidden, deadline: Deadline, measure: bool
) -> _Frame:
    labels, dtypes = lazy_schema(value)
    shown = [position for position, label in enumerate(labels) if not hidden.column(name, label)]
    module = qualified_name(type(value)).split(".")
    frame = _Frame(
        name,
        f"{module[0]} {module[-1]}, not loaded",
        None,
        [labels[position] for position in shown],
        [dtypes[position] for position in shown],
        kept_out=len(labels) - len(shown),
    )
    frame.groups = _unfold(fold(frame.labels, frame.dtypes), frame, frozenset())
    if measure:
        positions = [group.members[0] for group in frame.groups][:_SINGLES]
        frame.rows, facts, first = lazy_facts(value, [frame.labels[at] for at in positions], redact, deadline)
        frame.facts = {at: _without_secret(fact) for at, fact in zip(positions, facts, strict=True)}
        frame.head = [
            [
                "…" if is_secret_name(frame.labels[at]) else brief(cell, redact, 28, 1)
                for at, cell in zip(positions, row, strict=True)
            ]
            for row in first
        ]
    return frame


def _forms(frame: _Frame, redact: Callable[[str], str], wanted: frozenset[str], tokens: int) -> tuple[str, ...]:
    schema = "\n".join([_head_line(frame), *_schema(frame, tokens)])
    line = _head_line(frame)
    if not frame.facts:
        return tuple(dict.fromkeys(redact(form) for form in (schema, line)))
    body = "\n".join([_head_line(frame), *frame.lines])
    details = _details(frame, wanted, int((tokens - estimate(body)) * 0.98))
    columns = "\n".join([body, *details])
    forms = [columns, schema, line]
    if frame.head:
        at = list(frame.facts)
        names = [frame.labels[position] for position in sorted(at)][: len(frame.head[0])]
        rows = [", ".join(names), *(", ".join(row) for row in frame.head)]
        full = "\n".join([columns, "first rows:", *rows])
        if estimate(full) <= tokens:
            forms.insert(0, full)
    return tuple(dict.fromkeys(redact(form) for form in forms))


def _head_line(frame: _Frame) -> str:
    rows = "rows not counted" if frame.rows is None else f"{frame.rows:,} rows"
    columns = len(frame.labels) + frame.kept_out
    if frame.engine.split(",")[0].endswith((" Series", "Index", "Array")) and columns == 1:
        return f"{frame.name}: {frame.engine}, {rows.replace('rows', 'values')}{', hidden' * bool(frame.kept_out)}"
    kept_out = f", {frame.kept_out} of them hidden" if frame.kept_out else ""
    return f"{frame.name}: {frame.engine}, {rows} × {columns:,} column{'s' * (columns != 1)}{kept_out}"


def _details(frame: _Frame, wanted: frozenset[str], room: int) -> list[str]:
    """A line for each group of columns while `room` (tokens) lasts, then names and types of the rest."""
    lines = [_group_line(frame, group) for group in frame.groups]
    if sum(estimate(line) + 1 for line in lines) <= room:
        return lines
    lines = [_group_line(frame, group, terse=True) for group in frame.groups]
    if sum(estimate(line) + 1 for line in lines) <= room:
        return lines
    first = [at for at, group in enumerate(frame.groups) if group.label in wanted]
    order = [*first, *(at for at in range(len(frame.groups)) if at not in first)]
    left, chosen = int(room * 0.6), set[int]()
    for at in order:
        left -= estimate(lines[at]) + 1
        if left < 0:
            break
        chosen.add(at)
    rest = [group for at, group in enumerate(frame.groups) if at not in chosen]
    return [*(lines[at] for at in sorted(chosen)), *_names(rest, int(room * 0.36))]


def _group_line(frame: _Frame, group: Group, *, terse: bool = False) -> str:
    facts = [frame.facts[at] for at in group.members if at in frame.facts]
    if not facts:
        return f"{group.label} ({group.dtype})"
    if len(group.members) > 1:
        lows = [fact.low for fact in facts if isinstance(fact.low, (int, float))]
        highs = [fact.high for fact in facts if isinstance(fact.high, (int, float))]
        span = f", {number(min(lows))} … {number(max(highs))} in the first {len(facts)}" if lows and highs else ""
        return f"{group.label} ({group.dtype}): {len(group.members):,} columns{span}"
    return _column_line(facts[0], frame.rows or 0, terse=terse)


def _column_line(facts: ColumnFacts, rows: int, *, terse: bool) -> str:
    parts = []
    if facts.missing:
        parts.append(f"{facts.missing:,} missing ({share(facts.missing, rows)})")
    elif facts.missing == 0 and rows and not terse:
        parts.append("none missing")
    if facts.distinct is not None and not terse:
        about, where = ("about ", "") if facts.approximate else ("", " in a sample" if facts.sampled else "")
        parts.append(f"{about}{facts.distinct:,} distinct{where}")
    summary = facts.summary[:60] if terse else facts.summary
    told = "; ".join(part for part in (", ".join(parts), summary) if part)
    text = f"{facts.name} ({facts.dtype}){': ' if told else ''}{told}"
    return text + (f" [{'; '.join(facts.notes[: 1 if terse else 6])}]" if facts.notes else "")


def _schema(frame: _Frame, tokens: int) -> list[str]:
    return _names(frame.groups, tokens)


def _names(groups: Sequence[Group], tokens: int) -> list[str]:
    """`name (type)` of the groups within `tokens`; of what has no room, how many there are of each type."""
    if not groups:
        return []
    shown, rest = names_within(groups, tokens * 3)
    while shown and estimate(", ".join(shown)) > tokens:
        cut = len(shown) * 3 // 4
        shown, rest = shown[:cut], [*groups[cut:]]
    lines = [", ".join(shown)] if shown else []
    if rest:
        kinds: Counter[str] = Counter()
        for group in rest:
            kinds[group.dtype[:40]] += len(group.members)
        listed = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common(8))
        lines.append(f"and {sum(kinds.values()):,} more columns: {listed}")
    return lines


def _size(amount: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if amount >= size:
            return f"{amount / size:.1f} {unit}"
    return f"{amount} bytes"
