"""Flags come off the front of the line; the question stays as it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comet_magics.core.errors import UsageError
from comet_magics.flags import FLAGS, complete, flags_help, parse


@pytest.mark.parametrize(
    ("line", "values", "rest"),
    [
        ("", {}, ""),
        ("why?", {}, "why?"),
        ("-e high why?", {"effort": ["high"]}, "why?"),
        ("--effort=low  why  -x?", {"effort": ["low"]}, "why  -x?"),
        ("-n --no-stats", {"new": [""], "no_stats": [""]}, ""),
        ("-e low -e high q", {"effort": ["high"]}, "q"),
        ("--image a.png --image 'my fig.png' q", {"image": ["a.png", "my fig.png"]}, "q"),
        ('-m "a model" q', {"model": ["a model"]}, "q"),
        ("-- -e is a flag", {}, "-e is a flag"),
        ("-5 + 3?", {}, "-5 + 3?"),
        ("- a list", {}, "- a list"),
        ('say "it\'s" -n', {}, 'say "it\'s" -n'),
    ],
)
def test_parse(line, values, rest):
    parsed = parse(line)
    assert (parsed.values, parsed.rest) == (values, rest)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("--efort high q", ["--efort", "Did you mean --effort?"]),
        ("-e hihg q", ["hihg", "Did you mean high?", "none, low, medium, high"]),
        ("-e", ["--effort needs a value", "none, low, medium, high"]),
        ("-m", ["--model needs a value", "--model MODEL"]),
        ("--new=yes", ["--new takes no value"]),
        ("--api respones q", ["Did you mean responses?"]),
    ],
)
def test_a_wrong_flag_or_value_names_the_right_one(line, words):
    with pytest.raises(UsageError) as caught:
        parse(line)
    for word in words:
        assert word in str(caught.value)


@given(st.text())
def test_any_line_is_parsed_or_refused_in_words(line):
    try:
        rest = parse(line).rest
    except UsageError as exc:
        rest = exc.what and ""
    assert rest in line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("%gpt --eff", ["--effort"]),
        ("%%gpt --effort me", ["medium"]),
        ("%%gpt -e ", ["none", "low", "medium", "high", "minimal", "xhigh"]),
        ("%gpt wh", []),
        ("%gpt --no", ["--no-check", "--no-stats"]),
    ],
)
def test_tab_completion(line, expected):
    assert complete(line) == expected


def test_every_flag_is_in_the_help():
    text = flags_help()
    assert all(flag.long in text and flag.help in text for flag in FLAGS)
