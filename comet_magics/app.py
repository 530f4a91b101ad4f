"""Where everything is put together: one App for each kernel.

Promise: a call is either refused with a UsageError before anything is sent or shown, or it is ready to run. It knows no
IPython: what is on the screen is the sink's.
"""

from __future__ import annotations

import contextlib
import time
from typing import Any

from . import config
from .call import Call, Outcome, Services
from .conversation.exchange import Typed
from .conversation.session import Session
from .core.errors import BackendError, CometError
from .core.messages import UserMessage
from .core.nearest import nearest
from .core.ports import Clock, Reviewer, Transport
from .core.request import WireRequest
from .core.settings import Settings
from .core.spending import Spending
from .storage.home import ledger_path
from .storage.ledger import Ledger
from .transport.http import Http, host_of
from .transport.pump import Pump
from .transport.retry import Retry
from .wire.endpoint import encode
from .wire.models import known_efforts

__all__ = ["App", "Outcome"]

# Long enough for a list of 500 models, short enough for an error message to wait for.
_LIST_SECONDS = 8.0
# Text that comes ten times a second is read along as well as text that comes a hundred times.
_REST = 0.1


class App:
    """Asks models and keeps the conversation and the account."""

    def __init__(self, session: Session, *, clock: Clock = time.monotonic, spending: Spending | None = None) -> None:
        self.session = session
        self.spending = spending or Spending()
        self._clock = clock

    def call(
        self,
        message: UserMessage,
        settings: Settings,
        typed: Typed | None = None,
        *,
        notebook: str = "",
        notices: tuple[str, ...] = (),
        reviewer: Reviewer | None = None,
        background: bool = False,
    ) -> Call:
        """A call that asks `message`, which came of `typed`. Raises UsageError.

        `notebook` names the notebook in the ledger; `notices` are shown under the answer; `reviewer` reviews its code;
        `background` says that other cells run meanwhile.
        """
        transport = self._transport(settings, _REST if background else 0.0)
        self.spending.check(settings.budget)
        exchange = self.session.open(typed or Typed(message.text))
        ledger = Ledger(ledger_path())
        services = Services(self.session, transport, ledger, self.spending, self._clock, self._advise)
        turn = self.session.begin(message, settings, exchange)
        host = host_of(config.base_url())
        return Call(
            turn, exchange, settings, services, host=host, notebook=notebook, notices=notices, reviewer=reviewer
        )

    def preview(self, message: UserMessage, settings: Settings) -> WireRequest:
        """What a call would send first; nothing is sent."""
        return encode(self.session.request(message, settings), self.session.endpoint(settings))

    def models(self, timeout: float = 20.0) -> list[dict[str, Any]]:
        """The gateway's models, as `GET /models` lists them, by name. Raises BackendError."""
        listed = Http(config.base_url(), config.need_key()).get("/models", timeout=timeout)
        rows = listed.get("data") if isinstance(listed, dict) else listed
        models = [row for row in rows or [] if isinstance(row, dict) and isinstance(row.get("id"), str)]
        return sorted(models, key=lambda row: row["id"])

    def _transport(self, settings: Settings, rest: float) -> Transport:
        return Pump(Retry(Http(config.base_url(), config.need_key(), idle_timeout=settings.idle_timeout)), rest=rest)

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
