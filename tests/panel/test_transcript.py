"""The conversation as static text."""

from __future__ import annotations

import pytest

from comet_magics.conversation.exchange import Exchange, Typed
from comet_magics.core.answer import Answer
from comet_magics.panel.transcript import Rarely, transcript


def exchange(number, question, text="Yes.", status="complete", notices=()):
    made = Exchange(number, Typed(question, "panel"))
    made.answer = Answer(text, "", status, "gpt-5.1", "none", "responses", 1.0)
    made.notices = notices
    return made


def test_each_turn_is_a_section_with_its_question_and_answer():
    turns = [exchange(3, "Why <i>so</i>?\nReally?"), exchange(5, "And?", "**No.**", "failed", ("The key is wrong.",))]
    turns[1].left_out = True
    turns.append(Exchange(6, Typed("still coming")))
    data = transcript(turns)
    assert data["text/html"].count("<section") == 2
    assert (
        '<section data-turn="3"><p class="comet-question">Why &lt;i&gt;so&lt;/i&gt;?\nReally?</p>' in data["text/html"]
    )
    assert "The key is wrong." in data["text/html"]
    assert data["text/html"].count("Not sent.") == 1
    assert data["text/plain"].startswith("> Why <i>so</i>?\n> Really?\n\nYes.")
    assert "still coming" not in data["text/html"] + data["text/plain"]


def test_an_empty_conversation_says_what_to_do_where_nothing_else_is_shown():
    data = transcript([])
    assert "%gpt in a cell asks just as well" in data["text/plain"]
    assert "%gpt in a cell asks just as well" in data["text/html"]


@pytest.mark.parametrize("share", [0.125, 1.0])
def test_writing_costs_each_turn_the_same_over_many(share):
    rarely, cost, costs = Rarely(), 0, {}
    for turn in range(1, 2001):
        cost += turn if rarely.due(share) else 0
        costs[turn] = cost / turn
    assert costs[1] == 1
    assert max(costs.values()) < 2 / share + 2
