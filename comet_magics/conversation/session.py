"""A conversation: what was said so far, in the order it was said.

Promise: append-only. The instructions come first and nothing before the newest question ever changes, so that the
provider's cache finds the same prefix again. What failed without a word leaves no trace in it.
"""

from __future__ import annotations

from ..context.quote import DATA_INSTRUCTIONS
from ..core.messages import AssistantText, Item, Reasoning, UserMessage
from ..core.request import Endpoint, ModelRequest
from ..core.settings import Settings
from .turn import Turn

__all__ = ["INSTRUCTIONS", "Session"]

INSTRUCTIONS = (
    """\
You are the assistant inside a Jupyter notebook. The reader is a data scientist who sees your answer below the cell \
that asked.
Answer in Markdown: short paragraphs, tables where they help, formulas between dollar signs. Put each piece of \
Python that is meant to run in the notebook into a ```python block of its own, complete with what it needs and with \
nothing in it that is only an illustration; mark everything else with its own language.
Say what you don't know. Never invent names, columns, numbers or results that you were not shown.

"""
    + DATA_INSTRUCTIONS
)


class Session:
    """One conversation with a model; `cache_key` steers its requests to the same cache."""

    def __init__(self, cache_key: str) -> None:
        self.cache_key = cache_key
        self.items: list[Item] = []
        self._chat_only: set[str] = set()

    @property
    def questions(self) -> int:
        """How many questions it holds."""
        return sum(isinstance(item, UserMessage) for item in self.items)

    def begin(self, message: UserMessage, settings: Settings) -> Turn:
        """A turn that asks `message` after everything before it."""
        wishes = settings.instructions.strip()
        return Turn(
            ModelRequest(
                model=settings.model,
                instructions=f"{INSTRUCTIONS}\n\nThe user's standing wishes:\n{wishes}" if wishes else INSTRUCTIONS,
                items=(*self.items, message),
                effort=settings.effort,
                verbosity=settings.verbosity,
                summary=settings.summary,
                cache_key=self.cache_key if settings.cache_retention else None,
                cache_retention=settings.cache_retention,
            )
        )

    def keep(self, turn: Turn) -> None:
        """Make the turn part of the conversation, if anything was answered."""
        if any(isinstance(item, AssistantText) for item in turn.items):
            self.items.append(turn.request.items[-1])
            self.items.extend(turn.items)

    def clear(self) -> None:
        """Start anew; which endpoint serves a model stays known."""
        self.items.clear()

    def endpoint(self, settings: Settings) -> Endpoint:
        """The endpoint to ask first: as chosen, or for `auto` Responses unless `model` is known to lack it."""
        if settings.api == "auto":
            return "chat" if settings.model in self._chat_only else "responses"
        return settings.api

    def forget_reasoning(self) -> None:
        """What the model thought can no longer be read by it; what it said stays."""
        self.items = [item for item in self.items if not isinstance(item, Reasoning)]

    def remember_chat_only(self, model: str) -> None:
        """`model` was found to lack Responses at this gateway."""
        self._chat_only.add(model)
