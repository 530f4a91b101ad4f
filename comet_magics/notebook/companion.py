"""The magics' side of the extension: the live notebook in, answers' cells and the session's spending out.

Promise: everything works without a page of ours, too; then there is no snapshot, and cells come as next input.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..core.answer import Answer
from ..core.settings import EFFORTS
from ..core.snapshot import NotebookSnapshot
from .comm import Pages, caller
from .messages import StatusMessage

__all__ = ["Companion"]


class Companion:
    """One for each shell. `settings` are the traits that `%config` changes; `magics` the names that pages may offer."""

    def __init__(self, shell: Any, settings: Any, package: str, magics: Iterable[str]) -> None:
        self._shell = shell
        self._settings = settings
        self._spent, self._at_most, self._requests = 0.0, False, 0
        self._pages = Pages(package, magics, EFFORTS, self._status, self._choose)
        self._pages.open(shell)
        settings.observe(self._changed, ["model", "effort"])

    def close(self) -> None:
        """Say goodbye to the pages."""
        self._settings.unobserve(self._changed, ["model", "effort"])
        self._pages.close()

    def snapshot(self) -> NotebookSnapshot | None:
        """The live notebook as its page sent it for the running cell; None without a page of ours."""
        return self._pages.snapshot(*caller(self._shell))

    def answered(self, answer: Answer) -> None:
        """An answer is there: count it, and insert its cells if that is wished."""
        self._requests += 1
        if answer.cost is not None:
            self._spent += answer.cost.usd
        # What is not known may have cost something.
        self._at_most = self._at_most or (answer.cost is not None and answer.cost.at_most)
        self._pages.show_status()
        if answer.insert == "below" and answer.status == "complete":
            from .insert import cells_of, insert

            if cells := cells_of(answer):
                insert(self._shell, self._pages, cells)

    def insert(self, answer: Answer, number: str) -> None:
        """`%gpt_insert [N]`. Raises UsageError if there is no such block."""
        from .insert import cells_of, chosen, insert

        insert(self._shell, self._pages, chosen(cells_of(answer), number))

    def _status(self) -> StatusMessage:
        return StatusMessage(
            type="status",
            model=self._settings.model,
            effort=self._settings.effort or "none",
            spent_usd=self._spent,
            at_most=self._at_most,
            requests=self._requests,
        )

    def _choose(self, name: str, value: str) -> None:
        setattr(self._settings, name, value)

    def _changed(self, change: object) -> None:  # noqa: ARG002 - traitlets' signature
        self._pages.show_status()
