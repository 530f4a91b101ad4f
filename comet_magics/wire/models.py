"""What is known of model names: which values of `reasoning.effort` a model takes, and which names mean one model, how
much a model can read.

Source: OpenAI's reference on `reasoning.effort` (none since gpt-5.1, xhigh after gpt-5.1, minimal with gpt-5 only).
Nothing is guessed: for a model that is not known the server has the word.
"""

from __future__ import annotations

import re

__all__ = ["context_window", "known_efforts", "same_model"]

_DATE = r"(?:-\d{4}-?\d\d-?\d\d)?"
_EFFORTS = (
    (rf"gpt-5(?:-mini|-nano)?{_DATE}", ("minimal", "low", "medium", "high")),
    (rf"gpt-5\.1{_DATE}", ("none", "low", "medium", "high")),
    (rf"gpt-5\.(?:[2-9]|[1-9]\d){_DATE}", ("none", "low", "medium", "high", "xhigh")),
    (rf"(?:gpt-5-codex|gpt-5\.1-codex(?:-mini)?){_DATE}", ("low", "medium", "high")),
    (rf"gpt-5\.1-codex-max{_DATE}", ("none", "medium", "high", "xhigh")),
    (rf"gpt-5-pro{_DATE}", ("high",)),
    (rf"(?:o1|o3|o3-mini|o4-mini){_DATE}", ("low", "medium", "high")),
)


def known_efforts(model: str) -> tuple[str, ...]:
    """The values of `reasoning.effort` that `model` takes, weakest first; empty where they are not known."""
    for pattern, efforts in _EFFORTS:
        if re.fullmatch(pattern, model):
            return efforts
    return ()


def context_window(model: str) -> int:
    """How many tokens of input and output `model` can hold; for one that is not known, what nearly all can.

    Sources: CometAPI's page on gpt-5.1 (400,000). That its relatives hold as much and the chat variants 128,000 is what
    users of OpenAI's API write; the embedded model's server is started with 8,192.
    """
    return 400_000 if re.match(r"gpt-5(?!.*chat)", model) else 128_000


def same_model(left: str, right: str) -> bool:
    """Whether both names mean one model: they are equal but for the date of a snapshot."""
    return left == right or re.sub(rf"{_DATE}\Z", "", left) == re.sub(rf"{_DATE}\Z", "", right)
