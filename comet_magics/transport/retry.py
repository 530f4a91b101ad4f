"""Sends a request again where it certainly produced nothing.

Promise: never after the first byte of an answer, because a request is paid for; never more than `_TRIES` times; it
waits as long as the server asks, says so, and stops waiting at once when the call is cancelled.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from ..core.cancel import Cancel
from ..core.errors import BackendError
from ..core.events import Waiting
from ..core.ports import Chunks, Transport
from ..core.request import WireRequest

__all__ = ["Retry"]

_TRIES = 4
_LONGEST_WAIT = 60.0


class Retry:
    """Wraps a transport; `jitter` gives numbers from 0 to 1, so that many kernels don't come back at one moment."""

    def __init__(self, inner: Transport, *, jitter: Callable[[], float] = random.random) -> None:
        self._inner = inner
        self._jitter = jitter

    def stream(self, request: WireRequest, cancel: Cancel) -> Chunks:
        """As `Transport.stream`, with `Waiting` before each further try."""
        for tried in range(1, _TRIES + 1):
            begun = False
            try:
                for chunk in self._inner.stream(request, cancel):
                    begun = True
                    yield chunk
            except BackendError as exc:
                seconds = self._wait(tried, exc)
                if begun or seconds is None or cancel.is_set:
                    raise
                yield Waiting(seconds, exc.what)
                if cancel.wait(seconds):
                    return
            else:
                return

    def _wait(self, tried: int, exc: BackendError) -> float | None:
        """Seconds until the next try, or None if there is none."""
        if not exc.transient or tried == _TRIES:
            return None
        if exc.retry_after is not None:
            # Longer than a person waits: better to say when than to sit there.
            return exc.retry_after if exc.retry_after <= _LONGEST_WAIT else None
        return float(2 ** (tried - 1)) * (0.5 + self._jitter() / 2)
