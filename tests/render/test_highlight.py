from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comet_magics.render.highlight import highlight, language_of, lex


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("python", "python"),
        ("Python", "python"),
        ("{.python .numberLines}", "python"),
        ('py title="x"', "py"),
        ("c++", "c++"),
        ("", ""),
        ("<b>", ""),
    ],
)
def test_the_language_of_a_fence(info, language):
    assert language_of(info) == language


@pytest.mark.parametrize("language", ["", "text", "klingon", "no such-language"])
def test_unknown_code_is_plain(language):
    assert highlight("a < b", language) == "a &lt; b"


def test_code_too_long_for_a_lexer_is_plain():
    assert lex("x" * 5_001, "python") is None
    assert lex("x = 1\n" * 20_000, "python") is None


@given(st.text(max_size=60), st.sampled_from(["python", "html", "sql", "r", "json", "bash", "diff", "ipython"]))
@settings(deadline=None)
def test_colour_changes_no_character(code, language):
    assert unescape(re.sub(r"<[^>]*>", "", highlight(code, language))) == unescape(highlight(code, "text"))
