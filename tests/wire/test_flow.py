"""Whatever a server repeats, each text is given out once; what only the repetition has is given out then."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magics.wire.flow import Flow

NOWHERE = (None, None)


def test_done_after_its_deltas_adds_nothing():
    flow = Flow()
    assert [flow.delta((0, 0), "a"), flow.delta((0, 0), "b"), flow.done((0, 0), "ab"), flow.done((0, 0), "ab")] == [
        "a",
        "b",
        "",
        "",
    ]


def test_done_without_deltas_is_the_text():
    assert Flow().done((0, 0), "ab") == "ab"


def test_done_gives_what_was_lost_at_the_end():
    flow = Flow()
    flow.delta((0, 0), "a")
    assert flow.done((0, 0), "abc") == "bc"


def test_done_in_other_words_adds_nothing():
    """What is shown can't be taken back; to show both would be worse."""
    flow = Flow()
    flow.delta((0, 0), "a")
    assert flow.done((0, 0), "xyz") == ""


def test_done_under_another_index_adds_nothing():
    flow = Flow()
    flow.delta((0, 0), "ab")
    assert flow.done((3, 1), "ab") == ""


def test_an_empty_done_begins_nothing():
    flow = Flow()
    assert flow.done((0, 0), "") == ""
    assert flow.part == -1
    assert not flow


def test_parts_without_indices_follow_each_other():
    flow = Flow()
    given_out = [
        flow.delta(NOWHERE, "one"),
        flow.done(NOWHERE, "one"),
        flow.done(NOWHERE, "one"),
        flow.delta(NOWHERE, "two"),
        flow.done(NOWHERE, "two"),
        flow.done(NOWHERE, "three"),
    ]
    assert given_out == ["one", "", "", "two", "", "three"]
    assert flow.part == 2


def test_two_parts_without_indices_in_one_run_of_deltas():
    flow = Flow()
    flow.delta(NOWHERE, "one")
    flow.delta(NOWHERE, "two")
    assert [flow.done(NOWHERE, text) for text in ("one", "one", "two", "two")] == ["", "", "", ""]


def test_parts_that_take_turns():
    flow = Flow()
    for place, text in (((0, 0), "a"), ((1, 0), "x"), ((0, 0), "b"), ((1, 0), "y")):
        flow.delta(place, text)
    assert [flow.done((0, 0), "ab"), flow.done((1, 0), "xyz")] == ["", "z"]
    assert flow.part == 1


def test_part_numbers():
    flow = Flow()
    numbers = []
    for place in ((0, 0), (0, 1), (0, 1), (2, 0)):
        flow.delta(place, "x")
        numbers.append(flow.part)
    assert numbers == [0, 1, 1, 2]


@pytest.mark.parametrize(("text", "missing"), [("ab", ""), ("abc", "c"), ("a", ""), ("", ""), ("xbc", "")])
def test_the_whole_text(text, missing):
    flow = Flow()
    flow.delta((0, 0), "a")
    flow.delta((1, 0), "b")
    assert flow.whole(text) == missing


@given(st.text(st.sampled_from("ab"), max_size=6), st.lists(st.text(st.sampled_from("ab"), max_size=3), max_size=4))
def test_ends_with(text, pieces):
    flow = Flow()
    for piece in pieces:
        flow.delta((0, 0), piece)
    assert flow.ends_with(text) is "".join(pieces).endswith(text)


def test_a_character_cut_in_two_is_joined():
    flow = Flow()
    assert [flow.delta((0, 0), "a\ud83d"), flow.delta((0, 0), "\udc27b"), flow.done((0, 0), "a🐧b")] == ["a", "🐧b", ""]


def test_a_first_half_alone_comes_with_the_whole():
    flow = Flow()
    assert [flow.delta((0, 0), "\ud83d"), flow.done((0, 0), "🐧")] == ["", "🐧"]


def test_halves_without_their_other_half_are_replaced():
    flow = Flow()
    assert [flow.delta((0, 0), "\ud83d"), flow.delta((0, 0), "a"), flow.delta((0, 0), "\udc27")] == ["", "�a", "�"]


@given(st.text(), st.lists(st.integers(0, 100)))
def test_deltas_then_all_repetitions_give_the_text_once(text, cuts):
    flow, place = Flow(), (0, 0)
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    said = [flow.delta(place, text[start:end]) for start, end in itertools.pairwise(places)]
    said += [flow.done(place, text), flow.done(place, text), flow.whole(text)]
    assert "".join(said) == text
