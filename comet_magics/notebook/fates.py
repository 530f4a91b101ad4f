"""What became of proposed code, in words for the model, so that it never speaks of an edit that did not land."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.snapshot import Fate, FateKind

__all__ = ["FateNotes"]

_WORDS: dict[FateKind, str] = {
    "accepted": "stands in the notebook as you wrote it",
    "edited": "stands in the notebook, changed by the user",
    "rejected": "was declined or removed; it is not in the notebook",
    "raised": "stands in the notebook and raised",
}


class FateNotes:
    """Remembers which answers the conversation holds, and what the model was told of them."""

    def __init__(self) -> None:
        self._answers: dict[str, int] = {}
        self._told: dict[str, Fate] = {}

    def keep(self, fates: Iterable[Fate], answer_id: str) -> None:
        """A question with the note on `fates` has become part of the conversation, and has its answer."""
        self._told.update((fate.block, fate) for fate in fates)
        self._answers[answer_id] = len(self._answers) + 1

    def clear(self) -> None:
        """A new conversation: it knows of no answers."""
        self._answers.clear()
        self._told.clear()

    def note(self, fates: Iterable[Fate]) -> str:
        """What is new since the last one kept, one line a block; empty if nothing is. It goes with the question."""
        lines = []
        for fate in fates:
            answer, _, index = fate.block.rpartition(":")
            if answer in self._answers and self._told.get(fate.block) != fate:
                detail = f" {fate.detail}" if fate.detail else ""
                place = (
                    f"code block {int(index) + 1 if index.isdigit() else index} of your answer {self._answers[answer]}"
                )
                lines.append(f"- {place} {_WORDS[fate.kind]}{detail}")
        return "\n".join(["What became of the code that you proposed:", *lines]) if lines else ""
