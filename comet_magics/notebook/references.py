"""What `@name` in a question stands for: a variable, a part of one, a cell, the last error, a file.

Promise: a reference that means nothing stays a plain word of the question. A file is read here and nowhere else: its
beginning, as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..context.gather import Attached
from ..context.kinds import attributes
from ..context.limits import Unfit, within

__all__ = ["References", "find_references", "resolve"]

_REFERENCE = re.compile(
    r"(?<![\w@./`])@(?:\"([^\"\n]+)\"|(cell:-?\d+)|([^\W\d][\w.]*(?:/[\w.\-]+)*(?:-[\w.\-/]+)?|[~./][\w./\-]+))"
)
_FILE_BYTES = 16_384
_PART_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class References:
    """What was found: things to attach, cell numbers, whether `@err` stands there, and words that mean nothing."""

    attached: tuple[Attached, ...] = ()
    cells: tuple[int, ...] = ()
    error: bool = False
    unknown: tuple[str, ...] = ()


def find_references(question: str, names: Mapping[str, object]) -> References:
    """Resolve every `@…` of `question` against `names`, then against files."""
    attached: dict[str, Attached] = {}
    cells: list[int] = []
    unknown: list[str] = []
    error = False
    for match in _REFERENCE.finditer(question):
        word = (match[1] or match[2] or match[3]).rstrip(".")
        if match[2]:
            cells.append(int(word.removeprefix("cell:")))
        elif word == "err" and "err" not in names:
            error = True
        elif (found := _resolve(word, names)) is not None:
            attached[word] = found
        elif not _is_decorator(question, match.start()):
            unknown.append(f"@{word}")
    return References(tuple(attached.values()), tuple(cells), error, tuple(dict.fromkeys(unknown)))


def _is_decorator(question: str, start: int) -> bool:
    """Code in a question has lines that begin with `@`; nobody needs to be told of those."""
    return not question[:start].rpartition("\n")[2].strip() and "\n" in question[start:]


def _resolve(word: str, names: Mapping[str, object]) -> Attached | None:
    path = word.split(".")
    if path[0] in names and all(path):
        try:
            return Attached(word, resolve(names[path[0]], path[1:]))
        except Unfit:
            pass
    return _file(word)


def resolve(value: Any, path: list[str]) -> object:
    """The attribute, column or key that `path` leads to. Raises Unfit where there is none.

    The user named it, so a property may run: for a second at most.
    """
    for step in path:
        stored = attributes(value)
        if step in stored:
            value = stored[step]
        elif type(value) is dict and step in value:
            value = value[step]
        else:
            value = within(_PART_SECONDS, lambda owner=value, name=step: _part(owner, name))  # type: ignore[misc]
    return value


def _part(owner: Any, name: str) -> object:
    try:
        return getattr(owner, name)
    except AttributeError:
        return owner[name]


def _file(word: str) -> Attached | None:
    path = Path(word).expanduser()
    try:
        if not path.is_file():
            return None
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_FILE_BYTES)
    except (OSError, ValueError, RuntimeError):
        return None
    return Attached(word, text="\n".join(_describe_file(head, size)))


def _describe_file(head: bytes, size: int) -> Iterator[str]:
    if b"\0" in head:
        yield f"a binary file of {size:,} bytes, which was not read"
        return
    text = head.decode("utf-8", "replace")
    cut = size > len(head)
    yield f"{size:,} bytes" + (f"; its first {len(head):,} follow" if cut else "")
    yield text.rpartition("\n")[0] if cut else text
