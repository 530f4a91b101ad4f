"""Many columns in few words: names that differ by a number only become one line (`q1…q400 (float64)`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Group", "fold", "group_label"]

_DIGITS = re.compile(r"\d+")
_SMALLEST = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of one type that fold into one line; a single column is a group of one. `members` are positions."""

    label: str
    dtype: str
    members: tuple[int, ...]


def fold(names: Sequence[str], dtypes: Sequence[str]) -> list[Group]:
    """The columns in their order, four or more of one pattern and type as one group where the first of them stands."""
    patterns: dict[tuple[str, str], list[int]] = {}
    for position, (name, dtype) in enumerate(zip(names, dtypes, strict=True)):
        key = _DIGITS.sub("#", name)
        patterns.setdefault((key if "#" in key else f"={name}", dtype), []).append(position)
    groups: list[Group] = []
    done: set[int] = set()
    for position, (name, dtype) in enumerate(zip(names, dtypes, strict=True)):
        if position in done:
            continue
        key = _DIGITS.sub("#", name)
        members = patterns[key if "#" in key else f"={name}", dtype]
        if len(members) < _SMALLEST:
            groups.append(Group(name, dtype, (position,)))
        else:
            done.update(members)
            groups.append(Group(group_label([names[member] for member in members]), dtype, tuple(members)))
    return groups


def group_label(names: Sequence[str]) -> str:
    """`q1…q400`, with the gaps told: `q1…q400 (398 of them)`."""
    first, last = names[0], names[-1]
    label = f"{first}…{last}"
    numbers = [_DIGITS.findall(name) for name in (first, last)]
    if len(numbers[0]) == len(numbers[1]) == 1:
        span = abs(int(numbers[1][0]) - int(numbers[0][0])) + 1
        if span == len(set(names)):
            return label
    return f"{label} ({len(names):,} of them)"
