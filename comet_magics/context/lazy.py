"""Frames that live in an engine (DuckDB, Dask, PySpark, Ibis, lazy polars): it computes, only the result travels.

Promise: one aggregation over all rows and one look at the first rows; nothing is loaded. What the first rows tell is
marked as such.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .columns import ColumnFacts, column_facts, number
from .kinds import is_a
from .limits import Deadline, Unfit

__all__ = ["HEAD", "first_values", "lazy_facts", "lazy_schema"]

HEAD = 1000
_MEASURED = 40


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


def lazy_facts(
    value: Any, keep: list[str], redact: Callable[[str], str], deadline: Deadline
) -> tuple[int, list[ColumnFacts], list[list[Any]]]:
    """How many rows, the facts about the columns `keep`, and the first three rows of them."""
    import narwhals as nw

    frame = nw.from_native(value)
    schema = dict(frame.collect_schema())
    measured = keep[:_MEASURED]
    head = frame.select(*keep).head(HEAD).collect() if keep else None
    totals = _aggregate(frame, {name: schema[name] for name in measured}, deadline)
    distinct = _approximate_distinct(value, measured)
    rows = int(totals["rows"])
    facts = []
    for position, name in enumerate(keep):
        assert head is not None
        seen = column_facts(name, str(schema[name]), head[name], redact, deadline)
        facts.append(_join(seen, totals, position, rows, len(head), distinct.get(name), position < len(measured)))
    first = [] if head is None else [list(row) for row in head.head(3).rows()]
    return rows, facts, first


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
    """DuckDB counts distinct values in one pass and little memory; an exact count would sort the whole table."""
    if not names or not is_a(value, "duckdb", "DuckDBPyRelation"):
        return {}
    quoted = ['"' + name.replace('"', '""') + '"' for name in names]
    rows = value.aggregate(", ".join(f"approx_count_distinct({name})" for name in quoted)).fetchall()
    return dict(zip(names, rows[0] if rows else (), strict=False))


def _join(
    seen: ColumnFacts,
    totals: dict[str, Any],
    position: int,
    rows: int,
    looked: int,
    distinct: int | None,
    measured: bool,
) -> ColumnFacts:
    """What the engine counted over all rows, with what the first rows show."""
    whole = looked >= rows
    low, high = totals.get(f"{position}:low"), totals.get(f"{position}:high")
    if whole:
        return seen
    facts = ColumnFacts(seen.name, seen.dtype, sampled=True)
    facts.missing = int(totals[f"{position}:missing"]) if measured else None
    facts.distinct = None if distinct is None else min(rows, distinct)
    facts.approximate = True
    parts = []
    if low is not None and high is not None and type(low) is not str:
        parts.append(f"{_edge(low)} … {_edge(high)}")
        if (mean := totals.get(f"{position}:mean")) is not None:
            parts[-1] += f", mean {number(mean, 6)}"
    if seen.summary and (not parts or (seen.distinct or 0) <= 12):
        parts.append(f"in the first {looked:,} rows: {seen.summary}")
    facts.summary = "; ".join(parts)
    facts.notes = [note for note in seen.notes if note not in {"constant", "all values differ"}]
    return facts


def _edge(value: Any) -> str:
    return number(value) if isinstance(value, (int, float)) else str(value).removesuffix(" 00:00:00")
