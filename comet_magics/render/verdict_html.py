"""A verdict as HTML: its line, what else is to be known folded below it, the figures that the block drew.

Promise: static, and safe whatever the block printed, raised or drew. Figures are PNG pictures only, with words for who
does not see them, and an answer carries at most `FIGURE_BYTES` of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from html import escape

from ..core.verdicts import Rehearsal, Verdict
from .html import text_html, to_html
from .verdicts import changes, remarks, with_verdicts

__all__ = ["FIGURE_BYTES", "html_with_verdicts"]

FIGURE_BYTES = 400_000  # in base64, as the notebook's file holds them
_PRINTED = 400
_PNG = "iVBORw0KGgo"  # how a PNG begins, in base64


def html_with_verdicts(text: str, verdicts: Sequence[Verdict], *, prefix: str = "") -> str:
    """The answer `text` as HTML, below each block what came of it."""
    # A fence with a name that nobody can guess stands for each verdict, so that markdown puts it where it belongs.
    secret = secrets.token_hex(8)
    cells = [verdict for verdict in verdicts if verdict.block.role == "cell"]
    numbers = {id(verdict): number for number, verdict in enumerate(cells)}
    room = _Room(FIGURE_BYTES)
    shown = {f"{secret}-{number}": _verdict(verdict, number + 1, room) for number, verdict in enumerate(cells)}
    placed = with_verdicts(text, verdicts, lambda verdict: [f"~~~{secret}-{numbers[id(verdict)]}", "~~~"])
    return to_html(placed, prefix=prefix, blocks=shown)


class _Room:
    """What is left of the bytes that figures may take."""

    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, size: int) -> bool:
        fits = size <= self._left
        self._left -= size if fits else 0
        return fits


def _verdict(verdict: Verdict, number: int, room: _Room) -> str:
    lines = [f"<p><em>{text_html(verdict.text)}</em></p>"]
    told = remarks(verdict)
    if told:
        lines.append(f"<p><em>{text_html('; '.join(told))}</em></p>")
    if verdict.before:
        lines.append("<p><em>Repaired; what changed:</em></p>" + to_html("\n".join(changes(verdict))))
    if verdict.rehearsal is not None:
        lines += [_figures(verdict.rehearsal, number, room), _details(verdict.rehearsal)]
    return f'<div class="comet-verdict">{"".join(lines)}</div>\n'


def _figures(run: Rehearsal, number: int, room: _Room) -> str:
    found = [one for one in run.figures if one.startswith(_PNG) and room.take(len(one))]
    pictures = "".join(
        f'<img alt="Figure {place} that code block {number} drew in the rehearsal" '
        f'src="data:image/png;base64,{escape(one)}">'
        for place, one in enumerate(found, 1)
    )
    return f'<p class="comet-figures">{pictures}</p>' if pictures else ""


def _details(run: Rehearsal) -> str:
    """What else the rehearsal told, folded."""
    rows = [
        ("Took", f"{run.seconds:.2f} s, {_bytes(run.memory)} of memory"),
        ("Printed", run.printed.strip()[:_PRINTED]),
        ("Tried to", "; ".join(run.attempts)),
        ("Walls that stood", ", ".join(run.walls)),
        ("No wall against", ", ".join(run.open_ways)),
    ]
    show: Callable[[str], str] = lambda words: text_html(words).replace("\n", "<br>")  # noqa: E731 - one use below
    items = "".join(f"<li>{name}: {show(words)}</li>" for name, words in rows if words)
    return f"<details><summary>The rehearsal</summary><ul>{items}</ul></details>"


def _bytes(count: int) -> str:
    return f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count / 1e3:.0f} KB"
