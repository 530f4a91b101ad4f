"""A growing markdown text as finished top-level blocks and a live tail, at a cost linear in its length.

`feed` only piles up; `settle` parses the tail and gives away the blocks that no further text can change. Joined, the
sources of all blocks and the tail are the text. A code block, list or table that grows long is given away in pieces,
each with the line that must stand before it. Definitions of links may come late and change what was settled: so what
is shown for good is made from the whole text, never from blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from .markdown import block_parser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

__all__ = ["Block", "Blocks"]

_LINE_END = re.compile(r"\r\n|\n|\r")  # markdown's


@dataclass(frozen=True, slots=True)
class Block:
    """A finished piece of the text.

    `opener` is what must stand before `source` for it to be read alone; `whole` is False where the same list, table
    or code goes on in the next piece.
    """

    source: str
    opener: str = ""
    whole: bool = True

    @property
    def markdown(self) -> str:
        """What to render; nothing, if all that came after the opener is the end of a code block."""
        if self.opener and not self.source.strip().strip("`~"):
            return ""
        return self.opener + self.source


class Blocks:
    """`piece` is the length of tail, in characters, from which an unfinished block is cut."""

    def __init__(self, *, piece: int = 2_000) -> None:
        self._piece = piece
        self._pending: list[str] = []
        self._waiting = 0
        self._tail = ""
        self._opener = ""
        # Shared with what renders the blocks, so that a known link works at once.
        self.references: dict[str, Any] = {}

    @property
    def waiting(self) -> int:
        """Characters that came since the last `settle`."""
        return self._waiting

    @property
    def tail(self) -> Block:
        """All that is not settled."""
        self._join()
        return Block(self._tail, self._opener)

    def feed(self, text: str) -> None:
        """Take the next piece of the text."""
        self._pending.append(text)
        self._waiting += len(text)

    def settle(self) -> list[Block]:
        """The blocks that have become final since the last call, in order."""
        self._join()
        self._waiting = 0
        lines = _lines(self._tail.removesuffix("\r"))  # which may be half of a line end
        if not lines:
            return []
        shift = len(_lines(self._opener))
        env = {"live": True, "references": self.references}
        tokens = block_parser().parse(self._opener + "".join(lines), env)
        tops = [token for token in tokens if token.level == 0 and token.nesting >= 0 and token.map]
        # Text above the second block belongs to the first: blank lines, and definitions, which leave no token.
        bounds = [0, *(max(0, _first(token) - shift) for token in tops[1:])]
        settled = [self._give(lines[start:end]) for start, end in pairwise(bounds)]
        if tops:
            settled += self._cut(lines[bounds[-1] :], tops[-1], tokens, bounds[-1] + shift)
        self._tail = self._tail[sum(len(block.source) for block in settled) :]
        return settled

    def _join(self) -> None:
        if self._pending:
            self._tail += "".join(self._pending)
            self._pending.clear()

    def _give(self, lines: Sequence[str], opener: str = "", *, whole: bool = True) -> Block:
        """A block of `lines`; what follows them is read after `opener`."""
        block = Block("".join(lines), self._opener, whole)
        self._opener = opener
        return block

    def _cut(self, lines: Sequence[str], last: Token, tokens: Sequence[Token], offset: int) -> list[Block]:
        """What can be given away of the last block, which is made of `lines`; `offset` is their place in the parse."""
        opener = _lines(self._opener)
        block = [*opener, *lines][_first(last) - offset + len(opener) :]  # without empty lines above it
        if last.type == "fence" and _is_closed(block, last):
            return [self._give(lines)]
        if not self._is_long(lines):
            return []
        if last.type == "fence":
            return [self._give(lines, block[0], whole=False)]
        if last.type == "table_open":
            ended = not lines[-1].strip()
            return [self._give(lines, "" if ended else "".join(block[:2]), whole=ended)]
        if last.type in ("bullet_list_open", "ordered_list_open"):
            items = [token for token in tokens if token.type == "list_item_open" and token.level == 1]
            start = _first(items[-1]) - offset
            return [self._give(lines[:start], whole=False)] if start > _first(last) - offset else []
        return []

    def _is_long(self, lines: Sequence[str]) -> bool:
        return sum(map(len, lines)) > self._piece


def _lines(text: str) -> list[str]:
    """The complete lines of `text`, with their ends."""
    ends = [found.end() for found in _LINE_END.finditer(text)]
    return [text[start:end] for start, end in pairwise([0, *ends])]


def _first(token: Token) -> int:
    assert token.map is not None
    return token.map[0]


def _is_closed(lines: Sequence[str], fence: Token) -> bool:
    assert fence.map is not None
    size = fence.map[1] - fence.map[0]
    if size < 2:
        return False
    last = lines[size - 1].strip()
    return len(last) >= len(fence.markup) and set(last) == {fence.markup[0]}
