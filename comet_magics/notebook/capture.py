"""The live notebook, read once: its cells, its own variables, its last error.

Cells come from the page where something there tells of them, else from the notebook's file joined with the kernel's
history, else from the history alone; the snapshot says which. Promise: nothing here raises because of a strange
notebook, and no object of the session is printed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..context.values import brief
from ..core.snapshot import Cell, NotebookSnapshot, Output, OutputKind
from .sessions import notebook_of_kernel

__all__ = ["asking_cell", "capture_cells", "cell_pictures", "notebook_path", "own_names"]

_LONGEST = 20_000
_HISTORY = 400
_MACHINERY = frozenset({"In", "Out", "exit", "quit", "get_ipython", "open", "_gpt"})


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


def capture_cells(shell: Any, live: NotebookSnapshot | None = None) -> NotebookSnapshot:
    """The cells as well as they can be known; `live` is what the page itself told, if it did."""
    if live is not None:
        return live
    history = _history(shell)
    asking = asking_cell(shell)
    path = notebook_path(shell)
    saved = _file_cells(path) if path is not None else None
    if saved is None:
        return NotebookSnapshot(tuple(history), asking, "" if path is None else path.name, "history")
    return NotebookSnapshot(tuple(_merged(saved, history, asking)), asking, path.name if path else "", "file")


def cell_pictures(shell: Any) -> dict[int, bytes]:
    """The last PNG or JPEG that each cell of this session showed, by execution count."""
    from .pictures import decoded

    found = {}
    for count, outputs in getattr(shell.history_manager, "outputs", {}).items():
        for output in outputs:
            data = next((output.bundle[key] for key in ("image/png", "image/jpeg") if key in output.bundle), None)
            if data is not None and (picture := decoded(data)):
                found[count] = picture
    return found


def notebook_path(shell: Any) -> Path | None:
    """The notebook's file, if one can be found: VS Code's variable, Jupyter's, or the server's list of sessions."""
    told = shell.user_ns.get("__vsc_ipynb_file__")
    for candidate in (told, os.environ.get("JPY_SESSION_NAME")):
        if isinstance(candidate, str) and candidate.endswith(".ipynb") and Path(candidate).is_file():
            return Path(candidate)
    if getattr(shell, "kernel", None) is None:
        return None
    return notebook_of_kernel()


def _history(shell: Any) -> list[Cell]:
    """The cells that ran, without the one that is running."""
    manager = shell.history_manager
    sources = list(manager.input_hist_raw)
    shown = getattr(manager, "outputs", {})
    cells = []
    for count in range(max(1, len(sources) - _HISTORY), len(sources)):
        if count < shell.execution_count and sources[count].strip():
            outputs = [_bundle("display_data", entry.bundle) for entry in shown.get(count, ())]
            if not outputs and count in manager.output_hist:
                text = brief(manager.output_hist[count], str, 400)
                outputs = [Output("execute_result", text, len(text))]
            cells.append(Cell("", "code", sources[count], count, tuple(outputs), edited=False))
    return cells


def _bundle(kind: OutputKind, data: Mapping[str, Any], name: str = "") -> Output:
    stream = data.get("stream")
    text = data.get("text/plain") or data.get("text/markdown") or stream or ""
    text = "".join(text) if isinstance(text, list) else text if isinstance(text, str) else ""
    picture = any(key.startswith("image/") for key in data)
    size = _image_size(data) if picture else None
    return Output(kind, _cut(text), len(text), tuple(data), size, name)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}\n…\n{text[-_LONGEST // 2 :]}"


def _image_size(data: Mapping[str, Any]) -> tuple[int, int] | None:
    from ..context.images import size_of
    from .pictures import decoded

    picture = next((decoded(data[key]) for key in ("image/png", "image/jpeg") if key in data), None)
    return size_of(picture) if picture else None


def _file_cells(path: Path) -> list[Cell] | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return [_saved(entry) for entry in document["cells"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _saved(entry: Mapping[str, Any]) -> Cell:
    source = entry.get("source", "")
    source = "".join(source) if isinstance(source, list) else str(source)
    kind = entry.get("cell_type")
    outputs = tuple(_saved_output(output) for output in entry.get("outputs", ()))
    count = entry.get("execution_count")
    return Cell(
        str(entry.get("id", "")),
        kind if kind in ("code", "markdown", "raw") else "raw",
        source,
        count if isinstance(count, int) else None,
        outputs,
    )


def _saved_output(output: Mapping[str, Any]) -> Output:
    kind = output.get("output_type")
    if kind == "stream":
        text = output.get("text", "")
        text = "".join(text) if isinstance(text, list) else str(text)
        return Output("stream", _cut(text), len(text), name=str(output.get("name", "")))
    if kind == "error":
        text = f"{output.get('ename', '')}: {output.get('evalue', '')}"
        return Output("error", _cut(text), len(text), name=str(output.get("ename", "")))
    data = output.get("data", {})
    known: OutputKind = "execute_result" if kind == "execute_result" else "display_data"
    answer = "comet_magics" in output.get("metadata", {})
    return replace(_bundle(known, data if isinstance(data, Mapping) else {}), answer=answer)


def _merged(saved: list[Cell], history: list[Cell], asking: str) -> list[Cell]:
    """The file's cells with what ran in this session; what ran and is not in the file stands before the asking cell."""
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
