"""What a view is sent while an answer grows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comet_magics.panel.view import PanelView
from comet_magics.render.html import to_html

TEXT = (
    "# Penguins\n\nThree **species** live there.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
    "```python\ndf.head()\n```\n\n- one\n- two\n\nThat is all.\n"
)


class Page:
    """Does with messages what panel.js does."""

    def __init__(self):
        self.now = 0.0
        self.head = self.settled = self.tail = self.body = ""
        self.size = 0

    def __call__(self, message):
        self.size += len(str(message))
        if message["type"] == "paint":
            self.head = self.head if message["head"] is None else message["head"]
            self.settled += message["add"]
            self.tail = message["tail"]
        else:
            self.body = message["html"]

    @property
    def html(self):
        return self.head + self.settled + self.tail


@pytest.fixture
def page():
    return Page()


def view_of(page):
    return PanelView(page, 7, lambda: page.now)


@given(cuts=st.lists(st.integers(0, len(TEXT)), max_size=30))
@settings(max_examples=60, deadline=None)
def test_however_it_comes_the_page_shows_the_whole_text(cuts):
    page = Page()
    view = view_of(page)
    for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(TEXT)], strict=True):
        view.feed(TEXT[start:end])
        page.now += 0.5
        view.paint()
    view.flush()
    assert words(page.html) == words(to_html(TEXT))
    assert view.html == page.html


def words(html):
    """The elements without what ids and blanks differ in."""
    return "".join(html.split())


def test_a_late_view_sees_the_head_too(page):
    view = view_of(page)
    view.head("<details>thought</details>")
    view.feed("so it is")
    view.flush()
    assert view.html == page.html == "<details>thought</details><p>so it is</p>\n"


def test_what_goes_on_stands_below_the_text_and_goes_away(page):
    view = view_of(page)
    view.status("<p>thinking</p>", "thinking")
    assert page.html == "<p>thinking</p>"
    view.feed("done")
    page.now += 1
    view.paint()
    assert page.html == "<p>done</p>\n"


def test_bytes_are_linear_in_the_answer(page):
    def sent(paragraphs):
        page.size, page.now = 0, page.now + 10
        view = view_of(page)
        for _ in range(paragraphs):
            for word in TEXT.split(" "):
                view.feed(word + " ")
                page.now += 0.02
                view.paint()
            view.feed("\n\n")
        return page.size

    assert sent(80) < 4.4 * sent(20)
