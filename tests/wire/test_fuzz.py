"""No body makes a decoder raise, give something of a wrong type, or end otherwise than once."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comet_magics.core.events import (
    TERMINAL,
    ReasoningDelta,
    ReasoningItem,
    RefusalDelta,
    Started,
    SummaryDelta,
    TextDelta,
    ToolCalled,
)
from comet_magics.core.messages import Reasoning, ToolCall
from comet_magics.core.usage import Usage
from comet_magics.wire.endpoint import open_decoder

ENDPOINTS = pytest.mark.parametrize("endpoint", ["responses", "chat"])

# Words that mean something to a decoder, so that arbitrary JSON reaches its corners.
TYPES = [
    *(f"response.{name}" for name in ("created", "queued", "completed", "incomplete", "failed", "cancelled", "done")),
    *(f"response.output_item.{name}" for name in ("added", "done")),
    *(
        f"response.{name}.{end}"
        for name in ("output_text", "refusal", "reasoning_summary_text", "reasoning_text", "function_call_arguments")
        for end in ("delta", "done")
    ),
    "response.content_part.done",
    "response.reasoning_summary_part.done",
    "error",
    *("message", "reasoning", "function_call", "apply_patch_call", "shell_call"),
    *("output_text", "refusal", "summary_text", "reasoning_text", "text"),
]
KEYS = """
    type delta text refusal part item response output content summary id call_id item_id name arguments operation
    action output_index content_index summary_index model status error code message usage incomplete_details reason
    input_tokens output_tokens total_tokens prompt_tokens completion_tokens input_tokens_details cached_tokens
    completion_tokens_details reasoning_tokens encrypted_content choices index finish_reason tool_calls function
    reasoning_content reasoning object
""".split()  # noqa: SIM905 - a list of names is longer and no clearer
WORDS = [
    "incomplete",
    "failed",
    "stop",
    "length",
    "tool_calls",
    "error",
    "apply_patch",
    "{}",
    "[DONE]",
    "\ud83d",
    "\udc27",
]
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**30, -1, 0, 1, 2**53 + 1])
    | st.floats()
    | st.sampled_from(TYPES + WORDS)
    | st.text(max_size=5)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)
typed = st.builds(
    lambda kind, rest: {"type": kind, **rest}, st.sampled_from(TYPES), st.dictionaries(st.sampled_from(KEYS), values)
)
chunk = st.builds(
    lambda choices, rest: {**rest, "choices": choices},
    st.lists(st.fixed_dictionaries({"delta": st.dictionaries(st.sampled_from(KEYS), values)}), max_size=2) | values,
    st.dictionaries(st.sampled_from(KEYS), values, max_size=3),
)


def checked(endpoint, *chunks):
    """The events, each of them as its type promises."""
    decoder = open_decoder(endpoint)
    events = []
    for piece in chunks:
        assert not decoder.done or not decoder.feed(piece)
        events += decoder.feed(piece)
    events += decoder.close()
    assert decoder.done
    assert decoder.close() == decoder.feed(b"data: {}\n\n") == []
    assert [isinstance(event, TERMINAL) for event in events] == [False] * (len(events) - 1) + [True]
    assert isinstance(events[0], Started) or len(events) == 1
    models = [event.model for event in events if isinstance(event, Started)]
    assert len(models) <= 1 or (len(models) == 2 and models[0] == "" != models[1])
    for event in events:
        assert_types(event)
    return events


def assert_types(event):
    match event:
        case Started():
            assert_strings(event.response_id, event.model)
        case TextDelta() | SummaryDelta() | ReasoningDelta() | RefusalDelta():
            assert_strings(event.text)
            assert event.text
            assert isinstance(getattr(event, "part", 0), int)
        case ReasoningItem(item=Reasoning() as item):
            assert_strings(item.id, item.encrypted_content, item.model, *item.summary)
        case ToolCalled(call=ToolCall() as call):
            assert_strings(call.call_id, call.name, call.arguments)
            assert call.call_id
            assert call.kind in ("function", "apply_patch", "shell")
        case _:
            assert isinstance(event, TERMINAL)
            words = [getattr(event, field.name) for field in fields(event) if field.name != "usage"]
            assert_strings(*(word for word in words if word is not None))
            assert_usage(event.usage)


def assert_strings(*words):
    for word in words:
        assert type(word) is str
        word.encode()  # no half characters


def assert_usage(usage):
    if usage is not None:
        assert isinstance(usage, Usage)
        for number in (usage.input_tokens, usage.output_tokens):
            assert type(number) is int
            assert 0 <= number <= 2**54
        assert usage.cached_tokens is None or 0 <= usage.cached_tokens <= usage.input_tokens
        assert usage.reasoning_tokens is None or 0 <= usage.reasoning_tokens <= usage.output_tokens


def sse(*events):
    return [b"data: " + json.dumps(event).encode() + b"\n\n" for event in events]


@ENDPOINTS
@given(st.lists(st.binary(), max_size=5))
def test_arbitrary_bytes(endpoint, chunks):
    checked(endpoint, *chunks)


@ENDPOINTS
@given(
    st.lists(
        st.sampled_from(
            [b"data: ", b"{", b"}", b"\n", b"\r", b'"type"', b": ", b"[DONE]", b"\xf0\x9f", b"<html>", b"error"]
        )
    )
)
def test_bytes_that_look_like_a_stream(endpoint, chunks):
    checked(endpoint, *chunks)


@ENDPOINTS
@settings(max_examples=50)
@given(st.lists(typed | chunk | values, max_size=8))
def test_arbitrary_json_as_a_stream(endpoint, events):
    assert checked(endpoint, *sse(*events)) == checked(endpoint, b"".join(sse(*events)))


@ENDPOINTS
@settings(max_examples=50)
@given(values | typed | chunk)
@example({"output": [{"type": "message", "content": [{"type": "output_text", "text": "\ud83d"}]}]})
def test_arbitrary_json_instead_of_a_stream(endpoint, value):
    checked(endpoint, json.dumps(value).encode())


@ENDPOINTS
@pytest.mark.parametrize(
    "payload",
    [
        b"[" * 100_000,
        b'{"error":' * 100_000,
        b'{"choices":[{"delta":' * 5_000,
        b'{"type":"response.output_item.done","item":{"type":"shell_call","action":' + b"[" * 900 + b"]" * 900 + b"}}",
        b'{"choices":[],"usage":{"prompt_tokens":' + b"9" * 10_000 + b',"completion_tokens":1}}',
        b'{"choices":[],"usage":{"prompt_tokens":1e999,"completion_tokens":NaN}}',
        b'{"type":"response.output_text.delta","delta":"\xff\xfe\xed\xa0\x80"}',
        b'{"type":["response.completed"],"error":{"error":{"error":{"error":{"error":"deep"}}}}}',
        b'{"type":"response.completed","type":"error","error":{"message":[1],"code":{"a":1}}}',
    ],
)
def test_hostile_payloads(endpoint, payload):
    checked(endpoint, b"data: " + payload + b"\n\n")
    checked(endpoint, payload)


@ENDPOINTS
def test_a_terminal_event_counts_once(endpoint):
    if endpoint == "responses":
        end = {"type": "response.completed", "response": {"id": "resp_1"}}
    else:
        end = {"id": "c", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    stream = [*sse(end), b"data: [DONE]\n\n"]
    assert checked(endpoint, *stream) == checked(endpoint, *stream, *stream, *sse({"error": "late"}))
