# ruff: noqa: PT017 - tables and samples read best on one line
"""Tables that live in an engine, and things that are no frames: each is described as what it is."""

from __future__ import annotations

import time

import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pytest

from comet_magics.context.frames import describe_frame
from comet_magics.context.hidden_values import hidden_values
from comet_magics.context.hiding import Hidden
from comet_magics.context.limits import Unfit
from comet_magics.context.objects import describe

mpl.use("Agg")

ROWS = pd.DataFrame(
    {
        "city": ["Oslo"] * 1500 + ["Rome"] * 1000 + [None] * 500,
        "n": np.arange(3000),
        "x": np.linspace(0.5, 9.5, 3000),
        "day": pd.date_range("2020-01-01", periods=3000),
    }
)


def duckdb_table():
    duckdb = pytest.importorskip("duckdb")
    return duckdb.connect().from_df(ROWS)


def dask_table():
    dask = pytest.importorskip("dask.dataframe")
    return dask.from_pandas(ROWS, npartitions=3)


def ibis_table():
    ibis = pytest.importorskip("ibis")
    return ibis.memtable(ROWS)


def polars_table():
    return pl.from_pandas(ROWS).lazy()


LAZY = {"duckdb": duckdb_table, "dask": dask_table, "ibis": ibis_table, "polars": polars_table}


def told(value, **more):
    return describe_frame("df", value, redact=str, hidden=Hidden(["n"]), **{"seconds": 60, **more})[0]


@pytest.mark.filterwarnings("ignore::Warning")  # ibis sets an option that pandas deprecates
@pytest.mark.parametrize("engine", LAZY)
def test_the_engine_computes_over_all_rows(engine):
    text = told(LAZY[engine]())
    lines = {line.split(" (")[0]: line for line in text.splitlines()}
    assert text.startswith(f"df: {engine} ")
    assert "not loaded, 3,000 rows × 4 columns, 1 of them hidden" in text
    assert "500 missing (16.7 %)" in lines["city"]
    assert "'Oslo'" in lines["city"]
    assert "0.5 … 9.5, mean 5" in lines["x"]
    assert "2020-01-01 … 2028-03-18; every day in the first 1,000 rows" in lines["day"]
    assert "n" not in lines


@pytest.mark.filterwarnings("ignore::Warning")  # as above
@pytest.mark.parametrize("engine", LAZY)
def test_the_commonest_values_are_counted_over_all_rows(engine):
    text = told(LAZY[engine]())
    (city,) = [line for line in text.splitlines() if line.startswith("city (")]
    assert "2 distinct; 'Oslo' ×1,500 (50.0 %), 'Rome' ×1,000 (33.3 %)" in city


def test_an_engine_that_answers_only_in_part_is_told_as_far_as_it_did():
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    table = connection.sql(
        "SELECT a.range AS n, hash(a.range) AS h FROM range(100000000) a, range(100000) b WHERE hash(b.range) <> 1"
    )
    text = describe_frame("df", table, redact=str, hidden=Hidden(), seconds=1)[0]
    connection.interrupt()
    assert "rows not counted" in text
    assert "all of its rows could not be looked at: no answer within 1.0 s" in text
    assert "in the first 1,000 rows: 0" in text


@pytest.mark.filterwarnings("ignore::Warning")  # as above
@pytest.mark.parametrize("engine", LAZY)
def test_what_a_hidden_column_holds_is_known_and_shown_nowhere(engine):
    hidden = Hidden(["df.city", "secret_*"])
    table = LAZY[engine]()
    values = hidden_values({"df": table, "other": 5}, hidden)
    assert set(values) >= {"Oslo", "Rome"}
    assert not {"0", "0.5"} & set(values)
    assert {"0.5", "Oslo"} <= set(hidden_values({"secret_table": table}, hidden))
    forms = describe_frame("df", table, redact=str, hidden=hidden, seconds=60)
    assert not any("Oslo" in form or "city" in form for form in forms)


def test_a_hidden_column_that_can_not_be_read_is_said():
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.sql("CREATE TABLE t AS SELECT 1 AS ssn")
    table = connection.table("t")
    connection.close()
    with pytest.raises(Unfit, match="engine of df raised"):
        hidden_values({"df": table}, Hidden(["df.ssn"]))


@pytest.mark.filterwarnings("ignore::Warning")  # as above
@pytest.mark.parametrize("engine", LAZY)
def test_names_and_types_run_no_query(engine):
    assert "rows not counted × 4 columns" in told(LAZY[engine](), measure=False)


def test_a_table_whose_database_is_gone_is_told_in_a_line():
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.sql("CREATE TABLE t AS SELECT 1 AS a")
    table = connection.table("t")
    connection.close()
    began = time.monotonic()
    try:
        text = told(table, seconds=1.5)
    except Exception as exc:  # what `gather` turns into its line
        assert type(exc).__name__ == "Unfit"
    else:
        assert "could not be looked at" in text
    assert time.monotonic() - began < 2


def test_a_slow_query_is_given_up_in_time():
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    slow = connection.sql(
        "SELECT count(*) AS n FROM range(10000000) a, range(100000) b WHERE hash(a.range + b.range) = 1"
    )
    began = time.monotonic()
    text = told(slow, seconds=0.5)
    assert time.monotonic() - began < 2
    assert "could not be looked at: no answer within 0.5 s" in text
    connection.interrupt()


def form(name, value):
    return describe(name, value, str, Hidden())[0]


def test_numpy():
    assert form("a", np.array([[1.0, np.nan], [3.0, 5.0]])) == (
        "a: numpy ndarray, 2 × 2, float64, 1 … 5, mean 3, 1 NaN; first values [1.0, nan, 3.0, 5.0]"
    )
    assert "objects: str" in form("o", np.array(["a", "b"], dtype=object))
    assert "0 × 3" in form("e", np.zeros((0, 3)))


def test_sparse():
    sparse = pytest.importorskip("scipy.sparse")
    assert "100 × 100, float64, csr format, 100 stored values (1.00%)" in form("s", sparse.eye(100, format="csr"))


def test_xarray():
    xarray = pytest.importorskip("xarray")
    data = xarray.Dataset(
        {"t": (("time", "x"), np.ones((3, 2)), {"units": "K"})},
        coords={"time": pd.date_range("2024", periods=3)},
        attrs={"source": "station"},
    )
    text = form("ds", data)
    assert "time: 3, x: 2" in text
    assert "variable 't' (time, x) float64, in K, 1.0 … 1.0" in text
    assert "source='station'" in text


def test_estimators():
    linear = pytest.importorskip("sklearn.linear_model")
    pipeline = pytest.importorskip("sklearn.pipeline")
    model = linear.LinearRegression()
    assert "not fitted" in form("m", model)
    model.fit([[0.0], [1.0]], [1.0, 3.0])
    text = form("m", model)
    assert "LinearRegression, fitted" in text
    assert "fit_intercept=True" in text
    assert "coef_ = numpy ndarray, 1, float64, 2 … 2" in text
    assert "'scale' str, 'fit' LinearRegression" in form(
        "p", pipeline.Pipeline([("scale", "passthrough"), ("fit", model)])
    )


def test_matplotlib_figures():
    from matplotlib.figure import Figure

    figure = Figure()
    axes = figure.subplots()
    axes.plot([0, 1], [0, 2], label="rain")
    axes.set(title="Rain", xlabel="day", ylabel="mm")
    axes.legend()
    for value in (figure, axes):
        text = form("fig", value)
        assert "title 'Rain'" in text
        assert "x 'day'" in text
        assert "1 lines" in text
        assert "legend rain" in text


def test_plotly_figures():
    graph = pytest.importorskip("plotly.graph_objects")
    figure = graph.Figure(graph.Scatter(x=[1, 2, 3], y=[1, 2, 3], name="rain"), layout={"title": {"text": "Rain"}})
    text = form("fig", figure)
    assert "1 traces" in text
    assert "title 'Rain'" in text
    assert "trace scatter, name 'rain', 3 points" in text


def test_altair_charts():
    altair = pytest.importorskip("altair")
    chart = altair.Chart(ROWS.head(5)).mark_bar().encode(x="city:N", y="x:Q")
    text = form("chart", chart)
    assert "altair Chart" in text
    assert "bar" in text
    assert "city" in text
