"""What was measured of a frame, put into words that fit: the fullest form first, a single line last.

Promise: pure; every column is accounted for in each form that lists columns, by name, by a folded name or in a count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .columns import ColumnFacts, number, share
from .folding import Group, names_within
from .tokens import estimate

__all__ = ["FEW_ROWS", "Measured", "frame_forms", "size_in_words"]

FEW_ROWS = 3


@dataclass(slots=True)
class Measured:
    """A frame as it was looked at.

    `labels` and `dtypes` are of the columns that may be shown, `kept_out` counts the others; `facts` are by position in
    `labels`; `head` has the first rows of the columns that have facts, each after its label where `row_label` names
    those; `lines` say what concerns the frame as a whole.
    """

    name: str
    engine: str
    rows: int | None
    labels: list[str]
    dtypes: list[str]
    facts: dict[int, ColumnFacts] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    head: list[list[str]] = field(default_factory=list)
    row_label: str | None = None
    lines: list[str] = field(default_factory=list)
    kept_out: int = 0


def frame_forms(frame: Measured, redact: Callable[[str], str], wanted: frozenset[str], tokens: int) -> tuple[str, ...]:
    """The fullest description that `tokens` have room for, then shorter ones; `wanted` columns come first."""
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
        names = [frame.labels[position] for position in sorted(at)]
        names = ([] if frame.row_label is None else [frame.row_label]) + names
        rows = [", ".join(names[: len(frame.head[0])]), *(", ".join(row) for row in frame.head)]
        for shown in dict.fromkeys((len(frame.head), FEW_ROWS)):
            first = "all rows:" if shown == frame.rows else "first rows:"
            full = "\n".join([columns, first, *rows[: shown + 1]])
            if estimate(full) <= tokens:
                forms.insert(0, full)
                break
    return tuple(dict.fromkeys(redact(form) for form in forms))


def _head_line(frame: Measured) -> str:
    rows = "rows not counted" if frame.rows is None else f"{frame.rows:,} rows"
    columns = len(frame.labels) + frame.kept_out
    if frame.engine.split(",")[0].endswith((" Series", "Index", "Array")) and columns == 1:
        return f"{frame.name}: {frame.engine}, {rows.replace('rows', 'values')}{', hidden' * bool(frame.kept_out)}"
    kept_out = f", {frame.kept_out} of them hidden" if frame.kept_out else ""
    return f"{frame.name}: {frame.engine}, {rows} × {columns:,} column{'s' * (columns != 1)}{kept_out}"


def _details(frame: Measured, wanted: frozenset[str], room: int) -> list[str]:
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


def _group_line(frame: Measured, group: Group, *, terse: bool = False) -> str:
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


def _schema(frame: Measured, tokens: int) -> list[str]:
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


def size_in_words(amount: int) -> str:
    """Bytes, as people write them: 1.6 GB."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if amount >= size:
            return f"{amount / size:.1f} {unit}"
    return f"{amount} bytes"
