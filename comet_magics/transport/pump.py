"""Reads a transport in a thread of its own.

Promise: reading never waits for whoever paints, and whoever paints never waits for the network: the iterator yields
at least every `_BEAT` seconds, `b""` if nothing came, so that a counter can tick and an interrupt is felt at once on
every platform. What piled up meanwhile comes as one piece.
"""

from __future__ import annotations

import threading
import time
from collections import deque

from ..core.cancel import Cancel
from ..core.events import Accepted, Waiting
from ..core.ports import Chunks, Transport
from ..core.request import WireRequest

__all__ = ["Pump"]

_BEAT = 0.1
_AT_ONCE = 0.002


class Pump:
    """Wraps a transport; each stream has a thread, which ends with it.

    `rest` are the seconds for which reading rests after each piece, so that several come as one: each wakes two
    threads, which take the interpreter from a cell that computes meanwhile.
    """

    def __init__(self, inner: Transport, *, rest: float = 0.0) -> None:
        self._inner = inner
        self._rest = rest

    def stream(self, request: WireRequest, cancel: Cancel) -> Chunks:
        """As `Transport.stream`; leaving the iterator early cancels the request."""
        pipe = _Pipe()
        # Leaving early ends this request, not the call that it belongs to.
        leave = Cancel()
        reader = threading.Thread(
            target=_read, args=(self._inner, request, leave, pipe, self._rest), name="comet_magics-reader", daemon=True
        )
        with cancel.calling(leave.set):
            reader.start()
            try:
                while not pipe.ended and not cancel.is_set:
                    yield from pipe.take(_BEAT) or (b"",)
            finally:
                leave.set()
        if pipe.error is not None and not cancel.is_set:
            raise pipe.error


class _Pipe:
    """What was read and not yet taken."""

    def __init__(self) -> None:
        self._pieces: deque[bytes | Waiting | Accepted] = deque()
        self._arrived = threading.Condition()
        self._closed = False
        self.error: BaseException | None = None

    @property
    def ended(self) -> bool:
        """Whether the reader is done and everything was taken."""
        return self._closed and not self._pieces

    def put(self, piece: bytes | Waiting | Accepted) -> None:
        with self._arrived:
            self._pieces.append(piece)
            self._arrived.notify()

    def close(self, error: BaseException | None) -> None:
        with self._arrived:
            self.error = error
            self._closed = True
            self._arrived.notify()

    def take(self, seconds: float) -> list[bytes | Waiting | Accepted]:
        """Everything that is here, bytes joined; waits up to `seconds` for something to come."""
        with self._arrived:
            if not self._pieces and not self._closed:
                self._arrived.wait(seconds)
            pieces = list(self._pieces)
            self._pieces.clear()
        joined: list[bytes | Waiting | Accepted] = []
        run: list[bytes] = []
        for piece in pieces:
            if isinstance(piece, bytes):
                run.append(piece)
                continue
            if run:
                joined.append(b"".join(run))
                run = []
            joined.append(piece)
        if run:
            joined.append(b"".join(run))
        return joined


def _read(inner: Transport, request: WireRequest, cancel: Cancel, pipe: _Pipe, rest: float) -> None:
    asked = time.monotonic()
    try:
        for piece in inner.stream(request, cancel):
            if cancel.is_set:
                break
            pipe.put(piece)
            # What has come already is read on: only who had to wait for a piece rests after it.
            if rest and time.monotonic() - asked > _AT_ONCE:
                cancel.wait(rest)
            asked = time.monotonic()
    except BaseException as exc:  # noqa: BLE001 - whatever it is belongs to the thread that asked
        pipe.close(exc)
    else:
        pipe.close(None)
