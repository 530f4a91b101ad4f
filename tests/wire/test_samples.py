"""Every sample, however its bytes are cut, becomes the events that are written beside it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comet_magics.core.events import TERMINAL

from .conftest import SAMPLES, STREAMS


def test_whole(sample):
    assert sample.expected == sample.lines()


def test_byte_by_byte(sample):
    assert sample.expected == sample.lines([bytes([byte]) for byte in sample.body])


@given(st.data())
def test_at_any_cuts(data):
    sample = data.draw(st.sampled_from(SAMPLES))
    cuts = data.draw(st.lists(st.integers(0, len(sample.body)), max_size=12))
    assert sample.expected == sample.lines(sample.cut(cuts))


@given(st.data())
def test_cut_off_at_any_byte(data):
    """What had come stays, and the end says what happened: never the half line that came last."""
    sample = data.draw(st.sampled_from([sample for sample in SAMPLES if sample.path.name.startswith("plain.")]))
    length = data.draw(st.integers(0, len(sample.body)))
    *before, last = sample.lines([sample.body[:length]])
    assert before == sample.expected[: len(before)]
    assert last in {
        "broken: the connection was closed before the end of the answer; usage not reported",
        "broken: the server closed the connection without an answer; usage not reported",
        "completed; usage not reported" if sample.endpoint == "chat" else "",  # between `finish_reason` and the usage
        sample.expected[-1],
    }


def test_one_terminal_event_and_it_is_the_last(sample):
    events = sample.decoded()
    assert [isinstance(event, TERMINAL) for event in events] == [False] * (len(events) - 1) + [True]


def test_every_body_has_its_expectation():
    bodies = {sample.path.with_suffix(".expected") for sample in SAMPLES}
    assert bodies == set(STREAMS.glob("*.expected"))
    assert len(bodies) == len(SAMPLES)
