"""A page's notebook as far as the kernel has heard of it: differences in, snapshots out. Pure.

Promise: a snapshot is never made of a message that is missing its beginning; then there is none until the page has sent
everything again.
"""

from __future__ import annotations

from ..core.snapshot import Cell, Fate, NotebookSnapshot, Output
from .messages import CellRecord, CellsMessage, OutputRecord

__all__ = ["Mirror"]


class Mirror:
    """The cells of one notebook. `asking_id` is the cell for whose question the last message was sent, `page` the page
    that can be told of it, empty if none can.
    """

    def __init__(self) -> None:
        self.asking_id = ""
        self.page = ""
        self._cells: dict[str, Cell] = {}
        self._order: list[str] = []
        self._path = ""
        self._fates: tuple[Fate, ...] = ()
        self._seq = 0
        self._whole = False

    @property
    def seq(self) -> int:
        """The number of the last message, 0 if something is missing."""
        return self._seq if self._whole else 0

    def apply(self, message: CellsMessage) -> bool:
        """Take note of one message; False if what it builds on never came."""
        if message["seq"] != self._seq:
            if message["base"] == 0:
                self._cells.clear()
            elif message["base"] != self._seq or not self._whole:
                self._whole = False
                return False
        self._seq = message["seq"]
        self._whole = message["last"]
        self.asking_id = message["asking"]
        self.page = message["page"]
        self._path = message["path"]
        self._fates = tuple(
            Fate(fate["block"], fate["kind"], fate["cell"], fate["detail"]) for fate in message["fates"]
        )
        self._cells.update((record["id"], _cell(record)) for record in message["changed"])
        if message["order"] is not None:
            self._order = message["order"]
        if self._whole and len(self._cells) > len(self._order):
            self._cells = {name: self._cells[name] for name in self._order if name in self._cells}
        return True

    def snapshot(self) -> NotebookSnapshot | None:
        """The notebook as it was when `asking_id` asked, or None if a part of it is missing."""
        if not self._whole or any(name not in self._cells for name in self._order):
            return None
        cells = tuple(self._cells[name] for name in self._order)
        return NotebookSnapshot(cells, self.asking_id, self._path, "extension", self._fates)


def _cell(record: CellRecord) -> Cell:
    return Cell(
        id=record["id"],
        kind=record["kind"],
        source=record["source"],
        execution_count=record["count"],
        outputs=tuple(map(_output, record["outputs"])),
        edited=record["edited"],
        generated=record["generated"],
    )


def _output(record: OutputRecord) -> Output:
    size = record["size"]
    return Output(
        kind=record["kind"],
        text=record["text"],
        length=record["length"],
        mime_types=tuple(record["mimes"]),
        image_size=None if size is None else (size[0], size[1]),
        name=record["name"],
        answer=record["answer"],
    )
