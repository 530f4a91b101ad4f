"""What happens in the two processes of a rehearsal: the supervisor's life, and the copy's.

Promise: neither returns. The copy puts up its walls before anything else, reports by the line, and runs nothing where
no wall would keep files from being written.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .limits import Limits

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .walls import Walls

__all__ = ["supervise"]

_FILE_BYTES = 128 << 20


def supervise(
    shell: InteractiveShell, sources: Sequence[str], limits: Limits, scratch: str, pipes: tuple[int, int, int]
) -> None:
    """The supervisor's life; never returns."""
    from .fork import fork_again
    from .supervise import prepare, watch
    from .walls import new_namespaces

    report, status, leash = pipes
    niceness = os.getpriority(os.PRIO_PROCESS, 0)
    prepare()
    namespaces = new_namespaces()
    child = fork_again()
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
    from .descriptors import NotPrivate
    from .stage import Stage

    def say(words: dict[str, Any]) -> None:
        line = json.dumps(words).encode() + b"\n"
        while line:
            line = line[os.write(report, line) :]

    try:
        walls, shared, output = _enclose(limits, scratch, report, namespaces, niceness)
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


def _enclose(
    limits: Limits, scratch: str, report: int, namespaces: bool, niceness: int
) -> tuple[Walls, list[tuple[int, int]], int]:
    """Put up the walls; where memory was shared with others, and the descriptor that takes what is printed.

    Raises NotPrivate.
    """
    from .descriptors import detach_descriptors, privatize_memory
    from .supervise import end_with_parent
    from .walls import close_in

    shared = privatize_memory()
    walls = close_in(scratch, namespaces=namespaces)
    end_with_parent()
    output = os.open(os.path.join(scratch, "output"), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)  # noqa: PTH118
    for number in (1, 2):
        os.dup2(output, number)
    detach_descriptors({report, output, 1, 2})
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    _set_limits(limits, namespaces, niceness)
    return walls, shared, output


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
