"""What is known of a block of code before it enters the notebook: its findings, its rehearsal, its verdict.

Promise: everything here is text, numbers and tuples, so that it can be shown, stored as JSON and compared. What a
rehearsal printed or raised comes from code that nobody has read yet: treat it as data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

__all__ = ["Block", "Change", "Finding", "Outcome", "Rehearsal", "Role", "Severity", "Verdict"]

Role: TypeAlias = Literal["cell", "read"]
Severity: TypeAlias = Literal["error", "warning", "notice"]
Outcome: TypeAlias = Literal["ran", "raised", "timed out", "inconclusive"]


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of an answer.

    `language` is in lower case, `""` where the fence names none, and `python` for its other spellings. `role` is
    `cell` for what can be a cell, `read` for output samples, transcripts, diffs and other languages. `line` is the
    fence's line in the answer, from 1. `closed` is False where the answer ended before the fence did.
    `height` is how many lines of the answer stand between its fences.
    """

    language: str
    source: str
    role: Role
    line: int
    closed: bool = True
    height: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the check has to say about a block.

    error: it would raise, as far as can be known; warning: it would run, and change something that matters; notice:
    it reaches out of the notebook. `line` is the block's own, from 1. `kind` is one word for tests and filters.
    """

    kind: str
    message: str
    line: int
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Change:
    """A name that a block creates or changes; `shape` is `3×4`, `17` (a length) or empty."""

    name: str
    type: str
    shape: str = ""
    new: bool = True

    def __str__(self) -> str:
        return f"{self.name} ({self.shape})" if self.shape else self.name


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What happened when a block ran in a forked copy of the kernel.

    `reason` says in words why an outcome is not `ran`: the error, the limit, the wall it met. `error` is the
    exception's type, `line` its line in the block. `seconds` is the block's own time, `memory` its peak growth in
    bytes. `printed` is cut short. `attempts` are the tries to reach out of the rehearsal, in words; `walls` the ones
    that stood, `open_ways` those that no wall closed. `figures` are PNG thumbnails in base64.
    """

    outcome: Outcome
    reason: str = ""
    error: str = ""
    line: int | None = None
    seconds: float = 0.0
    memory: int = 0
    printed: str = ""
    changes: tuple[Change, ...] = ()
    attempts: tuple[str, ...] = ()
    walls: tuple[str, ...] = ()
    open_ways: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A block with what the check and the rehearsal found.

    `rehearsal` is None where none took place, and `not_rehearsed` then says why. `checked` is False where the user
    switched the check off. `before` is the block as it was before a repair.
    """

    block: Block
    findings: tuple[Finding, ...] = ()
    rehearsal: Rehearsal | None = None
    not_rehearsed: str = ""
    checked: bool = True
    before: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def failed(self) -> bool:
        """Whether the block would raise, as far as is known. A block that ran does not, whatever the check said."""
        if self.rehearsal is not None and self.rehearsal.outcome in ("ran", "raised"):
            return self.rehearsal.outcome == "raised"
        return any(finding.severity == "error" for finding in self.findings)

    @property
    def mark(self) -> str:
        """`✓`, `⚠` or `✗`: never the only sign, the words follow it."""
        if self.failed:
            return "✗"
        return "✓" if self.rehearsal is not None and self.rehearsal.outcome == "ran" else "⚠"

    def as_json(self) -> dict[str, Any]:
        """One entry of `metadata.comet_magics.blocks`."""
        run = self.rehearsal
        return {
            "language": self.block.language,
            "role": self.block.role,
            "line": self.block.line,
            "source": self.block.source,
            "verdict": self.text,
            "mark": self.mark,
            "failed": self.failed,
            "outcome": None if run is None else run.outcome,
            "seconds": None if run is None else round(run.seconds, 3),
            "memory": None if run is None else run.memory,
            "printed": "" if run is None else run.printed,
            "attempts": [] if run is None else list(run.attempts),
            "walls": [] if run is None else list(run.walls),
            "figures": 0 if run is None else len(run.figures),
            "findings": [
                {"kind": f.kind, "message": f.message, "line": f.line, "severity": f.severity} for f in self.findings
            ],
            "before": self.before,
        }

    @property
    def text(self) -> str:
        """The verdict in one line: `✓ ran in 0.8 s, creates by_species (3×4)`."""
        return f"{self.mark} {self._words()}"

    def _words(self) -> str:
        run, errors = self.rehearsal, [f for f in self.findings if f.severity == "error"]
        if run is not None and run.outcome == "ran":
            return ", ".join([f"ran in {_seconds(run.seconds)}", *_changes(run.changes)])
        if run is not None and run.outcome == "raised":
            return run.reason + (f" (line {run.line})" if run.line else "")
        if errors:
            return f"{errors[0].message} (line {errors[0].line})"
        if run is not None:
            said = "timed out" if run.outcome == "timed out" else "checked, the rehearsal was inconclusive"
            return f"{said}: {run.reason}"
        said = "checked, not rehearsed" if self.checked else "not checked"
        return f"{said}: {self.not_rehearsed}" if self.not_rehearsed else said


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 0.05 else f"{seconds * 1000:.0f} ms"


def _changes(changes: tuple[Change, ...]) -> list[str]:
    said = []
    for verb, new in (("creates", True), ("changes", False)):
        names = [str(change) for change in changes if change.new is new]
        if names:
            shown = names[:4] + ([f"{len(names) - 4} more"] if len(names) > 4 else [])
            said.append(f"{verb} {', '.join(shown)}")
    return said
