"""An answer in a terminal while it comes: finished blocks are printed for good, the tail is drawn below them.

Promise: it only makes strings. With `live` the tail is drawn plain and drawn again by moving the cursor; without it
(a pipe, a file) only finished blocks come out. What was printed is never taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .blocks import Block, Blocks
from .cells import clean, wrap
from .terminal import to_terminal

__all__ = ["Scroll"]

_TAIL_ROWS = 12


class Scroll:
    """`width` is in cells; `colour` and `live` are what the terminal can do."""

    def __init__(self, *, width: int, colour: bool, live: bool) -> None:
        self._blocks = Blocks()
        # The last column stays free: a terminal that wraps there would upset the count of rows.
        self._width = max(20, width - 1)
        self._colour = colour
        self._live = live
        self._rows = 0
        self._references: dict[str, Any] = {}
        self._gap = False

    def feed(self, text: str) -> None:
        """Take more of the answer."""
        self._blocks.feed(text)

    def paint(self, status: str = "") -> str:
        """What to write now: new finished blocks, and if live the tail with `status` below it."""
        printed = self._printed(self._blocks.settle())
        if not self._live:
            return printed
        tail = "\n".join(part for part in (clean(self._blocks.tail.source).strip("\n"), clean(status)) if part)
        rows = wrap(tail, self._width)[-_TAIL_ROWS:] if tail.strip() else []
        if not printed and not rows and not self._rows:
            return ""
        erased, self._rows = self._erased(), len(rows)
        return erased + printed + "\n".join(rows)

    def finish(self, lines: Sequence[str]) -> str:
        """The rest of the answer, and below it `lines`, each a quiet paragraph."""
        text = self._erased() + self._printed([*self._blocks.settle(), self._blocks.tail])
        self._rows = 0
        for line in lines:
            wrapped = "\n".join(wrap(clean(line), self._width))
            text += f"\x1b[2m{wrapped}\x1b[22m\n" if self._colour else wrapped + "\n"
        return text

    def _erased(self) -> str:
        if not self._rows:
            return ""
        up = f"\x1b[{self._rows - 1}A" if self._rows > 1 else ""
        return f"\r{up}\x1b[J"

    def _printed(self, blocks: Sequence[Block]) -> str:
        parts = []
        for block in blocks:
            text = to_terminal(block.markdown, width=self._width, colour=self._colour, references=self._references)
            if text:
                parts.append(text + "\n")
            # Pieces of one block stand together; the empty line comes after the last of them.
            if block.whole and (text or self._gap):
                parts.append("\n")
            self._gap = bool(text) and not block.whole
        return "".join(parts)
