"""When to paint: soon enough to be read along, seldom enough that it costs little more than the answer itself.

The first text is painted at once, then every `interval` seconds at most. Every byte painted is paid for from a credit
that grows with the answer; the nearer it is to being spent, the longer the next paint waits, so that what a front end
gets is linear in the answer's length. Painting never takes more than a fifth of the time, however slow the front end.
"""

from __future__ import annotations

from ..core.ports import Clock

__all__ = ["Pace"]

_LONGEST_WAIT = 3  # of `patience`
# A rest up to this comes from a hiccup of the machine, not from a slow front end.
_HICCUP = 0.4


class Pace:
    """Decides; the one who paints reports back.

    `clock` gives seconds. A paint waits `interval` seconds while there is credit, `patience` seconds when it is spent,
    and up to 3 times as long when it is overdrawn; with `strict` it waits until there is credit again. `floor` is
    the credit in bytes that a short answer has, `share` how many times its finished output a long one has.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        interval: float = 0.08,
        patience: float = 0.6,
        strict: bool = False,
        floor: int = 48_000,
        share: float = 1.4,
    ) -> None:
        self._clock = clock
        self._interval = interval
        self._patience = patience
        self._strict = strict
        self._floor = floor
        self._share = share
        self._spent = 0
        self._ended: float | None = None
        self._rest = 0.0

    def due(self, *, finished: int, cost: int, full: bool = False) -> bool:
        """Whether to paint now.

        `finished` is the size in bytes of the final output of what has come so far, `cost` that of the paint in
        question, both estimated. `full` says that there is more to paint than one interval should bring.
        """
        if self._ended is None:
            return True
        waited = self._clock() - self._ended
        if waited < (self._rest if self._rest > _HICCUP or not full else 0.0):
            return False
        used = (self._spent + cost) / max(self._floor, self._share * finished)
        if used > 1 and (full or self._strict):
            return False
        # The fourth power: hardly any wait while half of the credit is left, then ever more.
        wait = self._interval + (self._patience - self._interval) * used**4
        return full or waited >= min(wait, _LONGEST_WAIT * self._patience)

    def painted(self, size: int, seconds: float) -> None:
        """A paint of `size` bytes has just ended; it took `seconds`."""
        self._spent += size
        self._ended = self._clock()
        self._rest = 4 * seconds
