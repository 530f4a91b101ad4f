"""A question and what came of it, as a conversation and a person hold it.

Promise: it knows how it was asked and how it ended, also where nothing of it is part of what is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ..core.record import record

if TYPE_CHECKING:
    from ..core.answer import Answer, Status

__all__ = ["Exchange", "Origin", "State", "Typed"]

Origin: TypeAlias = Literal["cell", "panel"]
State: TypeAlias = "Literal['running'] | Status"


@record
class Typed:
    """A question as a person asked it; `where` names the cell (`In [5]`), `pictures` counts those that go along.

    `mends` is the id of the cell that it asks to have corrected, empty if it is about none or that is not known.
    """

    text: str
    origin: Origin = "cell"
    where: str = ""
    pictures: int = 0
    mends: str = ""


class Exchange:
    """One question of a conversation; changed only by its Session.

    `number` counts questions in the order in which they were asked, from 1, and never again from the beginning.
    `answer` is None while it is coming; `notices` are what was told with it, also why it failed. `left_out` keeps it
    from being sent again; `forgotten` is set when a new conversation begins.
    """

    __slots__ = ("answer", "forgotten", "left_out", "notices", "number", "typed")

    def __init__(self, number: int, typed: Typed) -> None:
        self.number = number
        self.typed = typed
        self.answer: Answer | None = None
        self.notices: tuple[str, ...] = ()
        self.left_out = False
        self.forgotten = False

    @property
    def state(self) -> State:
        """How it ended, or that it has not."""
        return "running" if self.answer is None else self.answer.status
