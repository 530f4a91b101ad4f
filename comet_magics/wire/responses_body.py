"""A request as the Responses endpoint wants it (`openai.types.responses.response_create_params`).

Stateless: nothing is stored at the provider, so reasoning goes back and forth encrypted. Promise: a longer
conversation begins with the same items, byte for byte, so that the provider's cache finds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.messages import AssistantText, Item, Reasoning, Text, ToolCall, ToolResult, UserMessage
from ..core.request import ModelRequest
from .models import same_model
from .shapes import mapping, parse, whole_characters

__all__ = ["body"]

_Json = dict[str, Any]


def body(request: ModelRequest) -> _Json:
    """The JSON to post; what the request leaves open is left out."""
    reasoning = {"effort": request.effort, "summary": None if request.summary == "none" else request.summary}
    made: _Json = {
        "model": request.model,
        "instructions": whole_characters(request.instructions) or None,
        "input": _input(request),
        "tools": [dict(tool) for tool in request.tools] or None,
        "parallel_tool_calls": True if request.tools else None,
        "reasoning": _given(reasoning) or None,
        "text": _given({"verbosity": request.verbosity}) or None,
        "include": None if request.effort in (None, "none") else ["reasoning.encrypted_content"],
        "max_output_tokens": request.max_output_tokens,
        "prompt_cache_key": request.cache_key,
        "prompt_cache_retention": request.cache_retention,
        "store": False,
        "stream": True,
    }
    return _given(made)


def _given(fields: _Json) -> _Json:
    return {name: value for name, value in fields.items() if value is not None}


def _input(request: ModelRequest) -> list[_Json]:
    plain = {item.call_id for item in request.items if isinstance(item, ToolCall) and _named(item) is None}
    return [
        _item(item, plain)
        for item in request.items
        if not isinstance(item, Reasoning) or same_model(item.model, request.model)
    ]


def _item(item: Item, plain: set[str]) -> _Json:
    """`plain` are the ids of calls that can only be told as a function's: their results have to be told so too."""
    match item:
        case UserMessage():
            return {"type": "message", "role": "user", "content": _content(item)}
        case AssistantText():
            return {"type": "message", "role": "assistant", "content": item.text}
        case Reasoning():
            return {
                "type": "reasoning",
                "id": item.id,
                "summary": [{"type": "summary_text", "text": paragraph} for paragraph in item.summary],
                "encrypted_content": item.encrypted_content,
            }
        case ToolCall():
            return _named(item) or {
                "type": "function_call",
                "call_id": item.call_id,
                "name": item.name,
                "arguments": item.arguments,
            }
        case _:
            return _result(item, plain=item.call_id in plain)


def _content(message: UserMessage) -> list[_Json]:
    return [
        {"type": "input_text", "text": whole_characters(part.text)}
        if isinstance(part, Text)
        else {"type": "input_image", "image_url": part.data_url, "detail": part.detail}
        for part in message.parts
    ]


def _named(call: ToolCall) -> _Json | None:
    """The call as the item of its named tool; None if it has none, or its arguments are not what that item takes."""
    if call.kind == "function":
        return None
    given = _object(call.arguments)
    if call.kind == "apply_patch":
        if not _is_operation(given):
            return None
        return {"type": "apply_patch_call", "call_id": call.call_id, "operation": dict(given), "status": "completed"}
    commands = given.get("commands")
    if not isinstance(commands, list) or not all(isinstance(command, str) for command in commands):
        return None
    return {"type": "shell_call", "call_id": call.call_id, "action": dict(given), "status": "completed"}


def _is_operation(given: Mapping[str, Any]) -> bool:
    needed = {"create_file": ("path", "diff"), "update_file": ("path", "diff"), "delete_file": ("path",)}
    kind = given.get("type")
    return isinstance(kind, str) and kind in needed and all(isinstance(given.get(key), str) for key in needed[kind])


def _result(result: ToolResult, *, plain: bool) -> _Json:
    call_id, output = result.call_id, whole_characters(result.output)
    if plain or result.kind == "function":
        return {"type": "function_call_output", "call_id": call_id, "output": output}
    given = _object(output)
    if result.kind == "apply_patch":
        status = "completed" if given.get("status") == "completed" else "failed"
        log = given.get("output", output)
        return {"type": "apply_patch_call_output", "call_id": call_id, "status": status, "output": log}
    chunks = given.get("output")
    if not isinstance(chunks, list):  # words instead of an output, where nothing was run
        chunks = [{"stdout": "", "stderr": output, "outcome": {"type": "exit", "exit_code": 1}}]
    limit = given.get("max_output_length")
    return _given({"type": "shell_call_output", "call_id": call_id, "max_output_length": limit, "output": chunks})


def _object(text: str) -> Mapping[str, Any]:
    try:
        return mapping(parse(text.encode("utf-8", "replace")))
    except ValueError:
        return {}
