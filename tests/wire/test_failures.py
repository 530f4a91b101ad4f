from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magics.core.errors import BackendError
from comet_magics.wire.failures import failure, lacks_endpoint, rejects_reasoning, request_id_of

NOW = 1_760_000_000.0  # Thu, 09 Oct 2025 08:53:20 GMT
PAGE = b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


def error(status, message="", code="", headers=None):
    body = json.dumps({"error": {"message": message, "type": "new_api_error", "code": code, "param": ""}})
    return failure(status, headers or {}, body.encode(), now=NOW)


@pytest.mark.parametrize(
    ("status", "code", "message", "what", "remedy", "transient"),
    [
        (401, "invalid_api_key", "Invalid token", "did not accept the key (401): Invalid token.", "%gpt_login", False),
        (400, "context_length_exceeded", "", "too long for the model (400)", "context_tokens", False),
        (400, "", "the request exceeds the available context size, try increasing it", "too long", "-n", False),
        (400, "", "Your input exceeds the context window of this model.", "too long", "-n", False),
        (403, "access_denied", "", "does not allow this request", "COMETAPI_KEY", False),
        (402, "", "", "No credit is left for this key (402)", "Add credit", False),
        (403, "insufficient_user_quota", "User quota is low", "No credit is left", "Add credit", False),
        (429, "insufficient_quota", "", "No credit is left", "Add credit", False),
        (429, "", "You exceeded your quota, check your billing details", "No credit is left", "Add credit", False),
        (400, "unsupported_value", "'xhigh' is not supported", "refused the request (400): 'xhigh'", "", False),
        (404, "model_not_found", "The model gpt-9 does not exist", "no such model (404)", "%gpt_models", False),
        (404, "", "", "nothing at this address (404)", "base URL", False),
        (413, "", "", "too large", "smaller pictures", False),
        (422, "", "Field required", "refused the request (422): Field required.", "", False),
        (408, "", "", "waited too long", "again", True),
        (409, "", "", "refused the request (409)", "", True),
        (429, "", "", "slow down", "again", True),
        (500, "", "", "has a fault (500)", "again", True),
        (500, "convert_request_failed", "not implemented", "has a fault (500)", "again", False),
        (501, "", "", "has a fault (501)", "again", False),
        (503, "get_channel_failed", "No available channel", "has a fault (503): No available channel.", "again", True),
        (504, "", "", "waited too long", "again", True),
        (524, "", "", "waited too long", "again", True),
        (302, "", "", "not understood (302)", "base URL", False),
    ],
)
def test_who_can_act(status, code, message, what, remedy, transient):
    found = error(status, message, code)
    assert what in found.what
    assert remedy in found.remedy
    assert found.transient is transient
    assert found.status == status
    assert found.code == (code or "new_api_error")
    assert found.what.endswith(".")


@pytest.mark.parametrize("body", [PAGE, b"  <html>", b"\xef\xbb\xbf<!DOCTYPE html>", b'{"cut', b"", b"[]", b"null"])
def test_a_body_that_says_nothing_gives_our_words_only(body):
    assert failure(502, {}, body, now=NOW).what == "The gateway has a fault (502)."


def test_words_instead_of_json_are_shown():
    assert failure(500, {}, b"upstream connect error\n", now=NOW).what.endswith("(500): upstream connect error.")


def test_what_we_say_already_is_not_said_twice():
    assert error(429, "The gateway asks to slow down").what == "The gateway asks to slow down (429)."


def test_words_are_short_and_clean():
    found = error(400, "bad\x1b[31m\x00\n\n" + "word " * 1000)
    assert "\x1b" not in found.what
    assert "\n" not in found.what
    assert len(found.what) < 500
    assert found.what.endswith("…")


@pytest.mark.parametrize(
    "message",
    [
        "Incorrect API key provided: sk-canary-echo. You can find yours at …",
        "Incorrect API key provided: sk-canar*********echo.",
        "invalid key 'sk-canary-echo'",
        '{"authorization": "Bearer sk-canary-echo"}',
        "Bearer canary-echo-0123456789 is unknown",
        "token: canary-echo-0123456789",
        "Invalid token (canary-echo-0123456789)",
        "api_key=canary-echo-0123456789",
        "eyJcanary-echo.eyJcanary-echo.canary-echo",
    ],
)
@pytest.mark.parametrize("field", ["message", "code"])
def test_a_key_that_the_server_echoes_is_masked(message, field):
    found = error(401, **{field: message})
    assert "canary" not in f"{found} {found.code} {vars(found)}"
    assert "echo" not in f"{found} {found.code}"


def test_ordinary_words_about_keys_stay():
    message = "Your API key is not allowed to use gpt-5.1, token limit reached after 8192 tokens"
    assert message in error(403, message).what


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({"X-Request-Id": "req_1"}, b"", "req_1"),
        ({"x-oneapi-request-id": "20250101"}, b"", "20250101"),
        ({"x-request-id": "", "cf-ray": "abc-FRA"}, b"", "abc-FRA"),
        ({}, b'{"error": {"message": "No channel (request id: 2025010112-ab)"}}', "2025010112-ab"),
        ({}, b'{"request_id": "req_22"}', "req_22"),
        ({}, b"nothing", None),
    ],
)
def test_request_id(headers, body, expected):
    assert failure(500, headers, body, now=NOW).request_id == expected


def test_request_id_of_a_good_answer():
    assert request_id_of({"X-Request-ID": "req_1"}) == "req_1"
    assert request_id_of({}) is None


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (429, {"Retry-After": "7"}, 7.0),
        (503, {"retry-after": " 1.5 "}, 1.5),
        (503, {"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        (503, {"retry-after": "Thu, 09 Oct 2025 08:53:50 GMT"}, 30.0),
        (503, {"retry-after": "Thu, 09 Oct 2025 08:00:00 GMT"}, 0.0),
        (503, {"retry-after": "soon"}, None),
        (503, {"retry-after": "-5"}, None),
        (503, {"retry-after": "Thu, 99 Oct 99999 08:00:00 GMT"}, None),
        (429, {"x-ratelimit-reset-requests": "120ms"}, 0.12),
        (429, {"x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "6m0s"}, 360.0),
        (
            429,
            {
                "x-ratelimit-reset-requests": "1h",
                "x-ratelimit-remaining-requests": "99",
                "x-ratelimit-reset-tokens": "2s",
                "x-ratelimit-remaining-tokens": "0",
            },
            2.0,
        ),
        (429, {"x-ratelimit-reset-tokens": "1d2h3m4.5s"}, 93_784.5),
        (429, {"x-ratelimit-reset-tokens": "3"}, 3.0),
        (429, {"x-ratelimit-reset-tokens": "later"}, None),
        (429, {"x-ratelimit-reset-tokens": "1s!"}, None),
        (500, {"x-ratelimit-reset-tokens": "1s"}, None),
        (429, {}, None),
    ],
)
def test_how_long_to_wait(status, headers, expected):
    assert failure(status, headers, b"", now=NOW).retry_after == expected


def test_dates_count_from_now():
    assert failure(503, {"retry-after": "Thu, 09 Oct 2025 08:53:50 GMT"}, b"").retry_after == 0.0


@pytest.mark.parametrize(
    ("endpoint", "status", "code", "message", "lacking"),
    [
        ("responses", 404, "", "", True),
        ("responses", 404, "", "Invalid URL (POST /v1/responses)", True),
        ("responses", 405, "", "Method Not Allowed", True),
        ("responses", 501, "", "", True),
        ("responses", 500, "convert_request_failed", "not implemented", True),
        ("responses", 400, "", "This model is not supported in the v1/responses endpoint.", True),
        ("responses", 400, "", "The Responses API is not supported by this model", True),
        ("responses", 400, "", "model only supports chat, use /v1/chat/completions", True),
        ("responses", 400, "", "field messages is required", True),
        ("responses", 400, "unsupported_endpoint", "", True),
        ("chat", 404, "", "This is not a chat model and thus not supported in the v1/chat/completions endpoint.", True),
        ("chat", 400, "", "This model is only supported in v1/responses", True),
        ("chat", 400, "", "field input is required", True),
        ("responses", 404, "model_not_found", "The model `gpt-9` does not exist", False),
        ("responses", 400, "unsupported_value", "'xhigh' is not supported with this model", False),
        ("responses", 400, "", "Unsupported parameter: 'temperature' is not supported with the Responses API", False),
        ("responses", 400, "", "The image is not supported", False),
        ("responses", 400, "", "Your input exceeds the context window", False),
        ("responses", 401, "", "Invalid URL (POST /v1/responses)", False),
        ("responses", 403, "", "no access to /v1/responses: not allowed", False),
        ("responses", 402, "", "", False),
        ("responses", 429, "", "not implemented", False),
        ("responses", 400, "insufficient_user_quota", "not implemented", False),
        ("responses", 500, "", "", False),
        ("responses", 503, "get_channel_failed", "No available channel for model gpt-5.1", False),
        ("responses", 302, "", "", False),
    ],
)
def test_whether_the_other_endpoint_may_work(endpoint, status, code, message, lacking):
    assert lacks_endpoint(error(status, message, code), endpoint) is lacking


@pytest.mark.parametrize(
    ("code", "message", "lacking"),
    [
        ("", "Invalid URL (POST /v1/responses)", True),
        ("convert_request_failed", "not implemented", True),
        ("", "The server is overloaded", False),
    ],
)
def test_an_error_within_an_answer_has_words_only(code, message, lacking):
    assert lacks_endpoint(BackendError(message, code=code), "responses") is lacking


@pytest.mark.parametrize(
    ("code", "message", "rejected"),
    [
        ("invalid_encrypted_content", "", True),
        ("", "The encrypted content for item rs_1 could not be verified.", True),
        ("invalid_request_error", "The content is not valid.", False),
    ],
)
def test_whether_it_is_the_reasoning_that_can_not_be_read(code, message, rejected):
    assert rejects_reasoning(error(400, message, code)) is rejected


def test_no_response_says_nothing_about_endpoints():
    unreachable = error(404)
    unreachable.status = None
    assert not lacks_endpoint(unreachable, "responses")


@given(
    st.integers(-1, 1000),
    st.dictionaries(st.sampled_from(["Retry-After", "x-ratelimit-reset-tokens", "x-request-id"]), st.text()),
    st.binary()
    | st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["error", "message", "code", "type"]), inner),
    ).map(lambda value: json.dumps(value).encode()),
)
def test_nothing_makes_it_raise(status, headers, body):
    found = failure(status, headers, body, now=NOW)
    assert len(str(found).splitlines()) <= 2
    assert len(found.what) < 600
    assert found.retry_after is None or found.retry_after >= 0
    lacks_endpoint(found, "responses")
