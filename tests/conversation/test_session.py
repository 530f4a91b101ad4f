"""Several questions at once, and questions that are left out."""

from __future__ import annotations

import pytest

from comet_magics.conversation.exchange import Typed
from comet_magics.conversation.session import Session
from comet_magics.core.events import Completed, TextDelta
from comet_magics.core.messages import Text, UserMessage
from comet_magics.core.settings import Settings


@pytest.fixture
def session():
    return Session("key")


def begin(session, words):
    return session.begin(UserMessage((Text(words),)), Settings(), session.open(Typed(words)))


def end(session, turn, words):
    turn.sent("responses", 0.0)
    turn.receive(TextDelta(words), 1.0)
    turn.receive(Completed(), 2.0)
    session.keep(turn)
    session.end(turn.exchange, turn.answer())


def texts(session):
    return [item.text for item in session.items]


def test_questions_at_once_stand_in_the_order_asked(session):
    first, second, third = (begin(session, words) for words in ("one", "two", "three"))
    end(session, third, "3")
    end(session, first, "1")
    end(session, second, "2")
    assert texts(session) == ["one", "1", "two", "2", "three", "3"]
    assert session.questions == 3


def test_what_was_sent_does_not_move(session):
    slow = begin(session, "slow")
    end(session, begin(session, "fast"), "done")
    later = begin(session, "later")
    end(session, slow, "at last")
    end(session, later, "ok")
    assert texts(session) == ["fast", "done", "slow", "at last", "later", "ok"]
    assert later.request.items[:2] == tuple(session.items[:2])


def test_a_second_turn_belongs_to_its_question(session):
    turn = begin(session, "code?")
    end(session, turn, "x = y")
    repair = session.begin(UserMessage((Text("it fails"),)), Settings(), turn.exchange)
    end(session, repair, "x = 1")
    assert texts(session) == ["code?", "x = y", "it fails", "x = 1"]
    assert session.questions == len(session.exchanges) == 1


def test_a_question_left_out_is_not_sent_until_it_is_taken_in_again(session):
    seen = []
    session.observers.append(lambda exchange: seen.append((exchange.number, exchange.state, exchange.left_out)))
    turns = [begin(session, words) for words in ("one", "two", "three")]
    for turn in turns:
        end(session, turn, turn.exchange.typed.text.upper())
    tokens = session.tokens
    del seen[:]
    session.leave_out([turns[1].exchange])
    assert texts(session) == ["one", "ONE", "three", "THREE"]
    assert session.tokens < tokens
    session.leave_out([turns[1].exchange], out=False)
    assert texts(session) == ["one", "ONE", "two", "TWO", "three", "THREE"]
    assert session.tokens == tokens
    assert seen == [(2, "complete", True), (2, "complete", False)]


def test_an_answer_to_a_conversation_that_is_over_is_not_kept(session):
    late = begin(session, "late")
    session.clear()
    end(session, late, "too late")
    assert session.items == session.exchanges == []
    assert begin(session, "next").exchange.number == 2


def test_what_failed_is_an_exchange_but_not_sent(session):
    turn = begin(session, "why?")
    turn.stop(0.0)
    session.keep(turn)
    session.end(turn.exchange, turn.answer(), ("Stopped.",))
    assert texts(session) == []
    assert [(exchange.state, exchange.notices) for exchange in session.exchanges] == [("stopped", ("Stopped.",))]
