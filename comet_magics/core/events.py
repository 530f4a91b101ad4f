"""What happens while an answer comes, the same for both endpoints.

A stream is any number of the first nine, then exactly one terminal event. A decoder never raises: what a server got
wrong becomes `Failed` or `Broken`, so that the text before it is kept.
"""

from __future__ import annotations

from typing import TypeAlias

from .messages import Reasoning, ToolCall
from .record import record
from .usage import Usage

__all__ = [
    "TERMINAL",
    "Accepted",
    "Broken",
    "Completed",
    "Failed",
    "Incomplete",
    "ReasoningDelta",
    "ReasoningItem",
    "RefusalDelta",
    "Started",
    "StreamEvent",
    "SummaryDelta",
    "TerminalEvent",
    "TextDelta",
    "ToolCalled",
    "Waiting",
    "Working",
]


@record
class Started:
    """The server took the request; `model` may be empty, and a second `Started` then tells it as soon as it is known.

    Source: `response.created`, a stream's first chunk; `response.completed` of servers that name the model only there.
    """

    response_id: str
    model: str


@record
class TextDelta:
    """More of the answer. Source: `response.output_text.delta`, `delta.content`."""

    text: str


@record
class SummaryDelta:
    """More of the reasoning summary; `part` counts its paragraphs from 0.

    Source: `response.reasoning_summary_text.delta`.
    """

    text: str
    part: int = 0


@record
class ReasoningDelta:
    """More of the reasoning itself, from models that show it.

    Source: `response.reasoning_text.delta`, `delta.reasoning_content`, `delta.reasoning`.
    """

    text: str


@record
class ReasoningItem:
    """A finished reasoning item, to be kept for the next request. Source: `response.output_item.done`."""

    item: Reasoning


@record
class RefusalDelta:
    """More of a refusal. Source: `response.refusal.delta`, `delta.refusal`."""

    text: str


@record
class ToolCalled:
    """A tool call with all of its arguments. Source: `response.output_item.done`, `delta.tool_calls` joined."""

    call: ToolCall


@record
class Waiting:
    """Nothing is lost: the same request is sent again after `seconds`, because of `reason`. Source: the transport."""

    seconds: float
    reason: str


@record
class Working:
    """The text is there and something takes its time: `words` say what, as in "trying the code". Source: ourselves."""

    words: str


@record
class Accepted:
    """The gateway took the request and will answer; `request_id` is what its support asks for, if it gave one.

    Source: the transport; the response's `x-request-id` or `x-oneapi-request-id` header.
    """

    request_id: str | None


@record
class Completed:
    """The answer is whole. Source: `response.completed`; `finish_reason` stop or tool_calls, then the end."""

    usage: Usage | None = None


@record
class Incomplete:
    """The server ended the answer early, in order.

    `reason` is `max_output_tokens`, `content_filter`, or the server's own word for it.

    Source: `response.incomplete`; `finish_reason` length or content_filter.
    """

    reason: str
    usage: Usage | None = None


@record
class Failed:
    """The server gave up. Source: `response.failed`, `error`, an `error` object in a chunk or in place of a stream."""

    message: str
    code: str | None = None
    usage: Usage | None = None


@record
class Broken:
    """The bytes ended, or can't be read, before any terminal event; `reason` is words for the user."""

    reason: str
    usage: Usage | None = None


TerminalEvent: TypeAlias = Completed | Incomplete | Failed | Broken
StreamEvent: TypeAlias = (
    Started
    | TextDelta
    | SummaryDelta
    | ReasoningDelta
    | ReasoningItem
    | RefusalDelta
    | ToolCalled
    | Waiting
    | Working
    | Accepted
    | TerminalEvent
)
TERMINAL = (Completed, Incomplete, Failed, Broken)
