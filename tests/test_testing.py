"""The test gateway: what it says, how it fails, what it remembers; asked by plain httpx and by the official client."""

from __future__ import annotations

import socket
import threading
import time

import httpx
import openai
import pytest

from comet_magics.core.messages import ToolCall
from comet_magics.core.usage import Usage
from comet_magics.testing import (
    Gateway,
    Response,
    Speech,
    closed,
    page,
    replay,
    reply,
    status,
    stream,
)
from comet_magics.wire.endpoint import open_decoder

from .wire.conftest import line

PATHS = {"responses": "/responses", "chat": "/chat/completions"}
ENDPOINTS = pytest.mark.parametrize("endpoint", ["responses", "chat"])


@pytest.fixture
def web():
    with httpx.Client(timeout=10, trust_env=False) as client:
        yield client


def post(web, gateway, endpoint="responses", **body):
    """The lines of all events that come."""
    decoder = open_decoder(endpoint)
    with web.stream("POST", gateway.base_url + PATHS[endpoint], json={"model": "gpt-5.1", **body}) as response:
        events = [event for chunk in response.iter_bytes() for event in decoder.feed(chunk)]
    return [line(event) for event in events + decoder.close()]


@ENDPOINTS
def test_an_answer_on_either_endpoint(web, endpoint):
    with Gateway(reply("Hello,  world.\n", usage=Usage(3, 2, 1, 0))) as gateway:
        assert post(web, gateway, endpoint)[1:] == [
            'text "Hello,"',
            'text "  world."',
            'text "\\n"',
            "completed; in=3 cached=1 out=2 reasoning=0",
        ]


@ENDPOINTS
def test_everything_that_an_answer_can_hold(web, endpoint):
    said = reply(
        ["a b", "c"],
        summary=["One.", "Two."],
        reasoning="Hm.",
        tool_calls=[
            ToolCall("call_a", "run", '{"n": 1}'),
            ToolCall("call_p", "apply_patch", '{"type": "delete_file", "path": "a"}', "apply_patch"),
            ToolCall("call_s", "shell", '{"commands": ["ls"]}', "shell"),
        ],
        usage=lambda request: Usage(len(request.prompt), 5),
        model="gpt-5.1-2025-11-13",
    )
    with Gateway(said) as gateway:
        asked = {"include": ["reasoning.encrypted_content"]} if endpoint == "responses" else {}
        lines = post(web, gateway, endpoint, input="Go!", messages=[{"role": "user", "content": "Go!"}], **asked)
    summary = ['summary 0 "One."', 'summary 1 "Two."', 'item rs_1 encrypted-1 ["One.", "Two."] gpt-5.1-2025-11-13']
    assert lines == [
        "started resp_1 gpt-5.1-2025-11-13" if endpoint == "responses" else "started chatcmpl-1 gpt-5.1-2025-11-13",
        'reasoning "Hm."',
        *(summary if endpoint == "responses" else []),
        'text "a b"',
        'text "c"',
        'call function call_a run {"n": 1}',
        'call apply_patch call_p apply_patch {"type": "delete_file", "path": "a"}',
        'call shell call_s shell {"commands": ["ls"]}',
        "completed; in=3 cached=? out=5 reasoning=?",
    ]


@ENDPOINTS
@pytest.mark.parametrize(
    ("made", "last"),
    [
        (reply("Once", ending="max_output_tokens", usage=None), "incomplete: max_output_tokens; usage not reported"),
        (reply("Once", ending="content_filter", usage=None), "incomplete: content_filter; usage not reported"),
        (reply(refusal="I can't.", usage=None), "completed; usage not reported"),
    ],
)
def test_other_ends(web, endpoint, made, last):
    with Gateway(made) as gateway:
        assert post(web, gateway, endpoint)[-1] == last


def test_the_official_client_takes_the_answers():
    said = reply("Hello there", summary="Easy.", tool_calls=[ToolCall("call_a", "run", '{"n": 1}')])
    with Gateway(said, said, models=["gpt-5.1", "gpt-5"]) as gateway, official(gateway) as client:
        with client.responses.stream(model="gpt-5.1", input="Hi") as events:
            list(events)
            response = events.get_final_response()
        messages = [{"role": "user", "content": "Hi"}]
        with client.chat.completions.stream(model="gpt-5.1", messages=messages) as events:
            list(events)
            completion = events.get_final_completion()
        models = [model.id for model in client.models.list()]
    assert response.output_text == completion.choices[0].message.content == "Hello there"
    assert response.usage.output_tokens == 16
    assert completion.choices[0].message.tool_calls[0].function.arguments == '{"n": 1}'
    assert models == ["gpt-5.1", "gpt-5"]


def official(gateway):
    return openai.OpenAI(base_url=gateway.base_url, api_key="sk-canary-testing", max_retries=0)


def test_what_was_asked_is_remembered(web):
    with Gateway() as gateway:
        url = gateway.base_url
        web.post(f"{url}/responses?x=1", json={"input": "Hi", "model": "m"}, headers={"Authorization": "Bearer k"})
        web.get(f"{url}/models")
        request, lookup = gateway.requests[0], gateway.lookups[0]
        assert gateway.wait_for_requests(1)
    assert (request.method, request.path, request.endpoint) == ("POST", "/v1/responses?x=1", "responses")
    assert (request.model, request.prompt, request.headers["authorization"]) == ("m", "Hi", "Bearer k")
    assert "Bearer" not in repr(request)
    assert (lookup.method, lookup.path, lookup.body, lookup.prompt) == ("GET", "/v1/models", {}, "")


@ENDPOINTS
def test_without_a_script_it_says_what_was_asked(web, endpoint):
    question = [{"role": "user", "content": [{"text": "Who "}, {"text": "is it?"}]}, {"role": "assistant"}]
    with Gateway() as gateway:
        lines = post(web, gateway, endpoint, input=question, messages=question)
    assert [part for part in lines if part.startswith("text")][-1] == 'text " it?"'


def test_a_script_is_followed_then_the_default(web):
    with Gateway(reply("one"), status(429, headers={"Retry-After": "0"}), default=reply("rest")) as gateway:
        assert 'text "one"' in post(web, gateway)
        answer = web.post(gateway.base_url + "/responses", json={})
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "0")
        assert answer.json()["error"]["message"] == "status 429"
        assert 'text "rest"' in post(web, gateway)
        assert 'text "rest"' in post(web, gateway)


def test_an_entry_may_be_a_function_of_the_request(web):
    with Gateway(
        lambda request: reply(request.model), lambda request: Response(steps=(b"data: [DONE]\n\n",))
    ) as gateway:
        assert 'text "gpt-5.1"' in post(web, gateway)
        assert post(web, gateway)[0].startswith("broken")


def test_a_fault_of_the_script_is_raised_where_the_gateway_is_closed(web):
    with pytest.raises(ZeroDivisionError), Gateway(lambda request: 1 / 0) as gateway:
        assert web.post(gateway.base_url + "/responses", json={}).status_code == 500


def test_a_fault_of_the_test_comes_first(web):
    with pytest.raises(httpx.HTTPStatusError), Gateway(lambda request: 1 / 0) as gateway:
        web.post(gateway.base_url + "/responses", json={}).raise_for_status()


def test_recorded_bytes_for_each_endpoint(web):
    bodies = {endpoint: stream(endpoint, Speech("Hi", number=7)) for endpoint in PATHS}
    with Gateway(replay(bodies), replay(bodies), replay(bodies["chat"])) as gateway:
        assert post(web, gateway)[0] == "started resp_7 gpt-5.1"
        assert post(web, gateway, "chat")[0] == "started chatcmpl-7 gpt-5.1"
        assert post(web, gateway, "chat")[1] == 'text "Hi"'


def test_missing_endpoints_and_unknown_paths(web):
    with Gateway(missing={"responses"}) as gateway:
        url = gateway.base_url
        assert web.post(url + "/responses", json={}).json()["error"]["message"] == "Invalid URL (POST /v1/responses)"
        assert web.post(url + "/chat/completions", content=b"no json").status_code == 200
        assert web.post(url + "/else", json=[]).status_code == 404
        assert web.get(url + "/else").status_code == 404
        assert len(gateway.requests) == 3


def test_one_key_and_no_other(web):
    with Gateway(key="sk-canary-right") as gateway:
        for key, expected in (("sk-canary-right", 200), ("sk-canary-wrong", 401)):
            headers = {"Authorization": f"Bearer {key}"}
            assert web.get(gateway.base_url + "/models", headers=headers).status_code == expected
        assert web.post(gateway.base_url + "/responses", json={}).status_code == 401


def test_a_web_page(web):
    with Gateway(page(524, "A timeout occurred")) as gateway:
        answer = web.post(gateway.base_url + "/responses", json={})
    assert answer.status_code == 524
    assert answer.headers["content-type"].startswith("text/html")
    assert "A timeout occurred" in answer.text


def test_gzip(web):
    with Gateway(reply("Hello").gzipped()) as gateway, web.stream("POST", gateway.base_url + "/responses") as response:
        assert response.headers["content-encoding"] == "gzip"
        assert b"Hello" in response.read()


def test_gzip_comes_event_by_event(web):
    with (
        Gateway(reply("Hello").gzipped().stalled(after=1)) as gateway,
        web.stream("POST", gateway.base_url + "/responses") as response,
    ):
        assert b"response.created" in next(response.iter_bytes())


def test_delays_are_kept(web):
    """One before the status line, then one before each of six: role, two words, the end, usage, [DONE]."""
    with Gateway(reply("a b").delayed(0.05, between=0.01)) as gateway:
        assert web.post(gateway.base_url + "/chat/completions").elapsed.total_seconds() >= 0.05 + 6 * 0.01


def read_into(received, web, gateway):
    with web.stream("POST", gateway.base_url + "/chat/completions") as response:
        for chunk in response.iter_bytes():
            received += chunk


@pytest.mark.parametrize("made", [reply("a b c"), reply("a b c").delayed(between=0.001)])
def test_a_cut_comes_in_the_middle_of_an_event(web, made):
    received = bytearray()
    with Gateway(made.cut(after=2)) as gateway:
        with pytest.raises(httpx.RemoteProtocolError):
            read_into(received, web, gateway)
        assert gateway.disconnects == []
    assert received.count(b"\n\n") == 2
    assert not received.endswith(b"\n\n")


def test_a_cut_after_all_events_only_lacks_the_end_of_the_body(web):
    received = bytearray()
    with Gateway(reply("a").cut(after=99)) as gateway, pytest.raises(httpx.RemoteProtocolError):
        read_into(received, web, gateway)
    assert received.endswith(b"data: [DONE]\n\n")


def test_a_stall_ends_with_the_gateway(web):
    failed = threading.Event()
    with Gateway(reply("a").stalled(after=1)) as gateway:

        def read():
            with pytest.raises(httpx.HTTPError):
                post(web, gateway)
            failed.set()

        reader = threading.Thread(target=read)
        reader.start()
        assert gateway.wait_for_requests(1)
        assert not failed.wait(0.05)
    reader.join(10)
    assert failed.is_set()
    assert gateway.disconnects == []


@pytest.mark.parametrize("made", [reply("a").stalled(after=1), reply("a").delayed(60.0)])
def test_a_client_that_goes_away_is_noticed(made):
    with Gateway(made) as gateway:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(gateway.base_url + "/responses", json={"model": "gone"}, timeout=0.2, trust_env=False)
        assert gateway.wait_for_disconnects(1)
        assert [request.model for request in gateway.disconnects] == ["gone"]
        assert not gateway.wait_for_disconnects(2, timeout=0)


def test_nothing_at_all(web):
    with Gateway(closed()) as gateway, pytest.raises(httpx.RemoteProtocolError):
        web.post(gateway.base_url + "/responses", json={})


@ENDPOINTS
def test_calls_without_words(web, endpoint):
    with Gateway(reply(tool_calls=[ToolCall("call_a", "run", "{}")], usage=None)) as gateway:
        assert post(web, gateway, endpoint)[1:] == ["call function call_a run {}", "completed; usage not reported"]


def test_a_request_that_comes_too_early_waits_its_turn():
    request = b"POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
    with Gateway(status(500, "first").delayed(0.2), status(500, "second")) as gateway:
        host, port = gateway.base_url.removeprefix("http://").removesuffix("/v1").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(request)
            time.sleep(0.02)
            connection.sendall(request)
            received = b""
            while b"second" not in received:
                received += connection.recv(65_536)
        assert received.index(b"first") < received.index(b"second")


def test_one_connection_serves_many_requests(web):
    """A client that keeps its connection finds the next answer on it, also after a failure."""
    with Gateway(reply("one"), status(500), reply("two")) as gateway:
        assert 'text "one"' in post(web, gateway)
        assert web.post(gateway.base_url + "/responses", json={}).status_code == 500
        assert 'text "two"' in post(web, gateway)
