"""What the decoders of both endpoints have in common: one start, one end, nothing after it.

Promise: `Started` comes before everything that is an answer, and once more if the model is named only at the end; one
terminal event comes, at the latest from `close`, and nothing after it; no input makes a decoder raise.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from ..core.events import Broken, Failed, Started, StreamEvent, TerminalEvent
from ..core.usage import Usage
from .shapes import fault, parse
from .words import clean

__all__ = ["EventDecoder"]

_CUT = "the connection was closed before the end of the answer"


class EventDecoder(ABC):
    """Payloads of one stream in, events out.

    `done` once the terminal event was given; `ending` once the answer is whole and only its usage may still come.
    """

    def __init__(self, model: str = "") -> None:
        self.done = False
        self.ending = False
        self._asked = model
        self._id = ""
        self._model = ""
        self._out: list[StreamEvent] = []
        self._started = False
        self._usage: Usage | None = None

    @property
    def spoke(self) -> bool:
        """Whether any event was given."""
        return self._started or self.done

    def decode(self, payloads: Iterable[bytes]) -> list[StreamEvent]:
        """The events of `payloads`."""
        for payload in payloads:
            if self.done:
                break
            if not self._read(payload):
                self._end(Broken("a piece of the answer came damaged and can't be read", self._usage))
        return self._given()

    def decode_last(self, payloads: Iterable[bytes]) -> list[StreamEvent]:
        """The events of the last `payloads`, which may be cut in their middle: then the end is what is wrong."""
        for payload in payloads:
            self._read(payload)
        return self._given()

    def close(self) -> list[StreamEvent]:
        """The bytes have ended: the events still owed, the terminal one among them."""
        if not self.done:
            self._at_end()
        return self._given()

    def decode_whole(self, answer: Mapping[str, Any]) -> list[StreamEvent]:
        """The answer as one object instead of a stream; no terminal event comes where it is none."""
        self._take_whole(answer)
        return self._given()

    def stop(self, event: TerminalEvent) -> list[StreamEvent]:
        """End with `event`."""
        self._end(event)
        return self._given()

    @abstractmethod
    def _take(self, event: Mapping[str, Any]) -> None:
        """One object of the stream."""

    @abstractmethod
    def _take_whole(self, answer: Mapping[str, Any]) -> None:
        """One object instead of a stream."""

    @abstractmethod
    def _at_done_mark(self) -> None:
        """`data: [DONE]`."""

    def _at_end(self) -> None:
        """The bytes ended before anything said that the answer has."""
        self._end(Broken(_CUT, self._usage))

    def _read(self, payload: bytes) -> bool:
        """Take one payload; False if it is an object that can't be read."""
        if payload[:1] != b"{":
            payload = payload.strip()
            if payload == b"[DONE]":
                self._at_done_mark()
            if payload[:1] != b"{":
                return True  # no object, no event
        try:
            event = parse(payload)
        except ValueError:
            return False
        self._take(event)
        return True

    def _given(self) -> list[StreamEvent]:
        out, self._out = self._out, []
        return out

    def _know(self, response_id: str, model: str) -> None:
        """Note who answers, and say so as soon as the model is known."""
        if not self._started:
            self._id = self._id or response_id
            self._model = self._model or model
            if self._model:
                self._start()
        elif model and not self._model:  # llama.cpp names it in `response.completed` only
            self._model = model
            self._start()

    def _start(self) -> None:
        self._started = True
        self._out.append(Started(self._id, self._model))

    def _emit(self, event: StreamEvent) -> None:
        if not self._started:
            self._start()
        self._out.append(event)

    def _end(self, event: TerminalEvent) -> None:
        if not self._started and self._id:
            self._start()
        self._out.append(event)
        self.done = True

    def _fail(self, error: object) -> None:
        message, code = fault(error)
        words = clean(message) or "the server reported an error without saying which"
        self._end(Failed(words, clean(code) if code else None, self._usage))
