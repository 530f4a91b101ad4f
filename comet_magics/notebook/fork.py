"""A fork of the kernel that OpenBLAS can't hang.

At a fork OpenBLAS ends its threads and waits for them; if other threads of the kernel have kept them busy, it can wait
forever, and the kernel hangs. Promise: `fork` returns. It takes a moment at which all other threads sleep, or refuses.
While this thread holds the interpreter's lock, no other can begin to compute through Python: so it holds the lock
while it looks. Where others computed just before, it forks without OpenBLAS's handler; the copy then has BLAS without
threads, and can't fork itself by the usual way.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
import time
import warnings
from pathlib import Path

__all__ = ["Busy", "fork"]

_TRIES, _BETWEEN = 6, 0.02
_WORK = 0.002  # seconds that a thread ran meanwhile: below that it only looks after something
# Others ask for the lock after waiting for the switch interval: they must not get to it while this thread looks.
_INTERVAL, _LOOKING, _BEFORE = 0.4, 0.2, 0.006
_bare = False
_libc = ctypes.PyDLL(None)  # as CDLL, but calls keep the interpreter's lock


class Busy(Exception):
    """Another thread computes all the time."""


def fork() -> int:
    """`os.fork`, beside OpenBLAS. Raises Busy where no moment comes within about 1.5 s; OSError as `os.fork`."""
    libraries = _openblas()
    if not libraries:
        return _usual_fork()
    for _ in range(_TRIES):
        before = sys.getswitchinterval()
        threads = _Threads()
        time.sleep(_BETWEEN)
        sys.setswitchinterval(_INTERVAL)
        try:
            worked = threads.fall_asleep()
            if worked is not None and worked <= _WORK:
                return _usual_fork()
            if worked is not None and hasattr(_libc, "_Fork"):  # the GNU C library has it from 2.34 on
                return _bare_fork(libraries)
        finally:
            sys.setswitchinterval(before)
            threads.close()
    raise Busy("another thread of the kernel is computing")


def fork_again() -> int:
    """A fork in what `fork` made, whose only thread is the caller's."""
    return _bare_fork([]) if _bare else _usual_fork()


def _usual_fork() -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns of threads at a fork. They are why a rehearsal has limits and a supervisor.
        warnings.filterwarnings("ignore", message=".*fork", category=DeprecationWarning)
        return os.fork()


def _bare_fork(libraries: list[str]) -> int:
    """What `os.fork` does, but for the handlers that C libraries have registered."""
    global _bare  # noqa: PLW0603 - of the copy, which is another process
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    child = int(_libc._Fork())
    if child == 0:
        python.PyOS_AfterFork_Child()
        _bare = True
        _without_threads(libraries)
    else:
        python.PyOS_AfterFork_Parent()
    if child < 0:
        raise OSError(ctypes.get_errno(), "the kernel can't be copied now")
    return child


def _openblas() -> list[str]:
    paths = (line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "openblas" in line)
    return list(dict.fromkeys(paths))


def _without_threads(libraries: list[str]) -> None:
    """Have OpenBLAS compute in the calling thread: the others did not come along."""
    for path in libraries:
        with contextlib.suppress(OSError):
            library = ctypes.CDLL(path, mode=os.RTLD_NOLOAD | os.RTLD_LAZY)
            for name in ("openblas_set_num_threads", "scipy_openblas_set_num_threads"):
                for suffix in ("", "64_"):  # a name that ends in `s_` is Fortran's
                    function = getattr(library, name + suffix, None)
                    if function is not None:
                        function(1)


class _Threads:
    """The other threads' states, read without letting go of the interpreter's lock."""

    def __init__(self) -> None:
        own = str(threading.get_native_id())
        self._count = _opened("/proc/self/stat")
        self._states: list[tuple[int, int]] = []
        for thread in os.listdir("/proc/self/task"):  # noqa: PTH208 - numbers
            if thread != own:
                with contextlib.suppress(OSError):
                    folder = f"/proc/self/task/{thread}"
                    self._states.append((_opened(f"{folder}/stat"), _opened(f"{folder}/schedstat")))
        self._buffer = ctypes.create_string_buffer(1024)
        self._at_first = {schedule: self._ran(schedule) for _, schedule in self._states}

    def close(self) -> None:
        for number in (self._count, *(number for pair in self._states for number in pair)):
            os.close(number)

    def fall_asleep(self) -> float | None:
        """Hold the lock until all of them sleep; the most seconds that one of them ran since the beginning.

        None if that takes too long, or a new one came.
        """
        began, last = time.monotonic(), None
        while (now := time.monotonic() - began) < _LOOKING:
            ran = self._asleep()
            # One look takes its time: a thread may wake behind it. Nobody ran between two looks: nobody computes.
            if ran is not None and ran == last and now > _BEFORE:
                return max((ran[one] - self._at_first.get(one, 0) for one in ran), default=0) / 1e9
            last = ran
            _libc.usleep(1000)
        return None

    def _asleep(self) -> dict[int, int] | None:
        """How many nanoseconds each thread has run, if all of them sleep now."""
        ran = {}
        for state, schedule in self._states:
            fields = self._read(state).rpartition(b")")[2].split()
            if fields and fields[0] not in (b"S", b"Z", b"X"):
                return None
            if fields:
                ran[schedule] = self._ran(schedule)
        # Field 20 is the number of threads; fields are counted here from the state, which is the third.
        known = self._read(self._count).rpartition(b")")[2].split()
        return ran if known and int(known[17]) <= len(ran) + 1 else None

    def _ran(self, schedule: int) -> int:
        return int((self._read(schedule).split() or [b"0"])[0])

    def _read(self, number: int) -> bytes:
        size = _libc.pread(number, self._buffer, 1023, ctypes.c_long(0))
        return self._buffer.raw[:size] if size > 0 else b""


def _opened(path: str) -> int:
    return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
