"""Reading JSON that a stranger wrote: each function returns the type it names, whatever it was given.

Promise: nothing here raises. What is missing or of another type becomes the empty value, or None where nothing
and zero are different things.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..core.usage import Usage

__all__ = ["as_json", "count", "fault", "index", "mapping", "parse", "sequence", "text", "usage", "whole_characters"]

_NOTHING: Mapping[str, Any] = {}
# Above this a number is no count of tokens any more, and no longer exact in JSON's own numbers.
_MOST = 2**53
# Control characters inside of strings are let pass: the answer is worth more than the standard.
_decode = json.JSONDecoder(strict=False).raw_decode


def parse(payload: bytes) -> Any:
    """The JSON value in `payload`; raises ValueError where it is none, and for nothing else."""
    words = payload.decode("utf-8", "replace").strip()
    try:
        value, end = _decode(words)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if end != len(words):
        raise ValueError("more than one value")
    return value


def mapping(value: object) -> Mapping[str, Any]:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def sequence(value: object) -> list[Any]:
    """`value` if it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """`value` if it is a string, with whole characters only; else an empty one."""
    return whole_characters(value) if isinstance(value, str) else ""


def whole_characters(words: str) -> str:
    """`words` with halves of surrogate pairs joined or replaced: half a character can't be printed or stored."""
    if words.isascii():
        return words
    try:
        words.encode()
    except UnicodeEncodeError:
        return words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return words


def count(value: object) -> int | None:
    """`value` if it can be a number of tokens, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST:
        return None
    return int(value) if value == int(value) else None


def index(value: object) -> int | None:
    """`value` if it is an integer, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def usage(value: object) -> Usage | None:
    """The `usage` of either endpoint; None where it is not reported, which also zero tokens of both kinds mean."""
    given = mapping(value)
    taken = _first(given, "input_tokens", "prompt_tokens")
    made = _first(given, "output_tokens", "completion_tokens")
    if taken is None or made is None or not (taken or made):
        return None
    cached = _detail(given, "input_tokens_details", "prompt_tokens_details", "cached_tokens")
    thought = _detail(given, "output_tokens_details", "completion_tokens_details", "reasoning_tokens")
    if thought and count(given.get("total_tokens")) == taken + made + thought:
        made += thought  # some providers count the reasoning beside the output, not in it
    return Usage(
        taken,
        made,
        None if cached is not None and cached > taken else cached,
        None if thought is not None and thought > made else thought,
    )


def _first(given: Mapping[str, Any], *names: str) -> int | None:
    # Gateways that translate send both endpoints' names, one of them as zero.
    found = [number for number in (count(given.get(name)) for name in names) if number is not None]
    return max(found, default=None)


def _detail(given: Mapping[str, Any], ours: str, theirs: str, name: str) -> int | None:
    found = [
        number for number in (count(mapping(given.get(key)).get(name)) for key in (ours, theirs)) if number is not None
    ]
    return max(found, default=None)


def fault(value: object) -> tuple[str, str | None]:
    """An error object's message and code: nested under `error`, flat, or only words. Both may be empty."""
    for _ in range(3):  # gateways wrap the error of the gateway behind them
        inner = mapping(value).get("error")
        if not inner or not isinstance(inner, dict | str):
            break
        value = inner
    if isinstance(value, str):
        return text(value), None
    given = mapping(value)
    message = next((words for key in ("message", "detail", "msg") if (words := text(given.get(key)))), "")
    for key in ("code", "type", "status"):
        code = given.get(key)
        if count(code):
            return message, str(code)
        if text(code) not in ("", "error"):
            return message, text(code)
    return message, None


def as_json(value: object) -> str:
    """JSON text of what came as JSON, or the text itself where it is one; `null` for what is nested too deeply."""
    if isinstance(value, str):
        return whole_characters(value)
    try:
        return whole_characters(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return "null"
