from __future__ import annotations

import subprocess
import sys

import pytest

from comet_magics.render.live import LiveText


@pytest.mark.parametrize("begun", ["-", "1.", "##", "``", ">", "\n=", "\n --"])
def test_the_beginning_of_a_line_that_may_become_anything_is_not_shown_yet(begun):
    live = LiveText(prefix="p")
    live.feed("text\n" + begun)
    live.settled()
    assert live.tail().html == "<p>text</p>\n"
    assert live.tail().source == "text\n" + begun


def test_pieces_and_tail_are_the_text_and_links_defined_before_work():
    live = LiveText(prefix="p")
    live.feed("[a]: http://x.example\n\none\n\nsee [a]\n\nthree")
    pieces = [*live.settled(), live.tail()]
    assert "".join(piece.source for piece in pieces) == "[a]: http://x.example\n\none\n\nsee [a]\n\nthree"
    assert 'href="http://x.example"' in "".join(piece.html for piece in pieces)


def test_sizes_follow_what_was_seen():
    live = LiveText(prefix="p")
    live.feed("word " * 20)
    assert (live.waiting, live.length, live.finished_size) == (240, 100, 340)
    live.feed("\n\n- a\n- b\n\nx\n")
    settled = live.settled()
    ratio = sum(len(piece.html) for piece in settled) / sum(len(piece.source) for piece in settled)
    assert live.waiting == 0
    assert live.finished_size == round(live.length * (2 + ratio))


def test_importing_the_renderers_loads_neither_parser_nor_lexers():
    code = (
        "import sys, comet_magics.notebook.views, comet_magics.render.scroll;"
        "print({'markdown_it', 'mdit_py_plugins', 'pygments', 'IPython'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
