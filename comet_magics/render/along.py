"""What goes along with a question, to look at: where the tokens go by source, and each part with its cost, to unfold.

Static HTML without a script. Promise: everything is escaped; the bars are drawn, and said in numbers too, so that a
screen reader misses nothing; a front end that strips styles shows the same in plain rows; the text form says the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from ..core.along import Along, AlongRow
from ..core.prices import Cost
from .stats import dollars
from .tables import text_table

__all__ = ["along_folded", "along_html", "along_text"]

_SHOWN = 40
_BAR = 24
_RULES = """
.comet-context{max-width:60em;--cq:var(--jp-content-font-color2,var(--vscode-descriptionForeground,#595959))}
.comet-context p{margin:.3em 0!important}
.comet-context table{margin:.5em 0 .8em!important;font-size:inherit!important}
.comet-context th,.comet-context td{text-align:left!important;padding:.2em .8em .2em .4em!important}
.comet-context th[scope=row]{font-weight:normal}
.comet-context .n{text-align:right!important;font-variant-numeric:tabular-nums}
.comet-context .b{display:block;width:9em;min-width:9em}
.comet-context .b>span{display:block;height:.7em;min-width:2px;border-radius:2px;
  background:var(--jp-brand-color1,var(--vscode-charts-blue,#1976d2))}
.comet-context .comet-part{margin:0;border-top:1px solid var(--jp-border-color2,rgba(127,127,127,.35));color:inherit}
.comet-context .comet-row{display:grid;align-items:center;column-gap:.8em;padding:.1em .4em;
  grid-template-columns:1em minmax(8em,22em) 4.5em 5.5em 9em 5.5em}
.comet-context .comet-row::before{content:""}
.comet-context details>.comet-row{cursor:pointer;list-style:none}
.comet-context details>.comet-row::before{content:"▸"}
.comet-context details[open]>.comet-row::before{content:"▾"}
.comet-context .comet-row .s{color:var(--cq)}
.comet-context pre{white-space:pre-wrap!important;word-break:normal!important;
  overflow-wrap:anywhere;max-height:32em;overflow:auto;margin:0 0 .6em 1.8em!important}
"""
_STYLE = f"<style>{re.sub(chr(10) + ' *', '', _RULES)}</style>"
Rows = Sequence[AlongRow]


def along_html(along: Along, *, rest: Rows = (), title: str = "What would be sent") -> str:
    """The whole look: one line, the sources, the parts; `rest` is what is sent besides what goes along."""
    total, price, rows = along.tokens + sum(row.tokens for row in rest), _price(along), (*along.rows, *rest)
    whole = f"<p>With {_listed(rest)}: {_amount(total, along)}</p>" if rest else ""
    return (
        f'{_STYLE}<section class="comet-context" aria-label="{escape(title)}">'
        f"<p><b>{escape(title)}</b>: {escape(_sum(along))}</p>{whole}{_notes(along.notes)}"
        f"{_sources(rows, price)}{_parts(rows, price, unfold=True)}</section>"
    )


def along_folded(along: Along) -> str:
    """One line under an answer that unfolds to the same, without what the parts say."""
    notes = [note for note in along.notes if "replaced" not in note]  # said above it
    more = len(along.rows) - _SHOWN
    tail = f"<p>and {more:,} more</p>" if more > 0 else ""
    return (
        f'<details class="comet-along"><summary>With it went {escape(_sum(along))}</summary>'
        f'{_STYLE}<div class="comet-context">{_notes(notes)}{_sources(along.rows, _price(along))}'
        f"{_parts(along.rows[:_SHOWN], _price(along), unfold=False)}{tail}</div></details>"
    )


def along_text(along: Along, *, rest: Rows = (), bars: bool = True) -> str:
    """The same as plain text, without what the parts say."""
    lines = [_sum(along)]
    lines += [f"With {_listed(rest)}: {_amount(along.tokens + sum(row.tokens for row in rest), along)}"] if rest else []
    lines += along.notes
    if along.rows or rest:
        listed = (*along.rows, *rest)
        top = max(row.tokens for row in listed) or 1
        rows = [
            (
                row.title,
                row.kind,
                f"{row.tokens:,}",
                *(("#" * round(_BAR * row.tokens / top),) if bars else ()),
                row.state,
            )
            for row in listed
        ]
        headers = ("part", "source", "tokens", *(("",) if bars else ()), "state")
        lines += ["", text_table(headers, rows)]
    return "\n".join(lines)


def _sum(along: Along) -> str:
    cost = "" if along.usd is None or not along.tokens else f", {dollars(Cost(along.usd, at_most=True))}"
    return f"{along.summary}{cost}"


def _price(along: Along) -> float | None:
    """Dollars for a token."""
    return along.usd / along.tokens if along.usd is not None and along.tokens else None


def _amount(tokens: int, along: Along) -> str:
    price = _price(along)
    cost = "" if price is None else f", {dollars(Cost(tokens * price, at_most=True))}"
    return f"about {tokens:,} tokens{cost}"


def _listed(rest: Rows) -> str:
    names = [row.title for row in rest]
    return escape(", ".join(names[:-1]) + (" and " if names[:-1] else "") + names[-1])


def _notes(notes: Sequence[str]) -> str:
    return "".join(f"<p>{escape(note)}</p>" for note in notes)


def _sources(rows: Rows, price: float | None) -> str:
    """The bar chart: how many tokens each source takes."""
    totals: dict[str, list[int]] = {}
    for row in rows:
        if row.state != "left out":
            totals.setdefault(row.kind, []).append(row.tokens)
    if not totals:
        return ""
    top = max(map(sum, totals.values()))
    costs = '<th scope="col" class="n">Cost</th>' if price is not None else ""
    body = "".join(
        f'<tr><th scope="row">{escape(kind)}</th><td class="n">{len(tokens):,}</td><td class="n">{sum(tokens):,}</td>'
        f"{_cost(sum(tokens), price, 'td')}<td>{_bar(sum(tokens), top)}</td></tr>"
        for kind, tokens in totals.items()
    )
    return (
        '<table><thead><tr><th scope="col">Source</th><th scope="col" class="n">Parts</th>'
        f'<th scope="col" class="n">Tokens</th>{costs}<th scope="col">Where the tokens go</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _parts(rows: Rows, price: float | None, *, unfold: bool) -> str:
    top = max((row.tokens for row in rows), default=0)
    return "".join(_part(row, top, price, unfold=unfold) for row in rows)


def _part(row: AlongRow, top: int, price: float | None, *, unfold: bool) -> str:
    state = "" if row.state == "whole" else row.state
    inside = (
        f'<span>{escape(row.title)}</span> <span class="n">{row.tokens:,}</span> {_cost(row.tokens, price, "span")} '
        f'{_bar(row.tokens, top)} <span class="s">{escape(state)}</span>'
    )
    if not (unfold and row.text):
        return f'<div class="comet-part"><div class="comet-row">{inside}</div></div>'
    return (
        f'<details class="comet-part"><summary class="comet-row">{inside}</summary>'
        f'<pre tabindex="0">{escape(row.text)}</pre></details>'
    )


def _cost(tokens: int, price: float | None, tag: str) -> str:
    told = "" if price is None else f"${tokens * price:.5f}"
    return f'<{tag} class="n">{told}</{tag}>' if told or tag == "span" else ""


def _bar(tokens: int, top: int) -> str:
    width = round(100 * tokens / top) if top else 0
    return f'<span class="b" aria-hidden="true"><span style="width:{width}%"></span></span>'
