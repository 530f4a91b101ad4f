from __future__ import annotations

import re
import string
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comet_magics.core.answer import Answer
from comet_magics.render.html import final_html, summary_html, text_html, to_html

from .reading import pairs

# All that may ever be in an answer, and what each element may carry.
PLAIN = ("h1", "h2", "h3", "h4", "h5", "h6", "br", "hr", "em", "strong", "s", "blockquote", "ul", "small")
PLAIN += ("table", "thead", "tbody", "tr", "sup", "summary", "style")
ALLOWED = {
    **{tag: set() for tag in PLAIN},
    "ol": {"start"},
    "li": {"class", "id"},
    "th": {"style"},
    "td": {"style"},
    "b": {"class"},
    "i": {"class"},
    "span": {"class"},
    "div": {"class"},
    "p": {"class", "role", "aria-label"},
    "pre": {"tabindex"},
    "code": {"class"},
    "a": {"href", "title", "rel", "target", "id", "aria-label"},
    "input": {"type", "disabled", "checked", "aria-label"},
    "section": {"aria-label"},
    "details": {"open"},
}
CLASSES = {"comet-answer", "comet-table", "comet-math", "comet-note", "comet-stats", "task-list-item"}
CODE_CLASSES = {"k", "kc", "ow", "o", "c", "s", "m", "nb", "nf", "nc", "nd", "nt", "na", "gd", "gi", "gh"}
VOID = {"br", "hr", "input"}


class Checker(HTMLParser):
    """Fails on anything that is not allowed, and on elements that don't close in order."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self.prefix = prefix
        self.stack: list[str] = []
        self.styles: list[str] = []

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, tag
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names))
        assert set(names) <= ALLOWED[tag], (tag, attrs)
        for name, value in attrs:
            self._check(tag, name, value)
        if tag not in VOID:
            self.stack.append(tag)

    def _check(self, tag, name, value):
        match name:
            case "href":
                assert value.lower().startswith(("http://", "https://", "mailto:", "#")), value
            case "id":
                assert value.startswith((f"fn-{self.prefix}", f"fr-{self.prefix}"))
                assert set(value) <= set(string.ascii_letters + string.digits + "-")
            case "class" if tag == "code":
                assert re.fullmatch(r"language-[\w+#-]{1,40}", value)
            case "class":
                assert value in (CODE_CLASSES if tag in ("b", "i") else CLASSES | CODE_CLASSES)
            case "style":
                assert value in {"text-align:left", "text-align:center", "text-align:right"}
            case "rel":
                assert value == "noopener noreferrer"
            case "start":
                assert value.isdigit()

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        if self.stack and self.stack[-1] == "style":
            self.styles.append(data)

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def check(html: str, prefix: str = "p") -> None:
    checker = Checker(prefix)
    checker.feed(html)
    checker.close()
    assert checker.stack == []


def answer(text: str, **changes: object) -> Answer:
    fields = {"code": "", "status": "complete", "model": "gpt-5.1", "effort": "low", "api": "responses", "seconds": 1.0}
    return Answer(text=text, **{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(("markdown", "html"), pairs("html.md"))
def test_markdown_becomes(markdown, html):
    assert html == to_html(markdown, prefix="p").strip("\n")
    check(html)


@pytest.mark.parametrize(("markdown", "html"), pairs("hostile.md"))
def test_hostile_markdown_becomes_harmless(markdown, html):
    assert html == to_html(markdown, prefix="p").strip("\n")
    check(html)


PIECES = st.sampled_from(
    [
        *"<>\"'&`*_[]()!#$\\|-+=:~^ \n\t{}/;",
        "<script>",
        "</",
        "javascript:",
        "https://x.example/",
        "data:",
        "onerror=",
        "style=",
        "<!--",
        "]]>",
        "&#x6a;",
        "![",
        "](",
        "[^1]",
        "[^1]: ",
        "\n\n",
        "\n    ",
        "\n- [x] ",
        "\n1. ",
        "\n> ",
        "\n```",
        "\n```html\n",
        "\n```python\n",
        "\n|a|b|\n|:-:|-|\n|",
        "$$",
        "\\(",
        "\\)",
        "\\href",
        "[1]: ",
        "\u202e",
        "\x00",
        "a",
        "é",
        "数",
    ]
)
MARKDOWN = st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join)


@given(MARKDOWN)
@settings(max_examples=300, deadline=None)
def test_no_markdown_gets_anything_else_into_the_page(markdown):
    check(to_html(markdown, prefix="p"))


@given(MARKDOWN, MARKDOWN)
@settings(max_examples=50, deadline=None)
def test_no_summary_or_notice_does_either(summary, notice):
    check(final_html(answer("x", summary=summary, model=notice), [notice], prefix="p"))


def test_the_finished_output_has_its_parts_in_order():
    html = final_html(answer("The **text**.", summary="Thought *hard*.", status="stopped"), ["One < two."], prefix="p")
    parts = (
        '<div class="comet-answer"><style>',
        "</style><details><summary>Reasoning</summary><p>Thought <em>hard</em>.</p>\n</details>",
        "<p>The <strong>text</strong>.</p>",
        '<p class="comet-note">Stopped.</p>',
        '<p class="comet-note">One &lt; two.</p>',
        '<p class="comet-stats"',
    )
    places = [html.index(part) for part in parts]
    assert places == sorted(places)
    check(html)


@pytest.mark.parametrize(
    ("status", "mark"),
    [("partial", "Not complete."), ("refused", "Declined."), ("failed", "No answer came.")],
)
def test_the_mark_says_how_it_ended(status, mark):
    assert f'<p class="comet-note">{mark}</p>' in final_html(answer("x", status=status))


def test_an_empty_answer_says_so():
    assert "The answer is empty." in final_html(answer(" \n"))
    assert 'class="comet-note"' not in final_html(answer("x"))


def test_the_statistics_can_be_left_out():
    assert 'comet-stats"' not in final_html(answer("x"), stats=False)


def test_footnotes_of_two_answers_do_not_meet():
    text = "a[^1]\n\n[^1]: b"
    ids = {final_html(answer(text, request_id=name)).partition('id="')[2][:11] for name in ("one", "two")}
    assert len(ids) == 2


def test_a_summary_that_grows_is_open():
    assert summary_html("a", opened=True, prefix="p").startswith("<details open>")


def test_a_lone_sign_in_an_element_is_no_formula():
    assert text_html("$5 < \\(") == "<span>$</span>5 &lt; <span>\\</span>("


@pytest.mark.parametrize(
    "markdown", ["> " * 5_000 + "a", "[" * 5_000, "- " * 5_000, "**a" * 2_000, "$a" * 5_000, "\\begin{a}\n" * 500]
)
def test_nesting_without_end_is_harmless(markdown):
    check(to_html(markdown, prefix="p"))
