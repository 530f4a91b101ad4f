"""Columns of printed tables: what stands below a heading, in CSV, Markdown, a SQL shell's output or a printed frame.

Promise: pure; only the cells below a heading that is asked for are replaced, and the table keeps its shape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..core.pattern import pattern

__all__ = ["replace_cells"]

_HEADING = pattern(r"|[\"']?[^\W\d][\w.\-]*(?: [\w.\-]+)?[\"']?")
_FIELD = pattern(r"\S+")
_SERIES = pattern(r"\s*Name: ([^,\n]+), (?:Length: \d+, )?dtype: ")
_SERIES_ROWS = 500
_LOOKS = 20_000  # lines below headings, in all: a long text may have a telling word in each line
_RULES = frozenset("-+|=─┼│═╪╞╡├┤┌┐└┘: ")
Span = tuple[int, int]


def replace_cells(
    text: str,
    hint: re.Pattern[str],
    heads: Callable[[str], object],
    counts: Callable[[str, str], bool],
    put: Callable[[str, str], str],
) -> str:
    """`text` with `put(heading, value)` for each value that `counts`, below a heading for which `heads` is true.

    `hint` is in every line with such a heading: most lines need no further look.
    """
    pieces, done = [], 0
    for start, end, name in _Tables(text, hint, heads, counts).cells():
        if start >= done:
            pieces += [text[done:start], put(name, text[start:end])]
            done = end
    return "".join([*pieces, text[done:]])


@dataclass(slots=True)
class _Tables:
    text: str
    hint: re.Pattern[str]
    heads: Callable[[str], object]
    counts: Callable[[str, str], bool]

    def cells(self) -> Iterator[tuple[int, int, str]]:
        """Where the values stand: start, end and the heading above, in the order of the text."""
        lines = [(match.start(), match.group()) for match in re.finditer(r"[^\n]*\n?", self.text)]
        done, looks = -1, _LOOKS
        for at, (_, line) in enumerate(lines):
            if (named := _SERIES.match(line)) and self.heads(named[1].strip()):
                yield from self._series(lines[max(0, done + 1) : at], named[1].strip())
            if at <= done or looks <= 0 or not self.hint.search(line):
                continue
            for divide in (_delimited, _aligned):
                spans = divide(line)
                if len(spans) < 2 or not all(_HEADING.fullmatch(line[slice(*span)]) for span in spans):
                    continue
                marked = [n for n, span in enumerate(spans) if self.heads(line[slice(*span)].strip("\"'"))]
                if not marked:
                    continue
                found, last = self._below(lines, at, at + looks, spans, marked, divide)
                looks -= last - at
                yield from found
                done = last if found else done
                break

    def _below(
        self,
        lines: list[tuple[int, str]],
        at: int,
        stop: int,
        heads: list[Span],
        marked: list[int],
        divide: Callable[[str], list[Span]],
    ) -> tuple[list[tuple[int, int, str]], int]:
        heading = lines[at][1]
        found, last = [], at
        for number in range(at + 1, min(stop, len(lines))):
            offset, line = lines[number]
            if not line.strip():
                break
            fields = divide(line)
            if divide is _delimited and len(fields) != len(heads):
                if set(line.strip()) <= _RULES:
                    continue
                break
            for head in marked:
                start, end = _under(heads[head], fields) if divide is _aligned else fields[head]
                name, value = heading[slice(*heads[head])].strip("\"'"), line[start:end].strip("\"'")
                if value and not set(value) <= _RULES and self.counts(name, value):
                    first = offset + line.index(value, start)
                    found.append((first, first + len(value), name))
            last = number
        return sorted(found), last

    def _series(self, lines: list[tuple[int, str]], name: str) -> Iterator[tuple[int, int, str]]:
        """A printed pandas Series tells its name below its values."""
        found: list[tuple[int, int, int]] = []
        for offset, line in reversed(lines[-_SERIES_ROWS:]):
            fields = _aligned(line)
            if len(fields) < 2 or (found and len(fields) != found[0][0]):
                break  # what stands above the series
            found.append((len(fields), offset + fields[-1][0], offset + fields[-1][1]))
        for _, start, end in reversed(found):
            if self.counts(name, self.text[start:end]):
                yield start, end, name


def _delimited(line: str) -> list[Span]:
    """The fields of a line with separators, without the blanks around them."""
    mark = next((mark for mark in "│|\t;," if mark in line), None)
    if mark is None:
        return []
    spans, start = [], 0
    for piece in re.split("[│┆]" if mark == "│" else re.escape(mark), line.rstrip("\n")):
        left = start + len(piece) - len(piece.lstrip())
        spans.append((left, max(left, start + len(piece.rstrip()))))
        start += len(piece) + 1
    if mark in "│|":  # these also stand at the edges
        spans = spans[spans[0][0] == spans[0][1] : len(spans) - (spans[-1][0] == spans[-1][1])]
    return spans


def _aligned(line: str) -> list[Span]:
    """The fields of a line that only blanks divide."""
    return [match.span() for match in _FIELD.finditer(line)]


def _under(head: Span, fields: list[Span]) -> Span:
    """The field that stands below a heading: numbers end where it ends, texts may begin where it begins."""
    for field in fields:
        if field[1] == head[1] or field[0] == head[0] or (field[0] < head[1] and head[0] < field[1]):
            return field
    return (0, 0)
