"""The live notebook, read once: its cells, its own variables, its last error.

Cells come from the page where something there tells of them, else from the notebook's document joined with the kernel's
history, else from the history alone; the snapshot says which. Promise: nothing here raises because of a strange
notebook, and no object of the session is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..context.values import brief
from ..core.record import record, replace
from ..core.snapshot import Cell, NotebookSnapshot, Output
from .document import find_document, shown_output, shown_picture

if TYPE_CHECKING:
    from .document import Document

__all__ = ["Captured", "asking_cell", "capture", "own_names"]

_HISTORY = 400
_MACHINERY = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open", "_gpt"})


@record
class Captured:
    """The cells, and the last PNG or JPEG that each one of this session showed, by execution count."""

    notebook: NotebookSnapshot
    pictures: Mapping[int, bytes]


def own_names(shell: Any) -> dict[str, object]:
    """The variables that the session defined, in the order of their first definition."""
    hidden = shell.user_ns_hidden
    return {
        name: value
        for name, value in list(shell.user_ns.items())
        if type(name) is str
        and not name.startswith("_")
        and name not in _MACHINERY
        and not (name in hidden and hidden[name] is value)
    }


def asking_cell(shell: Any) -> str:
    """The id of the cell that is running, empty where the front end does not say."""
    kernel = getattr(shell, "kernel", None)
    try:
        metadata = kernel.get_parent("shell")["metadata"] if kernel is not None else {}
    except (KeyError, TypeError, AttributeError):
        return ""
    told = metadata.get("cellId", "") if isinstance(metadata, Mapping) else ""
    return told if isinstance(told, str) else ""


def capture(shell: Any, live: NotebookSnapshot | None = None, *, pictures: bool = False) -> Captured:
    """The cells as well as they can be known; `live` is what the page itself told, if it did.

    `pictures` says that they may be needed: a page tells of them, but only the document and the history have them.
    """
    document = find_document(shell) if live is None or pictures else None
    shown = _pictures(shell, document)
    if live is not None:
        return Captured(live, shown)
    history, asking = _history(shell), asking_cell(shell)
    if document is None:
        return Captured(NotebookSnapshot(tuple(history), asking, "", "history"), shown)
    cells = _merged(document.cells, history, asking)
    return Captured(NotebookSnapshot(tuple(cells), asking, document.name, document.origin), shown)


def _pictures(shell: Any, document: Document | None) -> dict[int, bytes]:
    """IPython's history has what was shown (from 8.32 on); the document knows more where that is missing."""
    found = {}
    if document is not None:
        for count, source in enumerate(shell.history_manager.input_hist_raw):
            if picture := document.pictures.get(source.strip()):
                found[count] = picture
    for count, outputs in getattr(shell.history_manager, "outputs", {}).items():
        for output in outputs:
            if picture := shown_picture(output.bundle):
                found[count] = picture
    return found


def _history(shell: Any) -> list[Cell]:
    """The cells that ran, without the one that is running."""
    manager = shell.history_manager
    sources = list(manager.input_hist_raw)
    shown = getattr(manager, "outputs", {})
    cells = []
    for count in range(max(1, len(sources) - _HISTORY), len(sources)):
        if count < shell.execution_count and sources[count].strip():
            outputs = [shown_output("display_data", entry.bundle) for entry in shown.get(count, ())]
            if not outputs and count in manager.output_hist:
                text = brief(manager.output_hist[count], str, 400)
                outputs = [Output("execute_result", text, len(text))]
            cells.append(Cell("", "code", sources[count], count, tuple(outputs), edited=False))
    return cells


def _merged(saved: tuple[Cell, ...], history: list[Cell], asking: str) -> list[Cell]:
    """The document's cells with what ran in this session; what ran and is not there stands before the asking cell."""
    latest = {cell.source.strip(): cell for cell in history}
    merged, used = [], set()
    for cell in saved:
        ran = latest.get(cell.source.strip()) if cell.kind == "code" else None
        if ran is not None:
            used.add(cell.source.strip())
            outputs = cell.outputs if cell.execution_count == ran.execution_count else ran.outputs
            merged.append(replace(cell, execution_count=ran.execution_count, outputs=outputs, edited=False))
        else:
            # Its number is from an earlier session, or from a source that was changed since.
            merged.append(replace(cell, execution_count=None) if cell.kind == "code" else cell)
    unsaved = [cell for cell in history if cell.source.strip() not in used]
    at = next((n for n, cell in enumerate(merged) if asking and cell.id == asking), len(merged))
    return [*merged[:at], *unsaved, *merged[at:]]
