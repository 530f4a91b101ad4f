"""What a response's headers tell of every answer, good or bad."""

from __future__ import annotations

from collections.abc import Mapping

from .words import clean

__all__ = ["request_id_of"]


def request_id_of(headers: Mapping[str, str]) -> str | None:
    """What the gateway's support asks for, if `headers` have it."""
    named = {name.lower(): value for name, value in headers.items()}
    for name in ("x-request-id", "x-oneapi-request-id", "cf-ray"):
        if found := clean(named.get(name, "")):
            return found
    return None
