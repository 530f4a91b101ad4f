"""What the conversation was told already, so that each question adds only what is new.

Promise: nothing that was sent is ever edited, so the provider's cache finds it again. A part goes along again when it
changed, or when more of it is wanted than was sent; what disappeared or moved is told in a line.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..core.record import record, replace
from .parts import Choice, Part
from .quote import attribute, quote

__all__ = ["News", "Sent", "compose"]


# An error that is no longer of interest, and a file, do not go away.
_CAN_GO = frozenset({"cells", "variables", "frames"})


@record
class News:
    """What there is to tell now: `parts` new or changed, titles `gone`, and known cells that `moved`: (cell, after)."""

    parts: tuple[Part, ...]
    gone: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    first: bool = True


@dataclass(slots=True)
class Sent:
    """The state of one conversation. `record` is called once the question has become part of it."""

    _forms: dict[str, frozenset[bytes]] = field(default_factory=dict)
    _kinds: dict[str, str] = field(default_factory=dict)
    _order: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """A new conversation knows nothing."""
        self._forms.clear()
        self._kinds.clear()
        self._order.clear()

    def news(self, parts: Sequence[Part], kinds: Iterable[str], existing: Iterable[str] = ()) -> News:
        """Which of `parts`, gathered for the kinds `kinds`, the conversation was not told.

        `existing` are the names of all variables, also of those that were not gathered.
        """
        first = not self._forms
        cells = [part.key for part in parts if part.key.startswith("cell:")]
        news = [self._marked(part, cells) for part in parts if self._is_news(part)]
        gathered, alive, looked_at = {part.key for part in parts}, set(existing), set(kinds)
        gone = [
            key
            for key, kind in self._kinds.items()
            if kind in looked_at and kind in _CAN_GO and key not in gathered and _root(key) not in alive
        ]
        present = set(cells)
        kept = [key for key in self._order if key in present]
        return News(tuple(news), tuple(gone), tuple(_moved(kept, cells)), first)

    def _is_news(self, part: Part) -> bool:
        known = self._forms.get(part.key)
        if known is None:
            return True
        return _digest(part.forms[0]) not in known

    def _marked(self, part: Part, cells: list[str]) -> Part:
        """The part with what a later reader needs: that it changed, or which cell it now follows."""
        if part.kind != "cells" or not self._forms:
            return part
        if part.key in self._forms:
            return replace(part, attributes=(*part.attributes, ("now", "changed")))
        at = cells.index(part.key)
        return replace(
            part, attributes=(*part.attributes, ("after", cells[at - 1].removeprefix("cell:") if at else ""))
        )

    def record(self, news: News, choices: Iterable[Choice], order: Iterable[str]) -> None:
        """`choices` went along; `order` are the keys of all cells as they stand."""
        for key in news.gone:
            self._forms.pop(key, None)
            self._kinds.pop(key, None)
        for choice in choices:
            if choice.form is not None:
                # The fullest form counts as told even where a shorter one went along: asking again would not make room.
                self._forms[choice.part.key] = frozenset(_digest(form) for form in choice.part.forms)
                self._kinds[choice.part.key] = choice.part.kind
        self._order = [key for key in order if key in self._forms]


def _moved(before: list[str], cells: list[str]) -> Iterator[tuple[str, str]]:
    """The cells of `before` that stand elsewhere among `cells`: as few as explain the change."""
    known = set(before)
    now = [key for key in cells if key in known]
    if now == before:
        return
    rank = {key: at for at, key in enumerate(before)}
    stayed = set(_longest_rising(now, rank))
    for at, key in enumerate(cells):
        if key in known and key not in stayed:
            yield key.removeprefix("cell:"), cells[at - 1].removeprefix("cell:") if at else ""


def _longest_rising(keys: list[str], rank: Mapping[str, int]) -> Iterator[str]:
    """A longest selection of `keys` whose ranks rise, from its end; by the lowest last rank for each length."""
    lasts: list[int] = []
    ends: list[str] = []
    before: dict[str, str | None] = {}
    for key in keys:
        at = bisect_left(lasts, rank[key])
        before[key] = ends[at - 1] if at else None
        lasts[at : at + 1], ends[at : at + 1] = [rank[key]], [key]
    key_: str | None = ends[-1] if ends else None
    while key_ is not None:
        yield key_
        key_ = before[key_]


def _root(key: str) -> str:
    """The variable that a key like `frame:df.age` belongs to."""
    return key.partition(":")[2].partition(".")[0]


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).digest()


def compose(news: News, choices: Sequence[Choice], **about: str) -> str:
    """The text that goes before the question; empty if there is nothing to tell. `about` become attributes."""
    blocks: list[str] = []
    lines: list[str] = []
    for choice in choices:
        if choice.form is None:
            continue
        if choice.part.tag:
            blocks.append(quote(choice.part.tag, choice.text, **dict(choice.part.attributes)))
        else:
            lines.append(choice.text)
    if lines:
        blocks.append(quote("variables", "\n".join(lines)))
    if news.gone:
        blocks.append(f'<nb:gone names="{attribute(", ".join(news.gone), 2000)}"/>')
    blocks += [quote("moved", "", cell=cell, after=after or "(the top)") for cell, after in news.moved]
    if not blocks:
        return ""
    head = "".join(f' {name}="{attribute(value)}"' for name, value in about.items() if value)
    return "\n".join([f"<nb:context{head}>", *blocks, "</nb:context>"])
