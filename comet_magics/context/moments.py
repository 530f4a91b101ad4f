"""A column of dates or times in words: from when to when, how often, in which order.

Promise: pure; it is handed what was measured, and compares nothing but moments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

__all__ = ["frequency", "moment", "moment_notes"]

_EPOCH = "1970-01-01"


def moment(value: object) -> str:
    """A date or time, without a midnight that says nothing."""
    return str(value).removesuffix(" 00:00:00")


def moment_notes(low: object, first: Sequence[Any]) -> list[str]:
    """What is odd about moments of which `low` is the earliest and `first` stand at the beginning."""
    notes = []
    if list(first) != sorted(first):
        notes.append("not in order of time")
    if str(low).startswith(_EPOCH):
        notes.append("begins at 1970-01-01: may be numbers read as time")
    return notes


def frequency(moments: Sequence[Any]) -> str:
    """How often: every step the same, the months' first days, or the commonest step and its share; may be empty."""
    ordered = sorted(set(moments))
    steps = Counter(later - earlier for earlier, later in pairwise(ordered))
    if not steps:
        return ""
    step, times = steps.most_common(1)[0]
    if len(steps) == 1:
        return f"every {_step(step)}"
    days = sorted({gap.days for gap in steps})
    if len(ordered) > 3:
        for name, least, most in (("month", 28, 31), ("quarter", 90, 92), ("year", 365, 366)):
            if least <= days[0] and days[-1] <= most:
                return f"every {name}"
    portion = times / sum(steps.values())
    if days == [1, 3] and portion > 0.7:
        return "every weekday"
    if portion < 0.5:
        return "irregular"
    gaps = sum(count for gap, count in steps.items() if gap > step)
    longer = f", {gaps:,} longer gap{'s' * (gaps != 1)}" if gaps else ""
    return f"mostly every {_step(step)} ({portion:.0%}{longer})"


def _step(step: Any) -> str:
    seconds = step.total_seconds()
    for size, name in ((86400 * 7, "week"), (86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size and seconds % size == 0:
            count = int(seconds // size)
            return name if count == 1 else f"{count} {name}s"
    return f"{seconds:g} seconds"
