from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comet_magics.render.blocks import Block, Blocks
from comet_magics.render.html import to_html

TEXTS = [
    case.partition("\n--->\n")[0].partition("\n")[2]
    for case in (Path(__file__).parent / "pairs" / "html.md").read_text(encoding="utf-8").split("=== ")[1:]
]
LINES = st.sampled_from(
    [
        "word word",
        "",
        "# head",
        "---",
        "===",
        "- item",
        "  - inner",
        "1. one",
        "    code",
        "> quote",
        "```",
        "~~~python",
        "| a | b |",
        "|---|---|",
        "$$",
        "\\]",
        "\\[ x",
        "[1]: http://x",
        '"title"',
        "[^1]: note",
        "<div>",
        "\tx",
    ]
)
MARKDOWN = st.lists(LINES, max_size=30).flatmap(
    lambda lines: st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=len(lines), max_size=len(lines)).map(
        lambda ends: "".join(line + end for line, end in zip(lines, ends, strict=True))
    )
)


def settle_all(parts, piece=2_000):
    blocks = Blocks(piece=piece)
    settled: list[Block] = []
    for part in parts:
        blocks.feed(part)
        settled += blocks.settle()
    return [*settled, blocks.tail]


def sources(text, piece=2_000):
    return [block.source for block in settle_all([text], piece)]


def cuts(text, places):
    bounds = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]


@given(st.sampled_from(TEXTS) | MARKDOWN, st.lists(st.integers(0, 10_000), max_size=12), st.sampled_from([20, 2_000]))
@settings(deadline=None)
def test_any_cuts_lose_nothing(text, places, piece):
    assert text == "".join(block.source for block in settle_all(cuts(text, places), piece))


@pytest.mark.parametrize("text", TEXTS)
def test_character_by_character_settles_what_one_piece_does(text):
    # But for empty lines after a fence, which is settled as soon as it closes.
    whole, single = (
        [block.markdown.strip("\n") for block in settle_all(parts) if block.source.strip()]
        for parts in ([text + "\n\nend\n"], text + "\n\nend\n")
    )
    assert whole == single


@pytest.mark.parametrize("text", [text for text in TEXTS if "]:" not in text and "```\n```python" not in text])
def test_blocks_on_their_own_look_as_in_the_whole(text):
    parts = [to_html(block.markdown, prefix="p") for block in settle_all(text + "\n\nend\n")]
    assert to_html(text + "\n\nend\n", prefix="p") == "".join(parts)


def test_what_a_next_line_may_change_is_not_settled():
    for text in (
        "para\n",
        "para\n\n",
        "- a\n\n",
        "> a\n",
        "| a |\n",
        "    code\n\n",
        "[a]: http://x\n",
        "$$\nx\n- y\n",
    ):
        assert sources(text) == [text], text


def test_a_paragraph_is_settled_when_the_next_block_has_begun_with_a_whole_line():
    assert sources("a\n\nb") == ["a\n\nb"]
    assert sources("a\n\nb\n") == ["a\n\n", "b\n"]


def test_a_line_below_may_turn_a_paragraph_into_a_heading():
    assert sources("title\n-") == ["title\n-"]
    assert sources("title\n---\n") == ["title\n---\n"]


def test_a_closed_fence_is_settled_at_once():
    assert sources("a\n```python\nx\n```\n") == ["a\n", "```python\nx\n```\n", ""]


def test_a_fence_in_a_fence_of_more_ticks_does_not_close_it():
    assert sources("````md\n```\nx\n```\n") == ["````md\n```\nx\n```\n"]


def test_a_long_fence_goes_in_pieces_that_can_be_read_alone():
    blocks = settle_all(["~~~ py\n", "x = 1\n" * 10, "y = 2\n" * 10, "~~~\n", "after\n"], piece=30)
    assert [block.markdown for block in blocks] == [
        "~~~ py\n" + "x = 1\n" * 10,
        "~~~ py\n" + "y = 2\n" * 10,
        "",
        "after\n",
    ]
    assert [block.whole for block in blocks] == [False, False, True, True]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_empty_lines_above_a_long_block_are_not_its_first_line(end):
    for head in ("```py" + end, f"| a | b |{end}|---|---|{end}"):
        blocks = settle_all([end * 2 + head + f"1 | 2{end}" * 9, f"3 | 4{end}" * 9 + "x"], piece=20)
        assert [block.opener for block in blocks] == ["", head, head]


def test_a_long_list_goes_item_by_item_and_keeps_its_numbers():
    blocks = settle_all(["1. aaaa\n2. bbbb\n   more\n3. cccc\n", "\ntext\n"], piece=10)
    assert [(block.source, block.whole) for block in blocks] == [
        ("1. aaaa\n2. bbbb\n   more\n", False),
        ("3. cccc\n\n", True),
        ("text\n", True),
    ]


def test_items_that_move_to_the_right_are_still_cut():
    assert sources("- aaaa\n - bbbb\n   - cccc\n", piece=10) == ["- aaaa\n", " - bbbb\n   - cccc\n"]


def test_a_list_of_one_long_item_is_not_cut():
    text = "- " + "a\n  " * 20 + "\n"
    assert sources(text, piece=10) == [text]


def test_a_long_table_goes_on_under_its_own_head():
    head = "| a | b |\n|---|---|\n"
    blocks = settle_all([head + "| 1 | 2 |\n" * 3, "| 3 | 4 |\n" * 3, "\n", "text\n"], piece=20)
    assert [block.markdown for block in blocks] == [
        head + "| 1 | 2 |\n" * 3,
        head + "| 3 | 4 |\n" * 3,
        "",
        "text\n",
    ]


def test_a_long_table_that_has_ended_needs_no_head_for_what_follows():
    table = "| a |\n|---|\n" + "| 1 |\n" * 9 + "\n"
    assert settle_all([table, "b | c\n"], piece=20) == [Block(table), Block("b | c\n")]


def test_a_long_paragraph_stays_whole():
    text = "word\n" * 50
    assert sources(text, piece=20) == [text]


def test_a_known_definition_is_there_for_later_blocks():
    blocks = Blocks()
    blocks.feed("[a]: http://x.example\n\ntext\n\nmore\n")
    blocks.settle()
    assert blocks.references["A"]["href"] == "http://x.example"


def test_display_maths_that_is_open_waits_for_its_end_or_an_empty_line():
    assert sources("$$\na\n= b\n- c\n$$\ntext\n") == ["$$\na\n= b\n- c\n$$\n", "text\n"]
    assert sources("$$\na\n\nb\n") == ["$$\na\n\n", "b\n"]


def test_half_a_line_end_is_waited_for():
    blocks = Blocks()
    blocks.feed("a\r\n\r\nb\r")
    assert [block.source for block in blocks.settle()] == []
    blocks.feed("\nc")
    assert [block.source for block in blocks.settle()] == ["a\r\n\r\n"]


def test_waiting_counts_what_was_not_looked_at():
    blocks = Blocks()
    blocks.feed("abc")
    blocks.feed("de")
    assert blocks.waiting == 5
    blocks.settle()
    assert blocks.waiting == 0
