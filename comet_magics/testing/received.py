"""A request as the gateway got it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..core.request import Endpoint

__all__ = ["Received"]


_END = "</nb:context>\n\n"


@dataclass(frozen=True, slots=True)
class Received:
    """One request. `headers` have small-letter names and are not in the repr, because one of them holds the key.

    `body` is the JSON object that was posted, empty if there was none; `endpoint` None for other paths.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: Mapping[str, Any]

    @property
    def endpoint(self) -> Endpoint | None:
        """Which endpoint was asked."""
        path = self.path.partition("?")[0]
        if path.endswith("/responses"):
            return "responses"
        return "chat" if path.endswith("/chat/completions") else None

    @property
    def model(self) -> str:
        """The model that was asked."""
        return str(self.body.get("model", ""))

    @property
    def prompt(self) -> str:
        """The last question, without what went along with it."""
        return self._said.rpartition(_END)[2]

    @property
    def context(self) -> str:
        """What went along with the last question; empty if nothing did."""
        before, end, _ = self._said.rpartition(_END)
        return before + end.strip()

    @property
    def _said(self) -> str:
        items = self.body.get("input") or self.body.get("messages") or []
        for item in reversed(items if isinstance(items, list) else [{"role": "user", "content": items}]):
            if item.get("role") == "user":
                content = item.get("content", "")
                parts = [{"text": content}] if isinstance(content, str) else content
                return "".join(part.get("text", "") for part in parts)
        return ""
