"""Verdicts in the answer's own markdown, below the block that they are about.

Promise: they are words with a mark, so that they read the same in markdown, plain text and HTML, and to a screen
reader; what a block printed or raised stands in them as text, never as markup.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence

from ..core.verdicts import Verdict

__all__ = ["changes", "details", "remarks", "with_verdicts"]

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")
_OPENING = re.compile(r"^(?P<marks>[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*)(?P<fence>`{3,}|~{3,})")


def with_verdicts(text: str, verdicts: Sequence[Verdict], said: Callable[[Verdict], list[str]] | None = None) -> str:
    """`text` with lines of markdown below each block that is a cell: what `said` gives for it, `details` if None."""
    lines = text.split("\n")
    for verdict in reversed([one for one in verdicts if one.block.role == "cell"]):
        place = _end(lines, verdict.block.line - 1)
        if place is None and verdict.block.closed:
            continue
        opening = _OPENING.match(lines[verdict.block.line - 1])
        marks = opening["marks"] if opening else ""
        # Inside a list or a quote: the same depth, without opening a new item.
        indent = re.sub(r"[-*+]|\d+[.)]", lambda found: " " * len(found[0]), marks)
        below = ["", *(said or details)(verdict), ""]
        if place is None:
            place = verdict.block.line - 1 + verdict.block.height
            below.insert(0, opening["fence"] if opening else "```")
        lines[place + 1 : place + 1] = [(indent + line).rstrip() for line in below]
    return "\n".join(lines)


def details(verdict: Verdict) -> list[str]:
    """The verdict as lines of markdown: its one line, what else there is to say, and the repair's diff."""
    lines = [f"*{_plain(verdict.text)}*"]
    more = remarks(verdict)
    if verdict.rehearsal is not None and verdict.rehearsal.figures:
        more.append(f"it draws {_count(len(verdict.rehearsal.figures), 'figure')}")
    if more:
        lines += ["", f"*{_plain('; '.join(more[:4]))}{'; …' if len(more) > 4 else ''}*"]
    if verdict.before:
        lines += ["", "*Repaired; what changed:*", "", *changes(verdict)]
    return lines


def remarks(verdict: Verdict) -> list[str]:
    """What else there is to say: the check's findings, what the block tried, what no wall would have stopped."""
    run = verdict.rehearsal
    raised = run is not None and run.outcome == "raised"  # then the line says what, and the check may know why
    more = [f"line {one.line}: {one.message}" for one in verdict.findings if raised or one.severity != "error"]
    if run is not None:
        more += [f"it tried to {one}" for one in run.attempts]
        more += [f"no wall here against {', '.join(run.open_ways)}"] if run.open_ways else []
    return [*more, *verdict.notes]


def changes(verdict: Verdict) -> list[str]:
    """What a repair changed, as a fenced diff."""
    changed = difflib.unified_diff(verdict.before.splitlines(), verdict.block.source.splitlines(), n=1, lineterm="")
    body = list(changed)[2:]
    fence = "`" * max(3, 1 + max((len(run) for line in body for run in re.findall(r"`+", line)), default=0))
    return [f"{fence}diff", *body, fence]


def _count(many: int, noun: str) -> str:
    return f"a {noun}" if many == 1 else f"{many} {noun}s"


def _end(lines: list[str], first: int) -> int | None:
    """The line that closes the fence opened at line `first`."""
    opening = _OPENING.match(lines[first]) if first < len(lines) else None
    if opening is None:
        return None
    mark, size = opening["fence"][0], len(opening["fence"])
    closing = re.compile(rf"^[\s>]*{re.escape(mark)}{{{size},}}\s*$")
    return next((n for n in range(first + 1, len(lines)) if closing.match(lines[n])), None)


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
