"""A conversation: what was said so far, in the order it was said.

Promise: append-only. The instructions come first and nothing before the newest question ever changes, so that the
provider's cache finds the same prefix again; only leaving a question out, which a person decides, takes something away.
What failed without a word is no part of what is sent. Several questions may be on their way at once, each in a thread
of its own: they stand in the order asked, as far as nothing that was sent already has to move.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection

from ..context.quote import DATA_INSTRUCTIONS
from ..context.tokens import estimate
from ..core.answer import Answer
from ..core.messages import AssistantText, Item, Reasoning, UserMessage
from ..core.request import Endpoint, ModelRequest
from ..core.settings import Settings
from .exchange import Exchange, Typed
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


class _Said:
    """An item and the exchange that it belongs to; its tokens are estimated once."""

    __slots__ = ("_tokens", "exchange", "item")

    def __init__(self, exchange: Exchange, item: Item) -> None:
        self.exchange = exchange
        self.item = item
        self._tokens: int | None = None

    @property
    def tokens(self) -> int:
        if self._tokens is None:
            self._tokens = estimate(self.item.text) if isinstance(self.item, UserMessage | AssistantText) else 0
        return self._tokens


class Session:
    """One conversation with a model; `cache_key` steers its requests to the same cache.

    `exchanges` are its questions in the order asked, also those that failed. Each of `observers` is called with an
    exchange that began, ended or was left out, in the thread where that happened; it must not raise.
    """

    def __init__(self, cache_key: str) -> None:
        self.cache_key = cache_key
        self.exchanges: list[Exchange] = []
        self.observers: list[Callable[[Exchange], None]] = []
        self._said: list[_Said] = []
        self._settled = 0  # so many of what was said were part of a request, and don't move any more
        self._asked = 0
        self._chat_only: set[str] = set()
        self._lock = threading.RLock()

    @property
    def items(self) -> list[Item]:
        """What the next request begins with."""
        return [said.item for said in self._kept()]

    @property
    def tokens(self) -> int:
        """About how many tokens those items take, without pictures and reasoning."""
        return sum(said.tokens for said in self._kept())

    @property
    def questions(self) -> int:
        """How many questions it holds."""
        return len({said.exchange.number for said in self._kept()})

    def open(self, typed: Typed) -> Exchange:
        """A new question, the latest one."""
        with self._lock:
            self._asked += 1
            exchange = Exchange(self._asked, typed)
            self.exchanges.append(exchange)
        self._tell(exchange)
        return exchange

    def begin(self, message: UserMessage, settings: Settings, exchange: Exchange | None = None) -> Turn:
        """A turn of `exchange`, or of a new one, that asks `message` after everything before it."""
        exchange = exchange or self.open(Typed(message.text))
        with self._lock:
            self._settled = len(self._said)
            return Turn(self.request(message, settings), exchange)

    def request(self, message: UserMessage, settings: Settings) -> ModelRequest:
        """The request that would ask `message` now."""
        wishes = settings.instructions.strip()
        return ModelRequest(
            model=settings.model,
            instructions=f"{INSTRUCTIONS}\n\nThe user's standing wishes:\n{wishes}" if wishes else INSTRUCTIONS,
            items=(*self.items, message),
            effort=settings.effort,
            verbosity=settings.verbosity,
            summary=settings.summary,
            cache_key=self.cache_key if settings.cache_retention else None,
            cache_retention=settings.cache_retention,
        )

    def keep(self, turn: Turn) -> None:
        """Make the turn part of the conversation, if anything was answered and nobody began a new one."""
        exchange = turn.exchange
        if exchange is None or exchange.forgotten or not any(isinstance(item, AssistantText) for item in turn.items):
            return
        with self._lock:
            at = len(self._said)
            while at > self._settled and self._said[at - 1].exchange.number > exchange.number:
                at -= 1
            self._said[at:at] = [_Said(exchange, item) for item in (turn.request.items[-1], *turn.items)]

    def end(self, exchange: Exchange, answer: Answer, notices: tuple[str, ...] = ()) -> None:
        """The last turn of `exchange` has ended; `notices` are what was told with its answer."""
        exchange.answer, exchange.notices = answer, notices
        self._tell(exchange)

    def holds(self, exchange: Exchange) -> bool:
        """Whether `exchange` is part of the conversation, and the last one that was said."""
        kept = self._kept()
        return bool(kept) and kept[-1].exchange is exchange

    def leave_out(self, exchanges: Collection[Exchange], *, out: bool = True) -> None:
        """Keep `exchanges` from being sent, or take them in again."""
        changed = [exchange for exchange in exchanges if exchange.left_out != out]
        for exchange in changed:
            exchange.left_out = out
        for exchange in changed:
            self._tell(exchange)

    def clear(self) -> None:
        """Start anew; which endpoint serves a model stays known."""
        with self._lock:
            for exchange in self.exchanges:
                exchange.forgotten = True
            self.exchanges = []
            self._said, self._settled = [], 0

    def endpoint(self, settings: Settings) -> Endpoint:
        """The endpoint to ask first: as chosen, or for `auto` Responses unless `model` is known to lack it."""
        if settings.api == "auto":
            return "chat" if settings.model in self._chat_only else "responses"
        return settings.api

    def forget_reasoning(self) -> None:
        """What the model thought can no longer be read by it; what it said stays."""
        with self._lock:
            self._said = [said for said in self._said if not isinstance(said.item, Reasoning)]
            self._settled = len(self._said)

    def remember_chat_only(self, model: str) -> None:
        """`model` was found to lack Responses at this gateway."""
        self._chat_only.add(model)

    def _kept(self) -> list[_Said]:
        with self._lock:
            return [said for said in self._said if not said.exchange.left_out]

    def _tell(self, exchange: Exchange) -> None:
        for observer in tuple(self.observers):
            observer(exchange)
