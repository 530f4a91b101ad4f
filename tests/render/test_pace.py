from __future__ import annotations

import pytest

from comet_magics.render.pace import Pace


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def wait_until_due(pace, clock, **sizes):
    """Seconds until a paint is due, to a hundredth."""
    began = clock.now
    for _ in range(1_000):
        if pace.due(**sizes):
            return round(clock.now - began, 2)
        clock.now += 0.01
    return None


def test_the_first_text_is_painted_at_once(clock):
    assert Pace(clock).due(finished=0, cost=10**9)


def test_a_short_answer_is_painted_every_80_ms(clock):
    pace = Pace(clock)
    pace.painted(1_000, 0.0)
    assert wait_until_due(pace, clock, finished=1_000, cost=1_000) == pytest.approx(0.08, abs=0.011)


@pytest.mark.parametrize(("spent", "waited"), [(24_000, 0.12), (40_000, 0.34), (48_000, 0.6), (55_000, 0.98)])
def test_the_less_credit_is_left_the_longer_the_wait(clock, spent, waited):
    pace = Pace(clock)
    pace.painted(spent, 0.0)
    assert wait_until_due(pace, clock, finished=0, cost=0) == pytest.approx(waited, abs=0.011)


def test_no_overdraft_makes_new_text_wait_longer_than_this(clock):
    pace = Pace(clock)
    pace.painted(10**9, 0.0)
    assert wait_until_due(pace, clock, finished=0, cost=0) == pytest.approx(1.8, abs=0.011)


def test_a_longer_answer_has_more_credit(clock):
    pace = Pace(clock)
    pace.painted(48_000, 0.0)
    assert wait_until_due(pace, clock, finished=100_000, cost=1_000) == pytest.approx(0.09, abs=0.011)


def test_where_each_paint_brings_everything_it_waits_for_credit(clock):
    pace = Pace(clock, strict=True)
    pace.painted(40_000, 0.0)
    assert wait_until_due(pace, clock, finished=20_000, cost=20_000) is None
    assert pace.due(finished=200_000, cost=20_000)


def test_a_slow_front_end_gets_four_fifths_of_the_time_for_itself(clock):
    pace = Pace(clock)
    pace.painted(1_000, 0.5)
    assert wait_until_due(pace, clock, finished=10_000, cost=1_000) == pytest.approx(2.0, abs=0.011)


def test_text_faster_than_anyone_reads_does_not_wait_for_the_interval(clock):
    pace = Pace(clock)
    pace.painted(1_000, 0.0)
    assert pace.due(finished=10_000, cost=1_000, full=True)
    assert not pace.due(finished=10_000, cost=48_000, full=True)


@pytest.mark.parametrize("words", [500, 2_000, 8_000])
def test_at_any_length_what_is_painted_stays_in_proportion(clock, words):
    """A hundred deltas a second of six characters; finished output four times the text."""
    pace = Pace(clock)
    painted = came = waiting = 0
    for _ in range(words):
        came, waiting = came + 6, waiting + 1
        clock.now += 0.01
        finished, cost = came * 4, 700 + 3_000
        if pace.due(finished=finished, cost=cost):
            painted += cost
            pace.painted(cost, 0.0)
    assert painted < 48_000 + 4 * 6 * words * 2.3
