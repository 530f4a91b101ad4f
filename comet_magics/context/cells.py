"""Cells of the notebook as parts: source, outputs as text, what ran in which order and what was changed since.

Promise: a cell is one part with a stable name, so that a later question need only send the cells that changed. What
mentions a hidden name is cut out: the statement from the source, the output as a whole.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Sequence

from ..core.snapshot import Cell, NotebookSnapshot, Output
from .hiding import Hidden
from .parts import Part
from .quote import plain
from .values import shorten

__all__ = ["cell_keys", "cell_parts", "find_cell"]

_ASKING = ("%%gpt", "%gpt", "%load_ext comet_magics")
_OUTPUT = 3000
_KEY = 8


def cell_keys(cells: Sequence[Cell]) -> list[str]:
    """What the model calls each cell: the beginning of its id (all of it where two begin alike), else its number."""
    short = Counter(cell.id[:_KEY] for cell in cells)
    keys = []
    for position, cell in enumerate(cells):
        if cell.id:
            keys.append(cell.id[:_KEY] if short[cell.id[:_KEY]] == 1 else cell.id)
        else:
            keys.append(f"In{cell.execution_count}" if cell.execution_count is not None else f"at{position}")
    return keys


def find_cell(snapshot: NotebookSnapshot, number: int) -> int | None:
    """Where the cell is that `@cell:number` means: the one marked [number]; -1 is the one above the asking cell."""
    if number < 0:
        asking = _asking_position(snapshot)
        return asking + number if asking + number >= 0 else None
    for position, cell in enumerate(snapshot.cells):
        if cell.execution_count == number:
            return position
    return None


def cell_parts(
    snapshot: NotebookSnapshot,
    redact: Callable[[str], str],
    hidden: Hidden,
    *,
    asked: frozenset[str] = frozenset(),
    mentioned: frozenset[int] = frozenset(),
) -> list[Part]:
    """Parts for all cells but the asking one and those in `asked`, whose words the conversation holds already.

    `mentioned` are positions of cells that the question names.
    """
    asking = _asking_position(snapshot)
    parts = []
    keys = cell_keys(snapshot.cells)
    for position, cell in enumerate(snapshot.cells):
        skip = position == asking or cell.id in asked or not (cell.source.strip() or cell.outputs)
        if (skip or _is_ours(cell)) and position not in mentioned:
            continue
        importance = 95.0 if position in mentioned else _importance(position, asking)
        parts.append(_part(cell, keys[position], position, importance, redact, hidden))
    return parts


def _asking_position(snapshot: NotebookSnapshot) -> int:
    """Where the asking cell is; after the last one if nobody knows."""
    for position, cell in enumerate(snapshot.cells):
        if snapshot.asking_id and cell.id == snapshot.asking_id:
            return position
    return len(snapshot.cells)


def _is_ours(cell: Cell) -> bool:
    lines = [line for line in cell.source.splitlines() if line.strip()]
    return bool(lines) and (lines[0].lstrip().startswith("%%gpt") or all(line.startswith(_ASKING) for line in lines))


def _importance(position: int, asking: int) -> float:
    """Near cells matter, those above more than those below; far ones share what is left."""
    distance = asking - position if position < asking else 2 * (position - asking)
    return 75 - 5 * distance if distance <= 8 else max(5.0, 32 - distance / 10)


def _part(cell: Cell, key: str, position: int, importance: float, redact: Callable[[str], str], hidden: Hidden) -> Part:
    source = redact(plain(_source(cell, hidden)))
    outputs = [redact(plain(_output(output, hidden, hidden.mentions(cell.source)))) for output in cell.outputs]
    first = next((line for line in source.splitlines() if line.strip()), "")
    texts = (
        _joined(shorten(source, 8000), [shorten(output, _OUTPUT) for output in outputs]),
        _joined(shorten(source, 1500), [shorten(output, 400) for output in outputs[-3:]]),
        _joined(shorten(source, 400), [shorten(output, 100) for output in outputs[-1:]]),
        shorten(first, 80),
    )
    ran = "" if cell.execution_count is None else str(cell.execution_count)
    attributes = (
        ("id", key),
        ("kind", "" if cell.kind == "code" else cell.kind),
        ("ran", ran if cell.kind == "code" and not key.startswith("In") else ""),
        ("state", _state(cell)),
    )
    title = f"cell [{ran}]" if ran else f"cell {position + 1}" + ("" if cell.kind == "code" else f", {cell.kind}")
    forms = tuple(dict.fromkeys(text for text in texts if text)) or ("(empty)",)
    return Part("cells", f"cell:{key}", title, forms, importance, "cell", attributes)


def _state(cell: Cell) -> str:
    if cell.kind != "code":
        return ""
    if cell.execution_count is None:
        return "not run"
    return "changed since it ran" if cell.edited else ""


def _joined(source: str, outputs: Sequence[str]) -> str:
    return "\n".join([source, *(f"--- output\n{output}" for output in outputs if output.strip())]).strip("\n")


def _output(output: Output, hidden: Hidden, source_mentions: bool) -> str:
    if source_mentions or hidden.mentions(output.text):
        return "(output kept out: it may show a hidden value)"
    picture = f"(image, {output.image_size[0]}×{output.image_size[1]})" if output.image_size else ""
    text = output.text if not (picture and output.text.startswith("<Figure size")) else ""
    if output.length > len(output.text) + 100:
        text += f"\n({output.length:,} characters in all)"
    return "\n".join(part for part in (picture, text.strip("\n")) if part)


def _source(cell: Cell, hidden: Hidden) -> str:
    """The source; statements (or lines, where it is no Python) that mention a hidden name are replaced."""
    if not hidden.mentions(cell.source):
        return cell.source
    lines = cell.source.splitlines()
    covered = {number for number, line in enumerate(lines) if hidden.mentions(line)}
    if cell.kind == "code":
        covered |= _statements(cell.source, hidden)
    kept: list[str] = []
    for number, line in enumerate(lines):
        if number not in covered:
            kept.append(line)
        elif not kept or kept[-1] != "# [hidden]":
            kept.append("# [hidden]")
    return "\n".join(kept)


def _statements(source: str, hidden: Hidden) -> set[int]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    covered: set[int] = set()
    for node in ast.walk(tree):
        simple = isinstance(node, ast.stmt) and not hasattr(node, "body")
        if simple and hidden.mentions(ast.get_source_segment(source, node) or ""):
            covered.update(range(node.lineno - 1, node.end_lineno or node.lineno))  # type: ignore[attr-defined]
    return covered
