"""What is wrong with a text column that a glance does not show: numbers, dates or truth values kept as text, stray
blanks, spellings that differ by case only, words that stand for missing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

__all__ = ["text_traps"]

_NUMBER = re.compile(
    r"\s*[-+$€£(]?\s*(?:\d{1,3}(?:[ ,.'’]\d{3})+|\d+)?(?:[.,]\d+)?(?:e[-+]?\d+)?\s*(?:%|\)|[$€£])?\s*", re.IGNORECASE
)
_ISO_DATE = re.compile(r"\s*\d{4}-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}.*)?\s*")
_OTHER_DATE = re.compile(r"\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}(?: \d{1,2}:\d{2}.*)?\s*|\s*\d{4}/\d{1,2}/\d{1,2}\s*")
_MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "none", "null", "nil", "-", "--", "?", "missing", "unknown", "."})
_TRUTH = (frozenset({"true", "false"}), frozenset({"yes", "no"}), frozenset({"y", "n"}), frozenset({"t", "f"}))
_SHAPES = (
    (_ISO_DATE, "dates kept as text"),
    (_OTHER_DATE, "dates kept as text, not ISO"),
    (_NUMBER, "numbers kept as text"),
)
_LOOKED_AT = 5000


def text_traps(texts: Sequence[str]) -> list[str]:
    """Short sentences about `texts`, the present values of a column; empty where there is nothing to say."""
    counts = Counter(texts)
    notes = []
    absent = {text: count for text, count in counts.items() if text.strip().lower() in _MISSING}
    if absent:
        listed = ", ".join(
            f"{text!r} {count:,}" for text, count in sorted(absent.items(), key=lambda item: -item[1])[:4]
        )
        notes.append(f"words for missing: {listed}")
    distinct = [text for text in counts if text not in absent][:_LOOKED_AT]
    if not distinct:
        return notes
    notes += _kept_as_text(distinct)
    padded = sum(count for text, count in counts.items() if text != text.strip() and text not in absent)
    if padded:
        notes.append(f"{padded:,} with blanks around")
    folded = Counter(text.strip().casefold() for text in distinct)
    if same := [text for text, times in folded.items() if times > 1]:
        notes.append(f"spellings differ only by case or blanks: {', '.join(repr(text[:24]) for text in same[:3])}")
    if len(same) > 3:
        notes[-1] += f" and {len(same) - 3:,} more"
    return notes


def _kept_as_text(distinct: list[str]) -> list[str]:
    lowered = frozenset(text.strip().lower() for text in distinct[:20])
    if len(distinct) <= 6 and any(lowered <= words for words in _TRUTH):
        return ["truth values kept as text"]
    for shape, words in _SHAPES:
        odd = [text for text in distinct if not (shape.fullmatch(text) and any(char.isdigit() for char in text))]
        if len(odd) <= len(distinct) * 0.2 and len(odd) < len(distinct):
            told = words + _detail(shape, [text.strip() for text in distinct if text not in set(odd)])
            return [told + (f", except {', '.join(repr(text[:24]) for text in odd[:3])}" if odd else "")]
    return []


def _detail(shape: re.Pattern[str], texts: list[str]) -> str:
    if shape is _ISO_DATE:
        return f", {min(texts)[:19]} … {max(texts)[:19]}"
    if shape is _NUMBER and any(text.startswith("0") and text.isdigit() and len(text) > 1 for text in texts):
        return " (some with leading zeros: codes?)"
    return ""
