"""An answer as HTML while it comes: each finished block once, and the tail as often as it is painted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .blocks import Blocks
from .html import to_html

__all__ = ["LiveText", "Piece"]

# The beginning of a line that may yet become a list, a heading or a fence: shown a moment later, so it can't flicker.
_HALF_BEGUN = re.compile(r"(?:^|(?<=\n))[ \t]*(?:[-=*+_]{1,3}|\d{1,3}[.)]?|#{1,6}|`{1,3}|~{1,3}|>)[ \t]*\Z")
# Before anything is known, prose has about this much HTML for a character of markdown.
_GUESS = 1.4


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the answer: its markdown as it came, and its HTML."""

    source: str
    html: str

    @property
    def size(self) -> int:
        """Characters of both."""
        return len(self.source) + len(self.html)


class LiveText:
    """`prefix` is for the ids in the HTML."""

    def __init__(self, *, prefix: str) -> None:
        self._blocks = Blocks()
        self._prefix = prefix
        self._length = 0
        self._settled = 0
        self._html = 0

    @property
    def length(self) -> int:
        """Characters of markdown so far."""
        return self._length

    @property
    def waiting(self) -> int:
        """About how many characters, of markdown and HTML together, came since the last `settled`."""
        return round(self._blocks.waiting * (1 + self._ratio()))

    @property
    def finished_size(self) -> int:
        """About how large the finished output would be if the answer ended here: HTML, markdown and plain text."""
        return round(self._length * (2 + self._ratio()))

    def feed(self, text: str) -> None:
        """Take more of the answer."""
        self._length += len(text)
        self._blocks.feed(text)

    def settled(self) -> list[Piece]:
        """The blocks that were finished since the last call."""
        pieces = [Piece(block.source, self._render(block.markdown)) for block in self._blocks.settle()]
        self._settled += sum(len(piece.source) for piece in pieces)
        self._html += sum(len(piece.html) for piece in pieces)
        return pieces

    def tail(self) -> Piece:
        """What is not finished."""
        tail = self._blocks.tail
        return Piece(tail.source, self._render(_HALF_BEGUN.sub("", tail.markdown), growing=True))

    def _ratio(self) -> float:
        return self._html / self._settled if self._settled else _GUESS

    def _render(self, text: str, *, growing: bool = False) -> str:
        return to_html(text, prefix=self._prefix, references=self._blocks.references, growing=growing)
