"""The Chat Completions endpoint's stream: what each chunk of it means.

Source: OpenAI's reference as typed in `openai.types.chat`. Only the first choice is read: one answer is asked for. The
terminal event waits for `[DONE]` or the end of the bytes, because the usage may come after `finish_reason`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.events import (
    Broken,
    Completed,
    Failed,
    Incomplete,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    ToolCalled,
)
from ..core.messages import ToolCall, ToolKind
from .decoder import EventDecoder
from .flow import Flow, Place
from .shapes import as_json, index, mapping, sequence, text, usage

__all__ = ["CompletionsDecoder"]

_Event = Mapping[str, Any]
_HERE: Place = (0, 0)
# What providers behind gateways say for `length` and `content_filter`, in small letters.
_LENGTH = ("length", "max_tokens", "max_output_tokens")
_FILTER = ("content_filter", "safety", "sensitive")
_FAULTS = ("error", "network_error")
_KINDS: dict[str, ToolKind] = {"apply_patch": "apply_patch", "shell": "shell"}


class CompletionsDecoder(EventDecoder):
    """Payloads of a Chat Completions stream in, events out; also one whole completion object."""

    def __init__(self, model: str = "") -> None:
        super().__init__(model)
        self._text, self._refusal, self._reasoning = Flow(), Flow(), Flow()
        self._calls = _Calls()
        self._finish = ""

    def _take(self, event: _Event) -> None:
        if event.get("error") or event.get("type") == "error":
            self._fail(event)
            return
        if not self._model:
            self._know(text(event.get("id")), text(event.get("model")))
        if (given := event.get("usage")) and (counted := usage(given)):
            self._usage = counted
        for choice in sequence(event.get("choices")):
            if isinstance(choice, dict) and choice.get("index") in (0, None):
                self._choice(choice)
                break

    def _take_whole(self, answer: _Event) -> None:
        self._take(answer)
        if not self.done and (self._finish or self._text or self._refusal or self._calls):
            self._finish = self._finish or "stop"  # a whole object needs no other sign that it is whole
            self._at_done_mark()

    def _choice(self, choice: _Event) -> None:
        delta = choice.get("delta")
        if isinstance(delta, dict):
            self._delta(delta)
        if message := mapping(choice.get("message")):
            self._message(message)
        if finish := text(choice.get("finish_reason")):
            self._finish = finish.lower()
            self.ending = True

    def _delta(self, delta: _Event) -> None:
        thought = delta.get("reasoning_content") or delta.get("reasoning")
        if isinstance(thought, str) and (new := self._reasoning.delta(_HERE, thought)):
            self._emit(ReasoningDelta(new))
        content = delta.get("content")
        if content and (new := self._text.delta(_HERE, content if isinstance(content, str) else _joined(content))):
            self._emit(TextDelta(new))
        refusal = delta.get("refusal")
        if isinstance(refusal, str) and (new := self._refusal.delta(_HERE, refusal)):
            self._emit(RefusalDelta(new))
        for call in sequence(delta.get("tool_calls")):
            self._calls.take(mapping(call))

    def _message(self, message: _Event) -> None:
        """The whole message: instead of deltas, or once more after them."""
        thought = text(message.get("reasoning_content")) or text(message.get("reasoning"))
        if new := self._reasoning.done(_HERE, thought):
            self._emit(ReasoningDelta(new))
        if new := self._text.done(_HERE, _joined(message.get("content"))):
            self._emit(TextDelta(new))
        if new := self._refusal.done(_HERE, text(message.get("refusal"))):
            self._emit(RefusalDelta(new))
        if not self._calls:
            for number, call in enumerate(sequence(message.get("tool_calls"))):
                self._calls.take({"index": number, **mapping(call)})

    def _at_done_mark(self) -> None:
        if not self._finish:
            # Gateways write [DONE] also where the way to the model was cut.
            self._end(Broken("the gateway ended the stream before the answer was whole", self._usage))
        elif self._finish in _LENGTH:
            self._end(Incomplete("max_output_tokens", self._usage))
        elif self._finish in _FILTER:
            self._end(Incomplete("content_filter", self._usage))
        elif self._finish in _FAULTS:
            self._end(Failed("the model stopped because of an error", self._finish, self._usage))
        else:
            for call in self._calls.joined():
                self._emit(ToolCalled(call))
            self._end(Completed(self._usage))

    def _at_end(self) -> None:
        if self._finish:
            self._at_done_mark()
        else:
            super()._at_end()


class _Calls:
    """Tool calls that come in pieces; an index, or else an id, says to which one a piece belongs."""

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._at: dict[int, _Call] = {}

    def __bool__(self) -> bool:
        return bool(self._calls)

    def take(self, piece: _Event) -> None:
        """One entry of `delta.tool_calls`."""
        function = mapping(piece.get("function"))
        call_id, name, place = text(piece.get("id")), text(function.get("name")), index(piece.get("index"))
        call = self._at.get(place) if place is not None else self._latest(call_id)
        # One index for several calls is a quirk of some gateways: a new id with a name begins a new call.
        if call is None or (call_id and name and call.id and call.id != call_id):
            call = _Call()
            self._calls.append(call)
        if place is not None:
            self._at[place] = call
        call.id = call.id or call_id
        if name != call.name:  # some repeat it in each piece
            call.name += name
        arguments = function.get("arguments")
        if arguments:
            call.pieces.append(arguments if isinstance(arguments, str) else as_json(arguments))

    def joined(self) -> list[ToolCall]:
        """All calls, with their arguments as far as they came."""
        return [
            ToolCall(
                call.id or f"call_{number}",
                call.name,
                as_json("".join(call.pieces)) or "{}",
                _KINDS.get(call.name, "function"),
            )
            for number, call in enumerate(self._calls, 1)
        ]

    def _latest(self, call_id: str) -> _Call | None:
        if not self._calls or (call_id and self._calls[-1].id not in ("", call_id)):
            return None
        return self._calls[-1]


class _Call:
    __slots__ = ("id", "name", "pieces")

    def __init__(self) -> None:
        self.id = ""
        self.name = ""
        self.pieces: list[str] = []


def _joined(content: object) -> str:
    """`content` as text: a string, or the text parts of a list."""
    parts = (mapping(part) for part in sequence(content))
    return text(content) or "".join(text(part.get("text")) for part in parts if part.get("type") in ("text", None))
