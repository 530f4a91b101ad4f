"""A line that asks may end in a question mark.

IPython takes `name?` at the end of a line for a wish for help, also in `%gpt What is a penguin?`. Promise: a line of
one of our magics with words after its name is a question; `%gpt?` and `%gpt??` still show help.
"""

from __future__ import annotations

import tokenize
from collections.abc import Sequence
from typing import Any

from IPython.core.inputtransformer2 import EscapedCommand

__all__ = ["QuestionLine"]


class QuestionLine(EscapedCommand):
    """IPython's transformer of `%magic` lines, for ours alone, and before that of `name?`."""

    priority = 1

    @classmethod
    def find(cls, tokens_by_line: Sequence[Sequence[Any]]) -> QuestionLine | None:
        """The first line that begins with one of our magics and says more than its name."""
        for line in tokens_by_line:
            tokens = [token for token in line if token.type not in (tokenize.INDENT, tokenize.DEDENT)]
            if (
                len(tokens) > 2
                and tokens[0].string == "%"
                and tokens[1].string.startswith("gpt")
                and tokens[2].string not in ("?", "??", "\n", "")
            ):
                return cls(tokens[0].start)
        return None
