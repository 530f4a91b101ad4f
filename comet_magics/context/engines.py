"""Frames in memory, one column at a time, whatever library holds them.

Promise: columns are taken by position, so names may be repeated, be numbers or tuples; nothing is copied but what a
library copies to hand out a column. Each column comes as a narwhals series.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .kinds import is_a, library, qualified_name, type_name
from .moments import frequency, moment
from .values import brief, is_harmless

if TYPE_CHECKING:
    import narwhals as nw

__all__ = ["Table", "is_eager", "is_lazy", "open_table"]

_LOOKED_AT = 1_000_000
_PANDAS_LIKE = ("pandas", "modin.pandas", "cudf")
_LAZY = (
    ("polars", "LazyFrame"),
    ("duckdb", "DuckDBPyRelation"),
    ("dask.dataframe", "DataFrame"),
    ("pyspark.sql", "DataFrame"),
    ("pyspark.sql.connect.dataframe", "DataFrame"),
    ("ibis.expr.types", "Table"),
)


@dataclass(slots=True)
class Table:
    """A frame opened for reading: `series(i)` is its column `i`; `index()` are lines about its row labels.

    `note(i)` is what its library alone knows of column `i`. `foreign(i)` are the elements of column `i` where some are
    of types that nobody but this package may look at, else None. `row_labels(n)` are the names of the row labels and
    the first `n` of them, where they say more than a position. `native` is the frame without a subclass's own methods.
    """

    engine: str
    rows: int
    labels: list[str]
    dtypes: list[str]
    series: Callable[[int], nw.Series[Any]]
    index: Callable[[], list[str]] = list
    note: Callable[[int], str] = lambda _: ""
    foreign: Callable[[int], list[Any] | None] = lambda _: None
    native: Any = None
    bytes: int | None = None
    row_labels: Callable[[int], tuple[list[str], list[Any]]] | None = None


def is_eager(value: object) -> bool:
    """Whether `value` is a frame, series or table in memory."""
    return (
        any(is_a(value, module, "DataFrame", "Series") for module in _PANDAS_LIKE)
        or is_a(value, "polars", "DataFrame", "Series")
        or is_a(value, "pandas", "Index")
        or is_a(value, "pyarrow", "Table", "RecordBatch", "ChunkedArray", "Array")
    )


def is_lazy(value: object) -> bool:
    """Whether `value` is a query that an engine would have to run."""
    return any(is_a(value, module, name) for module, name in _LAZY)


def open_table(value: Any, redact: Callable[[str], str]) -> Table:
    """`value`, for which `is_eager` holds, opened."""
    engine = qualified_name(type(value)).split(".")
    name = f"{engine[0].lstrip('_')} {engine[-1]}"
    if is_a(value, "polars", "DataFrame", "Series"):
        return _polars(name, value)
    if is_a(value, "pyarrow", "Table", "RecordBatch", "ChunkedArray", "Array"):
        return _pyarrow(name, value)
    return _pandas(name, value, redact)


def _narwhals(series: Any) -> nw.Series[Any]:
    import narwhals as nw

    return nw.from_native(series, series_only=True)


def _polars(name: str, value: Any) -> Table:
    columns = [value] if is_a(value, "polars", "Series") else value.get_columns()
    return Table(
        name,
        len(value),
        [column.name for column in columns],
        [str(column.dtype) for column in columns],
        lambda index: _narwhals(columns[index]),
        bytes=sum(int(column.estimated_size()) for column in columns),
        native=value,
    )


def _pyarrow(name: str, value: Any) -> Table:
    arrow = library("pyarrow") or {}
    if is_a(value, "pyarrow", "RecordBatch"):
        value = arrow["Table"].from_batches([value])
    elif is_a(value, "pyarrow", "ChunkedArray", "Array"):
        value = arrow["table"]({"values": value})
    return Table(
        name,
        value.num_rows,
        list(value.column_names),
        [str(kind) for kind in value.schema.types],
        lambda index: _narwhals(value.column(index)),
        bytes=int(value.nbytes),
        native=value,
    )


def _pandas(name: str, value: Any, redact: Callable[[str], str]) -> Table:
    pandas = library("pandas") or {}
    geography = value if is_a(value, "geopandas", "GeoDataFrame") else None
    whole = is_a(value, "pandas", "Index") or any(is_a(value, module, "Series") for module in _PANDAS_LIKE)
    if is_a(value, "pandas", "Index"):
        value = value.to_frame(index=False)
    elif any(is_a(value, module, "Series") for module in _PANDAS_LIKE):
        value = value.to_frame()
    elif is_a(value, "pandas", "DataFrame") and type(value) is not pandas["DataFrame"]:
        value = pandas["DataFrame"](value)  # a subclass may have methods of its own: they are not asked
    labels = [_label(label, redact) for label in value.columns]
    dtypes = [str(kind) for kind in value.dtypes]
    table = Table(name, len(value), labels, dtypes, lambda index: _narwhals(_as_time(value.iloc[:, index])))
    table.native = value
    odd = "" if whole else _odd_names(value.columns, redact)
    table.index = lambda: _lines(value, geography, redact) + [odd] * bool(odd)
    if is_a(value, "pandas", "DataFrame"):
        if not is_a(value.index, "pandas", "RangeIndex"):
            table.row_labels = lambda count: (
                ["" if name is None else _label(name, redact) for name in value.index.names],
                list(value.index[:count]),
            )
        table.foreign = lambda at: _foreign(value.iloc[:, at]) if dtypes[at] == "object" else None
        table.note = lambda at: _categories(value.iloc[:, at]) if dtypes[at] == "category" else ""
        table.bytes = int(value.memory_usage(index=False, deep=False).sum())
    return table


def _as_time(column: Any) -> Any:
    """Periods as the moments when they begin, and zoned times as their clocks: narwhals does not know all of them."""
    kind = column.dtype
    if is_a(kind, "pandas", "PeriodDtype"):
        return column.dt.to_timestamp()
    return column.dt.tz_localize(None) if is_a(kind, "pandas", "DatetimeTZDtype") else column


def _foreign(column: Any) -> list[Any] | None:
    items = column.to_numpy()
    looked = items if len(items) <= _LOOKED_AT else items[:: len(items) // _LOOKED_AT]
    return None if all(is_harmless(kind) for kind in set(map(type, looked.tolist()))) else list(items)


def _lines(frame: Any, geography: Any, redact: Callable[[str], str]) -> list[str]:
    lines = _index_lines(frame, redact) if is_a(frame, "pandas", "DataFrame") else []
    lines += [] if geography is None else _geometry(geography)
    levels = getattr(frame.columns, "nlevels", 1)
    if levels > 1:
        told = any(name is not None for name in frame.columns.names)
        names = f": {_names(frame.columns.names, redact)}" if told else ""
        lines.append(f"columns are a MultiIndex of {levels} levels{names}")
    return lines


def _odd_names(columns: Any, redact: Callable[[str], str]) -> str:
    """What will surprise who selects a column by its name: that it is no text, or stands there twice."""
    names = list(columns[:5000])
    told = []
    if getattr(columns, "nlevels", 1) == 1 and any(type(name) is not str for name in names):
        kinds = Counter(type_name(type(name)) for name in names)
        told.append(f"column names are not all text: {', '.join(f'{n:,} {kind}' for kind, n in kinds.most_common(4))}")
    times = Counter(_label(name, redact) for name in names)
    if repeated := [name for name, count in times.items() if count > 1]:
        told.append(f"column names that stand there more than once: {', '.join(repeated[:5])}")
    return "; ".join(told)


def _geometry(frame: Any) -> list[str]:
    if frame._geometry_column_name not in frame.columns:
        return ["no active geometry"]
    shapes = frame.geometry
    west, south, east, north = (f"{edge:.6g}" for edge in shapes.total_bounds)
    return [f"geometry {frame._geometry_column_name!r}, {frame.crs}, bounds {west}, {south} … {east}, {north}"]


def _label(label: object, redact: Callable[[str], str]) -> str:
    if type(label) is str:
        return label
    if type(label) is tuple:
        return " / ".join(_label(part, redact) for part in label)
    return brief(label, redact, 60)


def _names(names: Any, redact: Callable[[str], str]) -> str:
    return ", ".join("(no name)" if name is None else _label(name, redact) for name in names)


def _index_lines(frame: Any, redact: Callable[[str], str]) -> list[str]:
    index = frame.index
    if is_a(index, "pandas", "RangeIndex"):
        plain = index.start == 0 and index.step == 1 and index.name is None
        return [] if plain else [f"index: {index.start} … {index.stop - index.step}, step {index.step}"]
    if is_a(index, "pandas", "MultiIndex"):
        levels = [
            f"{_names([name], redact)} ({len(level):,} values, {level.dtype})"
            for name, level in zip(index.names, index.levels, strict=True)
        ]
        return [f"index: MultiIndex of {', '.join(levels)}{_unique(index)}"]
    name = f" {_label(index.name, redact)!r}" if index.name is not None else ""
    if not len(index):
        return [f"index{name}: {index.dtype}, empty"]
    if is_a(index, "pandas", "DatetimeIndex", "PeriodIndex", "TimedeltaIndex"):
        step = f"freq {index.freqstr}" if getattr(index, "freqstr", None) else _step(index)
        order = "" if index.is_monotonic_increasing else ", not in order"
        span = f"{moment(index.min())} … {moment(index.max())}"
        return [f"index{name}: {index.dtype}, {span}{step and ', '}{step}{order}{_unique(index)}"]
    first, last = brief(index[0], redact, 40), brief(index[-1], redact, 40)
    return [f"index{name}: {index.dtype}, from {first} to {last}{_unique(index)}"]


def _step(index: Any) -> str:
    """How often an index without a stored frequency steps: of moments; its first 3,000 tell."""
    return frequency(list(index[:3000].dropna())) if is_a(index, "pandas", "DatetimeIndex") else ""


def _unique(index: Any) -> str:
    # Uniqueness hashes every label: asked only where the labels are of a library's own type.
    if len(index) > 1_000_000 or (str(index.dtype) == "object" and not is_a(index, "pandas", "MultiIndex")):
        return ""
    return "" if index.is_unique else f", {int(index.duplicated().sum()):,} repeated"


def _categories(column: Any) -> str:
    codes = column.cat.codes
    count = len(column.cat.categories)
    unused = count - len(set(codes[codes >= 0].unique()))
    order = "ordered" if column.cat.ordered else "not ordered"
    return f"{count:,} categories, {order}" + (f", {unused:,} of them unused" if unused else "")
