"""Markdown to HTML that is safe in a notebook, whoever wrote the markdown.

What comes out holds only the elements and attributes written in this file: no script, no style of the model's, no
event handler, no image, no id but the footnotes' own, under a prefix. Links go to http, https, mailto or a place in
the page; any other target is shown as text. Pictures are links: loading one would tell its server what is in the URL.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from ..core.along import Along
from ..core.answer import Answer
from .along import along_folded
from .highlight import highlight, highlight_growing, language_of
from .markdown import parse
from .maths import is_harmless
from .stats import stats_html
from .style import STYLE

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["MARKS", "final_html", "fragment", "summary_html", "text_html", "to_html"]

_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s]|#", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_REL = 'rel="noopener noreferrer"'
_LONGEST_TARGET = 80

MARKS = {
    "complete": "",
    "partial": "Not complete.",
    "stopped": "Stopped.",
    "refused": "Declined.",
    "failed": "No answer came.",
}


def to_html(
    text: str,
    *,
    prefix: str = "",
    references: Mapping[str, Any] | None = None,
    growing: bool = False,
    blocks: Mapping[str, str] | None = None,
) -> str:
    """`text` as HTML.

    `prefix` keeps the footnotes' ids apart from others in the page; `references` are link definitions from elsewhere
    in the same answer. `growing` says that the text is still coming, so that nothing of it is kept for later.
    `blocks` are HTML of ours that stands in place of the fences with these names.
    """
    env: dict[str, Any] = {"prefix": prefix or _digest(text), "references": dict(references or {}), "growing": growing}
    env["blocks"] = blocks or {}
    return _render(parse(text, env), env)


def fragment(body: str, *, style: bool) -> str:
    """`body`, which is HTML of ours, in the frame that our style sheet looks for; with the sheet if `style`."""
    sheet = f"<style>{STYLE}</style>" if style else ""
    return f'<div class="comet-answer">{sheet}{body}</div>'


def final_html(
    answer: Answer,
    notices: Sequence[str] = (),
    *,
    stats: bool = True,
    prefix: str = "",
    along: Along | None = None,
    style: bool = True,
) -> str:
    """The finished output: summary folded away, the text, how it ended, `notices`, the statistics line, and folded
    below it what went along; with our style sheet if `style`.
    """
    prefix = prefix or _digest(f"{answer.request_id} {answer.text}")
    parts: list[str] = []
    if answer.summary.strip():
        parts.append(summary_html(answer.summary, prefix=prefix + "s"))
    if answer.blocks:
        from .verdict_html import html_with_verdicts

        parts.append(html_with_verdicts(answer.text, answer.blocks, prefix=prefix))
    else:
        parts.append(to_html(answer.text, prefix=prefix))
    mark = MARKS[answer.status]
    if not mark and not answer.text.strip():
        mark = "The answer is empty."
    parts += [f'<p class="comet-note">{text_html(line)}</p>' for line in (mark, *notices) if line]
    if stats:
        parts.append(stats_html(answer))
    if stats and along is not None and along.rows:
        parts.append(along_folded(along))
    return fragment("".join(parts), style=style)


def summary_html(summary: str, *, opened: bool = False, prefix: str = "") -> str:
    """The reasoning summary, folded unless `opened`."""
    attribute = " open" if opened else ""
    return f"<details{attribute}><summary>Reasoning</summary>{to_html(summary, prefix=prefix)}</details>"


def text_html(text: str) -> str:
    """Plain words as HTML in which no front end finds maths.

    Front ends look for formulas within one element at a time: so a lone sign in its own element is not one.
    """
    safe = escape(text, quote=False)
    if "$" in safe:
        safe = safe.replace("$", "<span>$</span>")
    return safe.replace("\\", "<span>\\</span>") if "\\" in safe else safe


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


def _render(tokens: Sequence[Token], env: dict[str, Any]) -> str:
    parts: list[str] = []
    for index, token in enumerate(tokens):
        if token.type == "inline":
            parts.append(_render(token.children or (), env))
        elif not token.hidden:
            parts.append(_FIXED.get(token.type) or _token(token, env))
        elif token.nesting == -1 and index + 1 < len(tokens) and tokens[index + 1].type.endswith("_open"):
            parts.append("\n")  # a tight list's text, then a list inside it
    return "".join(parts)


def _token(token: Token, env: dict[str, Any]) -> str:
    simple = _SIMPLE.get(token.type)
    return simple(token) if simple else _IN_CONTEXT[token.type](token, env)


def _open(token: Token) -> str:
    attributes = ""
    if token.type == "ordered_list_open" and "start" in token.attrs:
        attributes = f' start="{int(token.attrs["start"])}"'
    elif token.type in ("th_open", "td_open") and "style" in token.attrs:
        side = str(token.attrs["style"]).rpartition(":")[2]  # left, center or right: the parser's own words
        attributes = f' style="text-align:{side}"'
    elif token.type == "list_item_open" and "class" in token.attrs:
        attributes = ' class="task-list-item"'
    return f"<{token.tag}{attributes}>"


def _close(token: Token) -> str:
    return f"</{token.tag}>" if token.tag in ("td", "th") else f"</{token.tag}>\n"


def _text(token: Token) -> str:
    return text_html(token.content)


def _code_inline(token: Token) -> str:
    return f"<code>{escape(token.content, quote=False)}</code>"


def _code(token: Token, env: dict[str, Any]) -> str:
    if token.info in env["blocks"]:
        return str(env["blocks"][token.info])
    colour = highlight_growing if env["growing"] else highlight
    language = language_of(token.info)
    # The extension's buttons go by the class; in JupyterLab it may be the only attribute that is left.
    named = f' class="language-{language or "text"}"' if token.type == "fence" else ""
    # What scrolls sideways must be reachable by keyboard.
    return f'<pre tabindex="0"><code{named}>{colour(token.content, language)}</code></pre>\n'


def _maths(token: Token) -> str:
    safe = escape(token.content, quote=False)
    if not is_harmless(token.content):
        safe = f"<code>{safe}</code>"
    if token.type == "math_block":
        return f'<div class="comet-math">{safe}</div>\n'
    return f'<span class="comet-math">{safe}</span>'


def _link_open(token: Token, env: dict[str, Any]) -> str:
    href = str(token.attrs.get("href", ""))
    safe = _SAFE_LINK.match(href) is not None
    env["link"] = ("" if token.info == "auto" else href, safe)
    return _anchor(href, str(token.attrs.get("title", ""))) if safe else "<span>"


def _link_close(_: Token, env: dict[str, Any]) -> str:
    href, safe = env.pop("link")
    if safe:
        return "</a>"
    shown = href if len(href) <= _LONGEST_TARGET else href[:_LONGEST_TARGET] + "…"
    return f" (<code>{escape(shown, quote=False)}</code>)</span>" if href else "</span>"


def _image(token: Token, env: dict[str, Any]) -> str:
    source = str(token.attrs.get("src", ""))
    words = text_html(f"image: {_words(token)}" if _words(token) else "image")
    if _WEB.match(source) and "link" not in env:
        return _anchor(source, "") + words + "</a>"
    return f"[{words}]"


def _anchor(href: str, title: str) -> str:
    named = f' title="{escape(title)}"' if title else ""
    target = "" if href.startswith("#") else ' target="_blank"'
    return f'<a href="{escape(href)}"{named} {_REL}{target}>'


def _words(token: Token) -> str:
    """The plain words inside `token`."""
    return "".join(_words(child) if child.children else child.content for child in token.children or ())


def _checkbox(token: Token) -> str:
    # With raw HTML off, the task lists' checkboxes are the only token of this kind.
    done = 'checked="checked"' in token.content
    state = ' checked aria-label="done"' if done else ' aria-label="to do"'
    return f'<input type="checkbox" disabled{state}>'


def _footnote_ref(token: Token, env: dict[str, Any]) -> str:
    meta = token.meta
    number, again = meta["id"] + 1, meta.get("subId", 0)
    name, place = f"fn-{env['prefix']}-{number}", f"fr-{env['prefix']}-{number}-{again}"
    return f'<sup><a href="#{name}" id="{place}" aria-label="footnote {number}">{number}</a></sup>'


def _footnote_open(token: Token, env: dict[str, Any]) -> str:
    return f'<li id="fn-{env["prefix"]}-{token.meta["id"] + 1}">'


def _footnote_anchor(token: Token, env: dict[str, Any]) -> str:
    meta = token.meta
    place = f"fr-{env['prefix']}-{meta['id'] + 1}-{meta.get('subId', 0)}"
    return f' <a href="#{place}" aria-label="back to the text">↩︎</a>'


_PAIRED = ("blockquote", "bullet_list", "heading", "list_item", "ordered_list", "paragraph", "tbody", "td", "th")
_FIXED = {
    "em_open": "<em>",
    "em_close": "</em>",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "s_open": "<s>",
    "s_close": "</s>",
    "softbreak": "\n",
    "hardbreak": "<br>\n",
    "hr": "<hr>\n",
    "table_open": '<div class="comet-table"><table>\n',
    "table_close": "</table></div>\n",
    "thead_open": "<thead>",
    "thead_close": "</thead>",
    "tr_open": "<tr>",
    "tr_close": "</tr>\n",
    "footnote_block_open": '<hr><section aria-label="Footnotes"><ol>\n',
    "footnote_block_close": "</ol></section>\n",
    "footnote_close": "</li>\n",
}
_SIMPLE: dict[str, Callable[[Token], str]] = {
    **{f"{name}_open": _open for name in _PAIRED},
    **{f"{name}_close": _close for name in _PAIRED},
    "text": _text,
    "code_inline": _code_inline,
    "math_inline": _maths,
    "math_block": _maths,
    "html_inline": _checkbox,
}
_IN_CONTEXT: dict[str, Callable[[Token, dict[str, Any]], str]] = {
    "code_block": _code,
    "fence": _code,
    "link_open": _link_open,
    "link_close": _link_close,
    "image": _image,
    "footnote_ref": _footnote_ref,
    "footnote_open": _footnote_open,
    "footnote_anchor": _footnote_anchor,
}
