"""A provider's prefix cache, simulated: which part of a request's input was sent before, byte for byte.

As OpenAI describes it: at least 1,024 tokens, counted in steps of 128, for requests with the same `prompt_cache_key`.
"""

from __future__ import annotations

import json
from typing import Any

from ..context.tokens import estimate
from ..core.usage import Usage
from .received import Received

__all__ = ["PrefixCache"]

_LEAST = 1024
_STEP = 128


class PrefixCache:
    """A usage for `reply(usage=PrefixCache())`; `usages` keeps what was reported, in order."""

    def __init__(self, output_tokens: int = 100) -> None:
        self.usages: list[Usage] = []
        self._output = output_tokens
        self._seen: dict[str, list[str]] = {}

    def __call__(self, request: Received) -> Usage:
        """What the request's input is, and how much of it was cached."""
        prompt = "\n".join(_pieces(request.body))
        seen = self._seen.setdefault(str(request.body.get("prompt_cache_key", "")), [])
        known = prompt[: max((_shared(prompt, earlier) for earlier in seen), default=0)]
        seen.append(prompt)
        cached = estimate(known)
        cached = cached // _STEP * _STEP if cached >= _LEAST else 0
        usage = Usage(estimate(prompt), self._output, min(cached, estimate(prompt)), 0)
        self.usages.append(usage)
        return usage


def _shared(left: str, right: str) -> int:
    """How many characters both begin with: halving, since comparing whole strings is fast."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if left[:middle] == right[:middle] else (low, middle - 1)
    return low


def _pieces(body: Any) -> list[str]:
    """Tools, instructions, then the items, each as a line: the order in which a cache looks at them."""
    items = body.get("input") or body.get("messages") or []
    return [
        json.dumps(body.get("tools", [])),
        str(body.get("instructions", "")),
        *(json.dumps(item, ensure_ascii=False, sort_keys=True) for item in items),
    ]
