"""The rehearsal: blocks run one after the other in a forked copy of the kernel, on the real data, behind walls.

Promise: the kernel's own state, files, connections and threads are not touched, and the kernel waits no longer than the
limits say, whatever the blocks do. What comes back is JSON of limited size from a process that is not trusted: it is
read as data. Where a fork is not safe, or no wall would keep files from being written, nothing is run: NotRehearsed.
It may be called from any thread; while a cell runs in another one, nothing is run either, for its data may be in
the middle of a change.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..core.verdicts import Rehearsal
from .limits import Limits, NotRehearsed
from .running import running_in

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["Limits", "NotRehearsed", "holds_gpu", "rehearse"]

_GPU_DEVICES = ("/dev/nvidia", "/dev/kfd", "/dev/dri/", "/dev/dxg")
_LOOK_UP = 0.2
_USUAL = Limits()
# One at a time: what a copy inherits of another's pipes would keep that one from ending.
_ONE = threading.Lock()


def rehearse(
    shell: InteractiveShell,
    sources: Sequence[str],
    limits: Limits = _USUAL,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[Rehearsal, ...]:
    """Run `sources` as cells, in order, in one copy; one Rehearsal for each. It ends soon once `stopped` says so.

    Raises NotRehearsed where this system or the kernel's state forbids it, KeyboardInterrupt at the user's stop.
    """
    obstacle = _obstacle(shell)
    if obstacle:
        raise NotRehearsed(obstacle)
    # Loaded before the fork, so that the copy need not; and only where there is one.
    from . import descriptors, stage, supervise, walls  # noqa: F401
    from .forked import Forked

    while not _ONE.acquire(timeout=_LOOK_UP):
        if stopped():
            raise NotRehearsed("it was stopped")
    scratch = ""
    try:
        scratch = tempfile.mkdtemp(prefix="comet-rehearsal-")
        copy = Forked(shell, sources, limits, scratch)
        try:
            copy.follow(stopped)
        finally:
            copy.end()
        return copy.results()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        _ONE.release()


def _obstacle(shell: InteractiveShell) -> str:
    if not sys.platform.startswith("linux") or not hasattr(os, "fork"):
        return "this system can't run code behind walls"
    if threading.current_thread() is not threading.main_thread() and running_in(shell):
        return "another cell is running"
    return "the kernel uses a GPU, which does not survive a copy" if holds_gpu() else ""


def holds_gpu(descriptors: str = "/proc/self/fd") -> bool:
    """Whether a graphics processor's device is open: CUDA, ROCm or another context lives in this process."""
    with contextlib.suppress(OSError):
        for number in os.listdir(descriptors):  # noqa: PTH208 - numbers
            with contextlib.suppress(OSError):
                target = os.readlink(f"{descriptors}/{number}")  # noqa: PTH115 - not always a path
                if target.startswith(_GPU_DEVICES):
                    return True
    return False
