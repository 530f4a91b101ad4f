"""Requests as the endpoints want them, checked against the types of the official client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat.completion_create_params import CompletionCreateParamsStreaming
from openai.types.responses.response_create_params import ResponseCreateParamsStreaming
from pydantic import TypeAdapter

from comet_magics.core.messages import AssistantText, Image, Reasoning, Text, ToolCall, ToolResult, UserMessage
from comet_magics.core.request import ModelRequest
from comet_magics.wire.endpoint import encode

OFFICIAL = {
    "responses": TypeAdapter(ResponseCreateParamsStreaming),
    "chat": TypeAdapter(CompletionCreateParamsStreaming),
}
ENDPOINTS = pytest.mark.parametrize("endpoint", ["responses", "chat"])

SUM = {
    "type": "function",
    "name": "total",
    "description": "Adds.",
    "parameters": {"type": "object", "properties": {"n": {"type": "array"}}, "required": ["n"]},
    "strict": False,
}
PATCH = {"type": "update_file", "path": "a.py", "diff": "@@\n-a\n+b\n"}
ACTION = {"commands": ["ls"], "timeout_ms": 1000, "max_output_length": 100}
RAN = {
    "max_output_length": 100,
    "output": [{"stdout": "a.py\n", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}],
}
FULL = ModelRequest(
    model="gpt-5.1",
    instructions="Answer in markdown.",
    items=(
        UserMessage((Text("What is on it?"), Image("data:image/png;base64,AA==", "low"))),
        Reasoning("rs_1", "sealed", ("I look.",), "gpt-5.1"),
        AssistantText("I'll look."),
        ToolCall("call_a", "total", '{"n": [1, 2]}'),
        ToolCall("call_p", "apply_patch", json.dumps(PATCH), "apply_patch"),
        ToolCall("call_s", "shell", json.dumps(ACTION), "shell"),
        ToolResult("call_a", "3"),
        ToolResult("call_p", '{"status": "completed", "output": "done"}', "apply_patch"),
        ToolResult("call_s", json.dumps(RAN), "shell"),
        AssistantText("It says 3."),
        UserMessage((Text("And "), Text("now?"))),
    ),
    effort="high",
    verbosity="low",
    summary="auto",
    tools=(SUM, {"type": "apply_patch"}, {"type": "shell"}),
    max_output_tokens=2000,
    cache_key="notebook-1",
    cache_retention="24h",
)


def official(endpoint, body):
    """`body` as the official types read it: what they do not know is missing, what they refuse raises."""
    return whole(OFFICIAL[endpoint].validate_python(body))


def whole(value):
    if isinstance(value, dict):
        return {key: whole(inner) for key, inner in value.items()}
    if isinstance(value, list | Iterator):
        return [whole(inner) for inner in value]
    return value


def body(endpoint, **changes):
    request = replace(ModelRequest("gpt-5.1", "", (UserMessage((Text("Hi"),)),)), **changes)
    made = encode(request, endpoint).body
    assert official(endpoint, made) == made
    return made


@ENDPOINTS
def test_a_full_request_is_what_the_official_types_allow(endpoint):
    made = encode(FULL, endpoint)
    assert official(endpoint, made.body) == made.body
    assert json.loads(json.dumps(made.body)) == made.body


def test_responses_whole():
    made = encode(FULL, "responses")
    assert made.path == "/responses"
    assert made.body == {
        "model": "gpt-5.1",
        "instructions": "Answer in markdown.",
        "input": [
            {
                "type": "message",
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "What is on it?"},
                    {"type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "low"},
                ],
            },
            {
                "type": "reasoning",
                "id": "rs_1",
                "summary": [{"type": "summary_text", "text": "I look."}],
                "encrypted_content": "sealed",
            },
            {"type": "message", "role": "assistant", "content": "I'll look."},
            {"type": "function_call", "call_id": "call_a", "name": "total", "arguments": '{"n": [1, 2]}'},
            {"type": "apply_patch_call", "call_id": "call_p", "operation": PATCH, "status": "completed"},
            {"type": "shell_call", "call_id": "call_s", "action": ACTION, "status": "completed"},
            {"type": "function_call_output", "call_id": "call_a", "output": "3"},
            {"type": "apply_patch_call_output", "call_id": "call_p", "status": "completed", "output": "done"},
            {"type": "shell_call_output", "call_id": "call_s", **RAN},
            {"type": "message", "role": "assistant", "content": "It says 3."},
            {
                "type": "message",
                "role": "user",
                "content": [{"type": "input_text", "text": "And "}, {"type": "input_text", "text": "now?"}],
            },
        ],
        "tools": [SUM, {"type": "apply_patch"}, {"type": "shell"}],
        "parallel_tool_calls": True,
        "reasoning": {"effort": "high", "summary": "auto"},
        "text": {"verbosity": "low"},
        "include": ["reasoning.encrypted_content"],
        "max_output_tokens": 2000,
        "prompt_cache_key": "notebook-1",
        "prompt_cache_retention": "24h",
        "store": False,
        "stream": True,
    }


def test_chat_whole():
    made = encode(FULL, "chat")
    assert made.path == "/chat/completions"
    rest = dict(made.body)
    assert rest.pop("messages") == [
        {"role": "developer", "content": "Answer in markdown."},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is on it?"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA==", "detail": "low"}},
            ],
        },
        {
            "role": "assistant",
            "content": "I'll look.",
            "tool_calls": [
                {"id": "call_a", "type": "function", "function": {"name": "total", "arguments": '{"n": [1, 2]}'}},
                {
                    "id": "call_p",
                    "type": "function",
                    "function": {"name": "apply_patch", "arguments": json.dumps(PATCH)},
                },
                {"id": "call_s", "type": "function", "function": {"name": "shell", "arguments": json.dumps(ACTION)}},
            ],
        },
        {"role": "tool", "tool_call_id": "call_a", "content": "3"},
        {"role": "tool", "tool_call_id": "call_p", "content": '{"status": "completed", "output": "done"}'},
        {"role": "tool", "tool_call_id": "call_s", "content": json.dumps(RAN)},
        {"role": "assistant", "content": "It says 3."},
        {"role": "user", "content": "And now?"},
    ]
    total, patch, shell = rest.pop("tools")
    assert total == {"type": "function", "function": {key: value for key, value in SUM.items() if key != "type"}}
    assert [tool["function"]["name"] for tool in (patch, shell)] == ["apply_patch", "shell"]
    assert rest == {
        "model": "gpt-5.1",
        "parallel_tool_calls": True,
        "reasoning_effort": "high",
        "verbosity": "low",
        "max_completion_tokens": 2000,
        "prompt_cache_key": "notebook-1",
        "prompt_cache_retention": "24h",
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_what_is_left_open_is_left_out():
    message = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
    assert body("responses") == {"model": "gpt-5.1", "input": [message], "store": False, "stream": True}
    assert body("chat") == {
        "model": "gpt-5.1",
        "messages": [{"role": "user", "content": "Hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


@pytest.mark.parametrize(("effort", "asked"), [(None, False), ("none", False), ("minimal", True), ("high", True)])
def test_encrypted_reasoning_is_asked_for_only_where_there_is_reasoning(effort, asked):
    assert ("include" in body("responses", effort=effort)) is asked


@pytest.mark.parametrize("summary", [None, "none"])
def test_no_summary_is_asked_for_without_a_wish(summary):
    assert "reasoning" not in body("responses", summary=summary)
    assert body("responses", summary=summary, effort="none")["reasoning"] == {"effort": "none"}


def test_reasoning_goes_back_to_its_own_model_only():
    items = tuple(
        Reasoning(f"rs_{number}", "sealed", (), model)
        for number, model in enumerate(["gpt-5.1", "gpt-5.1-2025-11-13", "gpt-5", "gpt-5.1-codex", ""])
    )
    assert [item["id"] for item in body("responses", items=items)["input"]] == ["rs_0", "rs_1"]
    assert body("chat", items=items)["messages"] == []


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("apply_patch", '{"type": "update_file", "path": "a.py"}'),
        ("apply_patch", '{"type": ["update_file"], "path": "a.py", "diff": ""}'),
        ("apply_patch", '{"type": "delete_file"}'),
        ("apply_patch", '{"type": "delete'),
        ("shell", '{"commands": "ls"}'),
        ("shell", '{"commands": [1]}'),
        ("shell", "[]"),
    ],
)
def test_a_call_that_its_item_can_not_hold_is_told_as_a_functions(kind, arguments):
    items = (ToolCall("call_a", kind, arguments, kind), ToolResult("call_a", "That is no JSON.", kind))
    assert body("responses", items=items)["input"] == [
        {"type": "function_call", "call_id": "call_a", "name": kind, "arguments": arguments},
        {"type": "function_call_output", "call_id": "call_a", "output": "That is no JSON."},
    ]


def test_results_in_words_where_an_item_is_wanted():
    items = (
        ToolCall("call_p", "apply_patch", json.dumps(PATCH), "apply_patch"),
        ToolResult("call_p", "The user said no.", "apply_patch"),
        ToolCall("call_s", "shell", json.dumps(ACTION), "shell"),
        ToolResult("call_s", "The user said no.", "shell"),
    )
    _, patched, _, ran = body("responses", items=items)["input"]
    assert patched["status"] == "failed"
    assert patched["output"] == "The user said no."
    assert [chunk["stderr"] for chunk in ran["output"]] == ["The user said no."]


def test_texts_of_one_step_are_one_message_of_chat():
    items = (AssistantText("One."), AssistantText("Two.", refusal=True), ToolCall("call_a", "f", "{}"))
    (message,) = body("chat", items=items)["messages"]
    assert message["content"] == "One.\n\nTwo."
    assert len(message["tool_calls"]) == 1


def test_a_call_without_words_has_no_content():
    (message,) = body("chat", items=(ToolCall("call_a", "f", "{}"),))["messages"]
    assert "content" not in message


def test_chat_tools_of_chats_own_form_stay():
    own = {"type": "function", "function": {"name": "f", "parameters": {}}}
    assert body("chat", tools=(own,))["tools"] == [own]


@ENDPOINTS
def test_half_a_character_does_not_stop_a_request(endpoint):
    half = UserMessage((Text("half \ud83d"), Image("data:,")))
    items = (UserMessage((Text("half \ud83d"),)), half, ToolCall("a", "f", "{}"), ToolResult("a", "half \ud83d"))
    made = body(endpoint, items=items, instructions="half \ud83d")
    assert b"half \xef\xbf\xbd" in json.dumps(made, ensure_ascii=False).encode()


@ENDPOINTS
@given(st.integers(0, len(FULL.items)))
def test_a_longer_conversation_begins_with_the_same_bytes(endpoint, count):
    """Up to the last message, which on chat may still grow by the calls that belong to it."""
    key = "input" if endpoint == "responses" else "messages"
    short, long = (encode(replace(FULL, items=items), endpoint).body for items in (FULL.items[:count], FULL.items))
    turns = [json.dumps(item) for item in short[key]]
    if endpoint == "chat" and turns and short[key][-1]["role"] == "assistant":
        turns.pop()
    assert turns == [json.dumps(item) for item in long[key]][: len(turns)]
    assert list(short) == list(long)
