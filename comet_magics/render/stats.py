"""The quiet line under an answer: what it took and what it cost, as plain text and as HTML.

A figure that was not reported is called so; it never becomes a zero. The HTML reads in whole words to a screen
reader, and looks the same where a front end strips attributes and styles.
"""

from __future__ import annotations

from html import escape

from ..core.answer import Answer
from ..core.prices import Cost
from ..core.usage import Usage

__all__ = ["dollars", "duration", "stats_html", "stats_text", "stats_words"]


def stats_text(answer: Answer) -> str:
    """The line for the eye: `gpt-5.1 · effort high · 3.2 s (first text 0.4 s) · 1,234 tokens in (80 % cached) · …`."""
    return " · ".join(_parts(answer, spoken=False))


def stats_words(answer: Answer) -> str:
    """The same figures in whole words, for a screen reader."""
    return "Statistics: " + "; ".join(_parts(answer, spoken=True)) + "."


def stats_html(answer: Answer) -> str:
    """The line as a paragraph of its own; `role="img"` makes its label be read in place of the short forms."""
    # A dollar sign in an element of its own is never taken for maths by a front end.
    shown = escape(stats_text(answer), quote=False).replace("$", "<span>$</span>")
    return f'<p class="comet-stats" role="img" aria-label="{escape(stats_words(answer))}"><small>{shown}</small></p>'


def duration(seconds: float, *, spoken: bool = False) -> str:
    """`0.4 s`, `3.2 s`, `2 min 5 s`; `spoken` in whole words."""
    minute, second = (" minutes", " seconds") if spoken else (" min", " s")
    if round(seconds, 1) < 60:
        return f"{seconds:.1f}{second}"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}{minute if minutes != 1 or not spoken else ' minute'} {rest}{second}"


def dollars(cost: Cost) -> str:
    """`$0.0049`, `at most $0.0049`, `under $0.0001`, `$12.30`."""
    if cost.usd == 0:
        return "$0"
    if cost.usd < 0.0001:
        return "under $0.0001"
    amount = f"${cost.usd:,.2f}" if cost.usd >= 1 else f"${cost.usd:.4f}"
    return f"at most {amount}" if cost.at_most else amount


def _parts(answer: Answer, *, spoken: bool) -> list[str]:
    parts = [f"model {answer.model}" if spoken else answer.model] if answer.model else []
    if answer.effort:
        parts.append(f"effort {answer.effort}")
    took = duration(answer.seconds, spoken=spoken)
    if answer.first_token_seconds is not None:
        first = duration(answer.first_token_seconds, spoken=spoken)
        took += f", first text after {first}" if spoken else f" (first text {first})"
    parts.append(took)
    if answer.usage is None:
        return [*parts, "usage not reported"]
    parts += _tokens(answer.usage, spoken=spoken)
    parts.append("price not known" if answer.cost is None else _price(answer.cost, spoken=spoken))
    return parts


def _tokens(usage: Usage, *, spoken: bool) -> list[str]:
    taken = f"{usage.input_tokens:,} tokens in"
    if usage.cached_tokens is not None and usage.input_tokens:
        share = round(100 * usage.cached_tokens / usage.input_tokens)
        taken += f", {share} percent of them cached" if spoken else f" ({share} % cached)"
    given = f"{usage.output_tokens:,} tokens out" if spoken else f"{usage.output_tokens:,} out"
    if usage.reasoning_tokens is None:
        given += ", reasoning not reported"
    else:
        given += f", of which {usage.reasoning_tokens:,} reasoning"
    return [taken, given]


def _price(cost: Cost, *, spoken: bool) -> str:
    text = dollars(cost)
    return "cost " + text.replace("$", "") + " dollars" if spoken else text
