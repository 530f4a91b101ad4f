"""What a view of the panel and the kernel say to each other, and how what comes is checked.

A view is panel.js in some front end. Promise: a malformed message is None, never an exception and never half believed;
what is sent is small, and holds no more than a view needs to show.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from ..conversation.exchange import Exchange
from ..core.pattern import pattern
from ..core.record import record
from ..core.settings import EFFORTS, VERBOSITIES

__all__ = [
    "Ask",
    "Choices",
    "Choose",
    "Estimate",
    "FromView",
    "Hello",
    "Leave",
    "ListModels",
    "New",
    "Open",
    "Retry",
    "Stop",
    "parse_from_view",
    "turn_message",
]

_PICTURE = pattern(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+\Z")
_MOST_PICTURES = 16
_LONGEST_PICTURE = 20_000_000


@record
class Choices:
    """What the pickers say; an empty verbosity is the model's own."""

    model: str
    effort: str
    verbosity: str
    context: str


@record
class Hello:
    """A view was made and shows nothing yet."""

    view: str


@record
class Ask:
    """A question; `replaces` is the turn that it is an edited version of, which is left out with all after it."""

    request: int
    text: str
    images: tuple[str, ...]
    choices: Choices
    replaces: int | None


@record
class Retry:
    """The question of a turn, again; it is left out with all after it."""

    request: int
    turn: int
    choices: Choices


@record
class Stop:
    """End a turn's answer, or all of them."""

    turn: int | None


@record
class New:
    """Begin a new conversation."""


@record
class Leave:
    """Keep a turn from being sent, or take it in again."""

    turn: int
    out: bool


@record
class Choose:
    """A picker was changed."""

    name: Literal["model", "effort", "verbosity", "context"]
    value: str


@record
class Estimate:
    """How much would this question be; `images` counts its pictures."""

    request: int
    text: str
    images: int
    choices: Choices


@record
class Open:
    """A view wants the body of a turn that it no longer holds."""

    turn: int
    view: str


@record
class ListModels:
    """The gateway's models are wanted."""


FromView: TypeAlias = Hello | Ask | Retry | Stop | New | Leave | Choose | Estimate | Open | ListModels


def parse_from_view(content: object) -> FromView | None:
    """The message, or None if it is malformed or of a kind that this version does not know."""
    if not isinstance(content, Mapping):
        return None
    read = _READERS.get(str(content.get("type")))
    try:
        return None if read is None else read(content)
    except (KeyError, TypeError, ValueError):
        return None


def turn_message(exchange: Exchange) -> dict[str, Any]:
    """What a view knows of a turn besides its body."""
    typed, answer = exchange.typed, exchange.answer
    return {
        "type": "turn",
        "turn": {
            "id": exchange.number,
            "question": typed.text,
            "origin": typed.origin,
            "where": typed.where,
            "state": exchange.state,
            "left_out": exchange.left_out,
            "pictures": typed.pictures,
            "error": "" if exchange.state != "failed" else "\n".join(exchange.notices),
            "metadata": None if answer is None else answer.metadata(),
        },
    }


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _optional_number(value: Any) -> int | None:
    return None if value is None else _number(value)


def _choice(name: str, value: Any) -> str:
    allowed = {"effort": EFFORTS, "verbosity": ("", *VERBOSITIES)}.get(name)
    if allowed is not None and value not in allowed:
        raise ValueError
    return _text(value)


def _choices(value: Any) -> Choices:
    return Choices(*(_choice(name, value[name]) for name in ("model", "effort", "verbosity", "context")))


def _pictures(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MOST_PICTURES:
        raise TypeError
    if not all(len(_text(url)) <= _LONGEST_PICTURE and _PICTURE.match(url) for url in value):
        raise ValueError
    return tuple(value)


def _choose(content: Mapping[str, Any]) -> Choose:
    name = content["name"]
    if name not in ("model", "effort", "verbosity", "context"):
        raise ValueError
    return Choose(name, _choice(name, content["value"]))


_READERS: Mapping[str, Any] = {
    "hello": lambda it: Hello(_text(it["view"])),
    "ask": lambda it: Ask(
        _number(it["request"]),
        _text(it["text"]),
        _pictures(it["images"]),
        _choices(it["choices"]),
        _optional_number(it["replaces"]),
    ),
    "retry": lambda it: Retry(_number(it["request"]), _number(it["turn"]), _choices(it["choices"])),
    "stop": lambda it: Stop(_optional_number(it["turn"])),
    "new": lambda _: New(),
    "leave": lambda it: Leave(_number(it["turn"]), _truth(it["out"])),
    "choose": _choose,
    "estimate": lambda it: Estimate(
        _number(it["request"]), _text(it["text"]), _number(it["images"]), _choices(it["choices"])
    ),
    "open": lambda it: Open(_number(it["turn"]), _text(it["view"])),
    "models": lambda _: ListModels(),
}
