"""One column of a frame in memory, as facts: type, what is missing, how many values, their range or the commonest.

Promise: exact up to `EXACT` rows; beyond that missing values, minimum, maximum and mean are exact, and the rest comes
from a random sample (the same one each time) and
says so. Work goes in slices, so that added memory stays at a slice, not a column.
Elements of an object column are looked at by type first: only harmless ones are compared, hashed or shown.
"""

from __future__ import annotations

import math
import operator
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .kinds import is_a, type_name
from .limits import Deadline
from .moments import frequency, moment, moment_notes
from .secret_names import guarded
from .traps import number_traps, text_traps
from .values import brief, is_plain

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["EXACT", "ColumnFacts", "column_facts", "foreign_facts", "number", "share"]

EXACT = 100_000
_SAMPLE = 20_000
_SLICE = 250_000
_TOP = 5
_FOREIGN = 2000


@dataclass(slots=True)
class ColumnFacts:
    """What is known of one column.

    `missing` and `distinct` are None where not known; `sampled` says that distinct values and the commonest come from a
    sample, `approximate` that an engine estimated them. `summary` is the range, the commonest values or the like,
    `short` what matters most of it; `notes` are traps worth knowing.
    """

    name: str
    dtype: str
    missing: int | None = None
    distinct: int | None = None
    sampled: bool = False
    approximate: bool = False
    summary: str = ""
    short: str = ""
    notes: list[str] = field(default_factory=list)
    low: object = None
    high: object = None


def number(value: Any, digits: int = 10) -> str:
    """A number in at most `digits` significant digits, an integer in all of its own."""
    try:
        whole = operator.index(value)
        return str(whole) if abs(whole) < 10**21 else format(float(whole), f".{digits}g")
    except (TypeError, OverflowError):
        pass
    try:
        return format(float(value), f".{digits}g")
    except (TypeError, ValueError, OverflowError):
        return brief(value, str, 40)


def share(part: int, whole: int) -> str:
    """`part` of `whole` in per cent, never rounded to nothing or to all."""
    if not whole or not part:
        return "0 %"
    percent = 100 * part / whole
    if part < whole and percent > 99.9:
        return ">99.9 %"
    return f"{percent:.1f} %" if percent >= 0.1 else "<0.1 %"


def column_facts(
    name: str, dtype: str, series: nw.Series[Any], redact: Callable[[str], str], deadline: Deadline
) -> ColumnFacts:
    """The facts about `series`; `dtype` is the type as its engine calls it."""
    import narwhals as nw

    facts = ColumnFacts(name, dtype)
    redact = guarded(name, redact)
    rows = len(series)
    facts.sampled = rows > EXACT
    if deadline.passed:
        facts.notes.append("not measured: time")
        return facts
    kind = series.dtype
    facts.missing = sum(int(part.null_count()) for part in _slices(series))
    # At random (the same each time): evenly spaced rows would hit one phase of periodic data.
    sample = series[sorted(random.Random(0).sample(range(rows), _SAMPLE))] if facts.sampled else series  # noqa: S311
    sample = sample.drop_nulls()
    if facts.missing == rows:
        facts.distinct = 0
        facts.summary = "all missing" if rows else "no rows"
    elif kind == nw.Boolean:
        _commonest(facts, sample.to_list(), redact)
    elif kind.is_numeric():
        _numeric(facts, series, sample, rows)
    elif kind in (nw.Datetime, nw.Date):  # equal by kind, but hashed by their parameters
        _temporal(facts, series, sample)
    elif kind == nw.Duration:
        _extremes(facts, series)
        facts.summary = f"{facts.low} … {facts.high}"
        facts.distinct = int(sample.n_unique())
    elif kind in (nw.String, nw.Categorical, nw.Enum):
        _textual(facts, sample.to_list(), redact)
    else:
        _objects(facts, sample.to_list() if not facts.sampled else sample.head(2000).to_list(), redact)
    return facts


def foreign_facts(name: str, dtype: str, items: list[Any], redact: Callable[[str], str]) -> ColumnFacts:
    """The facts about a column with elements that no library may compare or print: `items` are all of them."""
    facts = ColumnFacts(name, dtype)
    present = [item for item in items if not _is_missing(item)]
    facts.missing = len(items) - len(present)
    _objects(facts, present[:_FOREIGN], guarded(name, redact))
    return facts


def _is_missing(item: object) -> bool:
    return item is None or _is_nan(item) or type_name(type(item)) in {"NAType", "NaTType"}


def _slices(series: nw.Series[Any]) -> Iterable[nw.Series[Any]]:
    rows = len(series)
    if rows <= 2 * _SLICE:
        return (series,)
    return (series[start : start + _SLICE] for start in range(0, rows, _SLICE))


def _extremes(facts: ColumnFacts, series: nw.Series[Any]) -> None:
    lows = [low for low in (part.min() for part in _slices(series)) if low is not None and not _is_nan(low)]
    highs = [high for high in (part.max() for part in _slices(series)) if high is not None and not _is_nan(high)]
    facts.low, facts.high = (min(lows), max(highs)) if lows and highs else (None, None)


def _is_nan(value: object) -> bool:
    return type(value) is float and math.isnan(value)


def _numeric(facts: ColumnFacts, series: nw.Series[Any], sample: nw.Series[Any], rows: int) -> None:
    is_float = series.dtype.is_float()
    if is_float:
        _not_a_number(facts, series)
        sample = sample.filter(~sample.is_nan())
    _extremes(facts, series)
    if facts.low is None or not len(sample):
        facts.distinct, facts.summary = 0, "no numbers"
        return
    facts.distinct = int(sample.n_unique())
    total = math.fsum(float(part.sum()) for part in (_real(part, is_float) for part in _slices(series)))
    present = rows - (facts.missing or 0)
    parts = [f"{number(facts.low)} … {number(facts.high)}"]
    if facts.low != facts.high:
        parts.append(f"mean {number(total / present if present else math.nan, 6)}")
        facts.short = ", ".join(parts)
        parts.append(f"median {number(sample.median(), 6)}")
        if len(sample) > 1:
            parts.append(f"sd {number(sample.std(), 4)}")
    facts.summary = ", ".join(parts)
    values = sample.to_list()
    if is_float and all(float(value).is_integer() for value in values[:5000] if math.isfinite(value)):
        facts.notes.append("whole numbers")
    if facts.distinct == len(values) > 10 and not is_float:
        facts.notes.append("all values differ")
    low, high = float(facts.low), float(facts.high)  # type: ignore[arg-type]
    facts.notes += number_traps(facts.name, values, low, high, facts.distinct, whole=not is_float)
    if facts.distinct <= 12 and not is_float and facts.distinct < len(values):
        _append_commonest(facts, values)


def _real(part: nw.Series[Any], is_float: bool) -> nw.Series[Any]:
    return part.drop_nulls() if not is_float else part.filter(~(part.is_null() | part.is_nan()))


def _not_a_number(facts: ColumnFacts, series: nw.Series[Any]) -> None:
    """In polars and Arrow NaN is a value and not missing; it counts as missing here, and is named."""
    nans = sum(int((part.is_nan() & ~part.is_null()).sum() or 0) for part in _slices(series))
    if nans:
        facts.notes.append(f"{nans:,} of the missing are NaN")
        facts.missing = (facts.missing or 0) + nans


def _temporal(facts: ColumnFacts, series: nw.Series[Any], sample: nw.Series[Any]) -> None:
    _extremes(facts, series)
    facts.distinct = int(sample.n_unique())
    facts.short = facts.summary = f"{moment(facts.low)} … {moment(facts.high)}"
    first = series.head(3000).drop_nulls().to_list()
    if (step := frequency(first)) and facts.distinct > 2:
        facts.summary += f", {step}"
        facts.short = facts.summary
    facts.notes += moment_notes(facts.low, first)


def _textual(facts: ColumnFacts, values: list[Any], redact: Callable[[str], str]) -> None:
    texts = [value for value in values if type(value) is str]
    if len(texts) < len(values):
        _objects(facts, values, redact)
        return
    _commonest(facts, texts, redact)
    facts.notes.extend(text_traps(texts))


def _commonest(facts: ColumnFacts, values: list[Any], redact: Callable[[str], str]) -> None:
    counts = Counter(values)
    facts.distinct = len(counts)
    if not values:
        return
    if len(counts) == len(values) and len(values) > 10:
        facts.notes.append("all values differ")
        shown = ", ".join(brief(value, redact, 32) for value in list(counts)[:3])
        facts.summary = f"for instance {shown}"
        facts.short = f"for instance {brief(values[0], redact, 32)}"
    else:
        _append_commonest(facts, values, redact)
    if type(values[0]) is str and len(counts) > _TOP:
        lengths = [len(value) for value in counts]
        facts.summary += f"; {min(lengths)} to {max(lengths)} characters"


def _append_commonest(facts: ColumnFacts, values: list[Any], redact: Callable[[str], str] = str) -> None:
    counts = Counter(values)
    shown = counts.most_common(12 if len(counts) <= 12 else _TOP)
    told = [
        f"{brief(value, redact, 32)} {share(count, len(values)) if facts.sampled else f'×{count:,}'}"
        for value, count in shown
    ]
    listed = ", ".join(told + ["…"] * (len(counts) > len(shown)))
    facts.short = facts.short or ", ".join(told[:2] + ["…"] * (len(counts) > 2))
    facts.summary = f"{facts.summary}; {listed}" if facts.summary else listed
    if len(counts) == 1 and "constant" not in facts.notes:
        facts.notes.append("constant")


def _objects(facts: ColumnFacts, values: list[Any], redact: Callable[[str], str]) -> None:
    """Elements of any type: counted by type, and as values only where all of them are harmless."""
    kinds = Counter(type_name(type(value)) for value in values)
    if len(kinds) > 1:
        facts.notes.append("mixed types: " + ", ".join(f"{count:,} {name}" for name, count in kinds.most_common(5)))
    elif facts.dtype == "object" and not kinds.keys() & {"str"}:
        facts.notes.append(f"each of them {next(iter(kinds))}")
    if all(is_a(value, "pandas", "Interval") for value in values):
        values = [str(value) for value in values]
    if all(is_plain(value) for value in values):
        _commonest(facts, values, redact)
        texts = [value for value in values if type(value) is str]
        facts.notes.extend(text_traps(texts) if texts else ())
        return
    lengths = [len(value) for value in values if type(value) in {list, tuple, dict, set}]
    if lengths:
        facts.summary = f"{kinds.most_common(1)[0][0]}s of {min(lengths)} to {max(lengths)}"
        keys = Counter(key for value in values if type(value) is dict for key in value if type(key) is str)
        if keys:
            facts.summary += ", keys " + ", ".join(redact(key) for key, _ in keys.most_common(12))
        facts.summary += f"; for instance {brief(values[0], redact, 80)}"
    elif not facts.summary:
        facts.summary = ", ".join(f"{count:,} {name}" for name, count in kinds.most_common(4))
