"""The list of a gateway's models, as a table with the prices that are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..core.prices import price_of
from .tables import html_table, text_table

__all__ = ["models_html", "models_text"]

_HEADERS = ("model", "by", "$ per million tokens, in / out")


def models_html(models: Sequence[Mapping[str, Any]], total: int) -> str:
    """`models`, as `GET /models` lists them, out of `total`."""
    return html_table(_HEADERS, _rows(models), caption=_caption(models, total))


def models_text(models: Sequence[Mapping[str, Any]], total: int) -> str:
    """The same for a terminal."""
    return f"{text_table(_HEADERS, _rows(models))}\n{_caption(models, total)}"


def _rows(models: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    return [(str(model["id"]), str(model.get("owned_by") or ""), _price(str(model["id"]))) for model in models]


def _price(model: str) -> str:
    price = price_of(model)
    return f"{price.input:.2f} / {price.output:.2f}" if price else ""


def _caption(models: Sequence[Mapping[str, Any]], total: int) -> str:
    return f"{len(models)} of {total} models"
