"""The conversation as static text, for a saved notebook.

Promise: it looks right without kernel, widgets and extension. Writing it costs as much as all of the conversation, so
it is written ever more rarely as that grows: over many turns, each costs the same. (A page of ours brings it up to date
when the notebook is saved: it finds the sections by their number.)
"""

from __future__ import annotations

from collections.abc import Sequence

from ..conversation.exchange import Exchange
from ..core.answer import Answer
from ..notebook.display import finished
from ..render.html import fragment, text_html
from ..render.style import STYLE

__all__ = ["Rarely", "body", "transcript"]

_NOTHING = (
    "This panel shows a conversation with the model. If there is nothing here but this line, the front end has no "
    "widgets: %gpt in a cell asks just as well."
)


class Rarely:
    """Says when the transcript is due: whenever the turns have grown by a share of their number."""

    def __init__(self) -> None:
        self._written = 0
        self._turns = 0

    def due(self, share: float) -> bool:
        """One more turn has ended; whether to write now."""
        self._turns += 1
        if self._turns - self._written < max(1.0, self._turns * share):
            return False
        self._written = self._turns
        return True


def body(exchange: Exchange) -> dict[str, str]:
    """A finished answer as data of an output, without a style sheet."""
    assert isinstance(exchange.answer, Answer)
    return finished(exchange.answer, exchange.notices, style=False)


def transcript(exchanges: Sequence[Exchange]) -> dict[str, str]:
    """All finished turns as data of an output."""
    turns = [_turn(exchange) for exchange in exchanges if exchange.answer is not None]
    if not turns:
        html = fragment(f"<p>{text_html(_NOTHING)}</p>", style=True)
        return {"text/html": html, "text/plain": _NOTHING}
    sections, plain = zip(*turns, strict=True)
    html = f'<div class="comet-answer comet-transcript"><style>{STYLE}</style>{"".join(sections)}</div>'
    return {"text/html": html, "text/plain": "\n\n".join(plain)}


def _turn(exchange: Exchange) -> tuple[str, str]:
    """A turn as HTML and as plain text."""
    data, asked = body(exchange), exchange.typed.text.strip()
    note = "Not sent." if exchange.left_out else ""
    below = f'<p class="comet-note">{note}</p>' if note else ""
    html = (
        f'<section data-turn="{exchange.number}"><p class="comet-question">{text_html(asked)}</p>{data["text/html"]}'
        f"{below}</section>"
    )
    quoted = "\n".join(f"> {line}" for line in asked.splitlines())
    return html, "\n\n".join(filter(None, (quoted, data["text/plain"], note)))
