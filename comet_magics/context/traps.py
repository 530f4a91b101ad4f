"""What is wrong with a column that a glance does not show.

Texts: numbers, dates, truth values or JSON kept as text, stray blanks, spellings that differ by case only, words that
stand for missing. Numbers: dates and times kept as numbers, numbers that stand for missing or for a truth value.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from collections import Counter
from collections.abc import Sequence

__all__ = ["number_traps", "text_traps"]

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
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")
_DECIMAL_COMMA = re.compile(r"\D*(?:\d{1,3}(?:[. ]\d{3})+|\d+),\d{1,2}\D*")
_DECIMAL_POINT = re.compile(r"\.\d{1,2}\D*$")
_SENTINELS = frozenset({-1, -9, -99, -999, -9999, -99999, 99, 999, 9999, 99999, 999999})
_RECENT = (946_684_800, 2_208_988_800)  # 2000 to 2040, in seconds since 1970
_TIMELY = re.compile(r"(?i)time|date|stamp|(?:^|_)(?:ts|at|epoch|unix|created|updated|since|when)(?:_|$)")


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
    if all(_is_json(text) for text in distinct[:20]):
        return ["JSON kept as text"]
    iso = [text for text in distinct if _ISO_DATE.fullmatch(text)]
    other = [text for text in distinct if _OTHER_DATE.fullmatch(text)]
    if iso and other and len(iso) + len(other) >= len(distinct) * 0.8:
        return [f"dates kept as text, in more than one form: {iso[0][:24]!r}, {other[0][:24]!r}{_no_dates(iso)}"]
    for shape, words in _SHAPES:
        odd = [text for text in distinct if not (shape.fullmatch(text) and any(char.isdigit() for char in text))]
        if len(odd) <= len(distinct) * 0.2 and len(odd) < len(distinct):
            told = words + _detail(shape, [text.strip() for text in distinct if text not in set(odd)])
            return [told + (f", except {', '.join(repr(text[:24]) for text in odd[:3])}" if odd else "")]
    return []


def _is_json(text: str) -> bool:
    if text.strip()[:1] not in {"{", "["}:
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _detail(shape: re.Pattern[str], texts: list[str]) -> str:
    if shape is _ISO_DATE:
        return f", {min(texts)[:19]} … {max(texts)[:19]}{_no_dates(texts)}"
    if shape is not _NUMBER:
        return ""
    if any(text.startswith("0") and text.isdigit() and len(text) > 1 for text in texts):
        return " (some with leading zeros: codes?)"
    marks = [mark for mark in "%$€£" if any(mark in text for text in texts)]
    if any(_DECIMAL_COMMA.fullmatch(text) for text in texts) and not any(_DECIMAL_POINT.search(text) for text in texts):
        marks.append("decimal commas")
    return f" (with {', '.join(marks)})" if marks else ""


def _no_dates(texts: list[str]) -> str:
    """ISO dates of days that are in no calendar."""
    wrong = [text for text in texts if _ISO_DAY.match(text.strip()) and _day(*text.strip()[:10].split("-")) is None]
    return f"; {len(wrong):,} of them no real date: {wrong[0].strip()[:24]!r}" if wrong else ""


def _day(year: str, month: str, day: str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def number_traps(
    name: str, values: Sequence[float], low: float, high: float, distinct: int, *, whole: bool
) -> list[str]:
    """Short sentences about `values`, a sample of a column called `name` that goes from `low` to `high`.

    `whole` says that its type is an integer's.
    """
    if math.isinf(low) or math.isinf(high):
        return ["holds infinite values"]
    if low == high:
        return ["constant"]
    notes = []
    if whole and {low, high} == {0, 1}:
        notes.append("only 0 and 1: a truth value?")
    if max(abs(low), abs(high)) > 2**53 and whole:
        notes.append("larger than 2**53: a float can't hold these exactly")
    if (
        distinct > 2
        and all(float(value).is_integer() for value in values)
        and (kept := _as_time(name, values, low, high))
    ):
        notes.append(kept)
    for edge in {low, high} & _SENTINELS:
        times = sum(value == edge for value in values)
        if times > 1 and distinct > 12:
            notes.append(f"{edge:g} occurs {times:,} times: may stand for missing")
    return notes


def _as_time(name: str, values: Sequence[float], low: float, high: float) -> str:
    """Which way of writing a time as a number this is, empty if none."""
    if low >= 19000101 and high <= 21001231:
        digits = [f"{value:.0f}" for value in values[:200]]
        if all(_day(text[:4], text[4:6], text[6:]) for text in digits):
            return "dates kept as numbers, YYYYMMDD"
    for unit, size, sure in (("seconds", 1, False), ("milliseconds", 10**3, True), ("nanoseconds", 10**9, True)):
        if _RECENT[0] * size <= low and high <= _RECENT[1] * size and (sure or _TIMELY.search(name)):
            begin, end = (datetime.datetime.fromtimestamp(edge / size, datetime.timezone.utc) for edge in (low, high))
            return f"may be {unit} since 1970: {begin:%Y-%m-%d} … {end:%Y-%m-%d}"
    return ""
