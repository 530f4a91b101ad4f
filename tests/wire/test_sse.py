from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magics.wire.sse import SseDecoder


def payloads(*chunks):
    decoder = SseDecoder()
    return [payload for chunk in chunks for payload in decoder.feed(chunk)] + decoder.close()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"data: a\n\ndata: b\n\n", [b"a", b"b"]),
        (b"data:a\n\n", [b"a"]),
        (b"data:  a \n\n", [b" a "]),
        (b"data: a\r\n\r\ndata: b\r\n\r\n", [b"a", b"b"]),
        (b"data: a\r\rdata: b\r\r", [b"a", b"b"]),
        (b"data: a\rdata: b\n\r\n", [b"a\nb"]),
        (b": hello\ndata: a\n:\n\n", [b"a"]),
        (b"event: x\nid: 1\nretry: 5\ndata: a\n\n", [b"a"]),
        (b"\xef\xbb\xbfdata: a\n\n", [b"a"]),
        (b"data: a\ndata:\ndata: b\n\n", [b"a\n\nb"]),
        (b"data\ndata: a\n\n", [b"a"]),
        (b"\n\n\n", []),
        (b"event: x\n\n", []),
        (b"data: no end", [b"no end"]),
        (b"data: one end\n", [b"one end"]),
        ("data: a\u2028b\x85\x0b\x0c\x1cc\n\n".encode(), ["a\u2028b\x85\x0b\x0c\x1cc".encode()]),
        (b"", []),
    ],
)
def test_payloads(body, expected):
    assert expected == payloads(body)
    assert expected == payloads(*(bytes([byte]) for byte in body))


def test_crlf_across_chunks_is_one_line_end():
    assert payloads(b"data: a\r", b"\ndata: b\r", b"", b"\n\r", b"\n") == [b"a\nb"]


def test_an_event_is_given_as_soon_as_its_empty_line_begins():
    decoder = SseDecoder()
    assert decoder.feed(b"data: a\r\n\r") == [b"a"]
    assert decoder.feed(b"\n") == []


def test_a_byte_order_mark_counts_at_the_start_only():
    assert payloads(b"\xef", b"\xbb\xbfdata: a\n", b"\n\xef\xbb\xbfdata: b\n\n") == [b"a"]


def test_lines_of_no_stream_are_kept():
    decoder = SseDecoder()
    decoder.feed(b': comment\n{"error":\ndata: a\n\n')
    decoder.feed(b" 1}")
    assert decoder.close() == []
    assert decoder.rest() == b'{"error":\n 1}'


def test_a_name_cut_by_the_end_is_not_kept():
    decoder = SseDecoder()
    decoder.feed(b"data: a\n\nev")
    decoder.close()
    assert decoder.rest() == b""


@given(st.lists(st.sampled_from([b"\r", b"\n", b"data: ", b"a", b":", b"\xc3\xbc", b"event: x", b" "])), st.data())
def test_cuts_change_nothing(parts, data):
    body = b"".join(parts)
    cut = data.draw(st.integers(0, len(body)))
    assert payloads(body) == payloads(body[:cut], body[cut:])


def test_one_huge_event_byte_by_byte_costs_no_copies():
    """A buffer that is copied for each byte would move 2 * 10**10 bytes here, and take minutes."""
    body = b"data: " + b"x" * 200_000 + b"\n\n"
    assert payloads(*(body[place : place + 1] for place in range(len(body)))) == [b"x" * 200_000]
