"""Whether a cell of the notebook is running now: what works in another thread must know.

Promise: told by IPython's own events, so a cell that waits in an `await` is running, too.
"""

from __future__ import annotations

import sys
import weakref
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["Running", "running_in"]


class Running:
    """Counts the cells of `shell` that have begun and not ended; made while a cell runs, it counts that one."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._cells = int(_inside_a_cell())
        shell.events.register("pre_execute", self._begin)
        shell.events.register("post_execute", self._end)

    def __bool__(self) -> bool:
        return self._cells > 0

    def _begin(self) -> None:
        self._cells += 1

    def _end(self) -> None:
        # A cell that can't be parsed ends without having begun.
        self._cells = max(0, self._cells - 1)


def running_in(shell: InteractiveShell) -> Running:
    """The one Running of `shell`, which counts from the first call on."""
    if shell not in _KNOWN:
        _KNOWN[shell] = Running(shell)
    return _KNOWN[shell]


_KNOWN: weakref.WeakKeyDictionary[InteractiveShell, Running] = weakref.WeakKeyDictionary()


def _inside_a_cell() -> bool:
    for frame in sys._current_frames().values():
        here: FrameType | None = frame
        while here is not None:
            if here.f_code.co_name == "run_cell_async":
                return True
            here = here.f_back
    return False
