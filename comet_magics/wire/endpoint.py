"""The wire as the rest sees it: a request becomes a body, the bytes that come back become events.

Promise: any bytes give the same events however they are cut, with exactly one terminal event; nothing raises. A body
that is no stream is understood too: a whole JSON answer, a JSON error, a web page, nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.events import Broken, Failed, StreamEvent
from ..core.request import Endpoint, ModelRequest, WireRequest
from . import completions_body, responses_body
from .completions import CompletionsDecoder
from .decoder import EventDecoder
from .responses import ResponsesDecoder
from .shapes import fault, mapping, parse
from .sse import SseDecoder
from .words import clean, is_page

__all__ = ["Decoder", "encode", "open_decoder"]


def encode(request: ModelRequest, endpoint: Endpoint) -> WireRequest:
    """`request` as `endpoint` wants it; equal requests give equal bytes, and longer conversations equal beginnings."""
    if endpoint == "responses":
        return WireRequest(endpoint, "/responses", responses_body.body(request))
    return WireRequest(endpoint, "/chat/completions", completions_body.body(request))


def open_decoder(endpoint: Endpoint, model: str = "") -> Decoder:
    """A decoder for one answer. `model` is the one that was asked: reasoning items are kept under its name."""
    return Decoder(endpoint, model)


class Decoder:
    """Feed it the body as it comes, and close it at the end of the bytes; it gives the events."""

    def __init__(self, endpoint: Endpoint, model: str = "") -> None:
        self._sse = SseDecoder()
        self._model = model
        self._events: EventDecoder = ResponsesDecoder(model) if endpoint == "responses" else CompletionsDecoder(model)

    @property
    def done(self) -> bool:
        """Whether the terminal event was given; nothing comes after it."""
        return self._events.done

    @property
    def ending(self) -> bool:
        """Whether the answer is whole and only its usage may still come: not worth a long wait."""
        return self._events.ending

    def feed(self, chunk: bytes) -> list[StreamEvent]:
        """The events that `chunk` completes."""
        return self._events.decode(self._sse.feed(chunk))

    def close(self) -> list[StreamEvent]:
        """The bytes have ended: the events still owed, the terminal one among them."""
        if self._events.done:
            return []
        events = self._events.decode_last(self._sse.close())
        stray = self._sse.rest()
        if stray and not (self.done or self.ending):
            events += self._no_stream(stray)
        elif not self._events.spoke:
            events += self._events.stop(Broken("the server closed the connection without an answer"))
        return events + self._events.close()

    def _no_stream(self, body: bytes) -> list[StreamEvent]:
        """What lines mean that are no event stream; nothing if that can't be said, or a stream was just cut."""
        heard = self._events.spoke
        if is_page(body) and not heard:
            return self._events.stop(
                Failed("the address answered with a web page instead of an answer: is the base URL right?")
            )
        try:
            answer = parse(body)
        except ValueError:
            if heard or body.lstrip()[:1] in (b"{", b"["):
                return []  # cut in the middle
            words = clean(body[:1000].decode("utf-8", "replace"))
            return self._events.stop(Broken(f"the server sent something that is no answer: {words}"))
        if isinstance(answer, list) and answer:
            answer = answer[0]
        events = self._whole(mapping(answer), other=not heard)
        if not (self.done or heard):
            events += self._events.stop(Broken("the server sent something that is no answer"))
        return events

    def _whole(self, answer: Mapping[str, Any], *, other: bool) -> list[StreamEvent]:
        """An answer or an error as one object; if `other`, also the other endpoint's, where `stream` is ignored."""
        if other and "choices" in answer:
            self._events = CompletionsDecoder(self._model)
        elif other and "output" in answer:
            self._events = ResponsesDecoder(self._model)
        events = self._events.decode_whole(answer)
        message, code = fault(answer)
        if message and not self.done:
            events += self._events.stop(Failed(clean(message), clean(code) if code else None))
        return events
