"""What one session has spent so far, counted from any thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from .answer import Answer
from .errors import UsageError

__all__ = ["Spending"]


class Spending:
    """Dollars and answers since the kernel started.

    `usd` is the sum of the known costs, `at_most` says that the true sum may be lower, `requests` counts the answers.
    Each of `observers` is called after a change, in the thread that made it; it must not raise.
    """

    def __init__(self) -> None:
        self.usd = 0.0
        self.at_most = False
        self.requests = 0
        self.observers: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def add(self, answer: Answer) -> None:
        """Count an answer."""
        with self._lock:
            self.requests += 1
            if answer.cost is not None:
                self.usd += answer.cost.usd
                self.at_most = self.at_most or answer.cost.at_most
        for observer in tuple(self.observers):
            observer()

    def check(self, budget: float) -> None:
        """Raise UsageError if `budget` dollars are spent; 0 is no budget."""
        if budget and self.usd >= budget:
            raise UsageError(
                f"This session's budget is spent: ${self.usd:.4f} of ${budget:.4f}.",
                remedy="Nothing was sent. Raise it with %config CometMagics.budget, or set it to 0 for none.",
            )
