"""Text measured in a terminal's cells: wide characters take two, combining ones none, our own colours none."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["clean", "cut", "pad", "width_of", "wrap"]

_SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\))")
# Everything that moves a cursor, rings, or makes text run backwards.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def clean(text: str) -> str:
    """`text` without escape sequences and control characters; tabs become spaces."""
    return _CONTROL.sub("", _SEQUENCE.sub("", text)).expandtabs(4)


def width_of(text: str) -> int:
    """How many cells `text` takes; colours count nothing."""
    if text.isascii() and "\x1b" not in text:
        return len(text)
    return sum(map(_cells, _COLOUR.sub("", text)))


def pad(text: str, width: int, side: str = "left") -> str:
    """`text` filled with spaces to `width` cells; `side` (left, right, center) is where the text stands."""
    spare = max(0, width - width_of(text))
    before = {"right": spare, "center": spare // 2}.get(side, 0)
    return " " * before + text + " " * (spare - before)


def wrap(text: str, width: int) -> list[str]:
    """The lines of `text` broken at spaces to at most `width` cells; a longer word is broken where it must be."""
    lines: list[str] = []
    for line in text.split("\n"):
        current, used = "", 0
        for word in line.split(" "):
            size = width_of(word)
            if current and used + 1 + size > width:
                lines.append(current)
                current, used = "", 0
            while size > width:
                first, word = cut(word, width)  # noqa: PLW2901 - what is left of it
                lines.append(first)
                size = width_of(word)
            current, used = (f"{current} {word}", used + 1 + size) if current else (word, size)
        lines.append(current)
    return lines


def cut(text: str, width: int) -> tuple[str, str]:
    """`text` in two: at most `width` cells, but at least one character, and the rest."""
    used = end = 0
    for piece in _pieces(text):
        size = 0 if piece.startswith("\x1b") else _cells(piece)
        if used and used + size > width:
            break
        used += size
        end += len(piece)
    return text[:end], text[end:]


def _pieces(text: str) -> Iterator[str]:
    """Characters, and colours as one."""
    at = 0
    while at < len(text):
        found = _COLOUR.match(text, at)
        yield found[0] if found else text[at]
        at = found.end() if found else at + 1


def _cells(char: str) -> int:
    if unicodedata.combining(char) or char in "\u200b\u200d\ufe0e\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
