"""A request as Chat Completions wants it (`openai.types.chat.completion_create_params`).

What this endpoint has no word for is left out (reasoning items) or said as a function (`apply_patch`, `shell`).
Promise: a longer conversation begins with the same messages, so that the provider's cache finds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..core.messages import AssistantText, Item, Reasoning, Text, ToolCall, UserMessage
from ..core.request import ModelRequest
from .shapes import whole_characters

__all__ = ["body"]

_Json = dict[str, Any]


def body(request: ModelRequest) -> _Json:
    """The JSON to post; what the request leaves open is left out."""
    made: _Json = {
        "model": request.model,
        "messages": _messages(request),
        "tools": [_tool(tool) for tool in request.tools] or None,
        "parallel_tool_calls": True if request.tools else None,
        "reasoning_effort": request.effort,
        "verbosity": request.verbosity,
        "max_completion_tokens": request.max_output_tokens,
        "prompt_cache_key": request.cache_key,
        "prompt_cache_retention": request.cache_retention,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    return {name: value for name, value in made.items() if value is not None}


def _messages(request: ModelRequest) -> list[_Json]:
    messages: list[_Json] = []
    if request.instructions:
        messages.append({"role": "developer", "content": whole_characters(request.instructions)})
    for item in request.items:
        _add(messages, item)
    return messages


def _add(messages: list[_Json], item: Item) -> None:
    match item:
        case UserMessage():
            messages.append({"role": "user", "content": _content(item)})
        case AssistantText():
            message = _assistant(messages)
            said = message.get("content")
            message["content"] = f"{said}\n\n{item.text}" if said else item.text
        case ToolCall():
            function = {"name": item.name, "arguments": item.arguments}
            call = {"id": item.call_id, "type": "function", "function": function}
            _assistant(messages).setdefault("tool_calls", []).append(call)
        case Reasoning():
            pass
        case _:
            messages.append({"role": "tool", "tool_call_id": item.call_id, "content": whole_characters(item.output)})


def _assistant(messages: list[_Json]) -> _Json:
    """The assistant's message that is being said: text and calls of one step belong together."""
    if not messages or messages[-1]["role"] != "assistant":
        messages.append({"role": "assistant"})
    return messages[-1]


def _content(message: UserMessage) -> str | list[_Json]:
    if all(isinstance(part, Text) for part in message.parts):
        return whole_characters(message.text)  # many models behind gateways take nothing but a string
    return list(_parts(message))


def _parts(message: UserMessage) -> Iterable[_Json]:
    for part in message.parts:
        if isinstance(part, Text):
            yield {"type": "text", "text": whole_characters(part.text)}
        else:
            yield {"type": "image_url", "image_url": {"url": part.data_url, "detail": part.detail}}


def _tool(tool: Mapping[str, Any]) -> _Json:
    """A tool of Responses as a function of Chat Completions."""
    kind = tool.get("type")
    if kind in _NAMED:
        return {"type": "function", "function": _NAMED[kind]}
    if kind != "function" or "function" in tool:
        return dict(tool)
    return {"type": "function", "function": {name: value for name, value in tool.items() if name != "type"}}


# The arguments are `apply_patch_call.operation` and `shell_call.action`, so that a call means the same on both.
_NAMED: dict[str, _Json] = {
    "apply_patch": {
        "name": "apply_patch",
        "description": (
            "Create, update or delete one file. `diff` is a V4A diff: `@@` anchors, then lines that begin with a "
            "space (kept), `-` (removed) or `+` (added), without line numbers; a new file is all `+` lines."
        ),
        "parameters": {
            "type": "object",
            "properties": {
                "type": {"type": "string", "enum": ["create_file", "update_file", "delete_file"]},
                "path": {"type": "string", "description": "Relative to the working folder."},
                "diff": {"type": "string", "description": "Not needed to delete a file."},
            },
            "required": ["type", "path"],
            "additionalProperties": False,
        },
    },
    "shell": {
        "name": "shell",
        "description": "Run shell commands in the working folder and get what they print.",
        "parameters": {
            "type": "object",
            "properties": {
                "commands": {"type": "array", "items": {"type": "string"}},
                "timeout_ms": {"type": "integer", "description": "Milliseconds for all commands."},
                "max_output_length": {"type": "integer", "description": "Characters of output to return."},
            },
            "required": ["commands"],
            "additionalProperties": False,
        },
    },
}
