"""The small process between the kernel and a rehearsal: it watches, and it ends everything that the rehearsal began.

Promise: when `watch` returns, no process of the rehearsal lives: it was alone in a pid namespace, whose first process's
death ends all; or, where there are no namespaces, its orphans came to us (`PR_SET_CHILD_SUBREAPER`) and were ended.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from pathlib import Path

from .syscalls import prctl

__all__ = ["available_memory", "end_with_parent", "prepare", "watch"]

_PDEATHSIG, _CHILD_SUBREAPER = 1, 36
_LOOK_EVERY = 0.05
_ENOUGH_LOOKS = 200


def prepare() -> None:
    """Make this process a supervisor: out of the terminal's group, ended with its parent, first in line for the OOM."""
    os.setsid()
    end_with_parent()
    with contextlib.suppress(OSError):
        prctl(_CHILD_SUBREAPER, 1)
    with contextlib.suppress(OSError):
        os.nice(-10)  # a crowd of processes must not keep their end from coming; only root may
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def end_with_parent() -> None:
    """Have the system kill this process when its parent is gone."""
    with contextlib.suppress(OSError):
        prctl(_PDEATHSIG, signal.SIGKILL)


def watch(child: int, leash: int, *, processes: int, reserve: int, stall: float) -> str:
    """Wait until `child` ended or must end, end it with all it began, and say why.

    Returns `exit`, `signal N`, or what ended it: `leash` (the kernel let go or is gone), `processes` (more than
    that many), `memory` (less than `reserve` bytes free on the machine), `stall` (no thread did anything for so many
    seconds, each waiting for a lock).
    """
    why, status = "", None
    idle_since, spent = time.monotonic(), -1
    poll = select.poll()
    poll.register(leash, select.POLLIN | select.POLLHUP)
    pidfd = _pidfd(child)
    if pidfd is not None:
        poll.register(pidfd, select.POLLIN)
    while not why:
        ready = {number for number, _ in poll.poll(int(_LOOK_EVERY * 1000))}
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if leash in ready:
            why = "leash"
        elif len(_descendants(os.getpid(), processes + 1)) > processes:
            why = "processes"
        elif available_memory() < reserve:
            why = "memory"
        else:
            now, used = time.monotonic(), _cpu_ticks(child)
            if used != spent or not _all_wait_for_locks(child):
                idle_since, spent = now, used
            elif now - idle_since > stall:
                why = "stall"
        status = None
    _end_all(child if status is None else None)
    if why:
        return why
    assert status is not None
    return "exit" if os.WIFEXITED(status) else f"signal {os.WTERMSIG(status)}"


def available_memory() -> int:
    """Bytes that can still be had: the machine's, or this container's where that is less."""
    room = 1 << 62
    with contextlib.suppress(OSError, ValueError, IndexError):
        line = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemAvailable"))
        room = int(line.split()[1]) * 1024
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        with contextlib.suppress(OSError, ValueError):
            group = Path("/sys/fs/cgroup")
            room = min(room, max(0, int((group / limit).read_text()) - int((group / used).read_text())))
    return room


def _pidfd(child: int) -> int | None:
    try:
        return os.pidfd_open(child)
    except (OSError, AttributeError):
        return None


def _descendants(root: int, at_most: int) -> list[int]:
    found: list[int] = []
    todo = [root]
    while todo and len(found) <= at_most:
        here = todo.pop()
        with contextlib.suppress(OSError):
            for thread in os.listdir(f"/proc/{here}/task"):  # noqa: PTH208 - numbers
                children = Path(f"/proc/{here}/task/{thread}/children").read_text().split()
                found += map(int, children)
                todo += map(int, children)
    return found


def _cpu_ticks(process: int) -> int:
    with contextlib.suppress(OSError, ValueError, IndexError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15]))
    return -1


def _all_wait_for_locks(process: int) -> bool:
    try:
        return all(
            "futex" in Path(f"/proc/{process}/task/{thread}/wchan").read_text()
            for thread in os.listdir(f"/proc/{process}/task")  # noqa: PTH208 - numbers
        ) and not _descendants(process, 1)
    except OSError:
        return False


def _end_all(child: int | None) -> None:
    """Kill the child and whatever it left behind, and collect them all."""
    if child is not None:
        os.kill(child, signal.SIGKILL)
    for _ in range(_ENOUGH_LOOKS):
        # Stop all that can be seen before any is killed: what is stopped can't fork away under our hands.
        known: set[int] = set()
        while fresh := set(_descendants(os.getpid(), 1 << 20)) - known:
            known |= fresh
            _signal(fresh, signal.SIGSTOP)
        _signal(known, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.005)


def _signal(processes: set[int], number: int) -> None:
    for process in processes:
        with contextlib.suppress(OSError):
            os.kill(process, number)
