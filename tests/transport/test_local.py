"""The embedded model itself: SmolLM2 answering over both endpoints."""

from __future__ import annotations

import json
import subprocess
import sys

import httpx
import pytest

from comet_magics.core.errors import UsageError
from comet_magics.transport.local import MODEL, start

QUESTION = "Name one colour. Answer in one word."
BODIES = {
    "/responses": {
        "store": False, "max_output_tokens": 16, "reasoning": {"effort": "low", "summary": "auto"},
        "text": {"verbosity": "low"}, "prompt_cache_key": "k", "prompt_cache_retention": "24h",
        "include": ["reasoning.encrypted_content"], "instructions": "Be brief.",
        "input": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": QUESTION}]}],
    },
    "/chat/completions": {
        "stream_options": {"include_usage": True}, "max_completion_tokens": 16, "reasoning_effort": "low",
        "verbosity": "low", "prompt_cache_key": "k", "prompt_cache_retention": "24h",
        "messages": [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": QUESTION}],
    },
}  # fmt: skip


def stream(embedded, path):
    body = {"model": "gpt-5.1", "stream": True, **BODIES[path]}
    answer = httpx.post(
        embedded.base_url + path, json=body, headers={"Authorization": f"Bearer {embedded.key}"}, timeout=60
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    lines = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: ")]
    return [json.loads(line) for line in lines if line != "[DONE]"]


def test_responses_takes_our_fields_and_answers(embedded):
    events = stream(embedded, "/responses")
    text = "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta")
    assert text.strip()
    assert events[-1]["type"] == "response.completed"
    assert events[-1]["response"]["model"] == MODEL
    assert events[-1]["response"]["usage"]["output_tokens"] > 0


def test_chat_completions_takes_our_fields_and_answers(embedded):
    chunks = stream(embedded, "/chat/completions")
    text = "".join(choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"])
    assert text.strip()
    assert {chunk["model"] for chunk in chunks} == {MODEL}
    assert chunks[-1]["usage"]["completion_tokens"] > 0


def test_an_answer_ends_even_if_the_model_does_not(embedded):
    """Nobody set a limit here, so the server's own one holds."""
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Write a very long story."}], "ignore_eos": True}
    answer = httpx.post(
        f"{embedded.base_url}/chat/completions",
        json=body,
        headers={"Authorization": f"Bearer {embedded.key}"},
        timeout=120,
    ).json()
    assert answer["choices"][0]["finish_reason"] == "length"


def test_nobody_is_served_without_the_key(embedded):
    for headers in ({}, {"Authorization": "Bearer sk-canary-wrong"}):
        answer = httpx.post(f"{embedded.base_url}/responses", json={"model": MODEL, "input": "Hi"}, headers=headers)
        assert answer.status_code == 401


def test_it_listens_on_this_machine_only_and_hides_its_key(embedded):
    assert embedded.base_url.startswith("http://127.0.0.1:")
    assert embedded.key not in repr(embedded)


def test_it_ends_with_its_block_and_prints_nothing(weights):
    script = (
        "import sys, httpx; from pathlib import Path; from comet_magics.transport.local import start\n"
        "with start(Path(sys.argv[1])) as first, start(Path(sys.argv[1])) as second:\n"
        "    assert first.key != second.key and first.base_url != second.base_url\n"
        "    get = lambda it: httpx.get(f'{it.base_url}/models', headers={'Authorization': f'Bearer {it.key}'})\n"
        "    assert get(first).json()['data'][0]['id'] == 'smollm2-135m-instruct'\n"
        "try: get(first)\n"
        "except httpx.ConnectError: pass\n"
        "else: raise SystemExit('still there')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(weights)], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_a_file_that_is_no_model_is_one_clear_error(tmp_path):
    (tmp_path / "model.gguf").write_bytes(b"no model")
    with pytest.raises(UsageError, match="Delete that file"), start(tmp_path / "model.gguf"):
        pass
