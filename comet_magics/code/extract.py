"""The code of an answer: its fenced blocks, in order, each with what it is for.

Promise: an answer's text is only parsed, never run. What is meant to be read (output samples, transcripts, diffs,
other languages) is kept as a block but not offered as a cell.
"""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ..core.verdicts import Block, Role
from .cells import to_python

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["extract", "python_of"]

_PYTHON = re.compile(r"(python|py|ipython)[\d.]*|jupyter(-python)?|sage")
_DIFF = re.compile(r"^(@@ .*|--- \S.*|\+\+\+ \S.*|diff --git .*)$", re.MULTILINE)
_TRANSCRIPT = re.compile(r"^(>>> ?|\$ |Out\[\d+\]: |In \[\d+\]: |Traceback \(most recent call last\))", re.MULTILINE)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def extract(text: str) -> tuple[Block, ...]:
    """The fenced blocks of a markdown answer, those nested in lists and quotes too."""
    return tuple(_blocks(text, 0)) if "```" in text or "~~~" in text else ()


def python_of(text: str) -> str:
    """The sources of an answer's cells, joined by blank lines."""
    return "\n\n".join(block.source for block in extract(text) if block.role == "cell")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    # Blocks are enough: inline parsing would cost more than all the rest.
    return MarkdownIt("commonmark", {"html": False}).disable("inline")


def _blocks(text: str, offset: int) -> list[Block]:
    lines = text.splitlines()
    found = []
    for token in _parser().parse(text):
        if token.map is None:
            continue
        first, last = token.map
        if token.type == "fence":
            # A fence inside a list or a quote carries their marks on its last line.
            closed = last - first > 1 and lines[last - 1].strip(" >\t").startswith(token.markup)
            block = _block(token.info, token.content, offset + first + 1, closed)
            found.append(replace(block, height=last - first - 1 - closed))
        elif token.type == "code_block" and _FENCE.match(token.content):
            # A fence that was indented by four or more: markdown takes it for code, its writer meant a fence.
            found.extend(_blocks(token.content, offset + first))
    return found


def _block(info: str, content: str, line: int, closed: bool) -> Block:
    language = _language(info)
    source = textwrap.dedent(content.expandtabs(4) if content.startswith("\t") else content).strip("\n")
    return Block(language, source, _role(language, source), line, closed)


def _language(info: str) -> str:
    # `{code-cell} python`, `{.python .numbered}`, `python=12`, `python:a.py`, `python title="a.py"`
    words = [word for word in re.split(r"[\s,:={}]+", info.lower()) if word not in ("", "code-cell", "code")]
    word = words[0].lstrip(".") if words else ""
    return "python" if _PYTHON.fullmatch(word) else word


def _role(language: str, source: str) -> Role:
    if language not in ("python", "") or not source.strip():
        return "read"
    if _DIFF.search(source) or _TRANSCRIPT.search(source):
        return "read"
    return "cell" if language == "python" or _is_code(source) else "read"


def _is_code(source: str) -> bool:
    """Whether a block without a language is Python to run, not a sample of output that happens to parse."""
    python = to_python(source)
    try:
        tree = ast.parse(python)
    except (SyntaxError, ValueError):
        return False
    telling = (ast.Call, ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(isinstance(node, telling) for node in ast.walk(tree))
