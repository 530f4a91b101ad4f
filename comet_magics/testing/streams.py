"""What a model says, written as each endpoint's stream, event by event as the service sends them.

Source of the order and the fields: OpenAI's reference as typed in `openai.types`. `stream` joins the events, for a
body that is sent at once, or again and again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ..core.messages import ToolCall
from ..core.request import Endpoint
from ..core.usage import Usage

__all__ = ["Ending", "Speech", "events", "stream"]

Ending: TypeAlias = Literal["completed", "max_output_tokens", "content_filter"]
_Json: TypeAlias = dict[str, Any]
_CREATED = 1_760_000_000  # any time will do; a fixed one keeps streams equal


@dataclass(frozen=True, slots=True)
class Speech:
    """All that one answer holds.

    `text` in the pieces in which it is to arrive, or as one string, which is cut at the words; `summary` the
    paragraphs of the reasoning summary (Chat Completions has none), `reasoning` the reasoning itself. `usage` None
    where the server does not report it. `encrypted` adds the reasoning item that goes back with the next request.
    """

    text: str | Sequence[str] = ""
    summary: Sequence[str] = ()
    reasoning: str = ""
    refusal: str = ""
    tool_calls: Sequence[ToolCall] = ()
    usage: Usage | None = None
    model: str = "gpt-5.1"
    ending: Ending = "completed"
    encrypted: bool = False
    number: int = 1


def stream(endpoint: Endpoint, speech: Speech) -> bytes:
    """The whole body of a stream that says `speech`."""
    return b"".join(events(endpoint, speech))


def events(endpoint: Endpoint, speech: Speech) -> list[bytes]:
    """The same, one server-sent event at a time."""
    if endpoint == "chat":
        return [*(b"data: " + _dumps(chunk) + b"\n\n" for chunk in _chat(speech)), b"data: [DONE]\n\n"]
    return [
        b"event: " + event["type"].encode() + b"\ndata: " + _dumps({**event, "sequence_number": number}) + b"\n\n"
        for number, event in enumerate(_responses(speech))
    ]


def _dumps(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _pieces(text: str | Sequence[str]) -> list[str]:
    return re.findall(r"\s*\S+|\s+\Z", text) if isinstance(text, str) else list(text)


# Chat Completions


def _chat(speech: Speech) -> Iterator[_Json]:
    head = {"id": f"chatcmpl-{speech.number}", "object": "chat.completion.chunk", "created": _CREATED}

    def chunk(delta: _Json, finish: str | None = None) -> _Json:
        return {
            **head,
            "model": speech.model,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }

    yield chunk({"role": "assistant", "content": ""})
    for piece in _pieces(speech.reasoning):
        yield chunk({"reasoning_content": piece})
    for piece in _pieces(speech.text):
        yield chunk({"content": piece})
    for piece in _pieces(speech.refusal):
        yield chunk({"refusal": piece})
    for index, call in enumerate(speech.tool_calls):
        function = {"name": call.name, "arguments": ""}
        yield chunk({"tool_calls": [{"index": index, "id": call.call_id, "type": "function", "function": function}]})
        for piece in _pieces(call.arguments):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
    finish = {"max_output_tokens": "length", "content_filter": "content_filter"}.get(speech.ending)
    yield chunk({}, finish or ("tool_calls" if speech.tool_calls else "stop"))
    if (usage := speech.usage) is not None:
        details = {
            "prompt_tokens_details": {"cached_tokens": usage.cached_tokens},
            "completion_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
        }
        counts = {"prompt_tokens": usage.input_tokens, "completion_tokens": usage.output_tokens}
        total = {"total_tokens": usage.input_tokens + usage.output_tokens}
        yield {**head, "model": speech.model, "choices": [], "usage": {**counts, **total, **_known(details)}}


def _known(details: Mapping[str, _Json]) -> _Json:
    """The details that are reported."""
    return {name: value for name, value in details.items() if None not in value.values()}


# Responses


def _responses(speech: Speech) -> Iterator[_Json]:
    response: _Json = {
        "id": f"resp_{speech.number}",
        "object": "response",
        "created_at": _CREATED,
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": speech.model,
        "output": [],
        "parallel_tool_calls": True,
        "temperature": None,
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "usage": None,
    }
    yield {"type": "response.created", "response": response}
    yield {"type": "response.in_progress", "response": response}
    output: list[_Json] = []
    if speech.summary or speech.reasoning or speech.encrypted:
        output.append((yield from _reasoning(speech, len(output))))
    if speech.text or speech.refusal or not speech.tool_calls:
        output.append((yield from _message(speech, len(output))))
    for call in speech.tool_calls:
        output.append((yield from _call(call, len(output), f"{speech.number}_{len(output)}")))
    status = "completed" if speech.ending == "completed" else "incomplete"
    details = None if speech.ending == "completed" else {"reason": speech.ending}
    yield {
        "type": f"response.{status}",
        "response": {
            **response,
            "status": status,
            "incomplete_details": details,
            "output": output,
            "usage": _usage(speech.usage),
        },
    }


def _usage(usage: Usage | None) -> _Json | None:
    if usage is None:
        return None
    details = {
        "input_tokens_details": {"cached_tokens": usage.cached_tokens},
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
    }
    counts = {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens}
    return {**counts, "total_tokens": usage.input_tokens + usage.output_tokens, **_known(details)}


def _reasoning(speech: Speech, output_index: int) -> Generator[_Json, None, _Json]:
    item_id = f"rs_{speech.number}"
    item: _Json = {"id": item_id, "type": "reasoning", "summary": []}
    yield {"type": "response.output_item.added", "output_index": output_index, "item": item}
    done = dict(item)
    if speech.reasoning:
        at = {"item_id": item_id, "output_index": output_index, "content_index": 0}
        for piece in _pieces(speech.reasoning):
            yield {"type": "response.reasoning_text.delta", **at, "delta": piece}
        yield {"type": "response.reasoning_text.done", **at, "text": speech.reasoning}
        done["content"] = [{"type": "reasoning_text", "text": speech.reasoning}]
    for number, paragraph in enumerate(speech.summary):
        at = {"item_id": item_id, "output_index": output_index, "summary_index": number}
        empty = {"type": "summary_text", "text": ""}
        yield {"type": "response.reasoning_summary_part.added", **at, "part": empty}
        for piece in _pieces(paragraph):
            yield {"type": "response.reasoning_summary_text.delta", **at, "delta": piece}
        yield {"type": "response.reasoning_summary_text.done", **at, "text": paragraph}
        part = {"type": "summary_text", "text": paragraph}
        yield {"type": "response.reasoning_summary_part.done", **at, "part": part}
    done["summary"] = [{"type": "summary_text", "text": paragraph} for paragraph in speech.summary]
    if speech.encrypted:
        done["encrypted_content"] = f"encrypted-{speech.number}"
    yield {"type": "response.output_item.done", "output_index": output_index, "item": done}
    return done


def _message(speech: Speech, output_index: int) -> Generator[_Json, None, _Json]:
    item_id = f"msg_{speech.number}"
    item: _Json = {"id": item_id, "type": "message", "role": "assistant", "status": "in_progress", "content": []}
    yield {"type": "response.output_item.added", "output_index": output_index, "item": item}
    pieces = _pieces(speech.refusal or speech.text)
    whole = "".join(pieces)
    kind = "refusal" if speech.refusal else "output_text"
    key = "refusal" if speech.refusal else "text"
    rest: _Json = {} if speech.refusal else {"annotations": []}
    at = {"item_id": item_id, "output_index": output_index, "content_index": 0}
    # An event of output text carries `logprobs`, an event of a refusal does not.
    extra: _Json = {} if speech.refusal else {"logprobs": []}
    yield {"type": "response.content_part.added", **at, "part": {"type": kind, key: "", **rest}}
    for piece in pieces:
        yield {"type": f"response.{kind}.delta", **at, "delta": piece, **extra}
    yield {"type": f"response.{kind}.done", **at, key: whole, **extra}
    part = {"type": kind, key: whole, **rest}
    yield {"type": "response.content_part.done", **at, "part": part}
    done = {**item, "status": "completed" if speech.ending == "completed" else "incomplete", "content": [part]}
    yield {"type": "response.output_item.done", "output_index": output_index, "item": done}
    return done


def _call(call: ToolCall, output_index: int, number: str) -> Generator[_Json, None, _Json]:
    head: _Json = {"call_id": call.call_id, "status": "in_progress"}
    if call.kind == "function":
        item: _Json = {"id": f"fc_{number}", "type": "function_call", **head, "name": call.name, "arguments": ""}
        done = {**item, "arguments": call.arguments}
    elif call.kind == "apply_patch":
        item = {"id": f"apc_{number}", "type": "apply_patch_call", **head, "operation": json.loads(call.arguments)}
        done = dict(item)
    else:
        item = {"id": f"sh_{number}", "type": "shell_call", **head, "action": json.loads(call.arguments)}
        done = dict(item)
    done["status"] = "completed"
    yield {"type": "response.output_item.added", "output_index": output_index, "item": item}
    if call.kind == "function":
        at = {"item_id": item["id"], "output_index": output_index}
        for piece in _pieces(call.arguments):
            yield {"type": "response.function_call_arguments.delta", **at, "delta": piece}
        whole = {"name": call.name, "arguments": call.arguments}
        yield {"type": "response.function_call_arguments.done", **at, **whole}
    yield {"type": "response.output_item.done", "output_index": output_index, "item": done}
    return done
