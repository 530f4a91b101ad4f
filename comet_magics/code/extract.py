"""The code in an answer: its fenced blocks, in order.

Promise: what a markdown reader shows as a code block is found, also when its fence is never closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["CodeBlock", "extract", "python_of"]

_PYTHON = frozenset({"python", "py", "python3", "ipython", "ipython3"})


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """One fenced block; `language` is the info string's first word in lower case, empty if there is none."""

    language: str
    source: str

    @property
    def is_python(self) -> bool:
        """Whether the block says that it is Python."""
        return self.language in _PYTHON


def extract(markdown: str) -> tuple[CodeBlock, ...]:
    """The fenced code blocks of `markdown`."""
    if "```" not in markdown and "~~~" not in markdown:
        return ()
    return tuple(
        CodeBlock(_language(token.info), token.content.rstrip("\n"))
        for token in _parser().parse(markdown)
        if token.type == "fence"
    )


def python_of(markdown: str) -> str:
    """The Python blocks of `markdown`, joined by a blank line."""
    return "\n\n".join(block.source for block in extract(markdown) if block.is_python)


def _language(info: str) -> str:
    words = info.split(maxsplit=1)
    return words[0].strip("{}.,").lower() if words else ""


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Blocks are enough: inline parsing would cost more than all the rest.
    return MarkdownIt("commonmark", {"html": False}).disable("inline")
