"""The ways to show a growing answer in a notebook's output.

CellView owns the output of its cell; LineView owns one display among others, perhaps of a cell that has ended. Each is
told what came and what the status is, and decides by its pace whether to publish. What they publish is text/html and
text/plain, the markdown.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ..core.ports import Clock
from ..render.html import fragment
from ..render.live import LiveText, Piece
from ..render.pace import Pace

if TYPE_CHECKING:
    from IPython.core.displaypub import DisplayPublisher

    from .iopub import CellOutput

__all__ = ["CellView", "LineView", "Outputs", "View"]

_MESSAGE = 700  # what a message costs besides its content: headers, ids, signature
_FINISHED = 3_500  # what the finished output has besides the text: style sheet, statistics, metadata
_FIRST_LIMIT = 2_000
# JupyterLab hides outputs beyond the 50th of a cell. So each part is a 24th of what there is, and the last few grow
# fast: an answer of 20,000 words takes 47, and no answer more than 50.
_FRACTION = 24
_MOST_PARTS = 48


class View(Protocol):
    """What paints a growing answer."""

    def feed(self, text: str) -> None:
        """Take more of the answer; nothing is painted."""

    def paint(self) -> None:
        """Paint the text if it is time."""

    def flush(self) -> None:
        """Paint the text so far, whatever it costs."""

    def status(self, html: str, plain: str) -> None:
        """Show what is going on."""

    def head(self, html: str) -> None:
        """Put `html` above the text, which is about to begin."""

    def finish(self, data: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
        """Show the finished output in place of all that was painted."""


class Outputs:
    """Publishes displays, and measures how long that took."""

    def __init__(self, publisher: DisplayPublisher | CellOutput, clock: Clock) -> None:
        self._publisher: Any = publisher
        self._clock = clock
        self.any = False

    def show(
        self, data: Mapping[str, str], *, display_id: str, update: bool, metadata: Mapping[str, Any] | None = None
    ) -> tuple[int, float]:
        """Publish; the size in bytes, roughly, and the seconds it took."""
        began = self._clock()
        self._publisher.publish(dict(data), dict(metadata or {}), transient={"display_id": display_id}, update=update)
        self.any = True
        return _MESSAGE + sum(map(len, data.values())), self._clock() - began

    def clear(self) -> None:
        """Empty the cell's output as soon as the next thing is shown."""
        if self.any:
            self._publisher.clear_output(wait=True)


class _Part:
    """One display of a CellView: finished pieces, with the tail below them while it is the last one."""

    def __init__(self, *, style: bool = False) -> None:
        self.display_id = f"comet-{uuid.uuid4().hex}"
        self.style = style
        self.shown = False
        self.pieces: list[Piece] = []
        self.size = 0

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.size += piece.size

    def bundle(self, *below: Piece) -> dict[str, str]:
        pieces = (*self.pieces, *below)
        html = fragment("".join(piece.html for piece in pieces), style=self.style)
        return {"text/html": html, "text/plain": "".join(piece.source for piece in pieces)}


class CellView:
    """A row of displays of which only the last one changes; in the end one display in their place."""

    def __init__(self, publisher: DisplayPublisher, clock: Clock) -> None:
        self._outputs = Outputs(publisher, clock)
        self._text = LiveText(prefix=uuid.uuid4().hex[:8])
        self._pace = Pace(clock)
        # Its first display has the style sheet, which holds for all of them and is sent once: also what comes before
        # the text is shown there.
        self._above = _Part(style=True)
        self._part = _Part()
        self._parts = 2
        self._total = 0
        self._begun = False
        self._painted = 0

    def feed(self, text: str) -> None:
        """Take more of the answer; nothing is painted."""
        self._text.feed(text)

    def paint(self) -> None:
        """Paint the text if it is time."""
        if self._painted == self._text.length:
            return
        finished = _FINISHED + self._text.finished_size
        cost = _MESSAGE + self._part.size + self._text.waiting
        if self._pace.due(finished=finished, cost=cost):
            self.flush()
        elif self._text.waiting > self._limit() and self._pace.due(finished=finished, cost=cost, full=True):
            # Faster than anyone reads: whole parts will do, each painted once.
            self._advance()

    def flush(self) -> None:
        """Paint the text so far, whatever it costs."""
        self._advance()
        self._publish(self._text.tail())
        self._painted = self._text.length

    def status(self, html: str, plain: str) -> None:
        """Show what is going on: above the text that is to come, below the text that came."""
        if self._text.length:
            self._advance()
            self._publish(self._text.tail(), Piece(plain, html))
            self._painted = -1
        else:
            self._show(self._above, Piece(plain, html))

    def head(self, html: str) -> None:
        """Put `html` above the text, which is about to begin."""
        self._above.add(Piece("", html))

    def finish(self, data: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
        """Replace everything by the finished output."""
        self._outputs.clear()
        self._outputs.show(data, display_id=f"comet-{uuid.uuid4().hex}", update=False, metadata=metadata)

    def _advance(self) -> None:
        """Put finished pieces into place; a part that is full is painted and left."""
        for piece in self._text.settled():
            self._part.add(piece)
            self._total += piece.size
            if self._part.size > self._limit():
                self._publish()
                self._part = _Part()
                self._parts += 1

    def _publish(self, *below: Piece) -> None:
        if not self._begun:
            self._show(self._above)
            self._begun = True
        if self._part.pieces or any(piece.source for piece in below):
            self._pace.painted(*self._show(self._part, *below))

    def _show(self, part: _Part, *below: Piece) -> tuple[int, float]:
        result = self._outputs.show(part.bundle(*below), display_id=part.display_id, update=part.shown)
        part.shown = True
        return result

    def _limit(self) -> float:
        left = 2 * (_MOST_PARTS - self._parts)
        return max(_FIRST_LIMIT, self._total / min(_FRACTION, max(1, left)))


class LineView:
    """One display, updated in place with all of the text; what else is in the cell's output stays.

    `coming` stands below the text until the answer is finished, and `metadata` with it: should nobody be there to
    finish it, they say what it is.
    """

    def __init__(
        self,
        publisher: DisplayPublisher | CellOutput,
        clock: Clock,
        *,
        coming: Piece | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        self._outputs = Outputs(publisher, clock)
        self._coming = () if coming is None else (coming,)
        self._metadata = metadata
        self._text = LiveText(prefix=uuid.uuid4().hex[:8])
        # Each paint brings the whole text, so the credit has the last word: paints get rarer as it grows.
        self._pace = Pace(clock, strict=True)
        self._part = _Part(style=True)
        self._painted = 0

    def feed(self, text: str) -> None:
        """Take more of the answer; nothing is painted."""
        self._text.feed(text)

    def paint(self) -> None:
        """Paint the text if it is time."""
        if self._painted == self._text.length:
            return
        cost = _MESSAGE + _FINISHED + self._part.size + self._text.waiting
        if self._pace.due(finished=_FINISHED + self._text.finished_size, cost=cost):
            self.flush()

    def flush(self) -> None:
        """Paint the text so far, whatever it costs."""
        self._pace.painted(*self._show())
        self._painted = self._text.length

    def status(self, html: str, plain: str) -> None:
        """Show what is going on, below the text so far."""
        size, seconds = self._show(Piece(plain, html))
        self._painted = -1
        if self._text.length:
            self._pace.painted(size, seconds)

    def head(self, html: str) -> None:
        """Put `html` above the text, which is about to begin."""
        self._part.add(Piece("", html))

    def finish(self, data: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
        """Put the finished output in the display's place."""
        self._outputs.show(data, display_id=self._part.display_id, update=self._part.shown, metadata=metadata)

    def _show(self, *below: Piece) -> tuple[int, float]:
        for piece in self._text.settled():
            self._part.add(piece)
        data = self._part.bundle(self._text.tail(), *below, *self._coming)
        result = self._outputs.show(
            data, display_id=self._part.display_id, update=self._part.shown, metadata=self._metadata
        )
        self._part.shown = True
        return result
