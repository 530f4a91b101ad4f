"""Small tables of plain words, for a notebook and for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

__all__ = ["html_table", "text_table"]


def html_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str) -> str:
    """An HTML table; every cell is escaped."""
    head = "".join(f'<th scope="col" style="text-align:left">{escape(header)}</th>' for header in headers)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row) + "</tr>" for row in rows
    )
    return (
        f'<table><caption style="text-align:left">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def text_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns padded to their widest cell; cells that are numbers stand to the right."""
    table = [list(headers), *(list(row) for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(headers))]
    numeric = [bool(rows) and all(_is_number(row[column]) for row in rows) for column in range(len(headers))]
    lines = (
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in table
    )
    first, *rest = lines
    return "\n".join((first, "  ".join("-" * width for width in widths), *rest))


def _is_number(cell: str) -> bool:
    return not cell.strip("0123456789.,$% ≤-+") or cell in ("", "-")
