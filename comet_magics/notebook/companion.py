"""Our side of the extension: the live notebook in, answers' cells and the session's spending out.

Promise: everything works without a page of ours, too; then there is no snapshot, and cells come as next input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..core.answer import Answer
from ..core.settings import EFFORTS
from ..core.snapshot import NotebookSnapshot
from ..core.spending import Spending
from .comm import Pages, caller
from .messages import PanelMessage, StatusMessage, StopMessage

__all__ = ["Companion"]


class Companion:
    """One for each shell.

    `settings` are the traits that `%config` changes; `magics` the names that pages may offer; `heard` is called with
    what is said to a panel or to stop an answer, perhaps in another thread.
    """

    def __init__(
        self,
        shell: Any,
        settings: Any,
        package: str,
        magics: Iterable[str],
        spending: Spending,
        heard: Callable[[PanelMessage | StopMessage], None],
    ) -> None:
        self._shell = shell
        self._settings = settings
        self._spending = spending
        self._pages = Pages(package, magics, EFFORTS, self._status, self._choose, heard)
        self._pages.open(shell)
        settings.observe(self._changed, ["model", "effort"])
        spending.observers.append(self._pages.show_status)

    @property
    def has_page(self) -> bool:
        """Whether a page of ours is open."""
        return self._pages.any

    def close(self) -> None:
        """Say goodbye to the pages."""
        self._settings.unobserve(self._changed, ["model", "effort"])
        self._spending.observers.remove(self._pages.show_status)
        self._pages.close()

    def snapshot(self) -> NotebookSnapshot | None:
        """The live notebook as its page sent it for the running cell; None without a page of ours."""
        return self._pages.snapshot(*caller(self._shell))

    def failed_cell(self, execution_count: int | None) -> str:
        """The id of the cell that shows an error and ran with this number; empty where that is not known."""
        snapshot = self.snapshot()
        failed = (
            cell.id
            for cell in (() if snapshot is None else snapshot.cells)
            if cell.execution_count == execution_count and any(output.kind == "error" for output in cell.outputs)
        )
        return next(failed, "") if execution_count is not None else ""

    def panel_snapshot(self, panel: str) -> NotebookSnapshot | None:
        """The live notebook as a page sent it for a question of a panel; None without a page of ours."""
        return self._pages.panel_snapshot(panel)

    def place(self) -> tuple[str, str]:
        """The page and the cell that is running: where an answer that comes later inserts its cells."""
        return caller(self._shell)

    def answered(self, answer: Answer, place: tuple[str, str] | None = None) -> None:
        """An answer is there: insert its cells if that is wished, below the running cell or at `place`."""
        if answer.insert == "below" and answer.status == "complete":
            from .insert import cells_of, insert

            if cells := cells_of(answer):
                insert(self._shell, self._pages, cells, place)

    def insert(self, answer: Answer, number: str) -> None:
        """`%gpt_insert [N]`. Raises UsageError if there is no such block."""
        from .insert import cells_of, chosen, insert

        insert(self._shell, self._pages, chosen(cells_of(answer), number))

    def _status(self) -> StatusMessage:
        return StatusMessage(
            type="status",
            model=self._settings.model,
            effort=self._settings.effort or "none",
            spent_usd=self._spending.usd,
            at_most=self._spending.at_most,
            requests=self._spending.requests,
        )

    def _choose(self, name: str, value: str) -> None:
        setattr(self._settings, name, value)

    def _changed(self, change: object) -> None:  # noqa: ARG002 - traitlets' signature
        self._pages.show_status()
