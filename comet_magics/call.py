"""One call, from its first request to its last repair.

Promise: `run` returns an outcome, however the call ends, in whichever thread it is run; there is one row in the ledger
for each request, and what came is on the screen, in the conversation and in the account.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import FrameType
from typing import TYPE_CHECKING

from .conversation.drive import drive
from .conversation.exchange import Exchange
from .conversation.session import Session
from .conversation.turn import Turn, has_fence
from .core.answer import Answer
from .core.cancel import Cancel
from .core.errors import BackendError, CometError
from .core.events import StreamEvent, Working
from .core.ledger import LedgerRow
from .core.messages import Text, UserMessage
from .core.ports import Clock, Reviewer, Sink, Transport
from .core.record import record, replace
from .core.settings import Settings
from .core.spending import Spending
from .core.usage import Usage
from .storage.ledger import Ledger

if TYPE_CHECKING:
    from .core.verdicts import Verdict

__all__ = ["Call", "Outcome", "Services"]

_log = logging.getLogger(__name__)
_PRESSES = 2


@record
class Outcome:
    """How a call ended: the answer as far as it came, what to tell with it, and what to raise if it failed.

    `first` is the usage of the first request alone, without those of repairs.
    """

    answer: Answer
    notices: tuple[str, ...]
    error: CometError | None
    first: Usage | None = None


@record
class Services:
    """What a call needs of the world; `advise` adds to an error what would have been right."""

    session: Session
    transport: Transport
    ledger: Ledger
    spending: Spending
    clock: Clock
    advise: Callable[[BackendError, Settings], None]


class Call:
    """A question that is ready to be sent: `exchange` is what the conversation knows of it, `id` its answer's name."""

    def __init__(
        self,
        turn: Turn,
        exchange: Exchange,
        settings: Settings,
        services: Services,
        *,
        host: str,
        notebook: str = "",
        notices: tuple[str, ...] = (),
        reviewer: Reviewer | None = None,
    ) -> None:
        self.exchange = exchange
        self.id = uuid.uuid4().hex[:12]
        self._turn = turn
        self._settings = settings
        self._services = services
        self._host, self._notebook = host, notebook
        self._notices = notices
        self._reviewer = reviewer
        self._sink: Sink | None = None

    def run(
        self,
        open_sink: Callable[[], Sink],
        cancel: Cancel | None = None,
        *,
        raises: bool = True,
        deliver: Callable[[Answer], None] | None = None,
    ) -> Outcome:
        """Ask, show while it comes, keep, account, and let the model repair code that the reviewer finds failing.

        With `raises` the caller will raise what is in the outcome; else it is shown with the answer. `deliver` is
        called with the answer before anybody can see that it has ended.
        """
        turn, settings, ledger = self._turn, self._settings, self._services.ledger
        cancel = cancel or Cancel()
        sink = self._sink = open_sink()
        with _interrupt_asks(cancel):
            self._carry(turn, sink, cancel)
            answer = replace(turn.answer(), id=self.id, insert=settings.insert, mends=self.exchange.typed.mends)
            said = tuple(turn.notices)
            if self._reviewer is not None and answer.status == "complete" and has_fence(answer.text):
                answer, more = self._safely_reviewed(answer, self._reviewer, sink, cancel)
                said += more
            notices = (*self._notices, *said, *filter(None, (ledger.problem,)))
            if not raises:
                notices += self._failure(turn)
            if deliver is not None:
                deliver(answer)
            sink.finish(answer, notices)
        told = notices + self._failure(turn) if raises else notices
        self._services.spending.add(answer)
        self._services.session.end(self.exchange, answer, told)
        return Outcome(answer, notices, turn.error, turn.answer().usage)

    def abandon(self, fault: Exception) -> Answer:
        """A fault of ours ended `run` in the middle: what came is the answer, and it says so."""
        words = f"comet_magics failed: {type(fault).__name__}: {fault}"
        self._turn.fail(CometError(words), self._services.clock())
        answer = replace(self._turn.answer(), id=self.id)
        if self._sink is not None:
            with contextlib.suppress(Exception):  # it may be what failed
                self._sink.finish(answer, (words,))
        self._services.session.end(self.exchange, answer, (words,))
        return answer

    def _carry(self, turn: Turn, sink: Sink, cancel: Cancel) -> None:
        services = self._services
        drive(
            turn,
            services.session,
            self._settings,
            transport=services.transport,
            sink=sink,
            cancel=cancel,
            clock=services.clock,
            after=lambda ended: services.ledger.record(_row(ended, self._notebook, self._host)),
        )
        services.session.keep(turn)

    def _failure(self, turn: Turn) -> tuple[str, ...]:
        """What went wrong and what to do, line by line; nothing if all went well."""
        if isinstance(turn.error, BackendError):
            self._services.advise(turn.error, self._settings)
        return () if turn.error is None else tuple(str(turn.error).splitlines())

    def _safely_reviewed(
        self, answer: Answer, reviewer: Reviewer, sink: Sink, cancel: Cancel
    ) -> tuple[Answer, tuple[str, ...]]:
        """As `_reviewed`; a fault of ours in there costs the verdicts and never the answer."""
        try:
            return self._reviewed(answer, reviewer, sink, cancel)
        except CometError:
            raise
        except Exception as fault:  # noqa: BLE001 - the answer is there, and paid for
            _log.warning("the check of an answer's code failed", exc_info=True)
            return answer, (f"The code was not checked: comet_magics failed ({type(fault).__name__}: {fault}).",)

    def _reviewed(
        self, answer: Answer, reviewer: Reviewer, sink: Sink, cancel: Cancel
    ) -> tuple[Answer, tuple[str, ...]]:
        """The answer with its verdicts, repaired as often as the settings allow, and what to tell of that."""
        from .code.extract import python_of
        from .conversation.repair import joined, repair_question, replaced

        def stopped() -> bool:
            sink.tick()
            return cancel.is_set

        sink.receive(Working("trying the code"))
        first = verdicts = reviewer(answer.text, stopped)
        for _ in range(self._settings.repairs):
            if cancel.is_set or not any(verdict.failed for verdict in verdicts):
                break
            question = UserMessage((Text(repair_question(verdicts)),))
            turn = self._services.session.begin(question, self._settings, self.exchange)
            sink.receive(Working("asking for a repair"))
            self._carry(turn, _Still(sink), cancel)
            repair = turn.answer()
            text = replaced(answer.text, verdicts, repair.text) if repair.status == "complete" else None
            answer = joined(answer, repair, text or answer.text, python_of(text or answer.text))
            if text is None:
                why = (
                    "was stopped" if repair.status == "stopped" else "did not come" if turn.error else "changed nothing"
                )
                return replace(answer, blocks=verdicts), (f"A repair was asked for and {why}.",)
            sink.receive(Working("trying the repaired code"))
            verdicts = reviewer(text, stopped)
        return replace(answer, blocks=_with_before(verdicts, first)), ()


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
