"""A server's words, made fit to be shown: no key, no control character, no web page, one paragraph of sane length.

Promise: what `clean` returns holds nothing that looks like a key, even where the server echoes the one it was sent.
"""

from __future__ import annotations

import re

from ..core.pattern import pattern

__all__ = ["clean", "is_page"]

_LIMIT = 400
# The words' beginning is all that is ever shown; what is far behind it is not even looked at.
_LOOK_AT = 4_000
_KEY = pattern(r"\bsk-[\w*.…-]+")
_JWT = pattern(r"\beyJ[\w-]{8,}(?:\.[\w-]*)*")
_NAMED_KEY = pattern(
    r"(?i)\b((?:bearer|basic|authorization|(?:api|access)[ _-]?(?:key|token)|key|token)(?: provided| is)?"
    r"[\"']?\s*[:=]?\s*[\"'(]?)(?=[\w*.…+/=-]*[\d*])[\w*.…+/=-]{8,}"
)
_BLANKS = pattern(r"\s+")
_PAGE = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|\?xml|center|h1|title)", re.IGNORECASE)


def clean(text: str) -> str:
    """`text` on one line, its keys masked, cut to 400 characters."""
    text = text[:_LOOK_AT]
    text = _KEY.sub("sk-…", text)
    text = _JWT.sub("…", text)
    text = _NAMED_KEY.sub(r"\1…", text)
    text = "".join(mark if mark.isprintable() else " " for mark in text)
    text = _BLANKS.sub(" ", text).strip()
    return text if len(text) <= _LIMIT else text[: _LIMIT - 1].rstrip() + "…"


def is_page(body: bytes) -> bool:
    """Whether `body` is a web page, as a proxy in front of the gateway sends it."""
    return _PAGE.match(body[:200]) is not None
