"""What `_gpt` holds after a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .prices import Cost
from .record import record
from .request import Endpoint
from .settings import Insert
from .usage import Usage

if TYPE_CHECKING:
    from .verdicts import Verdict

__all__ = ["Answer", "Status"]

Status: TypeAlias = Literal["complete", "partial", "stopped", "refused", "failed"]


@record
class Answer:
    """An answer, whole or as far as it came.

    `text` is markdown source; `code` the Python of its fenced blocks, joined by blank lines. `status`: complete;
    partial (cut at a limit, or the stream broke); stopped (by the user); refused (by the model or its filter);
    failed (no answer). `usage` and `cost` are None where they are not reported or not known. `model` is the one that
    the server says answered. Times are in seconds since the request was sent; `first_token_seconds` is None if no
    text came. `summary` is the reasoning summary, or the reasoning where the model shows it; empty if neither came.
    `blocks` are the fenced blocks of `text` with their verdicts, where the answer was reviewed. `id` names the answer,
    so that its blocks have names; `insert` says whether they are offered as cells; `mends` is the id of the cell that
    they are to replace, empty if that is not known.
    """

    text: str
    code: str
    status: Status
    model: str
    effort: str
    api: Endpoint
    seconds: float
    first_token_seconds: float | None = None
    usage: Usage | None = None
    cost: Cost | None = None
    request_id: str | None = None
    summary: str = ""
    blocks: tuple[Verdict, ...] = ()
    id: str = ""
    insert: Insert = "ask"
    mends: str = ""

    def metadata(self) -> dict[str, Any]:
        """`metadata.comet_magics` of the output, as JSON can hold it."""
        usage = self.usage
        return {
            "model": self.model,
            "effort": self.effort,
            "api": self.api,
            "status": self.status,
            "usage": None
            if usage is None
            else {
                "input_tokens": usage.input_tokens,
                "cached_tokens": usage.cached_tokens,
                "output_tokens": usage.output_tokens,
                "reasoning_tokens": usage.reasoning_tokens,
            },
            "cost_usd": None if self.cost is None else self.cost.usd,
            "cost_at_most": self.cost is not None and self.cost.at_most,
            "seconds": round(self.seconds, 3),
            "first_token_seconds": None if self.first_token_seconds is None else round(self.first_token_seconds, 3),
            "request_id": self.request_id,
            "blocks": [block.as_json() for block in self.blocks],
            "answer": self.id,
            "insert": self.insert,
            "mends": self.mends,
        }

    def __repr__(self) -> str:
        return f"<Answer {self.status}, {self.model}, {len(self.text)} characters: .text .code .usage .cost …>"

    def __str__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text
