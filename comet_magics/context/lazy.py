"""Frames that live in an engine (DuckDB, Dask, PySpark, Ibis, lazy polars): it computes, only the result travels.

Promise: aggregations over all rows and one look at the first rows; nothing is loaded. What the engine answered is kept
in a `Look` as it comes, so that a later question that takes too long costs only its own answer. What the first rows
tell is marked as such.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .columns import ColumnFacts, column_facts, number, share
from .kinds import is_a, library
from .limits import Deadline, Unfit
from .secret_names import guarded
from .values import brief

__all__ = ["HEAD", "Look", "facts_of", "first_values", "lazy_schema", "look"]

HEAD = 1000
_MEASURED = 40
_COUNTED = 8  # columns whose commonest values are asked for, one query each
_TOP = 5
_FEW = 1000  # with more values than that the commonest say little, and cost much


@dataclass(slots=True)
class Look:
    """What an engine has answered so far about the columns `names`; `top` are commonest values with their counts."""

    names: list[str]
    schema: dict[str, Any] = field(default_factory=dict)
    head: Any = None
    totals: dict[str, Any] | None = None
    distinct: dict[str, int] = field(default_factory=dict)
    top: dict[str, list[tuple[Any, int]]] = field(default_factory=dict)

    @property
    def rows(self) -> int | None:
        """How many rows there are, None if the engine did not say."""
        return None if self.totals is None else int(self.totals["rows"])


def lazy_schema(value: Any) -> tuple[list[str], list[str]]:
    """Names and types of the columns, without running the query."""
    import narwhals as nw

    frame = nw.from_native(value)
    schema = frame.collect_schema()
    return list(schema.names()), [str(kind) for kind in schema.dtypes()]


def first_values(value: Any, names: list[str], rows: int) -> list[Any]:
    """The values in the first `rows` rows of the columns `names`."""
    import narwhals as nw

    first = nw.from_native(value).select(*names).head(rows).collect()
    return [item for name in names for item in first[name].to_list()]


def look(value: Any, seen: Look, deadline: Deadline) -> None:
    """Ask the engine for what `seen` is to hold, the most telling first. May raise what the engine raises."""
    import narwhals as nw

    frame = nw.from_native(value)
    schema = dict(frame.collect_schema())
    seen.schema = {name: schema[name] for name in seen.names}
    measured = seen.names[:_MEASURED]
    if seen.names:
        seen.head = frame.select(*seen.names).head(HEAD).collect()
    began = time.monotonic()
    seen.totals = _aggregate(frame, {name: schema[name] for name in measured}, deadline)
    pass_over = time.monotonic() - began
    if (seen.rows or 0) <= HEAD or deadline.left < 2 * pass_over:
        return
    with contextlib.suppress(Exception):  # a nicety: the facts stand without it
        seen.distinct = _approximate_distinct(value, measured)
    countable = (nw.String, nw.Categorical, nw.Enum, nw.Boolean)
    for name in [name for name in measured if schema[name] in countable or schema[name].is_integer()][:_COUNTED]:
        if seen.distinct.get(name, 0) > _FEW or (name not in seen.distinct and schema[name].is_integer()):
            continue
        if deadline.left < 2 * pass_over:
            return
        with contextlib.suppress(Exception):
            seen.top[name] = _commonest(frame, name)


def _aggregate(frame: Any, schema: dict[str, Any], deadline: Deadline) -> dict[str, Any]:
    import narwhals as nw

    wanted = [nw.len().alias("rows")]
    for position, (name, kind) in enumerate(schema.items()):
        column = nw.col(name)
        wanted.append(column.null_count().alias(f"{position}:missing"))
        if kind.is_numeric() or kind in (nw.Datetime, nw.Date):
            wanted += [column.min().alias(f"{position}:low"), column.max().alias(f"{position}:high")]
        if kind.is_numeric():
            wanted.append(column.mean().alias(f"{position}:mean"))
    if deadline.passed:
        raise Unfit("no time left")
    result = frame.select(*wanted).collect()
    return {name: result[name].to_list()[0] for name in result.columns}


def _approximate_distinct(value: Any, names: list[str]) -> dict[str, int]:
    """Engines count distinct values in one pass and little memory; an exact count would sort the whole table."""
    if not names:
        return {}
    if is_a(value, "duckdb", "DuckDBPyRelation"):
        quoted = ['"' + name.replace('"', '""') + '"' for name in names]
        rows = value.aggregate(", ".join(f"approx_count_distinct({name})" for name in quoted)).fetchall()
    elif is_a(value, "polars", "LazyFrame"):
        polars = library("polars") or {}
        rows = value.select(polars["col"](name).approx_n_unique() for name in names).collect().rows()
    elif is_a(value, "ibis.expr.types", "Table"):
        counted = value.aggregate([value[name].approx_nunique().name(f"c{at}") for at, name in enumerate(names)])
        rows = [tuple(column[0] for column in counted.to_pyarrow().to_pydict().values())]
    elif is_a(value, "dask.dataframe", "DataFrame"):
        rows = [tuple(int(value[name].nunique_approx().compute()) for name in names)]
    else:
        functions = library("pyspark.sql.functions") or {}
        rows = value.agg(*(functions["approx_count_distinct"](name) for name in names)).collect()
    return {name: int(count) for name, count in zip(names, rows[0] if rows else (), strict=False)}


def _commonest(frame: Any, name: str) -> list[tuple[Any, int]]:
    import narwhals as nw

    counted = frame.filter(~nw.col(name).is_null()).group_by(name).agg(nw.len().alias("number of rows"))
    first = counted.sort("number of rows", descending=True).head(_TOP + 1).collect()
    return [(item, int(times)) for item, times in first.rows()]


def facts_of(seen: Look, redact: Callable[[str], str], deadline: Deadline) -> list[ColumnFacts]:
    """The facts about each column of `seen`, by what the engine counted over all rows and what its first rows show."""
    facts = []
    for position, name in enumerate(seen.names):
        kind = str(seen.schema[name])
        first = column_facts(name, kind, seen.head[name], redact, deadline)
        facts.append(first if seen.rows is not None and seen.rows <= HEAD else _join(first, seen, position, redact))
    return facts


def _join(first: ColumnFacts, seen: Look, position: int, redact: Callable[[str], str]) -> ColumnFacts:
    facts = ColumnFacts(first.name, first.dtype, sampled=True, approximate=True)
    totals, rows, looked = seen.totals or {}, seen.rows, len(seen.head)
    missing = totals.get(f"{position}:missing")
    facts.missing = None if missing is None else int(missing)
    count = seen.distinct.get(first.name)
    facts.distinct = None if count is None else min(rows or count, count)
    low, high = totals.get(f"{position}:low"), totals.get(f"{position}:high")
    parts = []
    if low is not None and high is not None and type(low) is not str:
        parts.append(f"{_edge(low)} … {_edge(high)}")
        if (mean := totals.get(f"{position}:mean")) is not None:
            parts[-1] += f", mean {number(mean, 6)}"
    if top := seen.top.get(first.name):
        parts.append(_told(top, rows or 0, guarded(first.name, redact)))
        if len(top) <= _TOP:  # all there are
            facts.distinct, facts.approximate, facts.sampled = len(top), False, False
    elif seen.schema[first.name].is_temporal() and parts:
        if step := first.short.partition(" … ")[2].partition(", ")[2]:
            parts.append(f"{step} in the first {looked:,} rows")
    elif first.summary and (not parts or (first.distinct or 0) <= 12):
        parts.append(f"in the first {looked:,} rows: {first.summary}")
    facts.summary = "; ".join(parts)
    facts.short = parts[0] if parts else ""
    facts.notes = [note for note in first.notes if note not in {"constant", "all values differ"}]
    return facts


def _told(top: list[tuple[Any, int]], rows: int, redact: Callable[[str], str]) -> str:
    listed = [f"{brief(item, redact, 32)} ×{times:,} ({share(times, rows)})" for item, times in top[:_TOP]]
    return ", ".join([*listed, *["…"] * (len(top) > _TOP)])


def _edge(value: Any) -> str:
    return number(value) if isinstance(value, (int, float)) else str(value).removesuffix(" 00:00:00")
