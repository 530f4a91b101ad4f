"""What views are told of settings, spending and the cost of a question, as JSON and in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..config import CometMagics
from ..core.prices import Cost, price_of
from ..core.settings import EFFORTS, VERBOSITIES
from ..core.spending import Spending
from ..render.stats import dollars
from ..wire.models import known_efforts

__all__ = ["SETTINGS", "estimate_text", "settings_of", "status_of"]

SETTINGS = ("model", "effort", "verbosity", "context")
_CONTEXTS = ("auto", "none", "cells", "variables", "frames", "error")


def settings_of(settings: CometMagics, models: Sequence[str]) -> dict[str, Any]:
    """The pickers: what is chosen, and what may be; `models` are the gateway's, as far as they were asked for."""
    return {
        **{name: getattr(settings, name) or "" for name in SETTINGS},
        "models": list(models),
        "efforts": list(known_efforts(settings.model) or EFFORTS),
        "verbosities": ["", *VERBOSITIES],
        "contexts": list(_CONTEXTS),
    }


def status_of(spending: Spending, budget: float) -> dict[str, Any]:
    """What the session has spent, in dollars; a budget of 0 is none."""
    return {
        "spent_usd": spending.usd,
        "at_most": spending.at_most,
        "requests": spending.requests,
        "budget_usd": budget or None,
    }


def estimate_text(tokens: int, model: str, *, partly: bool) -> str:
    """`about 2.1k tokens in, at most $0.0021, and the answer`; `partly` if what goes along is not counted."""
    words = f"{tokens / 1000:.1f}k" if tokens >= 1000 else str(tokens)
    price = price_of(model)
    cost = "" if price is None else f", {dollars(Cost(tokens * price.input / 1_000_000, at_most=True))}"
    if partly:
        return f"about {words} tokens in{cost}, what goes along, and the answer"
    return f"about {words} tokens in{cost}, and the answer"
