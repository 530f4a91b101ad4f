"""A repair: what the model is told of the blocks that fail, and how what it sends takes their place.

Promise: pure. Blocks that did not fail stay as they are; what does not come, or does not match, changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..code.extract import extract
from ..core.answer import Answer
from ..core.prices import Cost
from ..core.verdicts import Verdict

__all__ = ["joined", "repair_question", "replaced"]


def repair_question(verdicts: Sequence[Verdict]) -> str:
    """What to ask the model: each failing block with its finding, treated as data."""
    failing = [verdict for verdict in verdicts if verdict.failed]
    asked = [
        "Your code was tried in a copy of the notebook before anything was inserted, and "
        f"{'a block fails' if len(failing) == 1 else f'{len(failing)} blocks fail'}. "
        "Answer with the corrected version of each failing block, whole, as ```python blocks in the same order, "
        "and nothing else."
    ]
    for number, verdict in enumerate(failing, 1):
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", verdict.block.source)), default=0))
        found = [
            verdict.text,
            *(f"line {one.line}: {one.message}" for one in verdict.findings if one.severity == "error"),
        ]
        asked.append(f"Block {number}:\n{fence}python\n{verdict.block.source}\n{fence}\nFound: {'; '.join(found)}")
    return "\n\n".join(asked)


def replaced(text: str, verdicts: Sequence[Verdict], repair: str) -> str | None:
    """`text` with the failing blocks' sources replaced by those of `repair`; None where none came."""
    new = [block.source for block in extract(repair) if block.role == "cell" and block.closed]
    lines, changed = text.splitlines(), False
    pairs = list(zip([verdict.block for verdict in verdicts if verdict.failed], new, strict=False))
    for block, source in reversed(pairs):
        if not block.closed or block.source == source:
            continue
        first = block.line  # the line after the fence, counted from 0
        last = first + block.height
        indent = re.match(r"[\s>]*", lines[first - 1])
        lines[first:last] = [
            ((indent[0] if indent else "") + line).rstrip() for line in _fenced(source, lines[first - 1])
        ]
        changed = True
    return "\n".join(lines) + ("\n" if text.endswith("\n") else "") if changed else None


def _fenced(source: str, opening: str) -> list[str]:
    """A source's lines; a line that would close the fence around it gets a space, which Python ignores."""
    mark = "~~~" if "~~~" in opening else "```"
    return [f" {line}" if line.strip().startswith(mark) else line for line in source.splitlines()]


def joined(first: Answer, second: Answer, text: str, code: str) -> Answer:
    """`first` with the repair's text and code, and with what both cost together."""
    usage = first.usage + second.usage if first.usage and second.usage else first.usage or second.usage
    cost = first.cost
    if first.cost is not None and second.cost is not None:
        cost = Cost(first.cost.usd + second.cost.usd, first.cost.at_most or second.cost.at_most)
    elif second.usage is not None or second.status not in ("complete", "refused"):
        cost = None if second.text or second.usage else first.cost
    return replace(first, text=text, code=code, usage=usage, cost=cost, seconds=first.seconds + second.seconds)
