"""A limit in time for code that is not ours: an engine that may be dead, a library that may be slow.

Promise: `within` returns or raises in about the given time, whatever the call does, and what the call raises (also
SystemExit) never gets further than `Unfit`. A call that is late goes on in a daemon thread that nobody waits for.
"""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable
from typing import TypeVar

__all__ = ["FRAME_TOKENS", "Deadline", "Unfit", "within"]

# Enough for every fact about a frame that questions ask for.
FRAME_TOKENS = 900

T = TypeVar("T")


class Unfit(Exception):
    """An object could not be described; the text says why, in a few words."""


class Deadline:
    """A moment by which the work should be done."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds that remain, never below zero."""
        return max(0.0, self._end - time.monotonic())

    @property
    def passed(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self._end


def within(seconds: float, call: Callable[[], T]) -> T:
    """The result of `call()`. Raises Unfit if it raises anything or takes longer than `seconds`."""
    if seconds <= 0:
        raise Unfit("no time left")
    outcome: list[tuple[bool, T | BaseException]] = []

    def run() -> None:
        try:
            outcome.append((True, call()))
        except BaseException as exc:  # noqa: BLE001 - whatever a foreign object raises must not pass this line
            outcome.append((False, exc))

    thread = threading.Thread(target=run, name="comet_magics describes", daemon=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a library thinks of being described is not the user's concern
        thread.start()
        thread.join(seconds)
    if not outcome:
        raise Unfit(f"no answer within {seconds:.1f} s")
    good, result = outcome[0]
    if good:
        return result  # type: ignore[return-value]
    if type(result) is Unfit:
        raise result
    raise Unfit(f"raised {type.__dict__['__name__'].__get__(type(result))}")
