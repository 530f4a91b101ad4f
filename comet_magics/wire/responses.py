"""The Responses endpoint's stream: what each event of it means.

Source: OpenAI's reference as typed in `openai.types.responses`. Every event names itself in `type`; unknown ones are
skipped, because the list grows. No index and no id is relied on: gateways leave them out or make them up anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ..core.events import (
    Completed,
    Failed,
    Incomplete,
    ReasoningDelta,
    ReasoningItem,
    RefusalDelta,
    StreamEvent,
    SummaryDelta,
    TextDelta,
    ToolCalled,
)
from ..core.messages import Reasoning
from .calls import Calls
from .decoder import EventDecoder
from .flow import Flow, Place
from .shapes import index, mapping, sequence, text, usage
from .words import clean

__all__ = ["ResponsesDecoder"]

_Event = Mapping[str, Any]


class _Voice:
    """One kind of text: what its parts are called, where their text is, and the event that a piece becomes."""

    __slots__ = ("event", "flow", "key", "part_type", "place")

    def __init__(self, part_type: str, event: Callable[[str], StreamEvent], key: str = "text") -> None:
        self.part_type = part_type
        self.event = event
        self.key = key
        self.place = "summary_index" if part_type == "summary_text" else "content_index"
        self.flow = Flow()


class ResponsesDecoder(EventDecoder):
    """Payloads of a Responses stream in, events out; also one whole response object."""

    def __init__(self, model: str = "") -> None:
        super().__init__(model)
        summary = _Voice("summary_text", lambda words: SummaryDelta(words, summary.flow.part))
        answer, refusal = _Voice("output_text", TextDelta), _Voice("refusal", RefusalDelta, "refusal")
        reasoning = _Voice("reasoning_text", ReasoningDelta)
        self._voices = {voice.part_type: voice for voice in (summary, reasoning, answer, refusal)}
        self._calls = Calls()
        self._thoughts: set[str] = set()
        self._handlers: dict[str, Callable[[_Event], None]] = {
            "response.output_item.added": self._calls.added,
            "response.output_item.done": self._item_done,
            "response.content_part.done": self._part_done,
            "response.reasoning_summary_part.done": self._part_done,
            "response.function_call_arguments.delta": self._calls.delta,
            "response.function_call_arguments.done": self._calls.done,
            "response.created": self._progress,
            "response.queued": self._progress,
            "response.in_progress": self._progress,
            "response.completed": self._completed,
            "response.incomplete": self._incomplete,
            "response.failed": self._failed,
            "response.cancelled": self._failed,
            "response.done": self._by_status,
            "error": self._fail,
        }
        for name, voice in (
            ("output_text", answer),
            ("refusal", refusal),
            ("reasoning_summary_text", summary),
            ("reasoning_text", reasoning),
        ):
            self._handlers[f"response.{name}.delta"] = partial(self._delta, voice)
            self._handlers[f"response.{name}.done"] = partial(self._done, voice)

    def _take(self, event: _Event) -> None:
        kind = event.get("type")
        if isinstance(kind, str):
            if handler := self._handlers.get(kind):
                handler(event)
        elif event.get("error"):
            self._fail(event)

    def _take_whole(self, answer: _Event) -> None:
        if isinstance(answer.get("output"), list):
            self._by_status({"response": answer})
        else:
            self._take(answer)

    def _at_done_mark(self) -> None:
        """`[DONE]` says nothing here: only a terminal event tells a whole answer from a cut one."""

    # Texts: each as deltas, as a whole, or both.

    def _delta(self, voice: _Voice, event: _Event) -> None:
        piece = event.get("delta")
        if isinstance(piece, str) and (new := voice.flow.delta(_place(event, voice.place), piece)):
            self._emit(voice.event(new))

    def _done(self, voice: _Voice, event: _Event) -> None:
        self._say(voice, voice.flow.done(_place(event, voice.place), text(event.get(voice.key))))

    def _part_done(self, event: _Event) -> None:
        part = mapping(event.get("part"))
        if voice := self._voices.get(text(part.get("type"))):
            self._done(voice, {**event, voice.key: part.get(voice.key)})

    def _say(self, voice: _Voice, new: str) -> None:
        if new:
            self._emit(voice.event(new))

    # Items: a message, a reasoning item, a call.

    def _item_done(self, event: _Event) -> None:
        item = mapping(event.get("item"))
        self._prose(index(event.get("output_index")), item)
        self._keep(event, item)

    def _prose(self, output_index: int | None, item: _Event) -> None:
        """What an item says, as far as it has not been said."""
        for voice in self._voices.values():
            parts = _parts(item, voice)
            if not voice.flow.ends_with("".join(words for _, words in parts)):
                for number, words in parts:
                    self._say(voice, voice.flow.done((output_index, number), words))

    def _keep(self, event: _Event, item: _Event) -> None:
        """What of an item goes into the next request."""
        if call := self._calls.finished(event, item):
            self._emit(ToolCalled(call))
        item_id, sealed = text(item.get("id")), text(item.get("encrypted_content"))
        if item.get("type") == "reasoning" and item_id and sealed and sealed not in self._thoughts:
            self._thoughts.add(sealed)
            summary = tuple(words for _, words in _parts(item, self._voices["summary_text"]))
            self._emit(ReasoningItem(Reasoning(item_id, sealed, summary, self._asked or self._model)))

    # The response as a whole: its beginning and its ends.

    def _progress(self, event: _Event) -> None:
        response = mapping(event.get("response"))
        self._know(text(response.get("id")), text(response.get("model")))

    def _last(self, event: _Event) -> _Event:
        """What every terminal event has: who answered, all the items, the usage."""
        self._progress(event)
        response = mapping(event.get("response"))
        self._usage = usage(response.get("usage"))
        items = [mapping(item) for item in sequence(response.get("output"))]
        fresh = not any(voice.flow for voice in self._voices.values())
        for number, item in enumerate(items):
            if fresh:
                self._prose(number, item)
            self._keep({"output_index": number}, item)
        for voice in self._voices.values():
            self._say(voice, voice.flow.whole("".join(words for item in items for _, words in _parts(item, voice))))
        return response

    def _completed(self, event: _Event) -> None:
        self._last(event)
        for call in self._calls.left():
            self._emit(ToolCalled(call))
        self._end(Completed(self._usage))

    def _incomplete(self, event: _Event) -> None:
        response = self._last(event)
        reason = clean(text(mapping(response.get("incomplete_details")).get("reason")))
        self._end(Incomplete(reason or "unknown", self._usage))

    def _failed(self, event: _Event) -> None:
        response = self._last(event)
        error = response.get("error") or event.get("error")
        if error or response.get("status") != "cancelled":
            self._fail(error)
        else:
            self._end(Failed("the server cancelled the answer", "cancelled", self._usage))

    def _by_status(self, event: _Event) -> None:
        response = mapping(event.get("response"))
        status = response.get("status")
        if response.get("error") or status in ("failed", "cancelled"):
            self._failed(event)
        elif status == "incomplete":
            self._incomplete(event)
        else:
            self._completed(event)


def _place(event: _Event, name: str) -> Place:
    return index(event.get("output_index")), index(event.get(name))


def _parts(item: _Event, voice: _Voice) -> list[tuple[int, str]]:
    """The parts of an item that `voice` speaks, with their numbers."""
    parts = sequence(item.get("summary" if voice.part_type == "summary_text" else "content"))
    return [
        (number, text(part.get(voice.key)))
        for number, part in enumerate(mapping(part) for part in parts)
        if part.get("type") == voice.part_type
    ]
