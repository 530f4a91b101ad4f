"""What goes along with a question, to look at: a table with tokens and cost, bars, and each part to unfold.

Static HTML without a script. Promise: everything is escaped; the bars are drawn, and said in numbers too, so that a
screen reader misses nothing; the text form says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..core.along import Along, AlongRow
from ..core.prices import Cost
from .stats import dollars
from .tables import text_table

__all__ = ["along_folded", "along_html", "along_text"]

_SHOWN = 40
_BAR = 24
_SHELL = "border:1px solid var(--jp-border-color2,#bbb);border-radius:3px;margin:2px 0;padding:2px 8px"


def along_html(along: Along, *, title: str = "What would be sent") -> str:
    """The whole look: one line, the table, the parts."""
    parts = "".join(_part(row) for row in along.rows if row.text)
    return (
        f'<section aria-label="{escape(title)}"><p><b>{escape(title)}</b>: {escape(_sum(along))}</p>{_notes(along)}'
        f"{_table(along)}{parts}</section>"
    )


def along_folded(along: Along) -> str:
    """One line under an answer that unfolds to the table."""
    return (
        f'<details class="comet-along"><summary>With it went {escape(_sum(along))}</summary>'
        f"{_notes(along)}{_table(along, most=_SHOWN)}</details>"
    )


def along_text(along: Along, *, bars: bool = True) -> str:
    """The same as plain text."""
    lines = [_sum(along), *along.notes]
    if along.rows:
        top = max(row.tokens for row in along.rows) or 1
        rows = [
            (
                row.title,
                row.kind,
                f"{row.tokens:,}",
                *(("#" * round(_BAR * row.tokens / top),) if bars else ()),
                row.state,
            )
            for row in along.rows
        ]
        headers = ("part", "source", "tokens", *(("",) if bars else ()), "state")
        lines += ["", text_table(headers, rows)]
    return "\n".join(lines)


def _sum(along: Along) -> str:
    cost = "" if along.usd is None or not along.tokens else f", {dollars(Cost(along.usd, at_most=True))}"
    return f"{along.summary}{cost}"


def _notes(along: Along) -> str:
    return "".join(f"<p>{escape(note)}</p>" for note in along.notes)


def _table(along: Along, *, most: int = 500) -> str:
    if not along.rows:
        return ""
    ordered: Sequence[AlongRow] = along.rows
    more = len(ordered) - most
    top = max(row.tokens for row in ordered) or 1
    share = along.usd / along.tokens if along.usd is not None and along.tokens else None
    body = "".join(_row(row, top, share) for row in ordered[:most])
    heads = ("Part", "Source", "Tokens", *(("Cost",) if share is not None else ()), "", "State")
    head = "".join(f'<th scope="col" style="text-align:left">{escape(name) or "&nbsp;"}</th>' for name in heads)
    tail = f"<p>and {more:,} more</p>" if more > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{tail}"


def _row(row: AlongRow, top: int, share: float | None) -> str:
    width = round(100 * row.tokens / top)
    bar = (
        f'<td aria-hidden="true" style="min-width:8em"><div style="background:var(--jp-brand-color1,#1976d2);'
        f'height:0.7em;width:{width}%"></div></td>'
    )
    cost = "" if share is None else f'<td style="text-align:right">${row.tokens * share:.5f}</td>'
    return (
        f'<tr><th scope="row" style="text-align:left;font-weight:normal">{escape(row.title)}</th>'
        f"<td>{escape(row.kind)}</td>"
        f'<td style="text-align:right">{row.tokens:,}</td>{cost}{bar}<td>{escape(row.state)}</td></tr>'
    )


def _part(row: AlongRow) -> str:
    return (
        f'<details style="{_SHELL}"><summary>{escape(row.title)}, {row.tokens:,} tokens, {escape(row.state)}</summary>'
        f'<pre tabindex="0" style="white-space:pre-wrap">{escape(row.text)}</pre></details>'
    )
