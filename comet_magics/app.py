"""Where everything is put together: one App for each kernel.

Promise: `ask` returns an answer, however the call ends, and leaves one row in the ledger for each request. It knows no
IPython: what is on the screen is the sink's.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import FrameType
from typing import TYPE_CHECKING, Any

from . import config
from .conversation.drive import drive
from .conversation.session import Session
from .conversation.turn import Turn, has_fence
from .core.answer import Answer
from .core.cancel import Cancel
from .core.errors import BackendError, CometError
from .core.events import StreamEvent
from .core.ledger import LedgerRow
from .core.messages import Text, UserMessage
from .core.nearest import nearest
from .core.ports import Clock, Reviewer, Sink, Transport
from .core.record import record, replace
from .core.request import WireRequest
from .core.settings import Settings
from .storage.home import ledger_path
from .storage.ledger import Ledger
from .transport.http import Http, host_of
from .transport.pump import Pump
from .transport.retry import Retry
from .wire.endpoint import encode
from .wire.models import known_efforts

if TYPE_CHECKING:
    from .core.verdicts import Verdict

__all__ = ["App", "Outcome"]

# Long enough for a list of 500 models, short enough for an error message to wait for.
_LIST_SECONDS = 8.0
_PRESSES = 2


@record
class Outcome:
    """How a call ended: the answer as far as it came, what to tell with it, and what to raise if it failed."""

    answer: Answer
    notices: tuple[str, ...]
    error: CometError | None


class App:
    """Asks models and keeps the conversation and the account; `notebook` names the notebook in the ledger."""

    def __init__(self, session: Session, *, clock: Clock = time.monotonic) -> None:
        self.session = session
        self._clock = clock

    def ask(
        self,
        message: UserMessage,
        settings: Settings,
        open_sink: Callable[[], Sink],
        *,
        cancel: Cancel | None = None,
        notebook: str = "",
        notices: tuple[str, ...] = (),
        reviewer: Reviewer | None = None,
    ) -> Outcome:
        """Ask, show while it comes, keep, account; with a `reviewer`, review the code and let the model repair it.

        `notices` are shown under the answer. Raises UsageError before anything is sent or shown; whatever fails
        later is in the outcome.
        """
        transport = self._transport(settings)
        host = host_of(config.base_url())
        ledger = Ledger(ledger_path())
        turn = self.session.begin(message, settings)
        cancel = cancel or Cancel()
        sink = open_sink()

        def carry(turn: Turn, sink: Sink) -> None:
            drive(
                turn,
                self.session,
                settings,
                transport=transport,
                sink=sink,
                cancel=cancel,
                clock=self._clock,
                after=lambda ended: ledger.record(_row(ended, notebook, host)),
            )
            self.session.keep(turn)

        with _interrupt_asks(cancel):
            carry(turn, sink)
            answer = replace(turn.answer(), id=uuid.uuid4().hex[:12], insert=settings.insert)
            said = tuple(turn.notices)
            if reviewer is not None and answer.status == "complete" and has_fence(answer.text):
                answer, more = self._reviewed(
                    answer, settings, reviewer, cancel, lambda turn: carry(turn, _Still(sink))
                )
                said += more
            notices = (*notices, *said, *filter(None, (ledger.problem,)))
            sink.finish(answer, notices)
        if isinstance(turn.error, BackendError):
            self._advise(turn.error, settings)
        return Outcome(answer, notices, turn.error)

    def _reviewed(
        self, answer: Answer, settings: Settings, reviewer: Reviewer, cancel: Cancel, carry: Callable[[Turn], None]
    ) -> tuple[Answer, tuple[str, ...]]:
        """The answer with its verdicts, repaired as often as the settings allow, and what to tell of that."""
        from .code.extract import python_of
        from .conversation.repair import joined, repair_question, replaced

        first = verdicts = reviewer(answer.text, lambda: cancel.is_set)
        for _ in range(settings.repairs):
            if cancel.is_set or not any(verdict.failed for verdict in verdicts):
                break
            turn = self.session.begin(UserMessage((Text(repair_question(verdicts)),)), settings)
            carry(turn)
            repair = turn.answer()
            text = replaced(answer.text, verdicts, repair.text) if repair.status == "complete" else None
            answer = joined(answer, repair, text or answer.text, python_of(text or answer.text))
            if text is None:
                why = (
                    "was stopped" if repair.status == "stopped" else "did not come" if turn.error else "changed nothing"
                )
                return replace(answer, blocks=verdicts), (f"A repair was asked for and {why}.",)
            verdicts = reviewer(text, lambda: cancel.is_set)
        return replace(answer, blocks=_with_before(verdicts, first)), ()

    def preview(self, message: UserMessage, settings: Settings) -> WireRequest:
        """What `ask` would send first; nothing is sent."""
        return encode(self.session.begin(message, settings).request, self.session.endpoint(settings))

    def models(self, timeout: float = 20.0) -> list[dict[str, Any]]:
        """The gateway's models, as `GET /models` lists them, by name. Raises BackendError."""
        listed = Http(config.base_url(), config.need_key()).get("/models", timeout=timeout)
        rows = listed.get("data") if isinstance(listed, dict) else listed
        models = [row for row in rows or [] if isinstance(row, dict) and isinstance(row.get("id"), str)]
        return sorted(models, key=lambda row: row["id"])

    def _transport(self, settings: Settings) -> Transport:
        return Pump(Retry(Http(config.base_url(), config.need_key(), idle_timeout=settings.idle_timeout)))

    def _advise(self, error: BackendError, settings: Settings) -> None:
        """Add what would have been right: the nearest model, the efforts that the model takes."""
        if error.code == "model_not_found" or error.status == 404:
            names: list[str] = []
            with contextlib.suppress(CometError):
                names = [row["id"] for row in self.models(_LIST_SECONDS)]
            close = nearest(settings.model, (name for name in names if name != settings.model), 3)
            if close and settings.model not in names:
                error.remedy = f"Did you mean {' or '.join(close)}? `%gpt_models` lists what the gateway has."
        efforts = known_efforts(settings.model)
        if error.status in (400, 422) and "effort" in error.what.lower() and efforts:
            error.remedy = f"{settings.model} is known to take the efforts {', '.join(efforts)}."


class _Still:
    """A sink that shows nothing of a repair, whose result is shown with the answer."""

    def __init__(self, sink: Sink) -> None:
        self.tick = sink.tick

    def receive(self, event: StreamEvent) -> None:
        """Let it pass."""

    def finish(self, answer: Answer, notices: tuple[str, ...]) -> None:
        """The whole answer is shown later."""


def _with_before(verdicts: tuple[Verdict, ...], first: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    if len(verdicts) != len(first):
        return verdicts
    return tuple(
        now if now.block.source == old.block.source else replace(now, before=old.block.source)
        for now, old in zip(verdicts, first, strict=True)
    )


@contextlib.contextmanager
def _interrupt_asks(cancel: Cancel) -> Iterator[None]:
    """Let Ctrl-C end the call at a safe point instead of anywhere, so that nothing that was read is lost.

    Who stops often presses twice; the third press is taken as it always is, in case something hangs.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    presses = 0

    def pressed(number: int, frame: FrameType | None) -> None:
        nonlocal presses
        presses += 1
        cancel.ask()
        if presses > _PRESSES and callable(before):
            before(number, frame)

    before = signal.signal(signal.SIGINT, pressed)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before or signal.SIG_DFL)


def _row(turn: Turn, notebook: str, host: str) -> LedgerRow:
    answer = turn.answer()
    error = turn.error
    return LedgerRow(
        at=datetime.now().astimezone() - timedelta(seconds=answer.seconds),
        notebook=notebook,
        host=host,
        model=answer.model,
        effort=answer.effort,
        api=answer.api,
        status=answer.status,
        usage=answer.usage,
        cost_usd=None if answer.cost is None else answer.cost.usd,
        cost_at_most=answer.cost is not None and answer.cost.at_most,
        seconds=answer.seconds,
        first_token_seconds=answer.first_token_seconds,
        request_id=answer.request_id,
        error="" if error is None else str(getattr(error, "code", None) or type(error).__name__),
    )
