"""Code in colour: Pygments' tokens in a few of its own class names, short enough to be sent often.

Keywords are `<b>` and comments `<i>`, so that code still has some shape where a front end strips styles. An unknown
language, or code too long to be worth it, comes out plain. The lexers are loaded with the first code block.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["highlight", "highlight_growing", "language_of", "lex"]

# Some lexers' patterns are slow on long input that was made to hurt them.
_LONGEST_CODE = 100_000
_LONGEST_LINE = 5_000
_ELEMENTS = {"k": "b", "kc": "b", "ow": "b", "c": "i"}
_CLASSES = (
    ("Keyword.Constant", "kc"),
    ("Keyword", "k"),
    ("Operator.Word", "ow"),
    ("Operator", "o"),
    ("Comment", "c"),
    ("Literal.String", "s"),
    ("Literal.Number", "m"),
    ("Name.Builtin", "nb"),
    ("Name.Function", "nf"),
    ("Name.Class", "nc"),
    ("Name.Decorator", "nd"),
    ("Name.Tag", "nt"),
    ("Name.Attribute", "na"),
    ("Generic.Deleted", "gd"),
    ("Generic.Inserted", "gi"),
    ("Generic.Heading", "gh"),
    ("Generic.Subheading", "gh"),
)


@lru_cache(maxsize=256)
def highlight(code: str, language: str) -> str:
    """`code` as the inside of a `<pre><code>`. Cached, so that the final answer reuses what was shown before."""
    return highlight_growing(code, language)


def highlight_growing(code: str, language: str) -> str:
    """The same for code that is still coming: not worth keeping."""
    tokens = lex(code, language)
    if tokens is None:
        return escape(code, quote=False)
    parts: list[str] = []
    for kind, text in _merged(tokens):
        element = _ELEMENTS.get(kind, "span")
        safe = escape(text, quote=False)
        parts.append(f'<{element} class="{kind}">{safe}</{element}>' if kind else safe)
    return "".join(parts)


def lex(code: str, language: str) -> Iterator[tuple[str, str]] | None:
    """Pairs of a short class name ("" for plain) and text that join to `code`; None if it is to be left plain."""
    if len(code) > _LONGEST_CODE or any(len(line) > _LONGEST_LINE for line in code.splitlines()):
        return None
    lexer = _lexer(language)
    if lexer is None:
        return None
    # The dot of an attribute is an operator to some lexers; a notebook's editor leaves it plain.
    return (("" if text == "." else _class_of(kind), text) for _, kind, text in lexer.get_tokens_unprocessed(code))


def language_of(info: str) -> str:
    """The language in a fence's info string: `python`, `{.python}`, `python title="x"` and `Python` are one."""
    found = re.match(r"[\s{.]*([\w+#-]{1,40})", info)
    return found[1].lower() if found else ""


def _merged(tokens: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Neighbours of one class as one."""
    kind, texts = "", [""]
    for new_kind, text in tokens:
        if new_kind == kind or not text.strip():
            texts.append(text)
            continue
        yield kind, "".join(texts)
        kind, texts = new_kind, [text]
    yield kind, "".join(texts)


@lru_cache(maxsize=64)
def _lexer(language: str) -> Any | None:
    if not language or language in ("text", "plain", "plaintext", "txt", "output", "none"):
        return None
    from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
    from pygments.util import ClassNotFound  # type: ignore[import-untyped]

    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None


@lru_cache(maxsize=512)
def _class_of(kind: object) -> str:
    name = str(kind).removeprefix("Token.")
    return next((short for full, short in _CLASSES if name == full or name.startswith(full + ".")), "")
