"""The conversation as values: what the user said, what the model said, thought and asked for.

Promise: items carry no identity of ours and compare by content. Keys of an item are the API's own words, so that
`wire` can write each of them for either endpoint.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from .record import record

__all__ = [
    "AssistantText",
    "Image",
    "Item",
    "Reasoning",
    "Text",
    "ToolCall",
    "ToolKind",
    "ToolResult",
    "UserMessage",
]

ToolKind: TypeAlias = Literal["function", "apply_patch", "shell"]


@record
class Text:
    """A piece of text in a user's message."""

    text: str


@record
class Image:
    """A picture in a user's message, as a `data:` URL; `detail` is the API's `low`, `high` or `auto`."""

    data_url: str
    detail: Literal["low", "high", "auto"] = "auto"


@record
class UserMessage:
    """What the user sends in one turn."""

    parts: tuple[Text | Image, ...]

    @property
    def text(self) -> str:
        """The text parts, joined."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))


@record
class AssistantText:
    """What the model answered in words; `refusal` where it declined."""

    text: str
    refusal: bool = False


@record
class Reasoning:
    """A reasoning item of Responses, to be sent back unchanged and in place; only `model` can read it."""

    id: str
    encrypted_content: str
    summary: tuple[str, ...]
    model: str


@record
class ToolCall:
    """A tool that the model wants run.

    `arguments` is JSON text: a function's arguments, `apply_patch_call.operation` or `shell_call.action`. It is kept
    as text because it may not parse: then the model is told so.
    """

    call_id: str
    name: str
    arguments: str
    kind: ToolKind = "function"


@record
class ToolResult:
    """What a tool call gave: JSON text of the API's output item for `kind`, or plain text for a function."""

    call_id: str
    output: str
    kind: ToolKind = "function"


Item: TypeAlias = UserMessage | AssistantText | Reasoning | ToolCall | ToolResult
