"""What can go wrong, as a small tree ordered by who can act.

    CometError
      UsageError        the caller: fix the flag, the setting, the key
      BackendError      the gateway or the way to it: status, code, request id
      StreamBroken      the way back: the answer ended early; its text is kept
      AnswerStopped     the user pressed stop; the text so far is kept

Promise: a CometError prints as a few lines (what happened, what was kept, what to do next) and never as a
traceback of ours. Its words are made by us or by the server; none of them may hold a key.
"""

from __future__ import annotations

__all__ = ["AnswerStopped", "BackendError", "CometError", "StreamBroken", "UsageError"]


class CometError(Exception):
    """Something a user needs to know, in at most three short lines.

    `what` says what happened, `kept` what was saved of it, `remedy` what to do next; the last two may be empty.
    """

    def __init__(self, what: str, *, kept: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.kept = kept
        self.remedy = remedy

    def __str__(self) -> str:
        return "\n".join(line for line in (self.what, self.kept, self.remedy) if line)

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: the lines to print in place of a traceback."""
        first, *rest = str(self).splitlines() or [""]
        return [f"{type(self).__name__}: {first}", *rest]


class UsageError(CometError):
    """The call can't be made as it was written: a flag, a setting, a name, a missing key."""


class BackendError(CometError):
    """The gateway refused the request or could not be reached, before any text came.

    `status` is the HTTP status or None when there was no response; `code` the server's own word for it
    (`insufficient_user_quota`, `model_not_found`, …); `request_id` what the gateway's support asks for;
    `retry_after` the seconds that the server asked to wait, if it did. `transient` says whether the same request
    may be sent again: only where nothing can have been produced, because a request is paid for.
    """

    def __init__(
        self,
        what: str,
        *,
        kept: str = "",
        remedy: str = "",
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        transient: bool = False,
    ) -> None:
        super().__init__(what, kept=kept, remedy=remedy)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after
        self.transient = transient


class StreamBroken(CometError):
    """The stream ended before its terminal event: cut, stalled, or an error in the middle. The text is kept."""


class AnswerStopped(CometError):
    """The user interrupted the answer. What had come is kept and shown."""
