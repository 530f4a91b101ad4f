from __future__ import annotations

import pytest

from comet_magics.core.answer import Answer
from comet_magics.core.prices import Cost
from comet_magics.core.usage import Usage
from comet_magics.render.stats import dollars, duration, stats_html, stats_text, stats_words

FULL = Usage(1234, 456, 987, 120)


def answer(**changes: object) -> Answer:
    fields: dict[str, object] = {
        "text": "x",
        "code": "",
        "status": "complete",
        "model": "gpt-5.1",
        "effort": "high",
        "api": "responses",
        "seconds": 3.2,
        "first_token_seconds": 0.4,
        "usage": FULL,
        "cost": Cost(0.0049, at_most=True),
    }
    return Answer(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {},
            "gpt-5.1 · effort high · 3.2 s (first text 0.4 s) · 1,234 tokens in (80 % cached) · 456 out, of which 120"
            " reasoning · at most $0.0049",
        ),
        ({"usage": None, "cost": None}, "gpt-5.1 · effort high · 3.2 s (first text 0.4 s) · usage not reported"),
        (
            {"usage": Usage(10, 5), "cost": None, "first_token_seconds": None},
            "gpt-5.1 · effort high · 3.2 s · 10 tokens in · 5 out, reasoning not reported · price not known",
        ),
        (
            {"usage": Usage(0, 0, 0, 0), "cost": Cost(0.0), "effort": "", "model": ""},
            "3.2 s (first text 0.4 s) · 0 tokens in · 0 out, of which 0 reasoning · $0",
        ),
    ],
)
def test_the_line_says_what_is_known_and_what_is_not(changes: dict[str, object], line: str) -> None:
    assert line == stats_text(answer(**changes))


def test_a_screen_reader_hears_whole_words() -> None:
    expected = (
        "Statistics: model gpt-5.1; effort high; 3.2 seconds, first text after 0.4 seconds; 1,234 tokens in, 80 percent"
        " of them cached; 456 tokens out, of which 120 reasoning; cost at most 0.0049 dollars."
    )
    assert expected == stats_words(answer())


def test_the_html_hides_the_short_forms_behind_the_label_and_the_dollar_from_mathjax() -> None:
    html = stats_html(answer(model='<"x">'))
    assert "model &lt;&quot;x&quot;&gt;; effort high" in html
    assert "at most <span>$</span>0.0049" in html
    assert 'role="img"' in html


@pytest.mark.parametrize(
    ("seconds", "short", "spoken"),
    [
        (0.04, "0.0 s", "0.0 seconds"),
        (59.94, "59.9 s", "59.9 seconds"),
        (59.96, "1 min 0 s", "1 minute 0 seconds"),
        (125.4, "2 min 5 s", "2 minutes 5 seconds"),
    ],
)
def test_durations(seconds: float, short: str, spoken: str) -> None:
    assert (short, spoken) == (duration(seconds), duration(seconds, spoken=True))


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (Cost(0.0), "$0"),
        (Cost(0.00002, at_most=True), "under $0.0001"),
        (Cost(0.1), "$0.1000"),
        (Cost(1234.5), "$1,234.50"),
        (Cost(2.0, at_most=True), "at most $2.00"),
    ],
)
def test_dollars(cost: Cost, text: str) -> None:
    assert text == dollars(cost)
