"""What a rehearsal may take, and the word for none. It loads on every system."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits", "NotRehearsed"]


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
