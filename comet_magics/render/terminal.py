"""Markdown as text for a terminal: wrapped to its width, in its colours, with nothing of the model's but the words.

Headings are bold, code is coloured, tables stand in columns, links show where they go. Escape sequences and control
characters in the source are dropped before anything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .cells import clean, pad, width_of, wrap
from .highlight import language_of, lex
from .markdown import parse

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

__all__ = ["to_terminal"]

_ON_OFF = {
    "strong": ("1", "22"),
    "heading": ("1", "22"),
    "th": ("1", "22"),
    "em": ("3", "23"),
    "s": ("9", "29"),
    "code": ("36", "39"),
    "link": ("4", "24"),
    "quiet": ("2", "22"),
}
_CODE = {
    **dict.fromkeys(("k", "kc", "ow"), "32"),
    **dict.fromkeys(("s", "gd"), "31"),
    **dict.fromkeys(("nf", "nc", "nt"), "34"),
    **dict.fromkeys(("nb", "m", "gi"), "36"),
    **dict.fromkeys(("nd", "na", "o"), "35"),
    **dict.fromkeys(("c", "gh"), "90"),
}


def to_terminal(text: str, *, width: int, colour: bool, references: dict[str, Any] | None = None) -> str:
    """`text` as lines of at most `width` cells, except code, without an end of line at the end.

    `references` are link definitions that came before; those in `text` are added to it, and shown.
    """
    from markdown_it.tree import SyntaxTreeNode

    env: dict[str, Any] = {"references": dict(references or {})}
    before = set(env["references"])
    tokens = parse(clean(text), env, in_place=True)
    lines = _Formatter(colour).blocks(SyntaxTreeNode(tokens).children, max(20, width))
    defined = {label: place for label, place in env["references"].items() if label not in before}
    if references is not None:
        references.update(defined)
    if defined and lines:
        lines.append("")
    lines += [f"[{label.lower()}]: {place['href']}" for label, place in defined.items()]
    return "\n".join(lines)


class _Formatter:
    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def blocks(self, nodes: Sequence[SyntaxTreeNode], width: int, *, tight: bool = False) -> list[str]:
        """Lines of `nodes`, one empty line between two of them unless `tight`."""
        lines: list[str] = []
        for node in nodes:
            new = self._block(node, width)
            if lines and new and not tight:
                lines.append("")
            lines += new
        return lines

    def _block(self, node: SyntaxTreeNode, width: int) -> list[str]:
        match node.type:
            case "heading":
                return [self._paint("heading", line) for line in wrap(self._inline(node), width)]
            case "fence" | "code_block":
                return self._code(node.content, language_of(node.info) if node.type == "fence" else "")
            case "bullet_list" | "ordered_list":
                return self._list(node, width)
            case "blockquote":
                bar = self._paint("quiet", "│") + " "
                return [(bar + line).rstrip() for line in self.blocks(node.children, width - 2)]
            case "table":
                return self._table(node, width)
            case "hr":
                return [self._paint("quiet", "─" * min(width, 40))]
            case "math_block":
                return ["  " + line for line in node.content.splitlines()]
            case "footnote_reference":
                mark = f"[{node.meta['label']}] "
                return _hang(mark, self.blocks(node.children, width - width_of(mark)))
            case _:
                return wrap(self._inline(node), width)

    def _list(self, node: SyntaxTreeNode, width: int) -> list[str]:
        start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 0
        lines: list[str] = []
        for number, item in enumerate(node.children, start):
            mark = f"{number}. " if node.type == "ordered_list" else "• "
            tight = any(child.type == "paragraph" and child.hidden for child in item.children)
            if lines and not tight:
                lines.append("")
            lines += _hang(mark, self.blocks(item.children, width - width_of(mark), tight=tight))
        return lines

    def _table(self, node: SyntaxTreeNode, width: int) -> list[str]:
        rows = [row.children for part in node.children for row in part.children]
        cells = [[self._inline(cell) for cell in row] for row in rows]
        sides = [str(cell.attrs.get("style", "")).rpartition(":")[2] for cell in rows[0]]
        widths = [max(width_of(row[column]) for row in cells) for column in range(len(sides))]
        # Too wide a table gives from its widest columns; their cells are wrapped.
        while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > 8:
            widths[widths.index(max(widths))] -= 1
        lines: list[str] = []
        for number, row in enumerate(cells):
            wrapped = [wrap(cell, size) for cell, size in zip(row, widths, strict=True)]
            for at in range(max(map(len, wrapped))):
                parts = [cell[at] if at < len(cell) else "" for cell in wrapped]
                line = "  ".join(map(pad, parts, widths, sides)).rstrip()
                lines.append(self._paint("th", line) if number == 0 else line)
            if number == 0:
                lines.append(self._paint("quiet", "  ".join("─" * size for size in widths)))
        return lines

    def _code(self, code: str, language: str) -> list[str]:
        tokens = lex(code, language) if self._colour else None
        if tokens is None:
            return ["  " + line for line in code.rstrip("\n").split("\n")]
        parts = []
        for kind, text in tokens:
            shade = _CODE.get(kind)
            # Each line ends in the plain colour, so that a line can stand alone.
            parts.append(text if shade is None else f"\x1b[{shade}m" + text.replace("\n", f"\x1b[39m\n\x1b[{shade}m"))
            parts.append("" if shade is None else "\x1b[39m")
        return ["  " + line for line in "".join(parts).rstrip("\n").split("\n")]

    def _inline(self, node: SyntaxTreeNode) -> str:
        return "".join(map(self._span, node.children))

    def _span(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "text" | "math_inline":
                return node.content
            case "code_inline":
                return self._paint("code", node.content) if self._colour else f"`{node.content}`"
            case "softbreak":
                return " "
            case "hardbreak":
                return "\n"
            case "link":
                return self._link(self._inline(node), str(node.attrs.get("href", "")))
            case "image":
                words = self._inline(node)
                return self._link(f"image: {words}" if words else "image", str(node.attrs.get("src", ""))[:200])
            case "html_inline":  # a task list's checkbox: raw HTML is off
                return "[x]" if "checked=" in node.content else "[ ]"
            case "footnote_ref":
                return f"[{node.meta['label']}]"
            case _:
                return self._paint(node.type, self._inline(node))

    def _link(self, words: str, target: str) -> str:
        shown = self._paint("link", words)
        return shown if target in (words, f"mailto:{words}") or not target else f"{shown} ({target})"

    def _paint(self, style: str, text: str) -> str:
        if not self._colour or style not in _ON_OFF:
            return text
        on, off = _ON_OFF[style]
        return f"\x1b[{on}m{text}\x1b[{off}m"


def _hang(mark: str, lines: Sequence[str]) -> list[str]:
    """`lines` behind `mark`, those after the first indented as far."""
    indent = " " * width_of(mark)
    first, *rest = lines or [""]
    return [(mark + first).rstrip(), *((indent + line).rstrip() for line in rest)]
