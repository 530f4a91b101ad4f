"""One question and what becomes of it.

    ready --sent--> streaming --terminal event | fail | stop--> done

Promise: pure; whatever happens, the text that came is in the answer, and the answer says how it ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from ..core.answer import Answer, Status
from ..core.errors import BackendError, CometError, StreamBroken
from ..core.events import (
    Accepted,
    Broken,
    Completed,
    Failed,
    Incomplete,
    ReasoningDelta,
    ReasoningItem,
    RefusalDelta,
    Started,
    StreamEvent,
    SummaryDelta,
    TextDelta,
    ToolCalled,
    Waiting,
    Working,
)
from ..core.messages import AssistantText, Item, ToolCall
from ..core.prices import cost_of
from ..core.record import record
from ..core.request import Endpoint, ModelRequest
from ..core.usage import Usage

if TYPE_CHECKING:
    from .exchange import Exchange

__all__ = ["Done", "Send", "Step", "Turn", "has_fence"]


@record
class Send:
    """Send this request and report what comes."""

    request: ModelRequest


@record
class Done:
    """There is nothing more to do."""


Step: TypeAlias = Send | Done


class Turn:
    """A turn of the conversation.

    `items` is what the model added to it, in order; `calls` the tools that it asked for; `notices` short sentences
    for the user; `error` what is to be raised once everything is shown. `exchange` is the question it belongs to.
    """

    def __init__(self, request: ModelRequest, exchange: Exchange | None = None) -> None:
        self.request = request
        self.exchange = exchange
        self.items: list[Item] = []
        self.calls: list[ToolCall] = []
        self.notices: list[str] = []
        self.error: CometError | None = None
        self.endpoint: Endpoint = "responses"
        self._state: Literal["ready", "streaming", "done"] = "ready"
        self._status: Status = "failed"
        self._text: list[str] = []
        self._refusal: list[str] = []
        self._summary: list[str] = []
        self._summary_part = 0
        self._usage: Usage | None = None
        self._model = ""
        self._response_id = ""
        self._request_id: str | None = None
        self._sent_at = 0.0
        self._first_text_at: float | None = None
        self._ended_at = 0.0

    @property
    def has_text(self) -> bool:
        """Whether any of the answer has come."""
        return bool(self._text or self._refusal)

    def next_step(self) -> Step:
        """What to do now."""
        return Send(self.request) if self._state == "ready" else Done()

    def sent(self, endpoint: Endpoint, at: float) -> None:
        """The request is on its way; seconds count from here."""
        self.endpoint = endpoint
        self._sent_at = at
        self._state = "streaming"

    def again(self, notice: str, request: ModelRequest | None = None) -> None:
        """Nothing came and nothing was spent: the request, or `request`, goes another way, and `notice` says so."""
        self.request = request or self.request
        self.notices.append(notice)
        self.error = None
        self._state = "ready"

    def receive(self, event: StreamEvent, at: float) -> None:  # noqa: PLR0912 - one arm for each event
        """Take in what came at `at` seconds."""
        match event:
            case TextDelta(text):
                self._mark_first(at)
                self._text.append(text)
            case RefusalDelta(text):
                self._mark_first(at)
                self._refusal.append(text)
            case SummaryDelta(text, part):
                self._add_summary(text, part)
            case ReasoningDelta(text):
                self._add_summary(text, self._summary_part)
            case ReasoningItem(item):
                self.items.append(item)
            case ToolCalled(call):
                self.calls.append(call)
            case Started(response_id, model):
                self._response_id = response_id or self._response_id
                self._model = model or self._model
            case Accepted(request_id):
                self._request_id = request_id
            case Waiting() | Working():
                pass
            case Completed(usage):
                self._end("refused" if self._refusal else "complete", usage, at)
            case Incomplete(reason, usage):
                self._end("refused" if reason == "content_filter" else "partial", usage, at)
                self.notices.append(_ENDED_EARLY.get(reason, f"The server ended the answer early: {reason}."))
            case Failed(message, code, usage):
                self._end(self._kept_status(), usage, at)
                self.error = BackendError(message, code=code, kept=self._kept(), request_id=self._request_id)
            case Broken(reason, usage):
                self._end(self._kept_status(), usage, at)
                self.error = StreamBroken(reason, kept=self._kept(), remedy=self._go_on())

    def fail(self, error: CometError, at: float) -> None:
        """The way to the answer failed."""
        if self._state == "done":
            return
        self._end(self._kept_status(), None, at)
        error.kept = error.kept or self._kept()
        if isinstance(error, StreamBroken):
            error.remedy = error.remedy or self._go_on()
        self.error = error

    def stop(self, at: float) -> None:
        """The user pressed stop. An answer that was whole by then stays whole."""
        if self._state != "done":
            self._end("stopped", None, at)

    @property
    def stopped(self) -> bool:
        """Whether the user ended it."""
        return self._status == "stopped"

    def answer(self) -> Answer:
        """What the user gets."""
        text = "".join(self._text) or "".join(self._refusal)
        model = self._model or self.request.model
        return Answer(
            text=text,
            code=_python_of(text),
            status=self._status,
            model=model,
            effort=self.request.effort or "default",
            api=self.endpoint,
            seconds=self._ended_at - self._sent_at,
            first_token_seconds=None if self._first_text_at is None else self._first_text_at - self._sent_at,
            usage=self._usage,
            cost=cost_of(model, self._usage),
            request_id=self._request_id or self._response_id or None,
            summary="".join(self._summary),
        )

    def _mark_first(self, at: float) -> None:
        if self._first_text_at is None:
            self._first_text_at = at

    def _add_summary(self, text: str, part: int) -> None:
        if part != self._summary_part and self._summary:
            self._summary.append("\n\n")
        self._summary_part = part
        self._summary.append(text)

    def _end(self, status: Status, usage: Usage | None, at: float) -> None:
        if self._text or self._refusal:
            # A reasoning item stands before the text that it led to.
            self.items.append(AssistantText("".join(self._text) or "".join(self._refusal), bool(self._refusal)))
        self._state, self._status, self._usage, self._ended_at = "done", status, usage, at

    def _kept_status(self) -> Status:
        return "partial" if self.has_text else "failed"

    def _kept(self) -> str:
        count = sum(map(len, self._text or self._refusal))
        return f"The {count:,} characters that came are above and in `_gpt.text`." if count else ""

    def _go_on(self) -> str:
        if self.has_text:
            return "The conversation knows them: ask `%gpt go on from where you stopped`, or run the cell again."
        return "Run the cell again."


def has_fence(text: str) -> bool:
    """Whether `text` can have a fenced block: what looks into those is loaded only then."""
    return "```" in text or "~~~" in text


def _python_of(text: str) -> str:
    if not has_fence(text):
        return ""
    from ..code.extract import python_of

    return python_of(text)


_ENDED_EARLY = {
    "max_output_tokens": "The answer ends here because it reached the model's limit for one answer: ask it to go on.",
    "content_filter": "The provider's content filter ended the answer.",
}
