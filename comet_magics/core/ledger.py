"""One line of the account: what was asked of whom, and what it cost. Never what was said."""

from __future__ import annotations

from datetime import datetime

from .answer import Status
from .record import record
from .request import Endpoint
from .usage import Usage

__all__ = ["LedgerRow"]


@record
class LedgerRow:
    """One request, also one that was stopped or failed.

    `at` is when it was sent, with its time zone; `notebook` the notebook's path or name, empty if not known; `host`
    the gateway's host. `cost_usd` is None where it is not known, `cost_at_most` where the true sum may be lower.
    `error` is the server's code or the kind of failure, empty if there was none.
    """

    at: datetime
    notebook: str
    host: str
    model: str
    effort: str
    api: Endpoint
    status: Status
    usage: Usage | None
    cost_usd: float | None
    cost_at_most: bool
    seconds: float
    first_token_seconds: float | None
    request_id: str | None
    error: str = ""
