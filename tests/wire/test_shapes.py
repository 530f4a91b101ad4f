from __future__ import annotations

import math

import pytest

from comet_magics.core.usage import Usage
from comet_magics.wire.shapes import as_json, count, fault, parse, usage, whole_characters


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, 7),
        (0, 0),
        (7.0, 7),
        (7.5, None),
        (-1, None),
        (True, None),
        ("7", None),
        (None, None),
        (10**30, None),
        (math.inf, None),
        (math.nan, None),
        ([], None),
    ],
)
def test_count(value, expected):
    assert count(value) == expected
    assert type(count(value)) is type(expected)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"input_tokens": 3, "output_tokens": 2}, Usage(3, 2)),
        ({"prompt_tokens": 3, "completion_tokens": 0}, Usage(3, 0)),
        ({"prompt_tokens": 3, "completion_tokens": 2, "input_tokens": 0, "output_tokens": 0}, Usage(3, 2)),
        ({"input_tokens": 0, "output_tokens": 0}, None),
        ({"input_tokens": 3}, None),
        ({"input_tokens": "3", "output_tokens": 2}, None),
        ([], None),
        (None, None),
        ({"input_tokens": 3, "output_tokens": 2, "input_tokens_details": {"cached_tokens": 0}}, Usage(3, 2, 0)),
        ({"input_tokens": 3, "output_tokens": 2, "input_tokens_details": {"cached_tokens": 4}}, Usage(3, 2)),
        ({"input_tokens": 3, "output_tokens": 2, "input_tokens_details": "none"}, Usage(3, 2)),
        (
            {"input_tokens": 3, "output_tokens": 9, "output_tokens_details": {"reasoning_tokens": 9}},
            Usage(3, 9, None, 9),
        ),
        ({"input_tokens": 3, "output_tokens": 2, "output_tokens_details": {"reasoning_tokens": 9}}, Usage(3, 2)),
        (
            {
                "prompt_tokens": 3,
                "completion_tokens": 2,
                "total_tokens": 14,
                "completion_tokens_details": {"reasoning_tokens": 9},
            },
            Usage(3, 11, None, 9),
        ),
    ],
)
def test_usage(given, expected):
    assert usage(given) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"error": {"message": "m", "code": "c", "type": "t"}}, ("m", "c")),
        ({"error": {"message": "m", "code": None, "type": "t"}}, ("m", "t")),
        ({"error": {"message": "m", "code": 429}}, ("m", "429")),
        ({"error": {"message": "m", "code": "", "type": "error"}}, ("m", None)),
        ({"error": "words"}, ("words", None)),
        ({"error": {"error": {"message": "inner", "code": "c"}}}, ("inner", "c")),
        ({"type": "error", "message": "flat", "code": "c"}, ("flat", "c")),
        ({"detail": "d"}, ("d", None)),
        ({"msg": "m", "code": 1302}, ("m", "1302")),
        ({"message": 7, "code": 10**30, "status": "busy"}, ("", "busy")),
        ("words", ("words", None)),
        ({"error": {"error": {"error": {"error": {"message": "too deep"}}}}}, ("", None)),
        (None, ("", None)),
        ({"error": None, "message": "m"}, ("m", None)),
    ],
)
def test_fault(value, expected):
    assert fault(value) == expected


@pytest.mark.parametrize("payload", [b"", b"{", b"{} {}", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}x", b"\xff"])
def test_what_is_no_json_value_is_a_value_error(payload):
    with pytest.raises(ValueError, match=r".*"):
        parse(payload)


def test_json_that_is_a_little_wrong_is_read():
    assert parse(b' {"a": "line\nfeed\xff"}\n') == {"a": "line\nfeed�"}


def test_as_json():
    assert as_json({"a": ["é", "\ud83d"]}) == '{"a": ["é", "�"]}'
    assert as_json('{"a": "\ud83d') == '{"a": "�'
    nested: list = []
    for _ in range(100_000):
        nested = [nested]
    assert as_json(nested) == "null"


def test_whole_characters():
    assert whole_characters("plain") == "plain"
    assert whole_characters("ü🐧") == "ü🐧"
    assert whole_characters("a\ud83d\udc27\ud83d") == "a🐧�"
