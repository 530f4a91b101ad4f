"""Secrets in printed tables: what stands below a heading such as `password`, in CSV, Markdown or a printed frame.

Promise: pure; only the cells below such a heading are looked at, and the table keeps its shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..core.pattern import pattern
from .secret_names import TELLING, guards, telling

__all__ = ["secret_cells"]

_HEADING = pattern(r"|[\"']?[^\W\d][\w.\-]*(?: [\w.\-]+)?[\"']?")
_TELLS = pattern(rf"(?i){TELLING}")
_FIELD = pattern(r"\S+")
_SERIES = pattern(r"\s*Name: ([^,\n]+), (?:Length: \d+, )?dtype: ")
_ROWS = 500
_LOOKS = 20_000  # lines below headings, in all: a long text may have a telling word in each line
Span = tuple[int, int]


def secret_cells(text: str) -> Iterator[tuple[int, int, str]]:
    """Where secrets stand in tables of `text`: start, end and the heading above, in the order of the text."""
    lines = [(match.start(), match.group()) for match in re.finditer(r"[^\n]*\n?", text)]
    done, looks = -1, _LOOKS
    for at, (_, line) in enumerate(lines):
        if named := _SERIES.match(line):
            yield from _series(lines[max(0, done + 1) : at], named[1].strip())
        if at <= done or looks <= 0 or not _TELLS.search(line):
            continue
        for divide in (_delimited, _aligned):
            heads = divide(line)
            marked = [number for number, (start, end) in enumerate(heads) if telling(line[start:end])]
            if len(heads) < 2 or not marked or not all(_HEADING.fullmatch(line[slice(*head)]) for head in heads):
                continue
            looks -= min(_ROWS, len(lines) - at)
            found, last = _below(lines, at, heads, marked, aligned=divide is _aligned)
            yield from found
            done = last if found else done
            break


def _below(
    lines: list[tuple[int, str]], at: int, heads: list[Span], marked: list[int], *, aligned: bool
) -> tuple[list[tuple[int, int, str]], int]:
    heading = lines[at][1]
    found, last = [], at
    for number in range(at + 1, min(len(lines), at + 1 + _ROWS)):
        offset, line = lines[number]
        if not line.strip():
            break
        fields = _aligned(line) if aligned else _delimited(line)
        if not aligned and len(fields) != len(heads):
            if set(line.strip()) <= set("-+|=─┼│═╪╞╡├┤┌┐└┘: "):
                continue
            break
        for head in marked:
            start, end = _under(heads[head], fields) if aligned else fields[head]
            name, value = heading[slice(*heads[head])], line[start:end].strip("\"'")
            if guards(name, value):
                first = offset + line.index(value, start)
                found.append((first, first + len(value), name))
        last = number
    return sorted(found), last


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


def _series(lines: list[tuple[int, str]], name: str) -> Iterator[tuple[int, int, str]]:
    """A printed pandas Series tells its name below its values."""
    for offset, line in lines[-_ROWS:]:
        fields = _aligned(line)
        if len(fields) >= 2 and guards(name, line[slice(*fields[-1])]):
            yield offset + fields[-1][0], offset + fields[-1][1], name
