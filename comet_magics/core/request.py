"""A question to a model, and the same as an endpoint wants it. Neither holds a key: that joins in the transport."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from .messages import Item
from .record import record

__all__ = ["Endpoint", "ModelRequest", "WireRequest"]

Endpoint: TypeAlias = Literal["responses", "chat"]


@record
class ModelRequest:
    """One request to one model, before an endpoint is chosen.

    `effort`, `verbosity` and `summary` are None where nothing is to be said, so that the model's default holds.
    `instructions` come first and never change within a conversation; `items` only ever grow: so the provider's
    cache finds the same prefix again under `cache_key`. `tools` are the API's own objects.
    """

    model: str
    instructions: str
    items: tuple[Item, ...]
    effort: str | None = None
    verbosity: str | None = None
    summary: str | None = None
    tools: tuple[Mapping[str, Any], ...] = ()
    max_output_tokens: int | None = None
    cache_key: str | None = None
    cache_retention: str | None = None


@record
class WireRequest:
    """The body to be posted to `path` below the base URL; `body` is what JSON can hold."""

    endpoint: Endpoint
    path: str
    body: Mapping[str, Any]
