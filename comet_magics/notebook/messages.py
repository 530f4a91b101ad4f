"""The messages between page and kernel, and how what comes is checked.

The twin of labextension/src/messages.ts; both are tested against tests/data/messages. Promise: a malformed message is
None, never an exception and never half believed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypedDict

from ..core.snapshot import CellKind, FateKind, OutputKind

__all__ = [
    "CELLS_TARGET",
    "PRESENCE_TARGET",
    "PROTOCOL",
    "REPLIES_TARGET",
    "CellRecord",
    "CellsMessage",
    "FateRecord",
    "FromPage",
    "HelloFromKernel",
    "HelloFromPage",
    "InsertMessage",
    "NewCell",
    "OutputRecord",
    "PanelMessage",
    "ResyncMessage",
    "SetMessage",
    "StatusMessage",
    "StopMessage",
    "parse_from_page",
]

PROTOCOL = 1
CELLS_TARGET = "comet_magics.cells"
REPLIES_TARGET = "comet_magics.replies"
# Pages ask which comms of this target exist: so they find a kernel that has comet_magics, and disturb no other.
PRESENCE_TARGET = "comet_magics.kernel"


class OutputRecord(TypedDict):
    """An output as text; `length` counts the whole text's characters, `size` is width × height of a picture."""

    kind: OutputKind
    text: str
    length: int
    mimes: list[str]
    size: list[int] | None
    name: str
    answer: bool


class CellRecord(TypedDict):
    """A cell; `count` is its execution count, `generated` the block that it came from."""

    id: str
    kind: CellKind
    source: str
    count: int | None
    edited: bool | None
    generated: str
    outputs: list[OutputRecord]


class FateRecord(TypedDict):
    """What became of a block."""

    block: str
    kind: FateKind
    cell: str
    detail: str


class HelloFromPage(TypedDict):
    """Page to kernel, first on either comm; `page` names the browser's tab, which may show several notebooks."""

    type: Literal["hello"]
    protocol: int
    page: str
    extension: str


class CellsMessage(TypedDict):
    """Page to kernel: what changed since message `base`; 0 means that it is everything.

    Large notebooks come in several messages of one `seq`, of which the last says `last`. `order` is None if the cells
    and their order are the same as before. `client` is the notebook's own connection; `page` says through whose comms
    it can be reached, empty if through none.
    """

    type: Literal["cells"]
    protocol: int
    client: str
    page: str
    base: int
    seq: int
    last: bool
    path: str
    asking: str
    order: list[str] | None
    changed: list[CellRecord]
    fates: list[FateRecord]


class SetMessage(TypedDict):
    """Page to kernel: a setting was chosen."""

    type: Literal["set"]
    name: Literal["effort", "model"]
    value: str


class PanelMessage(TypedDict):
    """Page to kernel: what a view of the panel `panel` says; the panel checks what is in `content`."""

    type: Literal["panel"]
    panel: str
    content: dict[str, Any]


class StopMessage(TypedDict):
    """Page to kernel: end the background answer `answer`; empty means all of them, and the panels' too."""

    type: Literal["stop"]
    answer: str


class HelloFromKernel(TypedDict):
    """Kernel to page, the answer to hello; `seen` is the last whole message of cells of each client."""

    type: Literal["hello"]
    protocol: int
    package: str
    magics: list[str]
    efforts: list[str]
    seen: dict[str, int]


class StatusMessage(TypedDict):
    """Kernel to page: what the status item shows."""

    type: Literal["status"]
    model: str
    effort: str
    spent_usd: float
    at_most: bool
    requests: int


class NewCell(TypedDict):
    """A cell to be made of a block; `checked` is None where nobody looked at the code."""

    kind: Literal["code", "markdown"]
    source: str
    block: str
    model: str
    checked: bool | None
    verdict: str


class InsertMessage(TypedDict):
    """Kernel to page: put cells below the asking one."""

    type: Literal["insert"]
    client: str
    asking: str
    cells: list[NewCell]


class ResyncMessage(TypedDict):
    """Kernel to page: a difference had nothing to be applied to; send everything next time."""

    type: Literal["resync"]
    client: str


_Check = Callable[[Any], bool]
_Shape = Mapping[str, _Check]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _one_of(*words: str) -> _Check:
    return lambda value: isinstance(value, str) and value in words


def _optional(check: _Check) -> _Check:
    return lambda value: value is None or check(value)


def _list_of(check: _Check) -> _Check:
    return lambda value: isinstance(value, list) and all(check(item) for item in value)


def _fits(shape: _Shape) -> _Check:
    return lambda value: isinstance(value, dict) and all(check(value.get(name)) for name, check in shape.items())


_SIZE = _optional(lambda value: _list_of(_number)(value) and len(value) == 2)
_OUTPUT: _Shape = {
    "kind": _one_of("stream", "display_data", "execute_result", "error"),
    "text": _text,
    "length": _number,
    "mimes": _list_of(_text),
    "size": _SIZE,
    "name": _text,
    "answer": _truth,
}
_CELL: _Shape = {
    "id": _text,
    "kind": _one_of("code", "markdown", "raw"),
    "source": _text,
    "count": _optional(_number),
    "edited": _optional(_truth),
    "generated": _text,
    "outputs": _list_of(_fits(_OUTPUT)),
}
_FATE: _Shape = {
    "block": _text,
    "kind": _one_of("accepted", "edited", "rejected", "raised"),
    "cell": _text,
    "detail": _text,
}
_FROM_PAGE: Mapping[str, _Shape] = {
    "hello": {"protocol": _number, "page": _text, "extension": _text},
    "cells": {
        "protocol": _number,
        "client": _text,
        "page": _text,
        "base": _number,
        "seq": _number,
        "last": _truth,
        "path": _text,
        "asking": _text,
        "order": _optional(_list_of(_text)),
        "changed": _list_of(_fits(_CELL)),
        "fates": _list_of(_fits(_FATE)),
    },
    "set": {"name": _one_of("effort", "model"), "value": _text},
    "panel": {"panel": _text, "content": lambda value: isinstance(value, dict)},
    "stop": {"answer": _text},
}

FromPage = HelloFromPage | CellsMessage | SetMessage | PanelMessage | StopMessage


def parse_from_page(data: object) -> FromPage | None:
    """The message, or None if it is malformed or of a kind that this version does not know.

    Of another version's hello only its version is believed, so that each side can say which of them is too old.
    """
    if not isinstance(data, dict):
        return None
    kind, protocol = data.get("type"), data.get("protocol")
    if kind == "hello" and type(protocol) is int and protocol != PROTOCOL:
        return HelloFromPage(type="hello", protocol=protocol, page="", extension="")
    shape = _FROM_PAGE.get(kind) if isinstance(kind, str) else None
    return data if shape is not None and _fits(shape)(data) else None  # type: ignore[return-value]
