"""Answers that come while other cells run: each in a thread of its own, a few at a time.

Promise: starting returns at once, and stopping does too; the rest wait their turn in the order asked. When the kernel
ends in an orderly way, every answer is ended first, so that what came stays and is accounted for.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import logging
import threading
import time
from collections.abc import Callable, Iterator

from .asking import Asked
from .core.answer import Answer
from .core.cancel import Cancel
from .core.ports import Sink

__all__ = ["AT_ONCE", "Background", "Job"]

_log = logging.getLogger(__name__)
AT_ONCE = 8
_GLANCE = 0.05
_OFTEN = 20
# Jupyter waits a few seconds for a kernel to end by itself.
_FAREWELL = 2.0


class Job:
    """An answer on its way; `number` is the question's."""

    def __init__(self, asked: Asked, open_sink: Callable[[], Sink], deliver: Callable[[Answer], None]) -> None:
        self.number = asked.exchange.number
        self.answer = asked.id
        self.cancel = Cancel()
        self._asked = asked
        self._open_sink = open_sink
        self._deliver = deliver

    def run(self) -> None:
        """Carry it to its end. A fault of ours must not leave it running for good: there is nobody to raise it to."""
        try:
            self._asked.run(self._open_sink, self.cancel, raises=False, deliver=self._deliver)
        except Exception as fault:  # noqa: BLE001
            _log.warning("a background answer failed", exc_info=True)
            self._deliver(self._asked.abandon(fault))


class Background:
    """The answers on their way. At most `at_once` of them are asked for at a time."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._jobs: dict[int, tuple[Job, threading.Thread]] = {}
        self._places = threading.Semaphore(at_once)
        self._changed = threading.Condition()
        atexit.register(self.close)

    @property
    def running(self) -> list[Job]:
        """What is not finished, in the order asked."""
        with self._changed:
            return [job for _, (job, _) in sorted(self._jobs.items())]

    def start(self, asked: Asked, open_sink: Callable[[], Sink], deliver: Callable[[Answer], None]) -> Job:
        """Carry `asked` to its end in a thread of its own; `deliver` is called there with the answer."""
        job = Job(asked, open_sink, deliver)
        thread = threading.Thread(target=self._run, args=(job,), name=f"comet_magics-{job.number}", daemon=True)
        with self._changed:
            self._jobs[job.number] = job, thread
        thread.start()
        return job

    def stop(self, number: int | None = None, answer: str = "") -> int:
        """End question `number`, or the answer named `answer`, or all of them; return how many that were."""
        found = [job for job in self.running if (number is None or job.number == number) and answer in ("", job.answer)]
        for job in found:
            job.cancel.set()
        return len(found)

    def wait(self, number: int | None = None, seconds: float | None = None) -> bool:
        """Wait for question `number`, or all of them; whether they ended within `seconds`. An interrupt is felt."""
        end = None if seconds is None else time.monotonic() + seconds
        while any(number is None or job.number == number for job in self.running):
            if end is not None and time.monotonic() >= end:
                return False
            with self._changed:
                self._changed.wait(_GLANCE)
        return True

    def close(self) -> None:
        """End all of them, and wait a moment for what is left to be shown and written."""
        atexit.unregister(self.close)
        if self.stop():
            self.wait(seconds=_FAREWELL)

    @contextlib.contextmanager
    def _place(self, job: Job) -> Iterator[None]:
        """Wait for one of the places; who is stopped meanwhile needs none."""
        taken = False
        while not taken and not job.cancel.is_set:
            taken = self._places.acquire(timeout=_GLANCE)
        try:
            yield
        finally:
            if taken:
                self._places.release()

    def _run(self, job: Job) -> None:
        try:
            with self._place(job):
                job.run()
        finally:
            with self._changed:
                self._jobs.pop(job.number, None)
                self._changed.notify_all()
            if job.number % _OFTEN == 0:
                _give_back()


def _give_back() -> None:
    """Return to the system what glibc keeps of requests: they grow with the conversation, in many threads' heaps."""
    with contextlib.suppress(Exception):  # another C library has no such call, and needs none
        ctypes.CDLL(None).malloc_trim(0)
