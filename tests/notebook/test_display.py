from __future__ import annotations

import io
import random
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comet_magics.core.answer import Answer
from comet_magics.core.events import ReasoningDelta, RefusalDelta, Started, SummaryDelta, TextDelta, Waiting, Working
from comet_magics.core.usage import Usage
from comet_magics.notebook.display import open_sink, plain_text

TEXT = (
    "# Penguins\n\nThree **species**, see [1].\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\ndf.head()\n```\n\n"
    "- one\n- two\n\n[1]: https://example.org\n"
)


class FrontEnd:
    """A display publisher that keeps what a notebook document would hold of a cell's outputs."""

    def __init__(self):
        self.outputs = []
        self.messages = 0
        self._clear_next = False

    def publish(self, data, metadata=None, *, transient=None, update=False):
        self.messages += 1
        display_id = (transient or {}).get("display_id")
        if update:
            for output in self.outputs:
                if output["id"] == display_id:
                    output.update(data=data, metadata=metadata)
            return
        if self._clear_next:
            self.outputs.clear()
            self._clear_next = False
        self.outputs.append({"id": display_id, "data": data, "metadata": metadata})

    def clear_output(self, wait=False):
        self._clear_next = wait
        if not wait:
            self.outputs.clear()

    def text(self):
        return "".join(output["data"]["text/plain"] for output in self.outputs)

    def html(self):
        return "".join(output["data"]["text/html"] for output in self.outputs)


class Broken(FrontEnd):
    """Refuses the first publications."""

    def __init__(self, times):
        super().__init__()
        self.left = times

    def publish(self, data, metadata=None, *, transient=None, update=False):
        self.left -= 1
        if self.left >= 0:
            raise OSError("no front end")
        super().publish(data, metadata, transient=transient, update=update)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def front_end():
    return FrontEnd()


@pytest.fixture
def clock():
    return Clock()


def answer(text=TEXT, **changes):
    fields = {
        "code": "",
        "status": "complete",
        "model": "gpt-5.1",
        "effort": "low",
        "api": "responses",
        "seconds": 2.0,
        "first_token_seconds": 0.3,
        "usage": Usage(10, 20, 0, 5),
    }
    return Answer(text=text, **{**fields, **changes})


def opened(front_end, clock, owns_cell=True, stats=True):
    return open_sink(SimpleNamespace(display_pub=front_end), owns_cell=owns_cell, stats=stats, clock=clock)


def pieces(text, seed):
    chance = random.Random(seed)
    while text:
        size = chance.randint(1, 12)
        yield text[:size]
        text = text[size:]


EVENTS = st.one_of(
    st.sampled_from(["word ", "\n\n", "# ", "```python\n", "\n```\n", "- a\n", "$x$", "<b>"]).map(TextDelta),
    st.text(max_size=10).map(TextDelta),
    st.text(max_size=10).map(RefusalDelta),
    st.builds(SummaryDelta, st.text(max_size=10), st.integers(0, 2)),
    st.text(max_size=10).map(ReasoningDelta),
    st.just(Waiting(2.0, "busy")),
    st.just(Started("r", "gpt-5.1")),
    st.none(),
)


@given(st.booleans(), st.lists(st.tuples(EVENTS, st.sampled_from([0.0, 0.01, 0.3, 5.0])), max_size=60))
@settings(max_examples=150, deadline=None)
def test_whatever_comes_the_finished_document_holds_exactly_one_display(owns_cell, events):
    front_end, clock = FrontEnd(), Clock()
    sink = opened(front_end, clock, owns_cell)
    for event, seconds in events:
        clock.now += seconds
        sink.tick() if event is None else sink.receive(event)
    text = "".join(event.text for event, _ in events if isinstance(event, TextDelta))
    given_answer = answer(text)
    sink.finish(given_answer, ("A notice.",))
    (output,) = front_end.outputs
    assert output["data"]["text/markdown"] == text
    assert set(output["data"]) == {"text/html", "text/markdown", "text/plain"}
    assert output["metadata"] == {"comet_magics": given_answer.metadata()}


@pytest.mark.parametrize("owns_cell", [True, False])
def test_the_live_displays_hold_the_text_so_far(front_end, clock, owns_cell):
    sink = opened(front_end, clock, owns_cell)
    came = ""
    for piece in pieces(TEXT * 20, 1):
        clock.now += 0.05
        came += piece
        sink.receive(TextDelta(piece))
        assert came.startswith(front_end.text())
    clock.now += 5
    sink.tick()
    assert front_end.text() == came
    assert "<h1>Penguins</h1>" in front_end.html()


def test_the_first_text_is_there_at_once(front_end, clock):
    sink = opened(front_end, clock)
    sink.receive(TextDelta("Hel"))
    assert front_end.text() == "Hel"


def test_a_cell_grows_display_by_display_and_only_the_last_one_changes(front_end, clock):
    sink = opened(front_end, clock)
    seen = {}
    for piece in pieces(TEXT * 40, 2):
        clock.now += 0.05
        sink.receive(TextDelta(piece))
        for output in front_end.outputs[:-1]:
            assert seen.setdefault(output["id"], output["data"]) == output["data"]
    assert 5 < len(front_end.outputs) <= 50
    assert sum("<style>" in output["data"]["text/html"] for output in front_end.outputs) == 1


def test_text_faster_than_anyone_reads_comes_in_whole_displays(front_end, clock):
    sink = opened(front_end, clock)
    for piece in pieces(TEXT * 40, 2):
        sink.receive(TextDelta(piece))
    assert len(front_end.outputs) > 5
    # One for each display, and one more for the first words, which don't wait.
    assert front_end.messages == len(front_end.outputs) + 1


def test_a_display_that_is_just_full_is_followed_by_none_until_there_is_more(front_end, clock):
    sink = opened(front_end, clock)
    sink.receive(TextDelta("```\n" + "x = 1\n" * 500 + "```\n"))
    assert len(front_end.outputs) == 2
    assert "x = 1" in front_end.outputs[1]["data"]["text/html"]


def test_without_new_text_nothing_is_painted_again(front_end, clock):
    sink = opened(front_end, clock)
    sink.receive(TextDelta("Some text"))
    for _ in range(20):
        clock.now += 0.25
        sink.tick()
    assert front_end.messages <= 3


def test_even_a_book_stays_below_the_outputs_that_jupyterlab_shows(front_end, clock):
    sink = opened(front_end, clock)
    for words in range(10, 5_000, 20):
        clock.now += 1
        sink.receive(TextDelta("word " * words + "\n\n"))
    assert len(front_end.outputs) <= 50


def test_a_line_among_others_leaves_their_output_alone(front_end, clock):
    front_end.publish({"text/plain": "before"})
    sink = opened(front_end, clock, owns_cell=False)
    sink.receive(TextDelta("Hello"))
    front_end.publish({"text/plain": "meanwhile"})
    sink.finish(answer("Hello"), ())
    assert [output["data"].get("text/markdown") for output in front_end.outputs] == [None, "Hello", None]


def test_an_answer_that_was_never_painted_leaves_other_output_alone(front_end, clock):
    front_end.publish({"text/plain": "a warning"})
    opened(front_end, clock).finish(answer("", status="failed"), ())
    assert len(front_end.outputs) == 2


@pytest.mark.parametrize("owns_cell", [True, False])
def test_while_it_thinks_the_seconds_are_counted(front_end, clock, owns_cell):
    sink = opened(front_end, clock, owns_cell)
    lines = []
    for _ in range(12):
        sink.tick()
        lines.append(front_end.text())
        clock.now += 0.25
    assert lines == ["", "", *["thinking… 0 s"] * 2, *["thinking… 1 s"] * 4, *["thinking… 2 s"] * 4]
    assert front_end.messages == 3


@pytest.mark.parametrize("owns_cell", [True, False])
def test_the_reasoning_is_shown_as_it_comes_and_folded_above_the_text(front_end, clock, owns_cell):
    sink = opened(front_end, clock, owns_cell)
    for word in ["First ", "I look"]:
        clock.now += 1
        sink.receive(SummaryDelta(word))
    assert "<details open><summary>Reasoning</summary><p>First I look</p>" in front_end.html()
    sink.receive(TextDelta("Answer"))
    assert "<details><summary>Reasoning</summary><p>First I look</p>" in front_end.html()
    assert front_end.text() == "Answer"


@pytest.mark.parametrize("owns_cell", [True, False])
@pytest.mark.parametrize("before", ["", "Some text"])
def test_a_retry_is_shown_with_its_reason_and_then_gone(front_end, clock, owns_cell, before):
    sink = opened(front_end, clock, owns_cell)
    sink.receive(TextDelta(before))
    clock.now += 1
    sink.receive(Waiting(4.0, "The server is busy"))
    assert front_end.text() == before + "The server is busy; trying again in 4 s"
    clock.now += 2
    sink.tick()
    assert front_end.text().endswith("trying again in 2 s")
    sink.receive(Started("r", "m"))
    sink.receive(TextDelta("!"))
    clock.now += 2
    sink.tick()
    assert front_end.text() == before + "!"


@pytest.mark.parametrize("owns_cell", [True, False])
def test_a_fault_while_painting_costs_only_the_painting(owns_cell, clock, caplog):
    front_end = Broken(times=1)
    sink = opened(front_end, clock, owns_cell)
    for piece in pieces(TEXT, 3):
        clock.now += 0.1
        sink.receive(TextDelta(piece))
    assert front_end.outputs == []
    sink.finish(answer(), ())
    assert [output["data"]["text/markdown"] for output in front_end.outputs] == [TEXT]
    assert "could not be painted" in caplog.text


def test_text_that_cannot_be_formatted_is_shown_as_it_is(front_end, clock, caplog, monkeypatch):
    monkeypatch.setattr("comet_magics.notebook.display.final_html", lambda *args, **options: 1 / 0)
    opened(front_end, clock).finish(answer("a <b>"), ())
    (output,) = front_end.outputs
    assert output["data"]["text/html"].startswith("<pre>a &lt;b&gt;")
    assert "could not be formatted" in caplog.text


def test_a_slow_front_end_does_not_slow_the_reading(clock):
    class Slow(FrontEnd):
        def publish(self, *args, **options):
            clock.now += 0.5
            super().publish(*args, **options)

    front_end = Slow()
    sink = opened(front_end, clock)
    for piece in pieces(TEXT * 20, 4):
        clock.now += 0.01
        sink.receive(TextDelta(piece))
    # Reading alone took 8 s; painting adds a quarter of it, and the displays that were full by then.
    assert clock.now < 14


def test_a_hiccup_does_not_keep_whole_displays_back(clock):
    class Hiccup(FrontEnd):
        def publish(self, *args, **options):
            clock.now += 0.05
            super().publish(*args, **options)

    front_end = Hiccup()
    sink = opened(front_end, clock)
    for piece in pieces(TEXT * 40, 4):
        sink.receive(TextDelta(piece))
    assert len(front_end.outputs) > 5


def test_plain_text_is_the_answer_then_how_it_ended_then_the_figures():
    assert plain_text(answer("Text.\n", status="stopped"), ("Notice.",)) == (
        "Text.\n\nStopped.\nNotice.\n"
        "gpt-5.1 · effort low · 2.0 s (first text 0.3 s) · 10 tokens in (0 % cached) · 20 out, of which 5 reasoning"
        " · price not known"
    )
    assert plain_text(answer("Text."), stats=False) == "Text."
    assert plain_text(answer(""), stats=False) == ""


class Terminal(io.StringIO):
    def isatty(self):
        return True


def terminal_sink(monkeypatch, stream, clock, stats=True):
    from IPython.core.displaypub import DisplayPublisher

    monkeypatch.setattr("sys.stdout", stream)
    return open_sink(SimpleNamespace(display_pub=DisplayPublisher()), owns_cell=True, stats=stats, clock=clock)


def test_in_ipython_without_a_notebook_the_answer_is_printed(monkeypatch, clock):
    stream = io.StringIO()
    sink = terminal_sink(monkeypatch, stream, clock)
    sink.receive(Started("r", "m"))
    for piece in pieces("# Title\n\nSome *text*.\n", 5):
        clock.now += 0.1
        sink.receive(TextDelta(piece))
    assert stream.getvalue() == "Title\n\n"
    sink.finish(answer("# Title\n\nSome *text*.\nAnd more."), ("Notice.",))
    assert stream.getvalue().startswith("Title\n\nSome text. And more.\n\nNotice.\ngpt-5.1 · effort low · 2.0 s")


def test_a_terminal_counts_the_seconds_and_says_no_figures_if_they_are_not_wanted(monkeypatch, clock):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    sink = terminal_sink(monkeypatch, stream, clock, stats=False)
    clock.now = 2.0
    sink.tick()
    assert stream.getvalue() == "thinking… 2 s"
    sink.receive(TextDelta("Hi"))
    sink.finish(answer("another text"), ())
    assert stream.getvalue() == "thinking… 2 s\r\x1b[JHi\n\n"


def test_a_dumb_terminal_is_no_terminal(monkeypatch, clock):
    monkeypatch.setenv("TERM", "dumb")
    stream = Terminal()
    sink = terminal_sink(monkeypatch, stream, clock)
    sink.tick()
    assert stream.getvalue() == ""


@pytest.mark.parametrize("owns_cell", [True, False])
def test_work_on_the_answer_is_told_below_it_once_it_takes_time(front_end, clock, owns_cell):
    sink = opened(front_end, clock, owns_cell)
    sink.receive(TextDelta("The answer."))
    clock.now += 5
    sink.receive(Working("trying the code"))
    clock.now += 0.2
    sink.tick()
    assert "trying" not in front_end.text()
    clock.now += 1
    sink.tick()
    assert front_end.text() == "The answer.trying the code… 1 s"
    assert '<p class="comet-wait" role="status">' in front_end.html()
    sink.receive(Working("asking for a repair"))
    clock.now += 3.5
    sink.tick()
    assert front_end.text() == "The answer.asking for a repair… 3 s"
