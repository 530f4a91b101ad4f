"""The markdown that we read: CommonMark with tables, strikethrough, task lists, footnotes and maths; raw HTML is off.

`parser()` is made at the first use and shared; markdown-it is not loaded before that. It also parses links to
anywhere: which of them become links is the renderer's business.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

__all__ = ["block_parser", "parse", "parser"]

# What is nested deeper than this is left out: it keeps the parser within Python's own limit.
_OPTIONS = {"html": False, "maxNesting": 60}


@lru_cache(maxsize=2)
def parser(*, in_place: bool = False) -> MarkdownIt:
    """The whole parser. Footnotes go to the end of the text, or stay `in_place`, each on its own."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.tasklists import tasklists_plugin

    from .maths import maths_plugin

    md = MarkdownIt("commonmark", _OPTIONS).enable(["table", "strikethrough"])
    md.use(footnote_plugin, inline=False, move_to_end=not in_place, always_match_refs=in_place)
    md.use(tasklists_plugin).use(maths_plugin)
    md.validateLink = _anywhere  # type: ignore[method-assign]
    return md


@lru_cache(maxsize=1)
def block_parser() -> MarkdownIt:
    """The same for block structure only: a third of the work."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    from .maths import maths_plugin

    md = MarkdownIt("commonmark", _OPTIONS).enable(["table"])
    md.use(footnote_plugin, inline=False).use(maths_plugin)
    md.core.ruler.enableOnly(["normalize", "block"])
    md.validateLink = _anywhere  # type: ignore[method-assign]
    return md


def _anywhere(url: str) -> bool:  # noqa: ARG001 - markdown-it's signature
    return True


def parse(text: str, env: dict[str, Any], *, in_place: bool = False) -> list[Token]:
    """The tokens of `text`."""
    return parser(in_place=in_place).parse(text, env)
