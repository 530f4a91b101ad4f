"""What goes along with a question: gathered, redacted, fitted into the allowance, and remembered for the next one.

One `Briefing` belongs to one conversation. Promise: `prepare` changes nothing that a later question depends on but the
numbers of the markers; only `keep`, once the question has become part of the conversation, records what was told.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..context.along import row, tell
from ..context.gather import SOURCES, Attached, Limits, Material, gather
from ..context.hidden_values import hidden_values, named_secrets
from ..context.hiding import Hidden
from ..context.limits import Unfit
from ..context.parts import Choice, choose
from ..context.redact import Redactor
from ..context.sent import News, Sent, compose
from ..context.tokens import Calibration, estimate
from ..core.along import Along
from ..core.errors import UsageError
from ..core.nearest import did_you_mean
from ..core.record import record
from ..core.snapshot import NotebookSnapshot
from .capture import Captured, capture, own_names
from .references import find_references

if TYPE_CHECKING:
    from ..context.failures import Failure

__all__ = ["AUTO", "Briefing", "Prepared", "Wishes", "parse_sources"]

AUTO = frozenset(SOURCES) - {"images"}


@record
class Wishes:
    """The settings that concern context, for one question; `pictures` says that it names some."""

    sources: frozenset[str] = AUTO
    tokens: int = 12_000
    hide: tuple[str, ...] = ()
    emails: bool = True
    model: str = "gpt-5.1"
    limits: Limits = Limits()
    pictures: bool = False


@record
class Prepared:
    """A question with what goes along; `context` stands before `question` in the message.

    `pictures` are the names of those that go along; `shown` has what cells showed, by execution count.
    """

    context: str
    question: str
    along: Along
    unknown: tuple[str, ...]
    pictures: tuple[str, ...]
    estimated: int
    news: News
    choices: tuple[Choice, ...]
    cells: tuple[str, ...]
    asking_id: str = ""
    shown: Mapping[int, bytes] = MappingProxyType({})


def parse_sources(words: str) -> frozenset[str]:
    """What `-c` or the setting says: `auto`, `none`, or names of sources with commas between. Raises UsageError."""
    chosen: set[str] = set()
    for word in filter(None, (part.strip() for part in words.split(","))):
        if word == "auto":
            chosen |= AUTO
        elif word == "none":
            continue
        elif word in SOURCES:
            chosen.add(word)
        else:
            known = ("auto", "none", *SOURCES)
            raise UsageError(
                f"Context can't be {word!r}.",
                remedy=f"{did_you_mean(word, known)} It takes auto, none, or some of {', '.join(SOURCES)}.",
            )
    return frozenset(chosen)


class Briefing:
    """The memory of one conversation: markers, what was told, how tokens are counted."""

    def __init__(self) -> None:
        self.redactor = Redactor()
        self.calibration = Calibration()
        self._sent = Sent()
        self._asked: set[str] = set()

    def clear(self) -> None:
        """A new conversation."""
        self._sent.clear()
        self._asked.clear()

    def guard(self, shell: Any, wishes: Wishes) -> None:
        """Learn what must not be sent: what is hidden, and what secrets live variables hold. Raises UsageError."""
        hidden, names = Hidden(wishes.hide), own_names(shell)
        self.redactor.emails, self.redactor.hidden = wishes.emails, hidden
        self.redactor.know_secrets(named_secrets(names, os.environ))
        try:
            self.redactor.hide_values(hidden_values(names, hidden))
        except Unfit as exc:
            raise UsageError(
                f"What CometMagics.hide names could not be read ({exc}), so it could not be kept out.",
                remedy="Nothing was sent. Delete the variable, or take its name out of CometMagics.hide.",
            ) from None

    def prepare(
        self,
        shell: Any,
        typed: str,
        question: str,
        wishes: Wishes,
        *,
        live: NotebookSnapshot | None = None,
        extra: Sequence[Attached] = (),
        error: bool = False,
    ) -> Prepared:
        """Read the notebook once, and choose what of it goes along with `question`; `guard` comes first.

        `typed` is the question before values were put into it: what `@` names is looked for in nothing else, because
        a value may hold anything. `extra` is attached as if named there, `error` the last exception as if with `@err`.
        """
        hidden, names = self.redactor.hidden, own_names(shell)
        captured = capture(shell, live, pictures=wishes.pictures or "images" in wishes.sources)
        material = self._material(shell, typed, names, wishes, captured, extra, error=error)
        parts = gather(material, wishes.sources, self.redactor.redact, hidden, wishes.limits)
        news = self._sent.news(parts, wishes.sources, names)
        choices = choose(news.parts, self._allowance(wishes))
        context = self.redactor.redact(compose(news, choices, notebook=material.notebook.path))
        asked = self.redactor.redact(question)
        rows = [row(choice, self.redactor.redact(choice.text), self.calibration) for choice in choices]
        along = tell(
            rows,
            self.calibration.correct(estimate(context)),
            wishes.model,
            sent=context + asked,
            cells=material.notebook.source if "cells" in wishes.sources else None,
            first=news.first,
        )
        unknown = find_references(typed, names).unknown
        pictures = _pictures(material, wishes.sources, captured.pictures, hidden)
        return Prepared(
            context,
            asked,
            along,
            unknown,
            pictures,
            estimate(context) + estimate(asked),
            news,
            tuple(choices),
            tuple(part.key for part in parts if part.kind == "cells"),
            material.notebook.asking_id,
            captured.pictures,
        )

    def keep(self, prepared: Prepared) -> None:
        """The question has become part of the conversation."""
        self._sent.record(prepared.news, prepared.choices, prepared.cells)
        if prepared.asking_id:
            self._asked.add(prepared.asking_id)

    def _material(
        self,
        shell: Any,
        typed: str,
        names: dict[str, object],
        wishes: Wishes,
        captured: Captured,
        extra: Sequence[Attached],
        *,
        error: bool,
    ) -> Material:
        references = find_references(typed, names)
        needs_error = "error" in wishes.sources or references.error or error
        return Material(
            typed,
            captured.notebook,
            names,
            _last_failure(shell) if needs_error else None,
            (*references.attached, *extra),
            references.cells,
            references.error or error,
            frozenset(self._asked),
        )

    def _allowance(self, wishes: Wishes) -> int:
        return max(0, round(wishes.tokens / self.calibration.factor))


def _pictures(
    material: Material, sources: frozenset[str], shown: Mapping[int, bytes], hidden: Hidden
) -> tuple[str, ...]:
    """Names of pictures that go along: of figures and picture files named with `@`; of near cells if asked for.

    What a cell showed in an earlier session is in no kernel; it doesn't go along then.
    """
    named = [one.reference for one in material.attached if _is_picture(one) and not hidden.mentions(one.reference)]
    if "images" in sources:
        cells = [cell for cell in material.notebook.cells if cell.execution_count in shown]
        counts = [cell.execution_count for cell in cells if not hidden.mentions(cell.source)]
        named += [f"cell:{count}" for count in counts[-3:]]
    return tuple(dict.fromkeys(named))


def _is_picture(one: Attached) -> bool:
    from ..context.kinds import is_a

    if one.text is not None:
        return one.reference.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp"))
    return is_a(one.value, "matplotlib.figure", "Figure") or is_a(one.value, "PIL.Image", "Image")


def _last_failure(shell: Any) -> Failure | None:
    if getattr(sys, "last_exc", None) is None and getattr(sys, "last_value", None) is None:
        return None
    from .failure import last_failure

    return last_failure(shell)
