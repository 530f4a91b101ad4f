"""Text that a server sends as deltas, as a whole, or as both: what of it is new.

Promise: whatever is repeated (`.done` after its deltas, an item after its parts, the response after its items), each
text is given out once; and what only the repetition holds is given out then. Cost is linear in what is sent.
"""

from __future__ import annotations

from typing import TypeAlias

from .shapes import whole_characters

__all__ = ["Flow", "Place"]

# Where a part stands: index of the output item, index of the part in it; None where the server does not say.
Place: TypeAlias = tuple[int | None, int | None]


class _Part:
    __slots__ = ("closed", "length", "number", "pieces")

    def __init__(self, number: int) -> None:
        self.number = number
        self.pieces: list[str] = []
        self.length = 0
        self.closed = False


class Flow:
    """All text of one kind in one answer, in parts; `part` is the number of the latest one, counted from 0."""

    __slots__ = ("_held", "_length", "_parts", "_pieces", "part")

    def __init__(self) -> None:
        self.part = -1
        self._parts: dict[Place, _Part] = {}
        self._pieces: list[str] = []
        self._length = 0
        self._held = ""  # the first half of a character that was cut in two

    def __bool__(self) -> bool:
        return self._length > 0

    def delta(self, place: Place, text: str) -> str:
        """Take the next piece of a part; gives it back, in whole characters."""
        if self._held or not text.isascii():
            text = self._mend(text)
        part = self._parts.get(place)
        if part is None or (part.closed and None in place):
            part = self._begin(place)
        if text:
            part.pieces.append(text)
            part.length += len(text)
            self._pieces.append(text)
            self._length += len(text)
        self.part = part.number
        return text

    def done(self, place: Place, text: str) -> str:
        """Take the whole text of a part; gives back what was missing of it."""
        self._held = ""
        part = self._parts.get(place)
        if part is None:
            if not text or self.ends_with(text):
                return ""  # it came under another index, or under none
            part = self._begin(place)
        again, part.closed = part.closed, True
        missing = _missing(text, part.pieces, part.length)
        if missing is None and again and None in place and text not in "".join(part.pieces):
            part = self._begin(place)  # without indices, a second text of another wording is another part
            part.closed = True
            missing = text
        return self._add(part, missing or "")

    def whole(self, text: str) -> str:
        """Take the whole text of the answer; gives back what was missing at its end."""
        missing = _missing(text, self._pieces, self._length)
        return self._add(self._begin((None, None)), missing) if missing else ""

    def ends_with(self, text: str) -> bool:
        """Whether the text so far ends with `text`."""
        if len(text) > self._length:
            return False
        rest = len(text)
        tail: list[str] = []
        for piece in reversed(self._pieces):
            if rest <= 0:
                break
            tail.append(piece)
            rest -= len(piece)
        return "".join(reversed(tail)).endswith(text)

    def _begin(self, place: Place) -> _Part:
        part = self._parts[place] = _Part(self.part + 1 if self._pieces else 0)
        return part

    def _add(self, part: _Part, text: str) -> str:
        self.part = part.number
        if text:
            part.pieces.append(text)
            part.length += len(text)
            self._pieces.append(text)
            self._length += len(text)
        return text

    def _mend(self, text: str) -> str:
        text = self._held + text
        self._held = ""
        if "\ud800" <= text[-1:] <= "\udbff":
            text, self._held = text[:-1], text[-1]
        return whole_characters(text)


def _missing(text: str, pieces: list[str], length: int) -> str | None:
    """What `text` has after `pieces`; None where it does not go on from them."""
    if not pieces:
        return text
    if len(text) < length:
        return None
    return text[length:] if text.startswith("".join(pieces)) else None
