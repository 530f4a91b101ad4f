"""Names that the user hides: variables and columns that are kept out entirely, with what stands under their names.

Promise: pure; a hidden column is hidden in every frame that has one of that name, because copies of it carry the name
on. What a hidden name holds is replaced where it stands below or beside that name; `hidden_values` finds it elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from .tables import replace_cells

__all__ = ["HIDDEN", "Hidden"]

HIDDEN = "[hidden]"
# What may stand after `name:` or `name=`: a string, a list, tuple, set or dict without another in it, a word or number.
_VALUE = r"(?:\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\}|\"[^\"\n]*\"|'[^'\n]*'|[^\s,;)}\]\"']+)"


class Hidden:
    """Which names are kept out entirely: `patient_*` for variables and columns, `df.ssn` for a column."""

    def __init__(self, patterns: Iterable[str] = ()) -> None:
        self.patterns = tuple(pattern.strip() for pattern in patterns if pattern.strip())
        self._columns = tuple(pattern.rpartition(".")[2] for pattern in self.patterns)
        words = "|".join(_shape(column) for column in self._columns if column.strip("*?"))
        self._word = re.compile(rf"(?<!\w)(?:{words})(?!\w)" if words else r"(?!)")
        before = rf"{self._word.pattern}\\{{0,3}}[\"']?\]?\s*(?::(?!//)|=(?!=))\s*"
        self._named = re.compile(rf"({before}){_VALUE}" if words else r"(?!)")

    def name(self, name: str) -> bool:
        """Whether the variable `name` is hidden."""
        return any(fnmatchcase(name, pattern) for pattern in self.patterns)

    def column(self, frame: str, column: str) -> bool:
        """Whether `column` of the frame called `frame` is hidden; `frame` may be empty if it has no name."""
        return self.label(column) or any(fnmatchcase(f"{frame}.{column}", pattern) for pattern in self.patterns)

    def label(self, column: str) -> bool:
        """Whether a column of that name is hidden, whichever frame has it."""
        return any(fnmatchcase(column, pattern) for pattern in self._columns)

    def reference(self, path: str) -> bool:
        """Whether `df.ssn` or anything on the way to it is hidden."""
        steps = path.split(".")
        return self.name(steps[0]) or any(self.label(step) for step in steps[1:])

    def mentions(self, text: str) -> bool:
        """Whether one of the hidden names stands in `text` as a word."""
        return self._word.search(text) is not None

    def without_values(self, text: str) -> str:
        """`text` without what stands below a hidden name in a table, or after it and a colon or `=`."""
        if not self.mentions(text):
            return text
        if "\n" in text:
            text = replace_cells(
                text, self._word, self.label, lambda _, value: value != HIDDEN, lambda _name, _value: HIDDEN
            )
        return self._named.sub(rf"\1{HIDDEN}", text)


def _shape(pattern: str) -> str:
    return "".join(r"\w*" if char == "*" else r"\w" if char == "?" else re.escape(char) for char in pattern)
