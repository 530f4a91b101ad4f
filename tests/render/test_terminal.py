from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comet_magics.render.cells import clean, cut, pad, width_of, wrap
from comet_magics.render.scroll import Scroll
from comet_magics.render.terminal import to_terminal

from .reading import pairs
from .test_html import MARKDOWN


def visible(text):
    return text.replace("\x1b", "<ESC>")


def screen(written, width=40):
    """What a terminal shows after `written`: enough of one for what we write."""
    rows, row, column = [[]], 0, 0
    for part in re.findall(r"\x1b\[\d*[A-Za-z]|.|\n", written, re.DOTALL):
        if part == "\n":
            row, column = row + 1, 0
            rows += [[]] if row == len(rows) else []
        elif part == "\r":
            column = 0
        elif part == "\x1b[J":
            del rows[row + 1 :], rows[row][column:]
        elif part.endswith("A"):
            row = max(0, row - int(part[2:-1]))
        elif not part.startswith("\x1b"):
            assert column < width
            rows[row][column:] = part
            column += 1
    return "\n".join("".join(cells) for cells in rows)


@pytest.mark.parametrize(("markdown", "text"), pairs("terminal.md"))
def test_markdown_becomes(markdown, text):
    markdown = markdown.replace("<ESC>", "\x1b").replace("<BEL>", "\x07")
    assert text == visible(to_terminal(markdown, width=40, colour=True)).strip("\n")


@given(MARKDOWN)
@settings(deadline=None)
def test_without_colour_no_escape_and_no_control_character_comes_out(markdown):
    text = to_terminal(markdown + "\x1b[31m\x9b\x07", width=40, colour=False)
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text) is None


def test_code_in_a_line_keeps_its_ticks_without_colour():
    assert to_terminal("`a` **b**", width=40, colour=False) == "`a` b"


def test_a_table_of_many_columns_still_fits_as_far_as_it_can():
    row = "|" + " word word |" * 6
    lines = to_terminal(f"{row}\n|{'-|' * 6}\n{row}", width=40, colour=False).splitlines()
    assert {line.strip("─ ") for line in lines} == {"word      word      word      word      word      word", ""}


TEXT = "# Title\n\nOne two three.\n\n- a\n- b\n\n```python\nx = 1\n```\n\nEnd\n"


def test_a_terminal_shows_in_the_end_what_was_printed_block_by_block():
    scroll = Scroll(width=41, colour=False, live=True)
    written = ""
    for char in TEXT:
        scroll.feed(char)
        written += scroll.paint()
    written += scroll.finish(["the end"])
    expected = "Title\n\nOne two three.\n\n• a\n• b\n\n  x = 1\n\nEnd\n\nthe end\n"
    assert screen(written) == expected


def test_the_tail_is_seen_while_it_grows():
    scroll = Scroll(width=41, colour=False, live=True)
    scroll.feed("Hello **wor")
    first = scroll.paint()
    scroll.feed("ld** " + "and on " * 10)
    assert screen(first) == "Hello **wor"
    assert screen(first + scroll.paint()).startswith("Hello **world** and on")


def test_a_status_gives_way_to_text():
    scroll = Scroll(width=41, colour=False, live=True)
    written = scroll.paint("thinking… 1 s")
    assert screen(written) == "thinking… 1 s"
    scroll.feed("Text")
    written += scroll.paint()
    assert screen(written) == "Text"
    assert screen(written + scroll.paint("trying the code… 2 s")) == "Text\ntrying the code… 2 s"


def test_nothing_new_writes_nothing():
    assert Scroll(width=41, colour=False, live=True).paint() == ""


def test_a_pipe_gets_finished_blocks_and_no_escapes():
    scroll = Scroll(width=41, colour=False, live=False)
    written = []
    for char in TEXT:
        scroll.feed(char)
        written.append(scroll.paint("thinking…"))
    written.append(scroll.finish(["the end"]))
    assert "".join(written) == "Title\n\nOne two three.\n\n• a\n• b\n\n  x = 1\n\nEnd\n\nthe end\n"


def test_pieces_of_a_long_code_block_stand_together():
    scroll = Scroll(width=41, colour=False, live=False)
    scroll.feed("```\n")
    written = ""
    for _ in range(300):
        scroll.feed("0123456789\n")
        written += scroll.paint()
    scroll.feed("```\nafter\n")
    written += scroll.paint() + scroll.finish([])
    assert written == "  0123456789\n" * 300 + "\nafter\n\n"


def test_the_last_lines_are_quiet_in_colour():
    assert Scroll(width=41, colour=True, live=True).finish(["x"]) == "\x1b[2mx\x1b[22m\n"


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("数字", 4), ("é", 1), ("a\u200d", 1), ("\x1b[1mab\x1b[22m", 2), ("👍", 2)]
)
def test_width_in_cells(text, width):
    assert width_of(text) == width


def test_padding_on_each_side():
    assert [pad("数", 5, side) for side in ("left", "right", "center", "")] == ["数   ", "   数", " 数  ", "数   "]


@given(st.text(alphabet="ab 数é\x1b[1m\n", max_size=80), st.integers(2, 20))
def test_wrapped_lines_fit(text, width):
    text = clean(text)
    lines = wrap(text, width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "").replace("\n", "")


def test_what_fits_is_not_cut():
    assert cut("ab", 2) == ("ab", "")


def test_colours_are_never_cut():
    assert cut("\x1b[1mab\x1b[22mc", 2) == ("\x1b[1mab\x1b[22m", "c")


def test_tabs_become_spaces_and_an_open_sequence_takes_no_text_with_it():
    assert clean("a\tb\x1b]8;;open") == "a   b]8;;open"
