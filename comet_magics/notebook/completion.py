"""Tab completion of `@name` in a question: variables, columns and attributes, cells, the last error, files.

Promise: no code of an object runs to complete it: columns come from known frames, attributes from what is stored on the
object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..context.engines import is_eager, open_table
from ..context.kinds import attributes
from ..context.limits import Unfit, within
from .capture import own_names

__all__ = ["complete_reference", "matcher"]

_REFERENCE = re.compile(r"(?<![\w@.`/])@([\w./:\-]*)$")
_QUESTION = re.compile(r"\s*%%?gpt")
_MOST = 100


def matcher(shell: Any) -> Any:
    """IPython's matcher (version 2) for `@…` in cells and lines of ours."""
    from IPython.core.completer import SimpleCompletion, context_matcher

    def references(context: Any) -> Any:
        found: list[str] = []
        match = _REFERENCE.search(context.text_until_cursor)
        if match and _QUESTION.match(context.full_text):
            cells = [count for count, text in enumerate(shell.history_manager.input_hist_raw) if text.strip()]
            found = complete_reference(match[1], own_names(shell), cells)
        return {
            "completions": [SimpleCompletion(text=text, type="reference") for text in found],
            "matched_fragment": match[1] if match else "",
            "suppress": bool(found),
            "do_not_suppress": set(),
        }

    return context_matcher()(references)


def complete_reference(typed: str, names: Mapping[str, object], cells: list[int]) -> list[str]:
    """What may stand after `@` and begins with `typed`."""
    if "." in typed and typed.partition(".")[0] in names:
        owner, _, start = typed.rpartition(".")
        return [f"{owner}.{part}" for part in _parts(names, owner.split(".")) if part.startswith(start)][:_MOST]
    known = [*names, "err", *(f"cell:{count}" for count in cells[-20:])]
    found = [name for name in known if name.startswith(typed)]
    return (found + _files(typed))[:_MOST]


def _parts(names: Mapping[str, object], path: list[str]) -> Iterator[str]:
    value: Any = names[path[0]]
    for step in path[1:]:
        value = attributes(value).get(step)
    if is_eager(value):
        try:
            labels = within(0.5, lambda: open_table(value, str).labels)
        except Unfit:
            return
        yield from (label for label in labels if label.isidentifier())
    elif type(value) is dict:
        yield from (key for key in value if type(key) is str and key.isidentifier())
    else:
        yield from (name for name in attributes(value) if not name.startswith("_"))


def _files(typed: str) -> list[str]:
    folder, _, start = typed.rpartition("/")
    try:
        entries = sorted(Path(folder or ".").iterdir())[:2000]
    except OSError:
        return []
    prefix = f"{folder}/" if folder else ""
    good = [
        entry for entry in entries if entry.name.startswith(start) and not (entry.name.startswith(".") and not start)
    ]
    return [
        f"{prefix}{entry.name}{'/' if entry.is_dir() else ''}"
        for entry in good
        if re.fullmatch(r"[\w.\-]+", entry.name)
    ]
