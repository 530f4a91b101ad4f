"""The panel's kernel side in a real kernel: a view is played that says and hears what panel.js does."""

from __future__ import annotations

import base64
import json

import pytest

from comet_magics.testing import PrefixCache, reply

from .conftest import CANARY, Document

ANSWER = "There are **three** species.\n\n```python\nspecies = df.species.unique()\n```\n"
CHOICES = {"model": "gpt-5.1", "effort": "none", "verbosity": "", "context": "none"}
PICTURE = "data:image/png;base64," + base64.b64encode(b"\x89PNG not really").decode()


class View(Document):
    """One view of the panel, and the document in which it was opened."""

    def __init__(self, kernel):
        super().__init__(kernel)
        self.cell = self.run("%gpt_panel")
        opened = [m["content"] for m in self.messages[self.cell] if m["msg_type"] == "comm_open"]
        # A widget's layout is a widget, too.
        (self.comm,) = [content["comm_id"] for content in opened if "panel" in content["data"]["state"]]
        self.requests = 0

    @property
    def heard(self):
        """What the kernel told views, in order."""
        return [
            message["content"]["data"]["content"]
            for message in self.kernel.everything
            if message["msg_type"] == "comm_msg"
            and message["content"]["comm_id"] == self.comm
            and message["content"]["data"]["method"] == "custom"
        ]

    def say(self, **content):
        """Say something and return what is heard until the kernel has taken it."""
        before = len(self.heard)
        data = {"method": "custom", "content": content}
        session = self.kernel.client.session
        message = session.msg("comm_msg", {"comm_id": self.comm, "data": data})
        self.kernel.client.shell_channel.send(message)
        self.until(lambda: self._is_idle(message["header"]["msg_id"]))
        return self.heard[before:]

    def ask(self, text, *, choices=None, images=(), replaces=None, wait=True):
        """Ask and return the turn's number, None if it was refused."""
        self.requests += 1
        choices = {**CHOICES, **(choices or {})}
        said = {"text": text, "images": list(images), "choices": choices, "replaces": replaces}
        return self._accepted(self.say(type="ask", request=self.requests, **said), wait=wait)

    def retry(self, turn, **choices):
        self.requests += 1
        heard = self.say(type="retry", request=self.requests, turn=turn, choices={**CHOICES, **choices})
        return self._accepted(heard, wait=True)

    def _accepted(self, heard, *, wait):
        number = next((m["turn"] for m in heard if m["type"] == "accepted" and m["request"] == self.requests), None)
        if wait and number is not None:
            self.until(lambda: self.turn(number)["state"] != "running")
        return number

    def turn(self, number):
        return [m["turn"] for m in self.heard if m["type"] == "turn" and m["turn"]["id"] == number][-1]

    def body(self, number):
        return [m for m in self.heard if m["type"] == "body" and m["turn"] == number][-1]

    @property
    def static(self):
        (output,) = self.outputs(self.cell)
        return output["data"]


@pytest.fixture
def view(kernel):
    kernel.run("%config CometMagics.check = False\n%config CometMagics.rehearse = False")
    yield View(kernel)
    kernel.run("%gpt_stop")
    kernel.run("%gpt_wait")


def sent(gateway, at=-1):
    return json.dumps(gateway.requests[at].body["input"], ensure_ascii=False)


def test_a_question_becomes_a_turn_that_grows_and_ends(view, gateway):
    gateway.follow(reply(ANSWER).delayed(0.1, between=0.02))
    number = view.ask("How many species?")
    heard = [m for m in view.heard if m.get("turn") == number or m.get("turn", {}) == view.turn(number)]
    assert {"accepted", "paint", "body", "turn"} == {m["type"] for m in heard}
    assert view.body(number)["text"] == ANSWER
    assert "<strong>three</strong>" in view.body(number)["html"]
    assert "<style>" not in view.body(number)["html"]
    turn = view.turn(number)
    assert (turn["state"], turn["question"], turn["origin"]) == ("complete", "How many species?", "panel")
    assert turn["metadata"]["model"] == "gpt-5.1"
    assert view.kernel.value("_gpt.text") == ANSWER.rstrip("\n")
    assert CANARY not in json.dumps(view.kernel.everything, default=str)


def test_panel_and_cells_are_one_conversation_and_the_views_see_both(view, gateway):
    gateway.follow(reply("from the panel"), reply("from the cell"), reply("both known"))
    view.ask("first, in the panel")
    view.run("%%gpt -c none\nsecond, in a cell")
    assert "from the panel" in sent(gateway)
    view.ask("third, in the panel")
    assert [words in sent(gateway) for words in ("from the panel", "from the cell")] == [True, True]
    turns = {m["turn"]["id"]: m["turn"] for m in view.heard if m["type"] == "turn"}
    assert [(turn["origin"], bool(turn["where"])) for turn in turns.values()] == [
        ("panel", False),
        ("cell", True),
        ("panel", False),
    ]


def test_a_new_view_is_told_everything_and_asks_for_the_rest(view, gateway):
    gateway.follow(default=reply("ok"))
    numbers = [view.ask(f"question {n}") for n in range(23)]
    (state,) = view.say(type="hello", view="late")
    assert (state["view"], [turn["id"] for turn in state["turns"]]) == ("late", numbers)
    assert list(state["bodies"]) == [str(number) for number in numbers[-20:]]
    assert state["bodies"][str(numbers[-1])]["text"] == "ok"
    assert state["settings"]["efforts"] == ["none", "low", "medium", "high"]
    (opened,) = view.say(type="open", turn=numbers[0], view="late")
    assert (opened["type"], opened["turn"], opened["text"]) == ("body", numbers[0], "ok")


def test_a_view_that_comes_while_an_answer_grows_sees_what_was_painted(view, gateway):
    gateway.follow(reply("one two three\n\nfour five").stalled(after=6))
    number = view.ask("Why?", wait=False)
    view.until(lambda: any(m["type"] == "paint" and "one two" in m["add"] + m["tail"] for m in view.heard))
    (state,) = view.say(type="hello", view="late")
    assert "one two" in state["bodies"][str(number)]["html"]
    view.say(type="stop", turn=number)
    view.until(lambda: view.turn(number)["state"] == "stopped")
    assert view.body(number)["text"].startswith("one two")


def test_an_edited_question_leaves_out_what_came_after(view, gateway):
    gateway.follow(*[reply(f"answer {n}") for n in range(1, 5)])
    numbers = [view.ask(f"question {n}") for n in (1, 2, 3)]
    edited = view.ask("better question 2", replaces=numbers[1])
    assert "answer 1" in sent(gateway)
    assert not any(words in sent(gateway) for words in ("answer 2", "answer 3"))
    assert [view.turn(number)["left_out"] for number in (*numbers, edited)] == [False, True, True, False]
    view.say(type="leave", turn=numbers[1], out=False)
    view.ask("and now?")
    assert "answer 2" in sent(gateway)
    assert "answer 3" not in sent(gateway)


def test_a_retry_asks_the_same_with_another_effort_and_the_same_picture(view, gateway):
    gateway.follow(reply("quick"), reply("thorough"))
    first = view.ask("What is in the picture?", images=[PICTURE])
    again = view.retry(first, effort="high")
    for request, effort in zip(gateway.requests, ("none", "high"), strict=True):
        assert request.body["reasoning"]["effort"] == effort
        assert PICTURE in json.dumps(request.body)
        assert request.prompt == "What is in the picture?"
    assert "quick" not in sent(gateway)
    assert (view.turn(first)["left_out"], view.turn(first)["pictures"], view.turn(again)["pictures"]) == (True, 1, 1)


def test_what_is_refused_is_said_and_changes_nothing(view, gateway):
    gateway.follow(default=reply("ok"))
    number = view.ask("first")
    view.run("import os; kept = os.environ.pop('COMETAPI_KEY')")
    assert view.ask("second", replaces=number) is None
    notice = view.heard[-1]
    assert (notice["type"], notice["request"]) == ("notice", view.requests)
    assert "There is no CometAPI key." in notice["text"]
    assert view.turn(number)["left_out"] is False
    assert view.ask("  ") is None
    view.run("os.environ['COMETAPI_KEY'] = kept; del kept")
    assert view.ask("second") is not None
    assert len(gateway.requests) == 2


def test_a_budget_is_shown_and_kept(view, gateway):
    view.run("%config CometMagics.budget = 0.00001")
    assert [m["status"]["budget_usd"] for m in view.heard if m["type"] == "status"][-1] == 0.00001
    view.ask("first")
    assert view.ask("second") is None
    assert "budget is spent" in view.heard[-1]["text"]
    ran = view.run("%gpt third")
    assert "budget is spent" in str(view.outputs(ran))
    assert len(gateway.requests) == 1
    status = [m["status"] for m in view.heard if m["type"] == "status"][-1]
    assert status["spent_usd"] > 0.00001
    assert status["requests"] == 1


def test_choices_are_the_settings(view):
    view.say(type="choose", name="effort", value="low")
    assert view.kernel.value("get_ipython().run_line_magic('config', 'CometMagics.effort')") == "low"
    view.run("%config CometMagics.effort = 'high'")
    assert [m["settings"]["effort"] for m in view.heard if m["type"] == "settings"][-1] == "high"
    view.say(type="choose", name="context", value="everything")
    assert "Context can't be 'everything'" in [m["text"] for m in view.heard if m["type"] == "notice"][-1]


def test_the_estimate_counts_conversation_and_context(view, gateway):
    view.run("numbers = list(range(1000))")
    said = {"type": "estimate", "images": 0, "choices": CHOICES}
    (small,) = view.say(request=1, text="Why?", **said)
    (large,) = view.say(request=2, text="Why? " * 2000, **said)
    (context,) = view.say(request=3, text="Why @numbers?", **{**said, "choices": {**CHOICES, "context": "auto"}})
    assert [m["request"] for m in (small, large, context)] == [1, 2, 3]
    counts = [float(m["text"].split()[1].replace("k", "e3")) for m in (small, large, context)]
    assert counts[1] - counts[0] == pytest.approx(4000, rel=0.2)
    assert counts[2] > counts[0]
    assert "at most $0.00" in small["text"]
    assert gateway.requests == []


def test_chips_are_the_variables_frames_first(view):
    view.run("import pandas as pd\nanswer = 42\ndf = pd.DataFrame({'a': [1, 2], 'b': [3, 4]})")
    chips = [m["chips"] for m in view.heard if m["type"] == "chips"][-1]
    assert [chip["name"] for chip in chips][:1] == ["df"]
    assert {"name": "df", "about": "DataFrame 2×2"} in chips
    assert {"name": "answer", "about": "int"} in chips
    assert "pd" not in [chip["name"] for chip in chips]


def test_a_new_conversation(view, gateway):
    gateway.follow(default=reply("old news"))
    view.ask("first")
    assert {"type": "cleared"} in view.say(type="new")
    view.ask("second")
    assert "old news" not in sent(gateway)


def test_the_static_text_holds_the_conversation(view, gateway):
    assert "%gpt in a cell asks just as well" in view.static["text/plain"]
    gateway.follow(default=reply(ANSWER))
    number = view.ask("How <b>many</b> species?")
    view.until(lambda: "three" in view.static["text/html"])
    assert f'<section data-turn="{number}">' in view.static["text/html"]
    assert "How &lt;b&gt;many&lt;/b&gt; species?" in view.static["text/html"]
    assert "> How <b>many</b> species?\n\nThere are **three** species." in view.static["text/plain"]
    assert view.static["application/vnd.jupyter.widget-view+json"]["model_id"] == view.comm


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"type": "dance"},
        {"type": ["ask"]},
        {"type": "ask", "request": 1},
        {"type": "ask", "request": 1, "text": "x", "images": ["http://evil"], "choices": CHOICES, "replaces": None},
        {"type": "ask", "request": 1, "text": "x", "images": [], "choices": {"model": "m"}, "replaces": None},
        {"type": "ask", "request": True, "text": "x", "images": [], "choices": CHOICES, "replaces": None},
        {"type": "choose", "name": "hide", "value": "x"},
        {"type": "choose", "name": "effort", "value": "extreme"},
        {"type": "leave", "turn": "1", "out": True},
        {"type": "open", "turn": None, "view": "v"},
    ],
)
def test_what_makes_no_sense_is_ignored(view, gateway, content):
    assert view.say(**content) == []
    assert gateway.requests == []


def test_a_turn_that_is_no_longer_there_is_said(view):
    for said in ({"type": "leave", "out": True}, {"type": "open", "view": "v"}):
        assert "a conversation that is over" in view.say(turn=999, **said)[-1]["text"]


def test_input_is_cached_over_twenty_questions_of_panel_and_cells(view, gateway):
    cache = PrefixCache()
    gateway.follow(default=reply("The median differs between the groups because two hold outliers. " * 12, usage=cache))
    view.run("numbers = list(range(1000))\n" + "".join(f"name_{n} = {n!r} * 20\n" for n in range(60)))
    for n in range(20):
        view.run(f"value_{n} = {n}")
        if n % 3:
            view.ask(f"Why is value_{n} what it is?", choices={"context": "auto"})
        else:
            view.run(f"%%gpt\nWhy is value_{n} what it is?")
    later = cache.usages[1:]
    assert len(later) == 19
    assert sum(usage.cached_tokens for usage in later) / sum(usage.input_tokens for usage in later) >= 0.85


def test_asking_while_answers_come_in_any_order(view, gateway):
    slow, fast = reply("slow").delayed(0.5), reply("fast")
    gateway.follow(default=lambda request: (slow if "first" in request.prompt else fast)(request))
    first = view.ask("first", wait=False)
    second = view.ask("second")
    view.until(lambda: view.turn(first)["state"] == "complete")
    assert (view.body(first)["text"], view.body(second)["text"]) == ("slow", "fast")
    assert view.kernel.value("_gpt.text") == "fast"
