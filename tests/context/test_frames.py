# ruff: noqa: E501 - tables and samples read best on one line
"""What a question about a dataframe needs is in its description."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from comet_magics.context.frames import FRAME_TOKENS, describe_frame
from comet_magics.context.hidden_values import hidden_values
from comet_magics.context.hiding import Hidden
from comet_magics.context.redact import Redactor
from comet_magics.context.tokens import estimate


def told(value, name="df", *, hide=(), **more):
    return describe_frame(name, value, redact=Redactor().redact, hidden=Hidden(hide), seconds=30, **more)


def line(text, column):
    """The line about one column."""
    (found,) = [row for row in text.splitlines() if row.startswith(f"{column} (")]
    return found


def penguins():
    rng = np.random.default_rng(3)
    rows = 344
    return pd.DataFrame(
        {
            "species": ["Adelie"] * 152 + ["Gentoo"] * 124 + ["Chinstrap"] * 68,
            "island": ["Torgersen", "Biscoe"] * 172,
            "bill_length_mm": np.r_[32.1, 59.6, rng.uniform(35, 55, rows - 2)],
            "body_mass_g": np.r_[[np.nan] * 2, rng.integers(2700, 6300, rows - 4), 2650, 6350].astype(float),
            "year": [2007, 2008, 2009, 2007] * 86,
            "sex": ["male", "female", None, "male"] * 86,
        }
    )


def orders():
    rows = 1000
    return pd.DataFrame(
        {
            "order_id": np.arange(10_001, 11_001),
            "placed": pd.date_range("2023-01-01", periods=rows, freq="h"),
            "amount": ["12.50", "7", "1,200.00", "n/a"] * 250,
            "paid": ["yes", "no"] * 500,
            "country": [" DE", "de", "FR", "FR"] * 250,
            "zip": ["01067", "10115", "80331", "20095"] * 250,
            "shipped": ["2023-02-01", "2023-02-11", "2023-03-05", "2023-01-09"] * 250,
            "score": [-999.0] * 10 + list(np.linspace(0.5, 99.5, 990)),
            "currency": "EUR",
            "discount": [np.nan] * rows,
        }
    )


def odd():
    return pd.DataFrame(
        {
            "mixed": [1, "a", 2.5, None] * 25,
            "nested": [{"lat": 1.5, "lon": 2}] * 100,
            "tags": [["a"], ["a", "b"], [], ["c"]] * 25,
            "level": pd.Categorical(["low", "high"] * 50, categories=["low", "mid", "high"], ordered=True),
            "whole": [1.0, 2.0, 3.0, np.nan] * 25,
            "far": [np.inf, 1.0, 2.0, 3.0] * 25,
            "flag": [True, False, True, True] * 25,
            "when": pd.date_range("2024-01-31", periods=100, freq="ME"),
            "zoned": pd.date_range("2024-03-01", periods=100, freq="15min", tz="Europe/Oslo"),
            "took": pd.to_timedelta(np.arange(100), unit="min"),
        }
    )


def indexed():
    index = pd.MultiIndex.from_product([["Oslo", "Rome", "Lima"], range(2015, 2025)], names=["city", "year"])
    return pd.DataFrame({"rain": np.arange(30) * 1.5, "sun": np.arange(30)[::-1]}, index=index)


def daily():
    index = pd.date_range("2022-01-03", periods=260, freq="B", name="day")
    return pd.DataFrame({"open": np.linspace(10, 20, 260), "volume": np.arange(260) * 100}, index=index)


def polar():
    return pl.DataFrame(
        {
            "user": [f"u{n}" for n in range(500)],
            "age": [*range(18, 68)] * 10,
            "ratio": [float("nan"), 0.25, 0.5, None, 1.0] * 100,
            "joined": [datetime.date(2020, 1, 1) + datetime.timedelta(weeks=n % 100) for n in range(500)],
            "plan": (["free"] * 3 + ["pro", "team"]) * 100,
            "scores": [[1, 2, 3]] * 500,
        }
    )


# frame, column (or None for the whole), the question, what must be said
QUESTIONS = [
    (penguins, None, "How many rows?", "344 rows"),
    (penguins, None, "How many columns?", "6 columns"),
    (penguins, None, "Which library?", "pandas DataFrame"),
    (penguins, "species", "The commonest species, how often?", "'Adelie' ×152"),
    (penguins, "species", "How many species?", "3 distinct"),
    (penguins, "species", "How many Chinstrap?", "'Chinstrap' ×68"),
    (penguins, "species", "Is species ever missing?", "none missing"),
    (penguins, "island", "Which islands?", "'Torgersen' ×172, 'Biscoe' ×172"),
    (penguins, "bill_length_mm", "Shortest and longest bill?", "32.1 … 59.6"),
    (penguins, "body_mass_g", "How many masses are missing?", "2 missing"),
    (penguins, "body_mass_g", "What share is that?", "0.6 %"),
    (penguins, "body_mass_g", "The range?", "2650 … 6350"),
    (penguins, "body_mass_g", "Why is the mass a float?", "whole numbers"),
    (penguins, "year", "Which years?", "2007 ×172"),
    (penguins, "year", "Its type?", "int64"),
    (penguins, "sex", "How many without a sex?", "86 missing (25.0 %)"),
    (penguins, "sex", "More males or females?", "'male' ×172, 'female' ×86"),
    (orders, "order_id", "Is order_id unique?", "all values differ"),
    (orders, "order_id", "First and last id?", "10001 … 11000"),
    (orders, "placed", "From when to when?", "2023-01-01 … 2023-02-11 15:00:00"),
    (orders, "placed", "How often?", "every hour"),
    (orders, "amount", "Why does the sum fail?", "numbers kept as text"),
    (orders, "amount", "Which entries are no number?", "words for missing: 'n/a' 250"),
    (orders, "paid", "Can I use paid as a boolean?", "truth values kept as text"),
    (orders, "country", "Why are there two DE groups?", "spellings differ only by case or blanks: 'de'"),
    (orders, "country", "Any stray blanks?", "250 with blanks around"),
    (orders, "zip", "May I turn zip into a number?", "leading zeros: codes?"),
    (orders, "shipped", "Can I subtract shipped?", "dates kept as text"),
    (orders, "shipped", "The latest shipping date?", "2023-01-09 … 2023-03-05"),
    (orders, "score", "Why is the mean score so low?", "-999 occurs 10 times: may stand for missing"),
    (orders, "currency", "Which currencies?", "'EUR' ×1,000 [constant]"),
    (orders, "discount", "What is the mean discount?", "all missing"),
    (odd, "mixed", "Why is mixed an object column?", "mixed types: 25 int, 25 str, 25 float"),
    (odd, "mixed", "How many are missing?", "25 missing"),
    (odd, "nested", "What is in nested?", "keys lat, lon"),
    (odd, "tags", "How many tags at most?", "lists of 0 to 2"),
    (odd, "level", "Is level ordered?", "3 categories, ordered"),
    (odd, "level", "Does every category occur?", "1 of them unused"),
    (odd, "whole", "Could whole be an integer?", "whole numbers"),
    (odd, "far", "Why is the mean infinite?", "holds infinite values"),
    (odd, "flag", "How many true?", "True ×75"),
    (odd, "when", "Monthly or daily?", "every month"),
    (odd, "zoned", "Which time zone?", "Europe/Oslo"),
    (odd, "zoned", "Which step?", "every 15 minutes"),
    (odd, "took", "The longest?", "1:39:00"),
    (indexed, None, "What are the index levels?", "MultiIndex of city (3 values"),
    (indexed, None, "How many years?", "year (10 values"),
    (indexed, "rain", "The wettest?", "0 … 43.5"),
    (daily, None, "What is the index?", "index 'day': datetime64"),
    (daily, None, "Business days?", "freq B"),
    (daily, None, "First day?", "2022-01-03"),
    (daily, "volume", "Highest volume?", "0 … 25900"),
    (polar, None, "Which library?", "polars DataFrame"),
    (polar, "age", "Youngest and oldest?", "18 … 67"),
    (polar, "age", "How many ages?", "50 distinct"),
    (polar, "ratio", "How many NaN?", "100 of the missing are NaN"),
    (polar, "ratio", "How many missing in all?", "200 missing (40.0 %)"),
    (polar, "joined", "When did the first join?", "2020-01-01 …"),
    (polar, "plan", "The commonest plan?", "'free' ×300"),
    (polar, "scores", "What is in scores?", "lists of 3 to 3"),
]


@pytest.fixture(scope="module")
def descriptions():
    return {make: told(make()) for make in (penguins, orders, odd, indexed, daily, polar)}


def test_there_are_sixty_questions():
    assert len(QUESTIONS) == 60


@pytest.mark.parametrize(("make", "column", "question", "fact"), QUESTIONS, ids=[row[2] for row in QUESTIONS])
def test_the_fact_is_in_what_is_sent(descriptions, make, column, question, fact):
    text = descriptions[make][0]
    assert fact in (text if column is None else line(text, column))


def test_within_900_tokens_each(descriptions):
    assert [make.__name__ for make, forms in descriptions.items() if estimate(forms[0]) > FRAME_TOKENS] == []


def test_forms_get_shorter(descriptions):
    for forms in descriptions.values():
        sizes = [estimate(form) for form in forms]
        assert sizes == sorted(sizes, reverse=True)
        assert sizes[-1] < 40


FOUR = {"pandas": lambda frame: frame, "polars": pl.from_pandas, "pyarrow": pa.Table.from_pandas}


@pytest.mark.parametrize("engine", FOUR)
def test_the_same_facts_in_every_library(engine):
    frame = penguins()
    text = told(FOUR[engine](frame))[0]
    assert f"{engine} " in text.splitlines()[0]
    assert "344 rows" in text
    assert "32.1 … 59.6" in line(text, "bill_length_mm")
    assert "'Adelie' ×152" in line(text, "species")
    assert "86 missing (25.0 %)" in line(text, "sex")


def test_ten_thousand_columns():
    rng = np.random.default_rng(1)
    words = ["".join(rng.choice(list("abcdefghij"), 9)) for _ in range(10_000)]
    for names in ([f"q{n}" for n in range(10_000)], words):
        text = told(pd.DataFrame(np.zeros((3, 10_000)), columns=names))[0]
        assert "10,000 columns" in text
        assert estimate(text) <= 1500


def test_wide_frames_are_folded_by_pattern():
    names = ["id", *(f"q{n}" for n in range(1, 401)), *(f"t_{n}_x" for n in range(5)), "name"]
    frame = pd.DataFrame(np.ones((4, len(names))), columns=names)
    text = told(frame)[0]
    assert "q1…q400 (float64): 400 columns" in text
    assert "t_0_x…t_4_x (float64): 5 columns" in text


def test_a_column_that_was_asked_for_is_not_folded():
    frame = pd.DataFrame(np.arange(1600.0).reshape(4, 400), columns=[f"q{n}" for n in range(400)])
    assert "17 … 1217" in line(told(frame, wanted=frozenset({"q17"}))[0], "q17")


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(), pd.DataFrame({"a": []}), pd.DataFrame(index=[1, 2]), pl.DataFrame(), pl.DataFrame({"a": []}),
        pa.table({}), pd.DataFrame([[1, 2]], columns=["a", "a"]), pd.DataFrame({1: [1], 2.5: [2], None: [3], ("t", 1): [4]}),
        pd.Series([1, 2], name="s"), pl.Series("s", [None, None]), pd.Index([3, 1]), pa.chunked_array([[1], [2]]),
        pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")])), pd.DataFrame({"x": [[[1]], None]}),
        pd.DataFrame({"x": pd.array([1, None], dtype="Int64")}), pd.DataFrame({"x": pd.array([None], dtype="string")}),
        pd.DataFrame({"p": pd.period_range("2024", periods=3, freq="M")}), pd.DataFrame({"c": [1j]}),
        pd.DataFrame({"i": pd.interval_range(0, 3)}), pd.DataFrame({"b": [b"x"]}), pl.DataFrame({"s": [{"a": 1}]}),
        pd.DataFrame({"d": pd.to_datetime([None, None])}), pd.DataFrame({"x": [pd.NaT, pd.Timestamp("2024")]}),
    ],
)  # fmt: skip
def test_odd_frames_are_described(frame):
    text = told(frame)[0]
    assert "could not" not in text
    assert text.startswith("df: ")


def test_hidden_columns_are_counted_and_not_named():
    frame = penguins().rename(columns={"sex": "ssn"})
    forms = told(frame, hide=["df.ssn"])
    assert "6 columns, 1 of them hidden" in forms[0]
    for form in forms:
        assert "ssn" not in form
        assert "female" not in form


def test_a_column_named_like_a_secret_shows_no_values():
    text = told(pd.DataFrame({"user": ["a", "b"], "password": ["violet-1", "marble-2"]}))[0]
    assert "violet" not in text
    assert "marble" not in text
    assert "password" in text


def test_secrets_in_values_are_replaced():
    text = told(pd.DataFrame({"note": ["mail bob@clinic.example.org", "none"]}))[0]
    assert "bob@" not in text


class Sleepy:
    def __hash__(self):
        raise AssertionError("a foreign __hash__ ran")

    __eq__ = __repr__ = __str__ = __bool__ = __hash__


def test_foreign_elements_of_a_column_are_not_touched():
    text = told(pd.DataFrame({"x": [Sleepy(), Sleepy()], "y": [1, 2]}))[0]
    assert "2 Sleepy" in line(text, "x")
    assert "1 … 2" in line(text, "y")


class Liar:
    """Whoever asks `isinstance` runs its code."""

    armed = False

    @property
    def __class__(self):
        if Liar.armed:
            raise AssertionError("a foreign __class__ was asked")
        return Liar


class Nosy(type):
    def __getattribute__(cls, name):
        if Liar.armed:
            raise AssertionError(f"a foreign metaclass was asked for {name}")
        return type.__getattribute__(cls, name)


class Watched(metaclass=Nosy):
    pass


def test_elements_that_lie_about_their_class_are_counted_and_not_asked(monkeypatch):
    frame = pd.DataFrame({"x": [Liar(), None, 3.5, Watched()], "y": [1, 1, 1, 2]})
    monkeypatch.setattr(Liar, "armed", True)
    text = told(frame)[0]
    assert "1 missing (25.0 %)" in line(text, "x")
    assert "mixed types: 1 Liar, 1 float, 1 Watched" in line(text, "x")
    assert "test_frames.Liar object>, 1" in text


def test_a_subclass_is_read_through_its_base():
    class Mine(pd.DataFrame):
        @property
        def iloc(self):
            raise AssertionError("the subclass was asked")

        columns = iloc

    frame = pd.DataFrame({"a": [1, 2, 3, 3]})
    frame.__class__ = Mine
    text = told(frame)[0]
    assert "1 … 3" in line(text, "a")
    assert "1 rows repeat" in text


def test_large_frames_are_exact_where_they_say_so():
    rows = 600_000
    frame = pd.DataFrame(
        {"n": np.arange(rows), "half": np.where(np.arange(rows) % 2, 1.0, np.nan), "c": ["a", "b"] * (rows // 2)}
    )
    text = told(frame)[0]
    assert "0 … 599999" in line(text, "n")
    assert "mean 299999" in line(text, "n") or "mean 300000" in line(text, "n")
    assert "300,000 missing (50.0 %)" in line(text, "half")
    assert "2 distinct in a sample" in line(text, "c")


def test_repeated_rows_are_counted():
    assert "2 rows repeat an earlier one" in told(pd.DataFrame({"a": [1, 1, 1, 2], "b": ["x", "x", "x", "y"]}))[0]


def test_names_and_types_cost_no_look_at_the_values():
    assert told(penguins(), measure=False)[0] == (
        "df: pandas DataFrame, 13.7 kB, 344 rows × 6 columns\n"
        f"species ({penguins().dtypes.iloc[0]}), island ({penguins().dtypes.iloc[0]}), bill_length_mm (float64), "
        f"body_mass_g (float64), year (int64), sex ({penguins().dtypes.iloc[0]})"
    ).replace("13.7 kB", told(penguins(), measure=False)[0].split(", ")[1])


def test_a_small_table_is_shown_whole_with_its_row_labels():
    counts = pd.Series(["Biscoe"] * 3 + ["Dream"] * 2 + ["Torgersen"], name="island").value_counts()
    assert told(counts)[0].splitlines()[-4:] == ["island, count", "'Biscoe', 3", "'Dream', 2", "'Torgersen', 1"]


def test_a_hidden_index_is_not_shown():
    frame = pd.DataFrame({"age": range(5)}, index=pd.Index([f"P{n}" for n in range(5)], name="patient"))
    assert not any("P0" in form or "patient" in form for form in told(frame, hide=["df.patient"]))
    assert "P3" in hidden_values({"df": frame}, Hidden(["df.patient"]))
