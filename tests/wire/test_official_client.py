"""The official client, asked at the test gateway, takes our samples and finds in them what we find.

The first line of each .expected file says what it makes of the body: `same` as we; `raises`, where the stream holds
an error or is damaged; `differs`, with the reason.
"""

from __future__ import annotations

import json

import openai
import pytest

from comet_magics.core.events import TERMINAL, Broken, Failed, TextDelta, ToolCalled
from comet_magics.testing import Gateway, replay

from .conftest import SAMPLES

CONTENT_TYPES = {".sse": "text/event-stream; charset=utf-8", ".json": "application/json", ".html": "text/html"}


@pytest.fixture(scope="module")
def client():
    """An official client at a gateway that has every sample under its name as a model."""
    samples = {sample.path.name: sample for sample in SAMPLES}

    def answer(request):
        sample = samples[request.model]
        return replay(sample.body, content_type=CONTENT_TYPES.get(sample.path.suffix, "text/plain"))

    with (
        Gateway(default=answer) as gateway,
        openai.OpenAI(base_url=gateway.base_url, api_key="sk-canary-sdk", max_retries=0) as client,
    ):
        yield client


def ours(sample):
    events = sample.decoded()
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    calls = [
        (event.call.call_id, event.call.name, json.loads(event.call.arguments))
        for event in events
        if isinstance(event, ToolCalled)
    ]
    usage = next(event.usage for event in events if isinstance(event, TERMINAL))
    counts = usage and (usage.input_tokens, usage.cached_tokens, usage.output_tokens, usage.reasoning_tokens)
    return text, calls, counts


def theirs(client, sample):
    return (from_responses if sample.endpoint == "responses" else from_chat)(client, sample.path.name)


def from_responses(client, name):
    """Text, calls and usage: from the finished response, or else from what came before it."""
    deltas, texts, items, last = [], [], [], None
    for event in client.responses.create(model=name, input="Go", stream=True):
        match event.type:
            case "response.output_text.delta":
                deltas.append(event.delta)
            case "response.content_part.done":
                texts.append(event.part.text if event.part.type == "output_text" else "")
            case "response.output_item.done":
                items.append(event.item)
            case "response.created" | "response.in_progress" | "response.queued":
                pass
            case _:
                last = getattr(event, "response", None) or last
    items = (last and last.output) or items
    said = [
        part.text for item in items if item.type == "message" for part in item.content if part.type == "output_text"
    ]
    text = "".join(said or texts or deltas).encode("utf-16", "surrogatepass").decode("utf-16")  # halves, joined
    calls = [call for item in items if (call := call_of(item))]
    usage = last and last.usage
    return text, calls, usage and counts(usage, "input", "output")


def call_of(item):
    if getattr(item, "status", None) == "incomplete":
        return None
    match item.type:
        case "function_call":
            return item.call_id, item.name, json.loads(item.arguments)
        case "apply_patch_call":
            return item.call_id, "apply_patch", item.operation.to_dict()
        case "shell_call":
            return item.call_id, "shell", item.action.to_dict()
    return None


def from_chat(client, name):
    """Text, calls and usage, joined as the API's reference says."""
    text, calls, usage, finish = "", {}, None, None
    messages = [{"role": "user", "content": "Go"}]
    for chunk in client.chat.completions.create(model=name, messages=messages, stream=True):
        usage = chunk.usage or usage
        for choice in [choice for choice in chunk.choices or [] if choice.index == 0 and choice.delta]:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
            for piece in choice.delta.tool_calls or []:
                call = calls.setdefault(piece.index, ["", "", ""])
                call[0] = call[0] or piece.id
                call[1] += (piece.function and piece.function.name) or ""
                call[2] += (piece.function and piece.function.arguments) or ""
    made = (
        [(call_id, name, json.loads(arguments)) for call_id, name, arguments in calls.values()]
        if finish != "length"
        else []
    )
    text = text.encode("utf-16", "surrogatepass").decode("utf-16")  # halves of a character, joined
    return text, made, usage and counts(usage, "prompt", "completion")


def counts(usage, taken, made):
    taken_details = getattr(usage, f"{taken}_tokens_details", None)
    made_details = getattr(usage, f"{made}_tokens_details", None)
    return (
        getattr(usage, f"{taken}_tokens"),
        taken_details and taken_details.cached_tokens,
        getattr(usage, f"{made}_tokens"),
        made_details and made_details.reasoning_tokens,
    )


def test_the_same_text_calls_and_usage(client, sample):
    if sample.sdk == "raises":
        with pytest.raises((openai.APIError, ValueError)):
            theirs(client, sample)
        assert isinstance(sample.decoded()[-1], Failed | Broken)
    elif sample.sdk == "differs":
        assert misread(client, sample) != ours(sample)
    else:
        assert theirs(client, sample) == ours(sample)


def misread(client, sample):
    """What is found where a standard client is not made for the body; None if it can't even be read."""
    try:
        return theirs(client, sample)
    except (AttributeError, TypeError, ValueError):
        return None
