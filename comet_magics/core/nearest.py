"""Did you mean …?"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["did_you_mean", "nearest"]


def nearest(word: str, known: Iterable[str], count: int = 1) -> list[str]:
    """The names most like `word`, best first; fewer than `count` if nothing else comes close."""
    from difflib import get_close_matches

    names = {name.lower(): name for name in known}
    return [names[match] for match in get_close_matches(word.lower(), names, count, 0.5)]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence that names the nearest of `known`, or all of them if none comes close."""
    known = list(known)
    match = nearest(word, known)
    return f"Did you mean {match[0]}?" if match else f"Known: {', '.join(known)}."
