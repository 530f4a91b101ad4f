"""An answer printed to a terminal, for IPython without a notebook."""

from __future__ import annotations

import os
import shutil
from typing import TextIO

from ..core.along import Along
from ..core.answer import Answer
from ..core.events import RefusalDelta, StreamEvent, TextDelta
from ..core.ports import Clock
from ..render.html import MARKS
from ..render.pace import Pace
from ..render.scroll import Scroll
from ..render.stats import stats_text
from ..render.waiting import Thinking

__all__ = ["TerminalSink"]

_ANY_AMOUNT = 10**12  # a terminal is as near as a file: there is no credit to keep


class TerminalSink:
    """Writes to `stream`: live and in colour if it is a terminal, else finished blocks only, without colour."""

    def __init__(self, stream: TextIO, *, stats: bool, clock: Clock, along: Along | None = None) -> None:
        live = stream.isatty() and os.environ.get("TERM") != "dumb"
        columns = shutil.get_terminal_size((80, 24)).columns if live else 80
        self._scroll = Scroll(width=columns, colour=live and not os.environ.get("NO_COLOR"), live=live)
        self._stream = stream
        self._stats = stats
        self._along = along
        self._clock = clock
        self._began = clock()
        self._thinking = Thinking()
        self._pace = Pace(clock, floor=_ANY_AMOUNT)
        self._text: list[str] = []

    def receive(self, event: StreamEvent) -> None:
        """Take note of one event."""
        if isinstance(event, TextDelta | RefusalDelta):
            self._text.append(event.text)
            self._scroll.feed(event.text)
        else:
            self._thinking.receive(event, self._clock() - self._began)
        self.tick()

    def tick(self) -> None:
        """Write what is due."""
        if not self._pace.due(finished=0, cost=0):
            return
        began = self._clock()
        quiet = self._text and not self._thinking.interrupts
        status = "" if quiet else self._thinking.text(began - self._began)
        self._write(self._scroll.paint(status))
        self._pace.painted(0, self._clock() - began)

    def finish(self, answer: Answer, notices: tuple[str, ...]) -> None:
        """Write the rest, and what there is to say about the answer."""
        came = "".join(self._text)
        if answer.text.startswith(came):
            self._scroll.feed(answer.text[len(came) :])
        self._scroll.feed(_reviewed(answer))
        lines = [line for line in (MARKS[answer.status], *notices) if line]
        if self._stats and self._along is not None and self._along.rows:
            lines.append(f"With it went {self._along.summary}.")
        lines += [stats_text(answer)] if self._stats else []
        self._write(self._scroll.finish(lines))

    def _write(self, text: str) -> None:
        if text:
            self._stream.write(text)
            self._stream.flush()


def _reviewed(answer: Answer) -> str:
    """What is printed below an answer whose text is on the screen already: repaired blocks whole, and the verdicts."""
    parts = []
    cells = [verdict for verdict in answer.blocks if verdict.block.role == "cell"]
    for number, verdict in enumerate(cells, 1):
        name = "The code: " if len(cells) == 1 else f"Block {number}: "
        from ..render.verdicts import details

        lines = details(verdict)
        source = f"```python\n{verdict.block.source}\n```\n\n" if verdict.before else ""
        parts.append(f"\n\n{name}\n\n{source}" + "\n".join(lines))
    return "".join(parts) + ("\n" if parts else "")
