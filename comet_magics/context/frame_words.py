"""What was measured of a frame, put into words that fit: the fullest form first, a single line last.

Promise: pure; every column is accounted for in each form that lists columns, by name, by a folded name or in a count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .columns import ColumnFacts, number, share
from .folding import Group
from .tokens import estimate
from .values import shorten

__all__ = ["FEW_ROWS", "Measured", "frame_forms", "size_in_words"]

FEW_ROWS = 3
_FEW_NAMES = 12
_LEVELS = 4
_NOT_SAID = "columns that name no missing values have none:"


@dataclass(slots=True)
class Measured:
    """A frame as it was looked at.

    `labels` and `dtypes` are of the columns that may be shown, `kept_out` counts the others; `facts` are by position in
    `labels`; `head` has the first rows of the columns that have facts, each after its label where `row_label` names
    those; `lines` say what concerns the frame as a whole; `missing` counts what is missing in folded columns.
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
    missing: dict[int, int] = field(default_factory=dict)
    kept_out: int = 0


def frame_forms(frame: Measured, redact: Callable[[str], str], wanted: frozenset[str], tokens: int) -> tuple[str, ...]:
    """The fullest description that `tokens` have room for, then shorter ones; `wanted` columns come first."""
    line = _head_line(frame)
    schema = "\n".join([line, *_names(frame.groups, tokens, "")])
    if not frame.facts:
        return tuple(dict.fromkeys(redact("\n".join([form, *frame.lines])) for form in (schema, line)))
    body = "\n".join([line, *frame.lines])
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
    """A line for each group of columns that was measured, as full as `room` (tokens) allows; the others by name."""
    measured = [group for group in frame.groups if any(at in frame.facts for at in group.members)]
    others = [group for group in frame.groups if not any(at in frame.facts for at in group.members)]
    full = [_group_line(frame, group, 0) for group in measured]
    names = _names(others, int(room * 0.36))
    left = room - sum(estimate(line) + 1 for line in names)
    if sum(estimate(line) + 1 for line in full) <= left:
        return [*full, *names]
    first = [at for at, group in enumerate(measured) if group.label in wanted]
    order = [*first, *(at for at in range(len(measured)) if at not in set(first))]
    levels = [[_group_line(frame, group, level, told=True) for group in measured] for level in range(_LEVELS)]
    costs = [[estimate(line) + 1 for line in lines] for lines in levels]
    left -= estimate(_NOT_SAID) + 1
    if sum(costs[-1]) <= left:
        return [_NOT_SAID, *_fullest(levels, costs, order, left), *names]
    chosen, left = set[int](), int(room * 0.58)
    for at in order:
        left -= costs[-1][at]
        if left < 0:
            break
        chosen.add(at)
    described = {measured[at] for at in chosen}
    others = [group for group in frame.groups if group not in described]
    return [_NOT_SAID, *(levels[-1][at] for at in sorted(chosen)), *_names(others, int(room * 0.36))]


def _fullest(levels: list[list[str]], costs: list[list[int]], order: list[int], left: int) -> list[str]:
    """Each line at the fullest level that `left` has room for: all of them a little fuller, before some are full."""
    kept = [_LEVELS - 1] * len(order)
    left -= sum(costs[-1])
    for level in range(_LEVELS - 2, -1, -1):
        for at in order:
            more = costs[level][at] - costs[kept[at]][at]
            if more <= left and kept[at] == level + 1:
                kept[at], left = level, left - more
    return [levels[kept[at]][at] for at in range(len(order))]


def _group_line(frame: Measured, group: Group, level: int, *, told: bool = False) -> str:
    facts = [frame.facts[at] for at in group.members if at in frame.facts]
    if len(group.members) == 1:
        return _column_line(facts[0], frame.rows or 0, level, told)
    lows = [fact.low for fact in facts if isinstance(fact.low, (int, float))]
    highs = [fact.high for fact in facts if isinstance(fact.high, (int, float))]
    span = f", {number(min(lows))} … {number(max(highs))} in the first {len(facts)}" if lows and highs else ""
    return f"{group.label} ({group.dtype}): {len(group.members):,} columns{span}{_gaps(frame, group)}"


def _gaps(frame: Measured, group: Group) -> str:
    counts = {at: frame.missing[at] for at in group.members if at in frame.missing}
    with_gaps = [at for at, count in counts.items() if count]
    if not counts:
        return ", missing values not counted"
    if not with_gaps:
        return ", none missing"
    most = max(with_gaps, key=lambda at: counts[at])
    return (
        f", {len(with_gaps):,} with missing values, most of them in {frame.labels[most]}: "
        f"{counts[most]:,} ({share(counts[most], frame.rows or 0)})"
    )


def _column_line(facts: ColumnFacts, rows: int, level: int, told: bool) -> str:
    """Level 0 says all, 1 what matters most, 2 and 3 what a reader would stumble over; `told` is `_NOT_SAID`."""
    parts = []
    if facts.missing:
        parts.append(f"{facts.missing:,} missing ({share(facts.missing, rows)})")
    elif facts.missing == 0 and rows and not told:
        parts.append("none missing")
    if facts.distinct is not None and level < 2:
        about, where = ("about ", "") if facts.approximate else ("", " in a sample" if facts.sampled else "")
        parts.append(f"{about}{facts.distinct:,} distinct{where}")
    summary = facts.summary if level == 0 else (facts.short or facts.summary)
    if level >= 2:
        summary = shorten(summary.partition(", mean ")[0], 40) if level == 2 or not facts.notes else ""
    said = "; ".join(part for part in (", ".join(parts), summary) if part)
    notes = [note.partition(" (")[0] if level == 3 else note for note in facts.notes[: (6, 4, 2, 1)[level]]]
    return f"{facts.name} ({facts.dtype}){': ' * bool(said)}{said}" + (f" [{'; '.join(notes)}]" if notes else "")


def _names(groups: Sequence[Group], tokens: int, before: str = "names and types only: ") -> list[str]:
    """`name (type)` of the groups within `tokens`, many of them by type; of what has no room, how many of each type."""
    if not groups:
        return []
    shown = list(groups[: tokens + 1])  # a name takes a token at least
    while shown and estimate(_listed(shown)) > tokens:
        shown = shown[: len(shown) * 7 // 8]
    lines = [f"{before}{_listed(shown)}"] if shown else []
    if rest := groups[len(shown) :]:
        kinds: Counter[str] = Counter()
        for group in rest:
            kinds[group.dtype[:40]] += len(group.members)
        listed = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common(8))
        lines.append(f"and {sum(kinds.values()):,} more columns: {listed}")
    return lines


def _listed(groups: Sequence[Group]) -> str:
    if len(groups) <= _FEW_NAMES:
        return ", ".join(f"{group.label[:60]} ({group.dtype[:40]})" for group in groups)
    kinds: dict[str, list[str]] = {}
    for group in groups:
        kinds.setdefault(group.dtype[:40], []).append(group.label[:60])
    return "; ".join(f"{kind}: {', '.join(labels)}" for kind, labels in kinds.items())


def size_in_words(amount: int) -> str:
    """Bytes, as people write them: 1.6 GB."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if amount >= size:
            return f"{amount / size:.1f} {unit}"
    return f"{amount} bytes"
