"""The report of a rehearsed block, read as data: it comes from a process that is not trusted.

Promise: whatever the JSON holds, out comes a Rehearsal whose values have the right types and limited sizes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ..core.verdicts import Change, Rehearsal

__all__ = ["in_order", "rehearsal_of", "text_of", "texts_of"]


def rehearsal_of(said: dict[str, Any]) -> Rehearsal:
    """A report as a Rehearsal; every value is checked, since the copy is not trusted."""
    outcome = said.get("outcome")
    if outcome not in ("ran", "raised", "inconclusive"):
        return Rehearsal("inconclusive", "its report can't be read")
    changes = [
        Change(text_of(one[0], 60), text_of(one[1], 60), text_of(one[2], 30), bool(one[3]))
        for one in _list(said.get("changes"))[:50]
        if isinstance(one, list) and len(one) == 4
    ]
    figures = [one for one in _list(said.get("figures"))[:3] if _is_base64(one)]
    return Rehearsal(
        outcome,
        reason=text_of(said.get("reason"), 500),
        error=text_of(said.get("error"), 60),
        line=int(_number(said.get("line"))) or None,
        seconds=_number(said.get("seconds")),
        memory=int(_number(said.get("memory"))),
        printed=text_of(said.get("printed"), 1100),
        changes=tuple(changes),
        attempts=tuple(texts_of(said.get("attempts"), 41, 300)),
        figures=tuple(figures),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def text_of(value: object, length: int) -> str:
    """`value` if it is a text, cut at `length`; else empty."""
    return value[:length] if isinstance(value, str) else ""


def texts_of(value: object, many: int, length: int) -> list[str]:
    """The first `many` texts of a list, each cut at `length`."""
    return [text_of(one, length) for one in _list(value)[:many]]


def _number(value: object) -> float:
    sane = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1 << 50
    return float(value) if sane else 0.0  # type: ignore[arg-type]


def _is_base64(value: object) -> bool:
    return isinstance(value, str) and len(value) < 100_000 and value.isascii() and set("<>\"'& ").isdisjoint(value)


def in_order(found: Iterable[Rehearsal]) -> Iterator[Rehearsal]:
    """What raises after an earlier block failed may be that block's fault."""
    broken = False
    for one in found:
        if broken and one.outcome == "raised":
            yield replace(one, outcome="inconclusive", reason=f"an earlier block failed; then {one.reason}")
        else:
            yield one
        broken = broken or one.outcome != "ran"
