"""The narrow ways between the floors: what `conversation` needs of the world, and nothing of how it is done."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Protocol, TypeAlias

from .answer import Answer
from .cancel import Cancel
from .events import Accepted, StreamEvent, Waiting
from .ledger import LedgerRow
from .request import WireRequest
from .verdicts import Verdict

__all__ = ["Chunks", "Clock", "Recorder", "Reviewer", "Sink", "Transport"]

Chunks: TypeAlias = Generator["bytes | Waiting | Accepted", None, None]


class Clock(Protocol):
    """Seconds that only go forward, as `time.monotonic`."""

    def __call__(self) -> float:
        """The time now."""
        ...


class Transport(Protocol):
    """Takes a request to where it is answered and brings back the raw bytes of the stream."""

    def stream(self, request: WireRequest, cancel: Cancel) -> Chunks:
        """Yield the body as it comes, content encoding undone.

        `b""` says that time passed and nothing came; `Waiting` that the request will be sent again; `Accepted`
        that the body begins. Setting `cancel` ends the request at once, at whatever point: the iterator then
        just ends. Raises BackendError before the first byte, StreamBroken afterwards.
        """
        ...


class Sink(Protocol):
    """Where an answer is shown while it comes."""

    def receive(self, event: StreamEvent) -> None:
        """Take note of one event; paint now or later."""
        ...

    def tick(self) -> None:
        """Time passed: paint what is due, count the seconds."""
        ...

    def finish(self, answer: Answer, notices: tuple[str, ...]) -> None:
        """Show the answer for good, however it ended, with `notices`: short sentences about the call."""
        ...


class Reviewer(Protocol):
    """Knows whether an answer's code would run."""

    def __call__(self, text: str, stopped: Callable[[], bool]) -> tuple[Verdict, ...]:
        """One verdict for each fenced block of `text`; must not raise. Ends soon once `stopped` says so."""
        ...


class Recorder(Protocol):
    """Keeps the account: one row a request."""

    def record(self, row: LedgerRow) -> None:
        """Write `row`. Must not raise: an answer is never lost because its row could not be written."""
        ...
