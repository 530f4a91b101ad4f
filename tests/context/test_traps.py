# ruff: noqa: E501 - tables and samples read best on one line
"""What a glance at a column does not show, and names and times that surprise, is in its description."""

from __future__ import annotations

import datetime
import decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest

from comet_magics.context.frames import FRAME_TOKENS, describe_frame
from comet_magics.context.hiding import Hidden
from comet_magics.context.redact import Redactor
from comet_magics.context.tokens import estimate
from comet_magics.context.traps import text_traps


def told(value, **more):
    return describe_frame("df", value, redact=Redactor().redact, hidden=Hidden(), seconds=30, **more)[0]


TRAPS = [
    (["1,50", "2,25", "1.200,00"], "numbers kept as text (with decimal commas)"),
    (["12 %", "7 %", "100 %"], "numbers kept as text (with %)"),
    (["$1,200.50", "$3.00", "$7"], "numbers kept as text (with $)"),
    (["2024-01-02", "2024-02-30", "2024-03-01"], "1 of them no real date: '2024-02-30'"),
    (["2024-01-02", "02/03/2024", "2024-05-01"], "dates kept as text, in more than one form: '2024-01-02', '02/03/2024'"),
    (['{"a": 1}', '{"b": [2]}'], "JSON kept as text"),
    ([1, "1", 1.5], "mixed types: 1 int, 1 str, 1 float"),
    (pd.Series([1, 2, None], dtype=object), "each of them int"),
    ([decimal.Decimal("1.10"), decimal.Decimal("2.20")], "each of them Decimal"),
    ([datetime.date(2024, 1, 1), datetime.date(2024, 5, 1)], "each of them date"),
    ([0, 1, 1], "only 0 and 1: a truth value?"),
    ([20240101, 20240131, 20241231], "dates kept as numbers, YYYYMMDD"),
    ([1_700_000_000_000, 1_700_000_001_000, 1_700_009_999_000], "may be milliseconds since 1970: 2023-11-14 … 2023-11-15"),
    ([2**53 + 1, 2**53 + 3, 5], "larger than 2**53: a float can't hold these exactly"),
    ([2**53 + 1, 2**53 + 3, 5], "5 … 9007199254740995"),
    (pd.period_range("2020-01", periods=36, freq="M"), "2020-01-01 … 2022-12-01, every month"),
    (pd.date_range("2020-03-28", periods=60, freq="h", tz="America/New_York"), "2020-03-28 … 2020-03-30 11:00:00, every hour"),
    (pd.date_range("2020-01-01", periods=60).delete(5), "mostly every day (98%, 1 longer gap)"),
    (pd.interval_range(0, 3), "(0, 1]"),
]  # fmt: skip


@pytest.mark.parametrize(("values", "fact"), TRAPS, ids=[fact for _, fact in TRAPS])
def test_a_trap_is_named(values, fact):
    assert fact in told(pd.DataFrame({"column": values}))


@pytest.mark.parametrize("values", [["12", "house"], ["{a", "b}"], ["2024-01-02 is a day", "x"], ["a-b", "c"]])
def test_what_is_no_trap_is_not_called_one(values):
    assert not any("kept as" in note for note in text_traps(values))


def test_seconds_since_1970_are_told_by_their_name_too():
    seconds = [1_700_000_000, 1_700_000_100, 1_700_100_000]
    assert "may be seconds since 1970" in told(pd.DataFrame({"created_at": seconds}))
    assert "1970" not in told(pd.DataFrame({"customer": seconds}))


def test_names_that_repeat_or_are_no_text_are_told():
    assert "column names that stand there more than once: a" in told(pd.DataFrame([[1, 2]], columns=["a", "a"]))
    assert "not all text: 1 int, 1 str" in told(pd.DataFrame([[1, 2]], columns=[1, "a"]))


def test_an_index_of_times_without_a_frequency_tells_its_steps():
    frame = pd.DataFrame({"v": range(50)}, index=pd.date_range("2020", periods=51).delete(9))
    assert "2020-01-01 … 2020-02-20, mostly every day (98%, 1 longer gap)" in told(frame)


def test_gaps_in_columns_that_are_told_as_one():
    frame = pd.DataFrame(np.ones((10, 30)), columns=[f"q{n}" for n in range(30)])
    frame.loc[:3, "q7"] = np.nan
    frame.loc[:1, "q9"] = np.nan
    text = told(frame)
    assert (
        "q0…q29 (float64): 30 columns, 1 … 1 in the first 3, 2 with missing values, most of them in q7: 4 (40.0 %)"
        in text
    )


def test_forty_columns_keep_their_traps_within_the_limit():
    columns = {f"{chr(97 + n % 26)}{'x' * (n // 26)}": ["1,5", "2,5", None] * 40 for n in range(40)}
    text = told(pd.DataFrame(columns))
    assert estimate(text) <= FRAME_TOKENS
    assert text.count("numbers kept as text") == 40
    assert text.count("40 missing (33.3 %)") == 40


def test_what_is_left_unsaid_is_said_once():
    frame = pd.DataFrame({f"{chr(97 + n)}": np.arange(50.0) * n for n in range(26)})
    text = told(frame)
    assert "columns that name no missing values have none:" in text
    assert "none missing" not in text


def test_nested_columns_of_polars_and_durations():
    text = told(pl.DataFrame({"took": [datetime.timedelta(hours=n) for n in range(4)], "where": [{"lat": 1.5}] * 4}))
    assert "0:00:00 … 3:00:00" in text
    assert "keys lat" in text
