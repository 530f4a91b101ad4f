"""An answer on the screen of an IPython front end, while it comes and for good.

A `%%gpt` cell's output is ours: the live text is a row of displays of which only the last one changes, and in the end
all of it is replaced by one. A `%gpt` line among others owns one display and changes nothing else in the cell. In
IPython without a notebook the answer is printed. Promise: a fault while painting never costs the answer.
"""

from __future__ import annotations

import logging
import sys
import time
from html import escape
from typing import TYPE_CHECKING

from ..core.along import Along
from ..core.answer import Answer
from ..core.events import RefusalDelta, StreamEvent, TextDelta
from ..core.ports import Clock, Sink
from ..core.record import replace
from ..render.html import MARKS, final_html, summary_html, text_html
from ..render.live import Piece
from ..render.stats import stats_text
from ..render.waiting import Thinking
from .views import CellView, LineView, View

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

    from .iopub import CellOutput

__all__ = ["NotebookSink", "background_sink", "finished", "open_sink", "plain_text"]

_log = logging.getLogger(__name__)
# Reasoning that grows is painted twice a second.
_STATUS_INTERVAL = 0.5
# Text that has waited so long while nothing more came is painted, whatever it costs.
_PAUSE = 1.0


def open_sink(
    shell: InteractiveShell,
    *,
    owns_cell: bool,
    stats: bool = True,
    clock: Clock = time.monotonic,
    along: Along | None = None,
) -> Sink:
    """Where `shell` shows an answer.

    `owns_cell` says that nothing but this answer writes to the cell's output; `stats` puts the statistics line under
    the answer, and `along` is what went with the question. The seconds that the wait counts begin now.
    """
    from IPython.core.displaypub import DisplayPublisher

    if type(shell.display_pub) is DisplayPublisher:  # IPython's own, which only prints
        from .printed import TerminalSink

        return TerminalSink(sys.stdout, stats=stats, clock=clock, along=along)
    view = (CellView if owns_cell else LineView)(shell.display_pub, clock)
    return NotebookSink(view, stats=stats, clock=clock, along=along)


def background_sink(
    output: CellOutput,
    number: int,
    answer: str,
    *,
    stats: bool = True,
    clock: Clock = time.monotonic,
    along: Along | None = None,
) -> Sink:
    """Where the answer named `answer`, to question `number`, is shown while other cells run; its place is taken now."""
    words = f"Not complete: still coming. %gpt_stop {number} stops it."
    coming = Piece(f"\n\n{words}", f'<p class="comet-note comet-coming">{text_html(words)}</p>')
    metadata = {"comet_magics": {"status": "running", "answer": answer}}
    view = LineView(output, clock, coming=coming, metadata=metadata)
    view.flush()
    return NotebookSink(view, stats=stats, clock=clock, along=along)


def plain_text(answer: Answer, notices: tuple[str, ...] = (), *, stats: bool = True, along: Along | None = None) -> str:
    """The finished output's text/plain: the answer's markdown, then what there is to say about it."""
    lines = [line for line in (MARKS[answer.status], *notices) if line]
    if stats and along is not None and along.rows:
        lines.append(f"With it went {along.summary}.")
    if stats:
        lines.append(stats_text(answer))
    return "\n\n".join(part for part in (answer.text.rstrip(), "\n".join(lines)) if part)


def finished(
    answer: Answer,
    notices: tuple[str, ...] = (),
    *,
    stats: bool = True,
    along: Along | None = None,
    style: bool = True,
) -> dict[str, str]:
    """The finished output's data, with the verdicts below the blocks."""
    told = answer
    if answer.blocks:
        from ..render.verdicts import with_verdicts

        told = replace(answer, text=with_verdicts(answer.text, answer.blocks))
    plain = plain_text(told, notices, stats=stats, along=along)
    try:
        html = final_html(answer, notices, stats=stats, along=along, style=style)
    except Exception:  # noqa: BLE001 - the words are worth more than their looks
        _log.warning("the answer could not be formatted", exc_info=True)
        html = f"<pre>{escape(plain)}</pre>"
    return {"text/html": html, "text/markdown": told.text, "text/plain": plain}


class NotebookSink:
    """Turns events into what `view` paints; `style` puts our style sheet into the finished output."""

    def __init__(
        self, view: View, *, stats: bool, clock: Clock, along: Along | None = None, style: bool = True
    ) -> None:
        self._view = view
        self._style = style
        self._stats = stats
        self._along = along
        self._clock = clock
        self._began = clock()
        self._thinking = Thinking()
        self._has_text = False
        self._heard = 0.0
        self._unseen = False
        self._status = ""
        self._status_at = 0.0
        self._faulty = False

    def receive(self, event: StreamEvent) -> None:
        """Take note of one event; paint if it is time."""
        if isinstance(event, TextDelta | RefusalDelta):
            self._safely(lambda: self._take(event.text))
        else:
            self._thinking.receive(event, self._elapsed())
            self.tick()

    def tick(self) -> None:
        """Time passed: paint what is due, count the seconds."""
        if self._has_text and not self._thinking.interrupts:
            paused = self._clock() - self._heard >= _PAUSE
            self._safely(self._view.flush if paused and self._unseen else self._view.paint)
            self._unseen = self._unseen and not paused
        elif self._thinking.is_due(self._elapsed()):
            self._safely(self._paint_status)

    def finish(self, answer: Answer, notices: tuple[str, ...]) -> None:
        """Show the answer for good."""
        data = finished(answer, notices, stats=self._stats, along=self._along, style=self._style)
        self._view.finish(data, {"comet_magics": answer.metadata()})

    def _elapsed(self) -> float:
        return self._clock() - self._began

    def _take(self, text: str) -> None:
        if not text:
            return
        self._heard, self._unseen = self._clock(), True
        if not self._has_text:
            self._has_text = True
            if self._thinking.summary:
                self._view.head(summary_html(self._thinking.summary))
        self._view.feed(text)
        self._view.paint()

    def _paint_status(self) -> None:
        now = self._elapsed()
        line = self._thinking.line(now)
        if line == self._status.partition("\0")[0] and now - self._status_at < _STATUS_INTERVAL:
            return
        html = self._thinking.html(now)
        if f"{line}\0{html}" != self._status:
            self._status, self._status_at = f"{line}\0{html}", now
            self._view.status(html, line)

    def _safely(self, paint: Callable[[], None]) -> None:
        if self._faulty:
            return
        try:
            paint()
        except Exception:  # noqa: BLE001 - the answer comes whole in the end
            self._faulty = True
            _log.warning("the answer could not be painted while it came", exc_info=True)
