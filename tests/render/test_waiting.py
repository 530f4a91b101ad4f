from __future__ import annotations

import pytest

from comet_magics.core.events import ReasoningDelta, Started, SummaryDelta, Waiting
from comet_magics.render.waiting import Thinking


@pytest.mark.parametrize(
    ("elapsed", "line"),
    [(0.2, "thinking… 0 s"), (59.9, "thinking… 59 s"), (60, "thinking… 1 min 0 s"), (139, "thinking… 2 min 10 s")],
)
def test_seconds_are_counted_slower_after_a_minute(elapsed, line):
    assert Thinking().line(elapsed) == line


def test_a_retry_says_why_and_counts_down_until_something_comes():
    thinking = Thinking()
    thinking.receive(Waiting(5, "The server is busy (503)"), 2.0)
    assert thinking.interrupts
    assert thinking.line(3.0) == "The server is busy (503); trying again in 4 s"
    assert thinking.line(30.0) == "The server is busy (503); trying again in 0 s"
    assert "aria-hidden" not in thinking.html(3.0)
    thinking.receive(Started("r", "gpt-5.1"), 8.0)
    assert not thinking.interrupts


def test_the_count_is_not_read_out_each_second():
    assert Thinking().html(3) == (
        '<p class="comet-wait" role="status"><small aria-hidden="true">thinking… 3 s</small></p>'
    )


def test_the_reasoning_is_shown_by_paragraphs_in_order():
    thinking = Thinking()
    for event in (SummaryDelta("two", 1), SummaryDelta("on", 0), SummaryDelta("e", 0), ReasoningDelta("!")):
        thinking.receive(event, 0.0)
    assert thinking.summary == "one!\n\ntwo"
    assert "<details open><summary>Reasoning</summary><p>one!</p>\n<p>two</p>" in thinking.html(1)
    assert thinking.text(1) == "one!\n\ntwo\nthinking… 1 s"


def test_of_long_reasoning_the_end_is_shown():
    thinking = Thinking()
    thinking.receive(SummaryDelta("word " * 1_000 + "end"), 0.0)
    shown = thinking.text(1).partition("\n")[0]
    assert shown.startswith("… word word")
    assert shown.endswith("word end")
    assert len(shown) <= 802
