"""The review of an answer: its blocks checked against the live notebook and rehearsed in a copy of it.

Promise: it never raises and never changes the notebook; a fault of ours becomes a block that is not checked.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..code.extract import extract
from ..core.verdicts import Block, Finding, Rehearsal, Verdict

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["Review"]

_log = logging.getLogger(__name__)


class Review:
    """Reviews answers for one shell; `check` and `rehearse` say what is done."""

    def __init__(self, shell: InteractiveShell, *, check: bool = True, rehearse: bool = True) -> None:
        self._shell = shell
        self._check = check
        self._rehearse = rehearse

    def __call__(self, text: str, stopped: Callable[[], bool]) -> tuple[Verdict, ...]:
        """One Verdict for each block of the answer `text`; `stopped` is asked while a rehearsal runs."""
        blocks = extract(text)
        cells = [block for block in blocks if block.role == "cell"]
        sources = [block.source for block in cells]
        findings, checked = self._findings(sources)
        rehearsals, why_not = self._rehearsals(sources, stopped)
        verdicts = iter(
            Verdict(block, found, run, why_not, checked)
            for block, found, run in zip(cells, findings, rehearsals, strict=True)
        )
        return tuple(next(verdicts) if block.role == "cell" else _unread(block) for block in blocks)

    def _findings(self, sources: Sequence[str]) -> tuple[Sequence[tuple[Finding, ...]], bool]:
        nothing = [()] * len(sources)
        if not self._check or not sources:
            return nothing, False
        from ..code.check import check
        from .describe import describe

        try:
            return check(sources, describe(self._shell, sources)), True
        except Exception:  # noqa: BLE001 - an answer is worth more than its check
            _log.warning("the code could not be checked", exc_info=True)
            return nothing, False

    def _rehearsals(
        self, sources: Sequence[str], stopped: Callable[[], bool]
    ) -> tuple[Sequence[Rehearsal | None], str]:
        nothing = [None] * len(sources)
        if not self._rehearse:
            return nothing, "rehearsal is off"
        if not sources:
            return nothing, ""
        from .rehearse import NotRehearsed, rehearse

        try:
            return rehearse(self._shell, sources, stopped=stopped), ""
        except NotRehearsed as reason:
            return nothing, str(reason)
        except Exception as error:  # noqa: BLE001 - an answer is worth more than its rehearsal
            _log.warning("the code could not be rehearsed", exc_info=True)
            return nothing, f"the rehearsal failed ({type(error).__name__})"


def _unread(block: Block) -> Verdict:
    return Verdict(block, checked=False, not_rehearsed="to be read, not run")
