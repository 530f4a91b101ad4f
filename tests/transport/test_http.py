"""The live transport against real servers: what it sends, how it fails, and that stopping closes the socket."""

import json
import socket
import threading
import traceback

import pytest

from comet_magics.core.cancel import Cancel
from comet_magics.core.errors import BackendError, StreamBroken, UsageError
from comet_magics.core.events import Accepted
from comet_magics.core.key import Key
from comet_magics.core.request import WireRequest
from comet_magics.testing import Gateway, closed, page, reply, status
from comet_magics.transport.http import Http, host_of

CANARY = "sk-canary-http-1"
REQUEST = WireRequest("responses", "/responses", {"model": "gpt-5.1", "input": "naïve ☃", "stream": True})


def http(base_url, **options):
    return Http(base_url, Key(CANARY, "test"), **options)


def ask(gateway, **options):
    return list(http(gateway.base_url, **options).stream(REQUEST, Cancel()))


def failure(gateway_or_url, kind=BackendError, **options):
    url = getattr(gateway_or_url, "base_url", gateway_or_url)
    with pytest.raises(kind) as caught:
        list(http(url, **options).stream(REQUEST, Cancel()))
    told = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert CANARY not in told
    return caught.value


def test_the_body_arrives_and_the_key_is_in_the_header_alone():
    with Gateway(reply("hello world")) as gateway:
        head, *chunks = ask(gateway)
    assert isinstance(head, Accepted)
    assert b"hello" in b"".join(chunks)
    (received,) = gateway.requests
    assert received.body == REQUEST.body
    assert received.headers["authorization"] == f"Bearer {CANARY}"
    assert CANARY not in json.dumps(received.body)


def test_a_compressed_body_arrives_plain():
    with Gateway(reply("hello world").gzipped()) as gateway:
        assert b"hello" in b"".join(ask(gateway)[1:])


@pytest.mark.parametrize(
    ("response", "expected_status", "transient"),
    [
        (status(401, "wrong key"), 401, False),
        (status(402, "no credit"), 402, False),
        (status(404, {"error": {"message": "no such model", "code": "model_not_found"}}), 404, False),
        (status(429, "slow down", {"Retry-After": "7"}), 429, True),
        (status(503, "busy"), 503, True),
        (page(502), 502, True),
        (status(307, "", {"Location": "http://127.0.0.1:1/v1"}), 307, False),
    ],
)
def test_a_status_becomes_an_error_in_words(response, expected_status, transient):
    with Gateway(response) as gateway:
        error = failure(gateway)
        assert len(gateway.requests) == 1
    assert (error.status, error.transient) == (expected_status, transient)
    assert "<" not in error.what
    assert error.retry_after == (7.0 if expected_status == 429 else None)


def test_a_server_that_cannot_be_reached_may_be_asked_again():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = failure(f"http://127.0.0.1:{unused.getsockname()[1]}/v1")
    assert error.transient
    assert "can't be reached" in error.what


@pytest.mark.parametrize("url", ["ftp://host/v1", "nonsense", "http://[::1/v1"])
def test_an_address_that_is_none(url):
    assert "COMETAPI_BASE_URL" in failure(url, UsageError).remedy


def test_a_request_that_may_have_been_taken_is_not_transient():
    with Gateway(closed()) as gateway:
        error = failure(gateway)
    assert not error.transient
    assert "may have been billed" in error.remedy


def test_a_stall_before_the_answer_and_one_within_it():
    with Gateway(reply("x").delayed(60)) as gateway:
        assert "said nothing" in failure(gateway, idle_timeout=0.3).what
    with Gateway(reply("a b c").stalled(after=3)) as gateway:
        assert "stalled" in failure(gateway, StreamBroken, idle_timeout=0.3).what


def test_a_cut_in_the_middle():
    with Gateway(reply("a b c d").cut(after=5)) as gateway:
        stream = http(gateway.base_url).stream(REQUEST, Cancel())
        received = []
        with pytest.raises(StreamBroken, match="in the middle"):
            received.extend(stream)
    assert b"response.created" in b"".join(received[1:])


@pytest.mark.parametrize("response", [reply("x").delayed(600), reply("a b c").stalled(after=3)], ids=["head", "body"])
def test_stopping_from_another_thread_closes_the_connection(response):
    cancel = Cancel()
    with Gateway(response) as gateway:
        reader = threading.Thread(target=lambda: list(http(gateway.base_url).stream(REQUEST, cancel)))
        reader.start()
        assert gateway.wait_for_requests()
        cancel.set()
        reader.join(30)
        assert not reader.is_alive()
        assert gateway.wait_for_disconnects()


def test_nothing_is_sent_once_stopped():
    cancel = Cancel()
    cancel.set()
    with Gateway() as gateway:
        assert list(http(gateway.base_url).stream(REQUEST, cancel)) == []
        assert gateway.requests == []


def test_the_models_and_a_page_in_their_place():
    with Gateway(models=("a", "b")) as gateway:
        listed = http(gateway.base_url).get("/models")
        assert [row["id"] for row in listed["data"]] == ["a", "b"]
    with pytest.raises(BackendError):
        http(gateway.base_url).get("/models")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://user:secret@api.example.com/v1", "api.example.com"),
        ("http://127.0.0.1:80/v1", "127.0.0.1"),
        ("http://127.0.0.1:8080/v1", "127.0.0.1:8080"),
        ("http://[::1/v1", "the gateway"),
    ],
)
def test_the_host_in_words_has_no_password(url, host):
    assert host_of(url) == host
