"""What is shown while no text comes: seconds counted, why the wait, and the reasoning as it comes."""

from __future__ import annotations

from ..core.events import ReasoningDelta, StreamEvent, SummaryDelta, Waiting, Working
from .html import summary_html, text_html

__all__ = ["Thinking"]

_A_MINUTE = 60
_PATIENCE = 0.3
_LATEST = 800
_SLOWLY = 10  # after a minute, a count every so many seconds is enough


class Thinking:
    """Takes the events that are not the answer itself; gives the line for any moment."""

    def __init__(self) -> None:
        self._parts: dict[int, list[str]] = {}
        self._waiting: Waiting | Working | None = None
        self._waits_since = 0.0

    @property
    def summary(self) -> str:
        """The reasoning so far, as markdown; its paragraphs in order."""
        return "\n\n".join("".join(pieces) for _, pieces in sorted(self._parts.items()))

    @property
    def interrupts(self) -> bool:
        """Whether the wait is to be told although there is text: for another try, or for work on what came."""
        return self._waiting is not None

    def is_due(self, elapsed: float) -> bool:
        """Whether the wait is worth words: a short one needs none, another try is told at once."""
        since = 0.0 if self._waiting is None else self._waits_since
        return isinstance(self._waiting, Waiting) or elapsed - since >= _PATIENCE

    def receive(self, event: StreamEvent, elapsed: float) -> None:
        """Take note of `event`, which came `elapsed` seconds after the question."""
        if isinstance(event, SummaryDelta):
            self._parts.setdefault(event.part, []).append(event.text)
        elif isinstance(event, ReasoningDelta):
            self._parts.setdefault(0, []).append(event.text)
        self._waiting = event if isinstance(event, Waiting | Working) else None
        if self._waiting is not None:
            self._waits_since = elapsed

    def line(self, elapsed: float) -> str:
        """`thinking… 3 s`, or what the retry waits for; the same for a second, and for ten after a minute."""
        if isinstance(self._waiting, Waiting):
            left = max(0, round(self._waiting.seconds - (elapsed - self._waits_since)))
            return f"{self._waiting.reason}; trying again in {left} s"
        if self._waiting is not None:
            return f"{self._waiting.words}… {_counted(elapsed - self._waits_since)}"
        return f"thinking… {_counted(elapsed)}"

    def text(self, elapsed: float) -> str:
        """The line, and above it the end of the reasoning, as plain text."""
        above = "" if isinstance(self._waiting, Working) else self._latest()
        return "\n".join(part for part in (above, self.line(elapsed)) if part)

    def html(self, elapsed: float) -> str:
        """The line, and below it the end of the reasoning.

        The count is hidden from screen readers: it would never end.
        """
        words = text_html(self.line(elapsed))
        spoken = "" if isinstance(self._waiting, Waiting) else ' aria-hidden="true"'
        status = f'<p class="comet-wait" role="status"><small{spoken}>{words}</small></p>'
        if isinstance(self._waiting, Working) or not self._parts:
            return status
        return status + summary_html(self._latest(), opened=True)

    def _latest(self) -> str:
        """The last words of the reasoning: while it grows, painting all of it would cost ever more."""
        summary = self.summary
        return summary if len(summary) <= _LATEST else "… " + summary[-_LATEST:].partition(" ")[2]


def _counted(elapsed: float) -> str:
    seconds = int(elapsed)
    if seconds < _A_MINUTE:
        return f"{seconds} s"
    seconds -= seconds % _SLOWLY
    return f"{seconds // _A_MINUTE} min {seconds % _A_MINUTE} s"
