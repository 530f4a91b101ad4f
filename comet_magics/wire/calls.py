"""Tool calls of a Responses stream: joined from whatever the server sends, each given out once.

A call is complete in `response.output_item.done`. Gateways that translate from another API leave its arguments to
the deltas before it, or leave it out, so that only `response.completed` has it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..core.messages import ToolCall, ToolKind
from .shapes import as_json, index, mapping, text

__all__ = ["Calls"]

_Event = Mapping[str, Any]
# type of the item -> the tool's kind, its name if the item has none, and where its arguments are
_KINDS: dict[str, tuple[ToolKind, str, str]] = {
    "function_call": ("function", "", "arguments"),
    "apply_patch_call": ("apply_patch", "apply_patch", "operation"),
    "shell_call": ("shell", "shell", "action"),
}


class _Open:
    """A function call that was announced and is not finished."""

    __slots__ = ("item", "pieces")

    def __init__(self, item: _Event) -> None:
        self.item = item
        self.pieces: list[str] = []


class Calls:
    """The calls of one answer."""

    def __init__(self) -> None:
        self._open: dict[str | int | None, _Open] = {}
        self._given: set[str | tuple[str, str]] = set()
        self._number = 0

    def added(self, event: _Event) -> None:
        """`response.output_item.added`."""
        item = mapping(event.get("item"))
        if item.get("type") == "function_call":
            self._open[_key(event, item)] = _Open(item)

    def delta(self, event: _Event) -> None:
        """`response.function_call_arguments.delta`."""
        piece = event.get("delta")
        if isinstance(piece, str) and (call := self._open.get(_key(event, {}))):
            call.pieces.append(piece)

    def done(self, event: _Event) -> None:
        """`response.function_call_arguments.done`."""
        if (call := self._open.get(_key(event, {}))) and (arguments := text(event.get("arguments"))):
            call.pieces = [arguments]

    def finished(self, event: _Event, item: _Event) -> ToolCall | None:
        """`response.output_item.done`, or an item of the finished response: the call, if it is one and is new."""
        kind = item.get("type")
        if not isinstance(kind, str) or kind not in _KINDS:
            return None
        found = self._open.pop(_key(event, item), None)
        if item.get("status") == "incomplete":
            return None
        return self._call(item, kind, "".join(found.pieces) if found and kind == "function_call" else "")

    def left(self) -> list[ToolCall]:
        """Calls that a completed answer announced, filled and never finished, as far as their arguments are whole."""
        calls = []
        for pending in self._open.values():
            arguments = "".join(pending.pieces)
            if _is_object(arguments) and (call := self._call(pending.item, "function_call", arguments)):
                calls.append(call)
        self._open.clear()
        return calls

    def _call(self, item: _Event, kind: str, streamed: str) -> ToolCall | None:
        tool, name, key = _KINDS[kind]
        name = name or text(item.get("name"))
        value = item.get(key)
        arguments = as_json(value or streamed) or "{}"
        call_id = text(item.get("call_id")) or text(item.get("id"))
        mark = call_id or (name, arguments)
        if mark in self._given:
            return None
        self._given.add(mark)
        self._number += 1
        return ToolCall(call_id or f"call_{self._number}", name, arguments, tool)


def _key(event: _Event, item: _Event) -> str | int | None:
    """What the events of one call share: an index where the server sends one, else the item's id, else nothing."""
    place = index(event.get("output_index"))
    if place is not None:
        return place
    return text(event.get("item_id")) or text(item.get("id")) or None


def _is_object(arguments: str) -> bool:
    try:
        return isinstance(json.loads(arguments), dict)
    except (ValueError, RecursionError):
        return False
