"""The notebook's document as its front end keeps it: its file, or what Colab's page tells.

The file is found through VS Code's variable, Jupyter's environment or the server's sessions. Promise: nothing here
raises because of a strange document, and nobody is waited for longer than a question can wait.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from ..core.record import record, replace
from ..core.snapshot import Cell, Output, OutputKind
from .sessions import notebook_of_kernel

__all__ = ["Document", "find_document", "shown_output", "shown_picture"]

_LONGEST = 20_000
_COLAB_SECONDS = 3.0
_PICTURES = ("image/png", "image/jpeg")


@record
class Document:
    """A notebook as it is kept: `name` is its file's, `origin` where it comes from.

    `pictures` has the last PNG or JPEG of each code cell that has one, by the cell's source.
    """

    name: str
    origin: Literal["file", "colab"]
    cells: tuple[Cell, ...]
    pictures: Mapping[str, bytes]


def find_document(shell: Any) -> Document | None:
    """The notebook that `shell` runs, None if there is none or it can't be read."""
    if told := _of_colab():
        content, name = told
        return _document(content, name, "colab")
    path = _path(shell)
    if path is None:
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return _document(content, path.name, "file")


def shown_output(kind: OutputKind, data: Mapping[str, Any], name: str = "") -> Output:
    """An output from its MIME bundle."""
    text = data.get("text/plain") or data.get("text/markdown") or data.get("stream") or ""
    text = _joined(text)
    picture = shown_picture(data)
    return Output(kind, _cut(text), len(text), tuple(data), _size(picture), name)


def shown_picture(data: Mapping[str, Any]) -> bytes:
    """The PNG or JPEG of a MIME bundle; empty where it has none."""
    from .pictures import decoded

    return next((decoded(data[kind]) for kind in _PICTURES if kind in data), b"")


def _path(shell: Any) -> Path | None:
    told = shell.user_ns.get("__vsc_ipynb_file__")
    for candidate in (told, os.environ.get("JPY_SESSION_NAME")):
        if isinstance(candidate, str) and candidate.endswith(".ipynb") and Path(candidate).is_file():
            return Path(candidate)
    return notebook_of_kernel() if getattr(shell, "kernel", None) is not None else None


def _of_colab() -> tuple[Any, str] | None:
    """What Colab's page has now, saved or not. Source: Colab's own kernel package, which asks its page by this."""
    if "google.colab" not in sys.modules:
        return None
    try:
        from google.colab import _message  # type: ignore[import-not-found,unused-ignore]

        content = _message.blocking_request("get_ipynb", request="", timeout_sec=_COLAB_SECONDS)["ipynb"]
        return content, str(content.get("metadata", {}).get("colab", {}).get("name", ""))
    except Exception:  # noqa: BLE001 - the page may be gone, and the package promises nothing
        return None


def _document(content: Any, name: str, origin: Literal["file", "colab"]) -> Document | None:
    try:
        entries = list(content["cells"])
        cells = tuple(_cell(entry) for entry in entries)
        pictures = {source: data for entry in entries for source, data in _pictures(entry)}
    except (KeyError, TypeError, AttributeError, ValueError):
        return None
    return Document(name, origin, cells, pictures)


def _cell(entry: Mapping[str, Any]) -> Cell:
    kind = entry.get("cell_type")
    count = entry.get("execution_count")
    # Colab keeps the id where nbformat had none yet.
    told = entry.get("id") or entry.get("metadata", {}).get("id", "")
    return Cell(
        str(told),
        kind if kind in ("code", "markdown", "raw") else "raw",
        _joined(entry.get("source", "")),
        count if isinstance(count, int) else None,
        tuple(_output(output) for output in entry.get("outputs", ())),
    )


def _pictures(entry: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    for output in entry.get("outputs", ()):
        data = output.get("data")
        if isinstance(data, Mapping) and (picture := shown_picture(data)):
            yield _joined(entry.get("source", "")).strip(), picture


def _output(output: Mapping[str, Any]) -> Output:
    kind = output.get("output_type")
    if kind == "stream":
        text = _joined(output.get("text", ""))
        return Output("stream", _cut(text), len(text), name=str(output.get("name", "")))
    if kind == "error":
        text = f"{output.get('ename', '')}: {output.get('evalue', '')}"
        return Output("error", _cut(text), len(text), name=str(output.get("ename", "")))
    data = output.get("data", {})
    known: OutputKind = "execute_result" if kind == "execute_result" else "display_data"
    ours = output.get("metadata", {}).get("comet_magics")
    if isinstance(ours, Mapping) and "panel" in ours:  # what the panel shows is the conversation, which the kernel has
        return Output(known, "", 0)
    return replace(shown_output(known, data if isinstance(data, Mapping) else {}), answer=ours is not None)


def _joined(text: object) -> str:
    """A text of the document: nbformat has one string or a list of lines."""
    if isinstance(text, list):
        return "".join(part for part in text if isinstance(part, str))
    return text if isinstance(text, str) else ""


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}\n…\n{text[-_LONGEST // 2 :]}"


def _size(picture: bytes) -> tuple[int, int] | None:
    from ..context.images import size_of

    return size_of(picture) if picture else None
