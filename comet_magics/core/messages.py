"""The conversation as values: what the user said, what the model said, thought and asked for.

Promise: items carry no identity of ours and compare by content. Keys of an item are the API's own words, so that
`wire` can write each of them for either endpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

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


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text in a user's message."""

    text: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a user's message, as a `data:` URL; `detail` is the API's `low`, `high` or `auto`."""

    data_url: str
    detail: Literal["low", "high", "auto"] = "auto"


@dataclass(frozen=True, slots=True)
class UserMessage:
    """What the user sends in one turn."""

    parts: tuple[Text | Image, ...]

    @property
    def text(self) -> str:
        """The text parts, joined."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))


@dataclass(frozen=True, slots=True)
class AssistantText:
    """What the model answered in words; `refusal` where it declined."""

    text: str
    refusal: bool = False


@dataclass(frozen=True, slots=True)
class Reasoning:
    """A reasoning item of Responses, to be sent back unchanged and in place; only `model` can read it."""

    id: str
    encrypted_content: str
    summary: tuple[str, ...]
    model: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model wants run.

    `arguments` is JSON text: a function's arguments, `apply_patch_call.operation` or `shell_call.action`. It is kept
    as text because it may not parse: then the model is told so.
    """

    call_id: str
    name: str
    arguments: str
    kind: ToolKind = "function"


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool call gave: JSON text of the API's output item for `kind`, or plain text for a function."""

    call_id: str
    output: str
    kind: ToolKind = "function"


Item: TypeAlias = UserMessage | AssistantText | Reasoning | ToolCall | ToolResult
