"""What a model costs at CometAPI, and what an answer therefore cost.

Source: CometAPI's page on gpt-5.1. The gateway states no price for cached input, so cached tokens are counted at the
full price and the sum is an upper bound. A model without a known price has no cost rather than a guessed one.
"""

from __future__ import annotations

from .record import record
from .usage import Usage

__all__ = ["PRICES", "Cost", "Price", "cost_of", "price_of"]

_PER_MILLION = 1_000_000


@record
class Price:
    """Dollars per million tokens; `cached` is None where the gateway does not state it."""

    input: float
    output: float
    cached: float | None = None


@record
class Cost:
    """Dollars; `at_most` where the true sum may be lower."""

    usd: float
    at_most: bool = False


PRICES: dict[str, Price] = {
    "gpt-5.1": Price(1.00, 8.00),
}


def price_of(model: str) -> Price | None:
    """The price of `model`, also when the server names a dated snapshot of it (`gpt-5.1-2025-11-13`)."""
    if model in PRICES:
        return PRICES[model]
    for name, price in PRICES.items():
        dated = model.removeprefix(name + "-")
        if dated != model and dated.replace("-", "").isdigit():
            return price
    return None


def cost_of(model: str, usage: Usage | None) -> Cost | None:
    """What `usage` cost, or None where the usage or the price is not known."""
    price = price_of(model)
    if price is None or usage is None:
        return None
    cached = usage.cached_tokens or 0
    cached_price = price.input if price.cached is None else price.cached
    usd = (
        (usage.input_tokens - cached) * price.input + cached * cached_price + usage.output_tokens * price.output
    ) / _PER_MILLION
    return Cost(usd, at_most=cached > 0 and price.cached is None)
