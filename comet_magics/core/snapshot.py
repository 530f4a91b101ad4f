"""The notebook at one moment: its cells in order, what they show, and which of them asks.

Promise: plain values, taken once before a call; nothing in here reads the kernel or the page again. `source` of a
snapshot says how far it can be trusted: the extension and Colab see unsaved and unexecuted cells, a file only saved
ones, and the history only executed ones.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from .record import record

__all__ = ["Cell", "CellKind", "Fate", "FateKind", "NotebookSnapshot", "Output", "OutputKind", "SnapshotSource"]

CellKind: TypeAlias = Literal["code", "markdown", "raw"]
OutputKind: TypeAlias = Literal["stream", "display_data", "execute_result", "error"]
SnapshotSource: TypeAlias = Literal["extension", "colab", "file", "history"]
FateKind: TypeAlias = Literal["accepted", "edited", "rejected", "raised"]


@record
class Output:
    """One output of a code cell, as text.

    `kind` is nbformat's `output_type`. `text` is what a reader sees of it as text: the stream, `text/plain` (or
    `text/markdown` of an answer of ours), or the error's `ename: evalue`; where it was long its middle is left out,
    and `length` says how many characters it had. `mime_types` lists what it offers; `image_size` is width × height
    in pixels if it holds a PNG or JPEG picture. `name` is `stdout`, `stderr`, an error's class, or empty.
    `answer` marks an answer of ours.
    """

    kind: OutputKind
    text: str
    length: int
    mime_types: tuple[str, ...] = ()
    image_size: tuple[int, int] | None = None
    name: str = ""
    answer: bool = False


@record
class Cell:
    """One cell. `id` is nbformat's, empty where it has none; `execution_count` is None if it has not run.

    `edited` says that the source changed since it ran, None where that is not known. `generated` is the name of
    the answer's block that the cell came from (`ANSWER:INDEX`), empty for a cell that a person wrote.
    """

    id: str
    kind: CellKind
    source: str
    execution_count: int | None = None
    outputs: tuple[Output, ...] = ()
    edited: bool | None = None
    generated: str = ""


@record
class Fate:
    """What became of a block that was offered as a cell: `block` is its name, `cell_id` where it went, if anywhere.

    accepted: it stands in the notebook as it was written; edited: it stands there, changed; rejected: it was declined,
    undone or deleted; raised: it ran and raised `detail`.
    """

    block: str
    kind: FateKind
    cell_id: str = ""
    detail: str = ""


@record
class NotebookSnapshot:
    """The notebook when a cell asked: `asking_id` is that cell's id, empty where it is not known.

    `path` is the notebook's path as its server knows it, empty where it has none. `fates` are in the order in which the
    blocks were offered.
    """

    cells: tuple[Cell, ...]
    asking_id: str
    path: str
    source: SnapshotSource
    fates: tuple[Fate, ...] = ()
