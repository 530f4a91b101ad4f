"""What the gateway answers: an answer of a model, recorded bytes, a failure, and how the network mistreats each.

A reply is a function of the request, so that one reply serves both endpoints. `Reply`'s methods return changed
copies: `reply("Hello there").delayed(0.2).cut(after=4)`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from ..core.messages import ToolCall
from ..core.usage import Usage
from .received import Received
from .streams import Ending, Speech, events

__all__ = [
    "CUT",
    "STALL",
    "Pause",
    "Reply",
    "Response",
    "Script",
    "Step",
    "closed",
    "estimated_usage",
    "page",
    "replay",
    "reply",
    "status",
]


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing is sent for `seconds`."""

    seconds: float


STALL = Pause(float("inf"))  # until the client goes away or the gateway is closed
CUT = None  # the connection is closed here, in the middle of the body
Step: TypeAlias = bytes | Pause | None


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response, as steps. `before` are seconds until the status line; `closed`: not even that comes.

    A `streamed` body is sent in chunks, one for all bytes up to the next pause; another has a Content-Length.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    streamed: bool = True
    before: float = 0.0
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """Makes the response to a request; its methods give mistreated copies of it."""

    respond: Callable[[Received], Response]

    def __call__(self, request: Received) -> Response:
        """The response to `request`."""
        return self.respond(request)

    def delayed(self, first: float = 0.0, *, between: float = 0.0) -> Reply:
        """`first` seconds pass before the status line, `between` seconds before each event."""

        def change(response: Response) -> Response:
            paused = tuple(part for step in response.steps for part in (Pause(between), step))
            return replace(response, before=first, steps=paused if between else response.steps)

        return self._changed(change)

    def stalled(self, *, after: int) -> Reply:
        """After that many events nothing more comes, until the client goes away or the gateway is closed."""
        return self._changed(lambda response: replace(response, steps=_until(response.steps, after, STALL)))

    def cut(self, *, after: int) -> Reply:
        """After that many events, and half of the next one, the connection is closed."""
        return self._changed(lambda response: replace(response, steps=_until(response.steps, after, CUT)))

    def gzipped(self) -> Reply:
        """The body is compressed, each event on its own."""

        def change(response: Response) -> Response:
            packer = zlib.compressobj(wbits=31)
            steps: list[Step] = []
            for step in response.steps:
                packed = packer.compress(step) + packer.flush(zlib.Z_SYNC_FLUSH) if isinstance(step, bytes) else step
                steps.append(packed)
            steps.append(packer.flush())
            headers = {**response.headers, "Content-Encoding": "gzip"}
            return replace(response, headers=headers, steps=tuple(steps))

        return self._changed(change)

    def _changed(self, change: Callable[[Response], Response]) -> Reply:
        return Reply(lambda request: change(self.respond(request)))


Script: TypeAlias = Callable[[Received], "Reply | Response"]


def _until(steps: tuple[Step, ...], after: int, last: Step) -> tuple[Step, ...]:
    """The first `after` events; before a cut also half of the next one, as a cut comes at any byte."""
    kept: list[Step] = []
    for step in steps:
        if isinstance(step, bytes):
            if after == 0:
                if last is CUT:
                    kept.append(step[: len(step) // 2])
                break
            after -= 1
        kept.append(step)
    return (*kept, last)


def estimated_usage(request: Received) -> Usage:
    """A usage for answers whose tokens do not matter: four characters of the request are one token."""
    return Usage(len(json.dumps(request.body)) // 4 + 1, 16, cached_tokens=0, reasoning_tokens=0)


def reply(
    text: str | Sequence[str] = "",
    *,
    summary: str | Sequence[str] = (),
    reasoning: str = "",
    refusal: str = "",
    tool_calls: Sequence[ToolCall] = (),
    usage: Usage | Callable[[Received], Usage | None] | None = estimated_usage,
    model: str = "",
    ending: Ending = "completed",
) -> Reply:
    """An answer, streamed over whichever endpoint is asked, one event for each word of `text`, or each of its pieces.

    `summary` is a paragraph of the reasoning summary, or several. `usage` may be a function of the request; None:
    not reported. `model` is the name that the server gives itself; empty: the one that was asked. On Responses a
    reasoning item comes with every answer to a request that asks for its encrypted content.
    """

    def respond(request: Received) -> Response:
        include = request.body.get("include") or ()
        speech = Speech(
            text=text,
            summary=(summary,) if isinstance(summary, str) else tuple(summary),
            reasoning=reasoning,
            refusal=refusal,
            tool_calls=tuple(tool_calls),
            usage=usage(request) if callable(usage) else usage,
            model=model or request.model,
            ending=ending,
            encrypted="reasoning.encrypted_content" in include,
        )
        return _streamed(events(request.endpoint or "responses", speech))

    return Reply(respond)


def replay(body: bytes | Mapping[str, bytes], *, content_type: str = "text/event-stream; charset=utf-8") -> Reply:
    """Bytes as they are, sent at once; for both endpoints, or one body for each of `responses` and `chat`."""

    def respond(request: Received) -> Response:
        given = body if isinstance(body, bytes) else body[request.endpoint or "responses"]
        return Response(headers={"Content-Type": content_type}, steps=(given,))

    return Reply(respond)


def status(code: int, body: Mapping[str, Any] | str = "", headers: Mapping[str, str] | None = None) -> Reply:
    """A failure. `body` is a JSON object, or text that becomes the message of an error like the gateway's."""
    error = {"message": body or f"status {code}", "type": "new_api_error", "code": "", "param": ""}
    given = {"error": error} if isinstance(body, str) else body
    return _whole(code, json.dumps(given).encode(), {"Content-Type": "application/json", **(headers or {})})


def page(code: int = 502, title: str = "Bad gateway") -> Reply:
    """A web page in place of an answer, as a proxy in front of the gateway sends it."""
    html = f"<!DOCTYPE html>\n<html><head><title>{code}: {title}</title></head><body><h1>{title}</h1></body></html>\n"
    return _whole(code, html.encode(), {"Content-Type": "text/html; charset=UTF-8"})


def closed() -> Reply:
    """The connection is closed and nothing was said."""
    return Reply(lambda _: Response(closed=True))


def _streamed(steps: Sequence[bytes]) -> Response:
    return Response(headers={"Content-Type": "text/event-stream; charset=utf-8"}, steps=tuple(steps))


def _whole(code: int, body: bytes, headers: Mapping[str, str]) -> Reply:
    return Reply(lambda _: Response(code, headers, (body,), streamed=False))
