r"""Maths in markdown: `$…$`, `$$…$$`, `\(…\)`, `\[…\]` and `\begin{…}…\end{…}`, kept from markdown's own rules.

The source is left as it is, for the front end's MathJax. Prices (`$5 and $6`) and shell variables are not maths. TeX
that can set links, classes or styles in the page is shown as code. A display may not hold an empty line, as in TeX.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

__all__ = ["is_harmless", "maths_plugin"]

# Larger than any formula; they keep the search linear when a text is full of beginnings.
_LONGEST = 2_000
_MOST_LINES = 100
_PRICE = re.compile(r"\d[^\\{}]*?(?<![\\A-Za-z])[A-Za-z]{2,}")
_OPENING = re.compile(r"\$\$|\\\[|\\begin\{([A-Za-z]{1,20}\*?)\}")
_REACHES_OUT = re.compile(
    r"\\(?:href|url|style|class|cssId|data|require|csname|mmlToken|includegraphics|htmlData|html\w*|def|let|newcommand"
    r"|renewcommand|newenvironment|renewenvironment|unicode|tooltip|texttip|mathtip|toggle|action\w*)(?![A-Za-z])",
    re.IGNORECASE,
)


def is_harmless(tex: str) -> bool:
    """Whether `tex` only sets formulas: nothing in it reaches for links, styles, or new commands."""
    return _REACHES_OUT.search(tex) is None


def maths_plugin(md: MarkdownIt) -> None:
    """Teach `md` the tokens `math_inline` and `math_block`; `content` is the source with its delimiters."""
    md.inline.ruler.before("escape", "math_inline", _inline)
    md.block.ruler.before("fence", "math_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]})


def _inline(state: StateInline, silent: bool) -> bool:
    src, pos = state.src, state.pos
    opening = src[pos : pos + 2]
    if opening in ("$$", "\\(", "\\["):
        end = _closing(src, pos + 2, state.posMax, {"$$": "$$", "\\(": "\\)", "\\[": "\\]"}[opening])
    elif opening[:1] == "$":
        end = _dollar(src, pos, state.posMax)
    else:
        return False
    if end < 0:
        return False
    if not silent:
        state.push("math_inline", "", 0).content = src[pos:end]
    state.pos = end
    return True


def _closing(src: str, start: int, stop: int, mark: str) -> int:
    """Where the formula that begins at `start` ends, `mark` included, or -1."""
    at = src.find(mark, start, min(stop, start + _LONGEST))
    if at <= start or "`" in src[start:at] or not src[start:at].strip():
        return -1
    return at + len(mark)


def _dollar(src: str, pos: int, stop: int) -> int:
    """Pandoc's rule for `$…$`, and a little more against prices and `$VARIABLES`; the end, or -1."""
    if (pos and src[pos - 1].isalnum()) or src[pos + 1 : pos + 2].isspace():
        return -1
    stop = min(stop, pos + _LONGEST)
    at = src.find("$", pos + 1, stop)
    while at > 0 and src[at - 1] == "\\":
        at = src.find("$", at + 1, stop)
    if at <= pos + 1 or src[at - 1].isspace():
        return -1
    following = src[at + 1 : at + 2]
    if following.isdigit() or following.isupper() or following in ("_", "{"):
        return -1
    inside = src[pos + 1 : at]
    return -1 if "`" in inside or _PRICE.match(inside) else at + 1


def _block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    begin = state.bMarks[start_line] + state.tShift[start_line]
    opening = _OPENING.match(state.src, begin, state.eMarks[start_line])
    if opening is None:
        return False
    closing = {"$$": "$$", "\\[": "\\]"}.get(opening[0], f"\\end{{{opening[1]}}}")
    last = _last_line(state, start_line, end_line, opening.end(), closing)
    if last < 0:
        return False
    if silent:
        return True
    token = state.push("math_block", "", 0)
    token.content = state.getLines(start_line, last + 1, state.blkIndent, False).strip()
    token.map = [start_line, last + 1]
    state.line = last + 1
    return True


def _last_line(state: StateBlock, start_line: int, end_line: int, begin: int, closing: str) -> int:
    """The line that ends the display, or -1 if it is none. While an answer comes, an open one reaches to the end."""
    stop = min(end_line, start_line + _MOST_LINES)
    for line in range(start_line, stop):
        if state.isEmpty(line) or (line > start_line and state.sCount[line] < state.blkIndent):
            return -1
        at = state.src.find(closing, begin if line == start_line else state.bMarks[line], state.eMarks[line])
        if at >= 0:
            rest = state.src[at + len(closing) : state.eMarks[line]]
            return line if not rest.strip(" \t.,;") else -1
    return end_line - 1 if stop == end_line and state.env.get("live") else -1
