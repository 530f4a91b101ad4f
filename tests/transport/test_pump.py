"""Reading goes on while nobody takes; taking never waits long; leaving ends the request."""

import threading

import pytest

from comet_magics.core.cancel import Cancel
from comet_magics.core.errors import StreamBroken
from comet_magics.core.events import Accepted
from comet_magics.core.request import WireRequest
from comet_magics.transport.pump import Pump

REQUEST = WireRequest("responses", "/responses", {})


class Source:
    """A transport of given pieces; a threading.Event among them is waited for."""

    def __init__(self, *pieces):
        self.pieces = pieces
        self.cancel = None
        self.ended = threading.Event()

    def stream(self, request, cancel):
        self.cancel = cancel
        try:
            for piece in self.pieces:
                if isinstance(piece, threading.Event):
                    with cancel.calling(piece.set):
                        piece.wait()
                    if cancel.is_set:
                        return
                elif isinstance(piece, Exception):
                    raise piece
                else:
                    yield piece
        finally:
            self.ended.set()


def test_what_piled_up_comes_as_one_piece_and_in_order():
    gate = threading.Event()
    source = Source(b"a", gate, b"b", b"c", Accepted("r"), b"d")
    stream = Pump(source).stream(REQUEST, Cancel())
    assert next(stream) == b"a"
    gate.set()
    source.ended.wait()
    assert [piece for piece in stream if piece] == [b"bc", Accepted("r"), b"d"]


def test_silence_is_told_and_the_rest_still_comes():
    gate = threading.Event()
    pieces = []
    for piece in Pump(Source(b"a", gate, b"b")).stream(REQUEST, Cancel()):
        pieces.append(piece)
        if piece == b"":
            gate.set()
    assert b"" in pieces
    assert b"".join(pieces) == b"ab"


def test_an_error_arrives_after_what_came_before_it():
    stream = Pump(Source(b"half", StreamBroken("cut"))).stream(REQUEST, Cancel())
    pieces = []
    with pytest.raises(StreamBroken, match="cut"):
        pieces.extend(stream)
    assert b"".join(pieces) == b"half"


def test_cancelling_ends_the_iterator_and_the_reader():
    cancel, never = Cancel(), threading.Event()
    source = Source(b"a", never, b"b")
    stream = Pump(source).stream(REQUEST, cancel)
    assert next(stream) == b"a"
    cancel.set()
    assert list(stream) in ([], [b""])
    assert source.ended.wait(30)


def test_leaving_early_ends_the_reader_but_not_the_call():
    cancel, never = Cancel(), threading.Event()
    source = Source(b"a", never)
    stream = Pump(source).stream(REQUEST, cancel)
    assert next(stream) == b"a"
    stream.close()
    assert source.ended.wait(30)
    assert not cancel.is_set
