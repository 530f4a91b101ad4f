"""A turn keeps what came, however it ends."""

from itertools import pairwise

import pytest

from comet_magics.conversation.session import INSTRUCTIONS, Session
from comet_magics.conversation.turn import Done, Send, Turn
from comet_magics.core.errors import BackendError, StreamBroken
from comet_magics.core.events import (
    Accepted,
    Broken,
    Completed,
    Failed,
    Incomplete,
    ReasoningDelta,
    ReasoningItem,
    RefusalDelta,
    Started,
    SummaryDelta,
    TextDelta,
    ToolCalled,
    Waiting,
)
from comet_magics.core.messages import AssistantText, Reasoning, Text, ToolCall, UserMessage
from comet_magics.core.request import ModelRequest
from comet_magics.core.settings import Settings
from comet_magics.core.usage import Usage

QUESTION = UserMessage((Text("why?"),))
USAGE = Usage(10, 5, 0, 3)


def turn_of(*events, model="gpt-5.1"):
    turn = Turn(ModelRequest(model, "be brief", (QUESTION,), effort="low"))
    turn.sent("responses", 100.0)
    for second, event in enumerate(events, 101):
        turn.receive(event, float(second))
    return turn


def test_a_whole_answer():
    turn = turn_of(
        Accepted("req-1"),
        Started("resp-1", "gpt-5.1-2025-11-13"),
        SummaryDelta("First.", 0),
        SummaryDelta("Then.", 1),
        TextDelta("Look:\n\n```python\nx = 1\n```\n"),
        TextDelta("Done."),
        Completed(USAGE),
    )
    answer = turn.answer()
    assert answer.status == "complete"
    assert answer.text == "Look:\n\n```python\nx = 1\n```\nDone."
    assert answer.code == "x = 1"
    assert answer.summary == "First.\n\nThen."
    assert (answer.model, answer.effort, answer.request_id) == ("gpt-5.1-2025-11-13", "low", "req-1")
    assert (answer.first_token_seconds, answer.seconds) == (5.0, 7.0)
    assert answer.usage == USAGE
    assert answer.cost is not None
    assert turn.error is None
    assert turn.next_step() == Done()


@pytest.mark.parametrize(
    ("terminal", "status", "error"),
    [
        (Completed(USAGE), "complete", None),
        (Incomplete("max_output_tokens", USAGE), "partial", None),
        (Incomplete("content_filter", USAGE), "refused", None),
        (Incomplete("new_reason"), "partial", None),
        (Failed("overloaded", "server_error", USAGE), "partial", BackendError),
        (Broken("The stream ended."), "partial", StreamBroken),
    ],
)
def test_how_it_ends_after_some_text(terminal, status, error):
    turn = turn_of(TextDelta("half"), terminal)
    assert turn.answer().text == "half"
    assert turn.answer().status == status
    assert turn.answer().usage == terminal.usage
    assert type(turn.error) is (error or type(None))
    assert error is None or "4 characters" in turn.error.kept
    assert isinstance(terminal, Completed) or turn.notices or turn.error


@pytest.mark.parametrize("terminal", [Failed("no"), Broken("no")])
def test_nothing_came_is_failed_and_leaves_no_trace(terminal):
    session = Session("key")
    turn = session.begin(QUESTION, Settings())
    turn.sent("responses", 0.0)
    turn.receive(terminal, 1.0)
    session.keep(turn)
    assert turn.answer().status == "failed"
    assert turn.error.kept == ""
    assert session.items == []


def test_a_refusal_is_the_answer():
    turn = turn_of(RefusalDelta("I can't."), Completed(USAGE))
    assert (turn.answer().text, turn.answer().status) == ("I can't.", "refused")
    assert turn.items == [AssistantText("I can't.", refusal=True)]
    assert turn.error is None


def test_stopping_keeps_the_text_and_a_whole_answer_stays_whole():
    stopped = turn_of(TextDelta("half"))
    stopped.stop(103.0)
    assert (stopped.answer().status, stopped.answer().text, stopped.answer().seconds) == ("stopped", "half", 3.0)
    whole = turn_of(TextDelta("all"), Completed())
    whole.stop(105.0)
    assert whole.answer().status == "complete"


def test_an_error_on_the_way_keeps_the_text_and_the_first_error_stands():
    turn = turn_of(TextDelta("half"), Waiting(1, "busy"))
    turn.fail(StreamBroken("cut"), 103.0)
    turn.fail(BackendError("later"), 104.0)
    assert turn.answer().status == "partial"
    assert turn.error.what == "cut"
    assert "go on from where you stopped" in turn.error.remedy


def test_reasoning_of_models_that_show_it_is_the_summary():
    assert turn_of(ReasoningDelta("hm, "), ReasoningDelta("so"), Completed()).answer().summary == "hm, so"


def test_reasoning_items_are_kept_and_stand_before_the_text():
    item = Reasoning("rs_1", "opaque", ("First.",), "gpt-5.1")
    turn = turn_of(ReasoningItem(item), TextDelta("so"), Completed())
    assert turn.items == [item, AssistantText("so")]


def test_tool_calls_are_collected():
    call = ToolCall("c1", "f", "{}")
    assert turn_of(ToolCalled(call), Completed()).calls == [call]


def test_another_way_after_an_endpoint_was_missing():
    turn = turn_of()
    turn.fail(BackendError("no such path", status=404), 101.0)
    turn.again("Chat is used.")
    assert turn.next_step() == Send(turn.request)
    turn.sent("chat", 102.0)
    turn.receive(TextDelta("hi"), 103.0)
    turn.receive(Completed(), 104.0)
    assert (turn.answer().api, turn.answer().status, turn.error) == ("chat", "complete", None)
    assert turn.notices == ["Chat is used."]


def test_the_conversation_only_ever_grows():
    session = Session("key")
    sent = []
    for text in ("one", "two", "three"):
        turn = session.begin(UserMessage((Text(text),)), Settings(instructions="Be kind."))
        sent.append(turn.request)
        turn.sent("responses", 0.0)
        turn.receive(TextDelta(text.upper()), 1.0)
        turn.receive(Completed(), 2.0)
        session.keep(turn)
    for earlier, later in pairwise(sent):
        assert later.instructions == earlier.instructions
        assert later.items[: len(earlier.items)] == earlier.items
    assert sent[0].instructions.startswith(INSTRUCTIONS)
    assert sent[0].instructions.endswith("Be kind.")
    assert session.questions == 3
    session.clear()
    assert session.questions == 0


def test_which_endpoint_is_asked():
    session = Session("key")
    assert session.endpoint(Settings()) == "responses"
    session.remember_chat_only("gpt-5.1")
    assert session.endpoint(Settings()) == "chat"
    assert session.endpoint(Settings(model="other")) == "responses"
    assert session.endpoint(Settings(api="responses")) == "responses"
    assert session.endpoint(Settings(model="other", api="chat")) == "chat"
