"""The rehearsal: blocks run one after the other in a forked copy of the kernel, on the real data, behind walls.

Promise: the kernel's own state, files, connections and threads are not touched, and the kernel waits no longer than the
limits say, whatever the blocks do. What comes back is JSON of limited size from a process that is not trusted: it is
read as data. Where a fork is not safe, or no wall would keep files from being written, nothing is run: NotRehearsed.

    kernel ── fork ── supervisor ── fork ── the copy (first process of its own pid namespace)
      │  leash ───────────▶│  kills all
      │◀─────────── end ───┘
      │◀─────────────────────── reports ──┘
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.verdicts import Change, Rehearsal

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["Limits", "NotRehearsed", "rehearse"]

_REPORT_BYTES = 1 << 20
_GRACE = 2.0
_LOOK_UP = 0.2
_FILE_BYTES = 128 << 20


class NotRehearsed(Exception):
    """Nothing was run; the words say why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What each block may take.

    `seconds` of wall-clock time; `memory` bytes of its own (None: half of what is free), while `reserve` bytes stay
    free on the machine; `processes` at once; `stall` seconds in which every thread only waits for a lock.
    """

    seconds: float = 10.0
    memory: int | None = None
    reserve: int = 256 << 20
    processes: int = 64
    stall: float = 3.0


def rehearse(
    shell: InteractiveShell,
    sources: Sequence[str],
    limits: Limits = Limits(),
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Rehearsal, ...]:
    """Run `sources` as cells, in order, in one copy; one Rehearsal for each. It ends soon once `stopped` says so.

    Raises NotRehearsed where this system or the kernel's state forbids it, KeyboardInterrupt at the user's stop.
    """
    obstacle = _obstacle()
    if obstacle:
        raise NotRehearsed(obstacle)
    from . import descriptors, stage, supervise, walls  # noqa: F401  loaded before the fork, so that the copy need not

    scratch = tempfile.mkdtemp(prefix="comet-rehearsal-")
    try:
        copy = _Copy(shell, sources, limits, scratch)
        try:
            copy.follow(stopped)
        finally:
            copy.end()
        return copy.results()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _obstacle() -> str:
    if not sys.platform.startswith("linux") or not hasattr(os, "fork"):
        return "this system can't run code behind walls"
    with contextlib.suppress(OSError):
        for number in os.listdir("/proc/self/fd"):  # noqa: PTH208 - numbers
            with contextlib.suppress(OSError):
                target = os.readlink(f"/proc/self/fd/{number}")  # noqa: PTH115 - not always a path
                if target.startswith(("/dev/nvidia", "/dev/kfd", "/dev/dri/")):
                    return "the kernel uses a GPU, which does not survive a copy"
    return "another thread of the kernel is computing" if _another_thread_computes() else ""


def _another_thread_computes() -> bool:
    """Whether a thread other than this one keeps a processor busy while OpenBLAS is loaded.

    OpenBLAS waits at a fork until its threads are done; if they are kept busy, the kernel itself would hang there.
    """
    if "openblas" not in Path("/proc/self/maps").read_text():
        return False
    for _ in range(12):
        before = _runnable()
        began = time.monotonic_ns()
        time.sleep(0.01)
        wall = time.monotonic_ns() - began
        if not any(now - before.get(thread, now) > 0.8 * wall for thread, now in _runnable().items()):
            return False
    return True


def _runnable() -> dict[str, int]:
    """For how many nanoseconds each other thread had something to do, on a processor or waiting for one."""
    found = {}
    own = str(threading.get_native_id())
    for thread in os.listdir("/proc/self/task"):  # noqa: PTH208 - numbers
        with contextlib.suppress(OSError, ValueError):
            if thread != own:
                ran, waited, _ = Path(f"/proc/self/task/{thread}/schedstat").read_text().split()
                found[thread] = int(ran) + int(waited)
    return found


@dataclass
class _Copy:
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
        with warnings.catch_warnings():
            # Python 3.12 warns of threads at a fork. They are why there are limits and a supervisor.
            warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)
            try:
                self.supervisor = os.fork()
            except OSError as error:
                for number in (number for pipe in pipes for number in pipe):
                    os.close(number)
                raise NotRehearsed(f"the kernel can't be copied now ({error.strerror})") from error
        if self.supervisor == 0:
            try:
                for number in (self.report, self.status, self.leash):
                    os.close(number)
                _supervise(self.shell, self.sources, self.limits, self.scratch, (report, status, leash))
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
            raise NotRehearsed(_text(self.walls["refused"], 200))
        if not self.walls:
            raise NotRehearsed(f"the copy of the kernel did not come up ({self.ending or 'no word from it'})")
        found = [_rehearsal(report) for report in self.reports]
        if len(found) < len(self.sources):
            found.append(self._cut_short())
        while len(found) < len(self.sources):
            found.append(Rehearsal("inconclusive", "an earlier block did not come to its end"))
        walls, ways = (tuple(_texts(self.walls.get(key), 10, 60)) for key in ("walls", "open_ways"))
        return tuple(replace(one, walls=walls, open_ways=ways) for one in _in_order(found))

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


def _supervise(
    shell: InteractiveShell, sources: Sequence[str], limits: Limits, scratch: str, pipes: tuple[int, int, int]
) -> None:
    """The supervisor's life; never returns."""
    from .supervise import prepare, watch
    from .walls import new_namespaces

    report, status, leash = pipes
    niceness = os.getpriority(os.PRIO_PROCESS, 0)
    prepare()
    namespaces = new_namespaces()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            _perform(shell, sources, limits, scratch, report, namespaces, niceness)
        finally:
            os._exit(71)
    os.close(report)
    why = watch(child, leash, processes=limits.processes, reserve=limits.reserve, stall=limits.stall)
    os.write(status, why.encode())
    os._exit(0)


def _perform(
    shell: InteractiveShell,
    sources: Sequence[str],
    limits: Limits,
    scratch: str,
    report: int,
    namespaces: bool,
    niceness: int,
) -> None:
    """The copy's life: walls first, then the blocks; never returns."""
    from .descriptors import NotPrivate, detach_descriptors, privatize_memory
    from .stage import Stage
    from .supervise import end_with_parent
    from .walls import close_in

    def say(words: dict[str, Any]) -> None:
        line = json.dumps(words).encode() + b"\n"
        while line:
            line = line[os.write(report, line) :]

    try:
        shared = privatize_memory()
        walls = close_in(scratch, namespaces=namespaces)
        end_with_parent()
        output = os.open(os.path.join(scratch, "output"), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)  # noqa: PTH118
        for number in (1, 2):
            os.dup2(output, number)
        detach_descriptors({report, output, 1, 2})
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        _set_limits(limits, namespaces, niceness)
    except NotPrivate as error:
        say({"refused": str(error)})
        os._exit(0)
    if not walls.files:
        say({"refused": "this system has no wall that keeps files from being written"})
        os._exit(0)
    stage = Stage(shell, scratch, output, shared)
    stage.set(scratch)
    say({"walls": walls.standing, "open_ways": walls.open_ways})
    me = os.getpid()
    for source in sources:
        report_of = stage.perform(source)
        if os.getpid() != me:
            os._exit(0)  # a process that the cell forked and let run on
        say(report_of)
    os._exit(0)


def _set_limits(limits: Limits, namespaces: bool, niceness: int) -> None:
    from .supervise import available_memory

    memory = limits.memory if limits.memory is not None else available_memory() // 2
    lines = Path("/proc/self/status").read_text().splitlines()
    held = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData"))
    _limit(resource.RLIMIT_DATA, held + memory)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, _FILE_BYTES)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if namespaces:  # only then are these processes counted apart from the user's others
        _limit(resource.RLIMIT_NPROC, limits.processes * 4)
    os.setpriority(os.PRIO_PROCESS, 0, min(19, niceness + 5))


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(what, (most, most))


def _in_order(found: list[Rehearsal]) -> Iterator[Rehearsal]:
    """What raises after an earlier block failed may be that block's fault."""
    broken = False
    for one in found:
        if broken and one.outcome == "raised":
            yield replace(one, outcome="inconclusive", reason=f"an earlier block failed; then {one.reason}")
        else:
            yield one
        broken = broken or one.outcome != "ran"


def _rehearsal(said: dict[str, Any]) -> Rehearsal:
    """A report as a Rehearsal; every value is checked, since the copy is not trusted."""
    outcome = said.get("outcome")
    if outcome not in ("ran", "raised", "inconclusive"):
        return Rehearsal("inconclusive", "its report can't be read")
    changes = [
        Change(_text(one[0], 60), _text(one[1], 60), _text(one[2], 30), bool(one[3]))
        for one in _list(said.get("changes"))[:50]
        if isinstance(one, list) and len(one) == 4
    ]
    figures = [one for one in _list(said.get("figures"))[:3] if _is_base64(one)]
    return Rehearsal(
        outcome,
        reason=_text(said.get("reason"), 500),
        error=_text(said.get("error"), 60),
        line=int(_number(said.get("line"))) or None,
        seconds=_number(said.get("seconds")),
        memory=int(_number(said.get("memory"))),
        printed=_text(said.get("printed"), 1100),
        changes=tuple(changes),
        attempts=tuple(_texts(said.get("attempts"), 41, 300)),
        figures=tuple(figures),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object, length: int) -> str:
    return value[:length] if isinstance(value, str) else ""


def _texts(value: object, many: int, length: int) -> list[str]:
    return [_text(one, length) for one in _list(value)[:many]]


def _number(value: object) -> float:
    sane = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1 << 50
    return float(value) if sane else 0.0  # type: ignore[arg-type]


def _is_base64(value: object) -> bool:
    return isinstance(value, str) and len(value) < 100_000 and value.isascii() and set("<>\"'& ").isdisjoint(value)
