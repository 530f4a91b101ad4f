"""The code of an answer as cells: below the asking cell where a page of ours is open, else as the next input."""

from __future__ import annotations

from typing import Any

from ..code.extract import extract
from ..core.answer import Answer
from ..core.errors import UsageError
from ..core.verdicts import Verdict
from .comm import Pages, caller
from .messages import NewCell

__all__ = ["cells_of", "chosen", "insert"]

_MARKDOWN = frozenset({"markdown", "md"})


def cells_of(answer: Answer) -> list[NewCell]:
    """The blocks of `answer` that can be cells, in order; their names count all of its blocks from 0."""
    verdicts = answer.blocks or tuple(Verdict(block, checked=False) for block in extract(answer.text))
    return [
        _cell(answer, index, verdict)
        for index, verdict in enumerate(verdicts)
        if verdict.block.role == "cell" or verdict.block.language in _MARKDOWN
    ]


def chosen(cells: list[NewCell], number: str) -> list[NewCell]:
    """All `cells`, or the one that `number` names, counted from 1. Raises UsageError."""
    if not cells:
        raise UsageError("The last answer has no code that could be a cell.")
    if not number:
        return cells
    if not number.isdigit() or not 1 <= int(number) <= len(cells):
        raise UsageError(
            f"The last answer has no block {number}.",
            remedy=f"It has {len(cells)}: `%gpt_insert` inserts all, `%gpt_insert 1` the first.",
        )
    return [cells[int(number) - 1]]


def insert(shell: Any, pages: Pages, cells: list[NewCell], place: tuple[str, str] | None = None) -> None:
    """Insert `cells` below the running cell, or at `place`, a page and a cell; nothing is run.

    The next input is one: several blocks are joined in it by blank lines. Only the running cell can set it.
    """
    client, asking = place or caller(shell)
    if not pages.insert(client, asking, cells) and place is None:
        shell.set_next_input("\n\n".join(cell["source"] for cell in cells if cell["kind"] == "code"))


def _cell(answer: Answer, index: int, verdict: Verdict) -> NewCell:
    is_code = verdict.block.role == "cell"
    known = is_code and (verdict.checked or verdict.rehearsal is not None)
    return NewCell(
        kind="code" if is_code else "markdown",
        source=verdict.block.source,
        block=f"{answer.id}:{index}",
        model=answer.model,
        checked=not verdict.failed if known else None,
        verdict=verdict.text if known else "",
    )
