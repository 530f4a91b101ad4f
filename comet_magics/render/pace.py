"""When to paint: soon enough to be read along, seldom enough that it costs no more than the answer itself.

The first text is painted at once, then at most every `interval` seconds. Every byte painted is paid for from a credit
that grows with the answer, so that what a front end gets is linear in its length. Waiting text is never held back
longer than `patience`, and painting never takes more than a fifth of the time, however slow the front end.
"""

from __future__ import annotations

from ..core.ports import Clock

__all__ = ["Pace"]


class Pace:
    """Decides; the one who paints reports back.

    `clock` gives seconds; `interval` and `patience` are seconds, `patience` None where the credit has the last word.
    `floor` is the credit in bytes that a short answer has, `share` how many times its finished output a long one has.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        interval: float = 0.08,
        patience: float | None = 0.6,
        floor: int = 48_000,
        share: float = 1.9,
    ) -> None:
        self._clock = clock
        self._interval = interval
        self._patience = patience
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
        if waited < self._rest:
            return False
        if self._patience is not None and waited >= self._patience:
            return True
        if waited < self._interval and not full:
            return False
        return self._spent + cost <= max(self._floor, self._share * finished)

    def painted(self, size: int, seconds: float) -> None:
        """A paint of `size` bytes has just ended; it took `seconds`."""
        self._spent += size
        self._ended = self._clock()
        self._rest = 4 * seconds
