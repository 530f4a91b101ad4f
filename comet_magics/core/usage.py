"""What an answer used, as the server reported it. `None` means "not reported", which is never the same as zero."""

from __future__ import annotations

from .record import record

__all__ = ["Usage"]


@record
class Usage:
    """Tokens of one request.

    `input_tokens` counts all input, `cached_tokens` the part of it read from the provider's cache;
    `output_tokens` counts all output, `reasoning_tokens` the part of it spent on thinking (billed as output).
    Source: `response.usage` of the Responses terminal events; `usage` of a Chat Completions chunk.
    """

    input_tokens: int
    output_tokens: int
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None

    def __add__(self, other: Usage) -> Usage:
        """Both together; a part stays "not reported" unless one side reported it."""
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            _sum(self.cached_tokens, other.cached_tokens),
            _sum(self.reasoning_tokens, other.reasoning_tokens),
        )


def _sum(left: int | None, right: int | None) -> int | None:
    if left is None and right is None:
        return None
    return (left or 0) + (right or 0)
