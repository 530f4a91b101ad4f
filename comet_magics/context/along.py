"""What goes along with a question, in the user's words: counted, priced, and with what was shortened or left out.

Promise: pure; each note is a short sentence about the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ..core.along import Along, AlongRow
from ..core.pattern import pattern
from ..core.prices import price_of
from ..core.record import replace
from ..core.snapshot import SnapshotSource
from .hiding import HIDDEN
from .images import image_tokens
from .parts import Choice
from .tokens import Calibration

__all__ = ["row", "tell", "with_pictures"]

_COUNTED = {"cells": "cell", "variables": "variable", "frames": "frame", "files": "file", "images": "picture"}
_SEEN_AS: dict[SnapshotSource, str] = {
    "extension": "Cells: as the page has them, saved or not.",
    "file": "Cells: as the notebook's file has them, with what ran since.",
    "colab": "Cells: as Colab's page has them.",
    "history": "Cells: only those that ran in this session.",
}
_MARKER = pattern(r"\[secret \d+: [^\]]+\]|\[hidden\]")


def tell(
    rows: Sequence[AlongRow], tokens: int, model: str, *, sent: str, cells: SnapshotSource | None, first: bool
) -> Along:
    """`rows` as one: `tokens` is what they take, `sent` the text in which markers stand.

    `cells` is where the cells come from, None where there are none to go along; `first` says that nothing was told yet.
    """
    price = price_of(model)
    notes = [_SEEN_AS[cells]] if cells is not None else []
    if not first:
        notes.append("What was told before in this conversation is not sent again.")
    replaced = set(_MARKER.findall(sent))
    if secrets := sorted(replaced - {HIDDEN}):
        notes.append(f"{_plural(len(secrets), 'secret')} replaced: {', '.join(secrets[:8])}.")
    if HIDDEN in replaced:
        notes.append("Hidden values replaced.")
    usd = None if price is None else tokens * price.input / 1_000_000
    return Along(_summary(rows, tokens), tokens, tuple(rows), tuple(notes), usd)


def row(choice: Choice, text: str, calibration: Calibration) -> AlongRow:
    """One part; `text` is what is sent of it."""
    state = "left out" if choice.form is None else "shortened" if choice.form else "whole"
    return AlongRow(choice.part.kind, choice.part.title, calibration.correct(choice.tokens), state, text)


def with_pictures(along: Along, sizes: Iterable[tuple[str, tuple[int, int] | None]], model: str) -> Along:
    """`along` with the pictures that go too; `sizes` are their names, widths and heights."""
    rows = tuple(
        AlongRow(
            "images",
            name,
            image_tokens(*(size or (1024, 768))),
            "whole",
            "" if size is None else f"{size[0]}×{size[1]}",
        )
        for name, size in sizes
    )
    if not rows:
        return along
    tokens, price = along.tokens + sum(one.tokens for one in rows), price_of(model)
    usd = None if price is None else tokens * price.input / 1_000_000
    rows = (*along.rows, *rows)
    return replace(along, rows=rows, tokens=tokens, usd=usd, summary=_summary(rows, tokens))


def _summary(rows: Sequence[AlongRow], tokens: int) -> str:
    counts = Counter(row.kind for row in rows if row.state != "left out")
    words = [_plural(counts[kind], word) for kind, word in _COUNTED.items() if counts[kind]]
    if counts["error"]:
        words.append("the last error")
    if not words:
        return "nothing"
    shown = f"{tokens / 1000:.1f}k" if tokens >= 1000 else str(tokens)
    return f"{', '.join(words)}: {shown} tokens"


def _plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
