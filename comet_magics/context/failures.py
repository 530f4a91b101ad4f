"""The last exception in words: the user's own frames with their lines and local values, everybody else's folded.

Promise: the exception and its locals are described, never printed: no `__str__` or `__repr__` of theirs runs here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .hiding import Hidden
from .secret_names import is_secret_name
from .values import brief, shorten

__all__ = ["Failure", "FailureFrame", "describe_failure"]

_OWN_FRAMES = 6
_LOCALS = 8


@dataclass(frozen=True, slots=True)
class FailureFrame:
    """One frame of a traceback. `place` is `cell In[5]` or a file's name; `source` the numbered lines around `line`;
    `own` says that the code is the user's; `values` are the local names that its line mentions.
    """

    place: str
    function: str
    line: int
    own: bool
    source: tuple[tuple[int, str], ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception that was raised: `kind` its class, `causes` the exceptions behind it,
    `execution_count` its cell's number.
    """

    kind: str
    message: str
    frames: tuple[FailureFrame, ...]
    causes: tuple[str, ...] = ()
    execution_count: int | None = None


def describe_failure(failure: Failure, redact: Callable[[str], str], hidden: Hidden) -> tuple[str, ...]:
    """The failure in words, the fullest form first."""
    head = redact(f"{failure.kind}: {shorten(failure.message, 2000)}")
    causes = [redact(f"caused by {shorten(cause, 400)}") for cause in failure.causes[:4]]
    frames = _frames(failure, redact, hidden, values=True)
    bare = _frames(failure, redact, hidden, values=False)
    full = "\n".join([*frames, head, *causes])
    return tuple(dict.fromkeys((full, "\n".join([*bare[-12:], head, *causes]), shorten(head, 600))))


def _frames(failure: Failure, redact: Callable[[str], str], hidden: Hidden, *, values: bool) -> list[str]:
    own = [at for at, frame in enumerate(failure.frames) if frame.own]
    kept = set(own[:1] + own[-_OWN_FRAMES:])
    lines: list[str] = []
    folded = 0
    for at, frame in enumerate(failure.frames):
        last = at == len(failure.frames) - 1
        if at not in kept and not last:
            folded += 1
            continue
        if folded:
            lines.append(f"… {folded} frame{'s' * (folded != 1)} of other code …")
            folded = 0
        lines.append(f"{frame.place}, line {frame.line}, in {frame.function}")
        if at in kept:
            lines += _source(frame, redact, hidden)
            lines += _values(frame, redact, hidden) if values else []
    return lines


def _source(frame: FailureFrame, redact: Callable[[str], str], hidden: Hidden) -> list[str]:
    lines = []
    for number, text in frame.source:
        shown = "[hidden]" if hidden.mentions(text) and number != frame.line else redact(shorten(text, 240))
        if hidden.mentions(shown):
            shown = "[a line with a hidden name]"
        lines.append(f"{'->' if number == frame.line else '  '} {number:>4} {shown}")
    return lines


def _values(frame: FailureFrame, redact: Callable[[str], str], hidden: Hidden) -> list[str]:
    lines = []
    for name, value in list(frame.values.items())[:_LOCALS]:
        if hidden.name(name):
            continue
        shown = "[kept out: named like a secret]" if is_secret_name(name) else brief(value, redact, 160)
        lines.append(f"        {name} = {shown}")
    return lines
