"""A growing answer in the panel: each finished block is sent once, and the tail as often as it is painted."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from ..core.ports import Clock
from ..render.live import LiveText
from ..render.pace import Pace

__all__ = ["PanelView"]

_MESSAGE = 500  # what a message costs besides its content
# Only the tail is sent again and again, so that the next paint need not wait as long as in a cell's output.
_PATIENCE = 0.2


class PanelView:
    """The body of turn `number`; `say` sends a message to every view of the panel."""

    def __init__(self, say: Callable[[dict[str, Any]], None], number: int, clock: Clock) -> None:
        self._say = say
        self._number = number
        self._clock = clock
        self._text = LiveText(prefix=uuid.uuid4().hex[:8])
        self._pace = Pace(clock, patience=_PATIENCE)
        self._head: str | None = None
        self._shown = ["", ""]  # what stands above the tail, piece by piece, and the tail
        self._painted = 0

    @property
    def html(self) -> str:
        """All that was painted so far, or the finished answer."""
        return "".join(self._shown)

    def feed(self, text: str) -> None:
        """Take more of the answer; nothing is sent."""
        self._text.feed(text)

    def paint(self) -> None:
        """Send the text if it is time."""
        if self._painted == self._text.length:
            return
        cost = _MESSAGE + self._text.waiting
        if self._pace.due(finished=_MESSAGE + self._text.finished_size, cost=cost):
            self.flush()

    def flush(self) -> None:
        """Send what is new of the text, whatever it costs."""
        self._pace.painted(*self._paint())
        self._painted = self._text.length

    def status(self, html: str, plain: str) -> None:  # noqa: ARG002 - a view shows HTML
        """Show what is going on, below the text so far."""
        self._paint(html)
        self._painted = -1

    def head(self, html: str) -> None:
        """Put `html` above the text, which is about to begin."""
        self._head = html

    def finish(self, data: Mapping[str, str], metadata: Mapping[str, Any]) -> None:  # noqa: ARG002 - the turn has it
        """From now on `html` is the finished answer; the panel sends it with the end of the turn."""
        self._shown = [data["text/html"]]

    def _paint(self, below: str = "") -> tuple[int, float]:
        began = self._clock()
        add = "".join(piece.html for piece in self._text.settled())
        tail = self._text.tail().html + below
        head, self._head = self._head, None
        self._shown[-1:] = [head or "", add, tail]
        self._say({"type": "paint", "turn": self._number, "head": head, "add": add, "tail": tail})
        return _MESSAGE + len(add) + len(tail) + len(head or ""), self._clock() - began
