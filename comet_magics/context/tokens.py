"""How many tokens a text takes, without the tokenizer's vocabulary.

The text is cut the way o200k_base cuts it before it looks anything up (that rule is public and exact: digits in threes,
words with the character before them, runs of blanks), and the pieces are counted by what such pieces usually take.
Promise: within 12 % on code, prose, Chinese and tables of numbers; `Calibration` learns the rest from reported usage.
"""

from __future__ import annotations

from ..core.pattern import pattern

__all__ = ["Calibration", "estimate"]

# o200k_base's own pattern, with Latin and Cyrillic classes spelled out and every other script in one group of its own.
_UPPER = "A-ZÀ-ÖØ-ÞА-ЯЁ"
_LOWER = "a-zß-öø-ÿĀ-ɏа-яё"
_PIECE = pattern(
    r"(?P<packed>(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{80,}={0,2})"
    rf"|(?P<word>(?:[^\r\n\w]|_)?(?:[{_UPPER}]*[{_LOWER}]+|[{_UPPER}]+)(?:'(?:s|t|re|ve|m|ll|d))?)"
    rf"|(?P<foreign>(?:[^\r\n\w]|_)?[^\W\d_{_UPPER}{_LOWER}]+)"
    r"|(?P<digits>\d{1,3})"
    r"|(?P<marks> ?(?:[^\s\w]|_)+[\r\n/]*)"
    r"|(?P<blank>\s*[\r\n]+|\s+(?!\S)|\s+)"
)
# Mean tokens of a lower-case or capitalized word by its length; measured on Python's standard library and its prose.
_BY_LENGTH = (1.0, 1.0, 1.02, 1.05, 1.06, 1.1, 1.13, 1.16, 1.2, 1.3, 1.4, 1.55, 1.75, 1.95, 2.2)
# A character of a text in simplified Chinese, in a run of more than a few; of a short one; of one in traditional.
_HAN, _HAN_SHORT, _HAN_TRADITIONAL = 0.68, 1.0, 0.94
_FULL_STOP = 0.6  # and its like, in front of what follows
_KANA = 0.8
_HANGUL = 0.6
_OTHER_LETTER = 0.42
_ASTRAL = 1.5
_PACKED = 0.68  # base64: hardly anything of it is in a vocabulary


class Calibration:
    """Corrects estimates by what the server says it counted; `factor` stays between 0.8 and 1.25."""

    def __init__(self) -> None:
        self.factor = 1.0

    def learn(self, estimated: int, reported: int) -> None:
        """One request was estimated at `estimated` tokens before any correction, and was counted as `reported`."""
        if estimated < 200 or reported <= 0:
            return
        ratio = min(1.25, max(0.8, reported / estimated))
        self.factor += (ratio - self.factor) / 2

    def correct(self, tokens: int) -> int:
        """`tokens` as the server would count them."""
        return round(tokens * self.factor)


def estimate(text: str) -> int:
    """About how many o200k_base tokens `text` takes."""
    total = 0.0
    words = accented = long = 0
    for piece in _PIECE.finditer(text):
        kind = piece.lastgroup
        if kind == "word":
            total += _word(piece.group())
            words += 1
            accented += not piece.group().isascii()
            long += max(0, piece.end() - piece.start() - 6)
        elif kind == "foreign":
            total += _foreign(piece.group())
        elif kind == "marks":
            total += _marks(piece.group())
        elif kind == "packed":
            total += _packed(piece.group())
        else:
            total += 1 if piece.end() - piece.start() <= 80 else (piece.end() - piece.start()) / 60
    if accented > 0.04 * words:  # another language than English: its long words are in pieces, accented or not
        total += 0.05 * long
    return round(total)


def _word(piece: str) -> float:
    letters = piece if piece[0].isalpha() else piece[1:]
    length = len(letters)
    if length > 2 and letters.isupper():
        return 1.05 + max(0, length - 4) * 0.3
    size = _BY_LENGTH[length] if length < len(_BY_LENGTH) else length / 5.5
    return size if letters.isascii() else size + max(0, length - 4) * 0.12


def _packed(piece: str) -> float:
    if len(set(piece)) < 8:
        return len(piece) / 8
    return len(piece) * _PACKED if not piece.isalpha() else len(piece) / 5.5


def _foreign(piece: str) -> float:
    total = 0.0
    han = [char for char in piece if "\u3400" <= char <= "\u9fff"]
    if han:
        # GB 2312 has the characters of simplified Chinese and no others.
        simplified = all(_in_gb2312(char) for char in han)
        each = _HAN_TRADITIONAL if not simplified else _HAN if len(han) > 7 else _HAN_SHORT
        total += each * len(han)
    for char in piece:
        code = ord(char)
        if 0x3040 <= code <= 0x30FF:
            total += _KANA
        elif 0xAC00 <= code <= 0xD7AF:
            total += _HANGUL
        elif code > 0xFFFF:
            total += _ASTRAL
        elif not 0x3400 <= code <= 0x9FFF:
            total += _OTHER_LETTER if char.isalpha() else _FULL_STOP * (code > 0x2000)
    return max(1.0, total)


def _in_gb2312(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _marks(piece: str) -> float:
    length = len(piece)
    if length <= 2 or len(set(piece.strip())) <= 1:
        wide = sum(ord(char) > 0x2000 for char in piece)
        rare = length / 7 if piece.strip()[:1] in {"^", "═"} else 0.0
        return max(1.0, rare, wide * 0.25 if length > 8 else wide * 0.9, length / 20)
    wide = sum(ord(char) > 0x7F for char in piece)
    return 1 + (length - 2 - wide) * 0.3 + wide * 0.9
