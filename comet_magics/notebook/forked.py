"""The kernel's side of a rehearsal: a forked copy, what it reports, and its end.

    kernel ── fork ── supervisor ── fork ── the copy (first process of its own pid namespace)
      │  leash ───────────▶│  kills all
      │◀─────────── end ───┘
      │◀─────────────────────── reports ──┘

Promise: `follow` takes no longer than the limits say, and after `end` no process of the copy lives.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..core.verdicts import Rehearsal
from .fork import Busy, fork
from .limits import Limits, NotRehearsed
from .perform import supervise
from .reports import in_order, rehearsal_of, text_of, texts_of

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["Forked"]

_REPORT_BYTES = 1 << 20
_GRACE = 2.0
_LOOK_UP = 0.2


@dataclass
class Forked:
    """The kernel's side of one rehearsal."""

    shell: InteractiveShell
    sources: Sequence[str]
    limits: Limits
    scratch: str
    reports: list[dict[str, Any]] = field(default_factory=list)
    walls: dict[str, Any] = field(default_factory=dict)
    ending: str = ""

    def __post_init__(self) -> None:
        pipes = [os.pipe() for _ in range(3)]
        (self.report, report), (self.status, status), (leash, self.leash) = pipes
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        try:
            self.supervisor = fork()
        except (Busy, OSError) as error:
            for number in (number for pipe in pipes for number in pipe):
                os.close(number)
            raise NotRehearsed(str(error)) from error
        if self.supervisor == 0:
            try:
                for number in (self.report, self.status, self.leash):
                    os.close(number)
                supervise(self.shell, self.sources, self.limits, self.scratch, (report, status, leash))
            finally:
                os._exit(70)
        for number in (report, status, leash):
            os.close(number)

    def follow(self, stopped: Callable[[], bool]) -> None:
        """Read reports until all is over or the time of a block is up."""
        poll, buffers = select.poll(), {self.report: b"", self.status: b""}
        for number in buffers:
            poll.register(number, select.POLLIN | select.POLLHUP)
        deadline, taken = time.monotonic() + self.limits.seconds + _GRACE, 0
        while not self.ending:
            left = deadline - time.monotonic()
            if left <= 0:
                self.ending = "time"
                return None
            if stopped():
                self.ending = "stop"
                return None
            for number, _ in poll.poll(min(left, _LOOK_UP) * 1000):
                try:
                    chunk = os.read(number, 1 << 16)
                except OSError:
                    chunk = b""
                if not chunk:
                    poll.unregister(number)
                    if number == self.status:
                        self.ending = buffers[number].decode("utf-8", "replace") or "signal 9"
                        return self._drain(buffers[self.report])
                    continue
                buffers[number] += chunk
                taken += len(chunk) if number == self.report else 0
                if taken > _REPORT_BYTES * (1 + len(self.sources)):
                    self.ending = "report"
                    return None
                if number == self.report:
                    *lines, buffers[number] = buffers[number].split(b"\n")
                    if lines:
                        self._take(lines)
                        deadline = time.monotonic() + self.limits.seconds
        return None

    def _drain(self, rest: bytes) -> None:
        os.set_blocking(self.report, False)
        with contextlib.suppress(OSError):
            while chunk := os.read(self.report, 1 << 16):
                rest += chunk
        self._take(rest.split(b"\n"))

    def _take(self, lines: list[bytes]) -> None:
        for line in lines:
            with contextlib.suppress(ValueError):
                said = json.loads(line)
                if not isinstance(said, dict):
                    continue
                if "walls" in said or "refused" in said:
                    self.walls = self.walls or said
                elif len(self.reports) < len(self.sources):
                    self.reports.append(said)

    def end(self) -> None:
        """Let go of the copy; returns when none of its processes lives."""
        with contextlib.suppress(OSError):
            os.write(self.leash, b"x")
        for number in (self.leash, self.report):
            os.close(number)
        try:
            ready, _, _ = select.select([self.status], [], [], _GRACE)
            if ready and os.read(self.status, 100) and select.select([self.status], [], [], _GRACE)[0]:
                os.read(self.status, 1)
            elif not ready:
                os.kill(self.supervisor, signal.SIGKILL)
        finally:
            os.close(self.status)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.supervisor, 0)

    def results(self) -> tuple[Rehearsal, ...]:
        """One Rehearsal for each source; raises NotRehearsed if the walls could not be put up."""
        if "refused" in self.walls:
            raise NotRehearsed(text_of(self.walls["refused"], 200))
        if not self.walls:
            raise NotRehearsed(f"the copy of the kernel did not come up ({self.ending or 'no word from it'})")
        found = [rehearsal_of(report) for report in self.reports]
        if len(found) < len(self.sources):
            found.append(self._cut_short())
        while len(found) < len(self.sources):
            found.append(Rehearsal("inconclusive", "an earlier block did not come to its end"))
        walls, ways = (tuple(texts_of(self.walls.get(key), 10, 60)) for key in ("walls", "open_ways"))
        return tuple(replace(one, walls=walls, open_ways=ways) for one in in_order(found))

    def _cut_short(self) -> Rehearsal:
        limits, ending = self.limits, self.ending
        if ending == "time":
            return Rehearsal("timed out", f"not done after {limits.seconds:g} s", seconds=limits.seconds)
        if ending.startswith("signal "):
            number = int(ending[7:]) if ending[7:].isdigit() else 0
            name = signal.Signals(number).name if number in set(signal.Signals) else ending
            if name == "SIGXCPU":
                return Rehearsal("timed out", f"not done after {limits.seconds:g} s", seconds=limits.seconds)
            return Rehearsal("inconclusive", f"the copy of the kernel was ended by {name}")
        reasons = {
            "stop": "it was stopped",
            "processes": f"it started more than {limits.processes} processes",
            "memory": "it took the memory that the machine has left",
            "stall": "it waits for a thread that a copy of the kernel does not have",
            "exit": "it ended the process",
            "report": "its report was too long",
        }
        return Rehearsal("inconclusive", reasons.get(ending, f"it was ended ({ending})"))
