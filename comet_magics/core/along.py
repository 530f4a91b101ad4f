"""What went along with a question, in the user's words: shown under the answer and before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Along", "AlongRow"]


@dataclass(frozen=True, slots=True)
class AlongRow:
    """One thing that goes along (or not): `state` is whole, shortened or left out; `text` what is sent of it."""

    kind: str
    title: str
    tokens: int
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Along:
    """All of it: `summary` in one line, `rows` in the order of sending, `notes` short sentences about the whole.

    `usd` is what the tokens cost as uncached input, None where the model's price is not known.
    """

    summary: str
    tokens: int
    rows: tuple[AlongRow, ...]
    notes: tuple[str, ...] = ()
    usd: float | None = None
