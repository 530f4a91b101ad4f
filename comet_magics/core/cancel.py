"""Stopping a call from outside: a flag, and what to do at the moment it is set.

Promise: setting it never blocks and never raises; a callback runs once, at once if the flag is already set.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

__all__ = ["Cancel"]


class Cancel:
    """One call's stop switch; safe to set from any thread, any number of times."""

    def __init__(self) -> None:
        self._flag = threading.Event()
        self._asked = False
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def is_set(self) -> bool:
        """Whether the call is to end."""
        return self._asked or self._flag.is_set()

    def ask(self) -> None:
        """End the call at the next look at `is_set`. Takes no lock, so that a signal handler may call it."""
        self._asked = True

    def set(self) -> None:
        """End the call now: run what was registered, once."""
        # The flag goes first: who registers after it runs at once instead of never.
        self._flag.set()
        with self._lock:
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            _run(callback)

    def wait(self, seconds: float) -> bool:
        """Sleep, but only until the flag is set; return whether it is."""
        return self._flag.wait(seconds)

    @contextlib.contextmanager
    def calling(self, callback: Callable[[], None]) -> Iterator[None]:
        """Run `callback` if the flag is set while the block runs, or was set before it."""
        with self._lock:
            self._callbacks.append(callback)
        if self.is_set:
            self.set()
        try:
            yield
        finally:
            with self._lock, contextlib.suppress(ValueError):
                self._callbacks.remove(callback)


def _run(callback: Callable[[], None]) -> None:
    # What is being torn down may be torn down already.
    with contextlib.suppress(Exception):
        callback()
