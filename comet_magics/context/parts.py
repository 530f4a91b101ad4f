"""A piece of context with its shorter forms, and the share of the allowance it gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .quote import quote
from .tokens import estimate

__all__ = ["Choice", "Part", "PartKind", "choose"]

PartKind = str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to tell the model.

    `kind` is the provider's name; `key` the same for the same thing from question to question; `title` what the user
    calls it. `forms` are redacted texts, the fullest first, never empty. `importance` from 0 to 100. A part with `tag`
    stands in tags of its own with `attributes`; one without is a line among others of its kind.
    """

    kind: PartKind
    key: str
    title: str
    forms: tuple[str, ...]
    importance: float
    tag: str = ""
    attributes: tuple[tuple[str, str], ...] = ()

    def tokens(self, form: int) -> int:
        """About how many tokens form number `form` takes, with what stands around it."""
        around = quote(self.tag, ".", **dict(self.attributes)) if self.tag else "."
        return estimate(self.forms[form]) + estimate(around) + 1


@dataclass(frozen=True, slots=True)
class Choice:
    """Which form of `part` goes along, None if it is left out; `tokens` is what it takes."""

    part: Part
    form: int | None
    tokens: int = 0
    costs: tuple[int, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """The chosen form's text, empty if the part is left out."""
        return "" if self.form is None else self.part.forms[self.form]


def choose(parts: Sequence[Part], allowance: int) -> list[Choice]:
    """Share `allowance` tokens out among `parts`; the result is in the order of `parts`.

    In the order of importance each gets its shortest form first, so that much is named rather than little told whole;
    then, in the same order, the fullest form that the rest of the allowance has room for.
    """
    order = sorted(range(len(parts)), key=lambda at: -parts[at].importance)
    costs = [[part.tokens(form) for form in range(len(part.forms))] for part in parts]
    chosen: dict[int, int] = {}
    left = allowance
    for at in order:
        shortest = len(parts[at].forms) - 1
        if costs[at][shortest] <= left:
            chosen[at] = shortest
            left -= costs[at][shortest]
    for at in order:
        if at not in chosen:
            continue
        for form in range(chosen[at]):
            more = costs[at][form] - costs[at][chosen[at]]
            if more <= left:
                left -= more
                chosen[at] = form
                break
    return [
        Choice(part, chosen.get(at), costs[at][chosen[at]] if at in chosen else 0, tuple(costs[at]))
        for at, part in enumerate(parts)
    ]
