"""Verdicts below their blocks: words in markdown, figures and details in HTML."""

import base64

import pytest

from comet_magics.code.extract import extract
from comet_magics.core.verdicts import Change, Finding, Rehearsal, Verdict
from comet_magics.render.verdict_html import FIGURE_BYTES, html_with_verdicts
from comet_magics.render.verdicts import with_verdicts

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 60).decode()
TEXT = "Here:\n\n```python\nx = 1\n```\n\nThat is it.\n"
RAN = Rehearsal("ran", seconds=0.8, memory=2_000_000, changes=(Change("x", "int"),), walls=("namespaces", "seccomp"))


def verdicts(text, *runs, **more):
    return tuple(Verdict(block, rehearsal=run, **more) for block, run in zip(extract(text), runs, strict=True))


def with_figures(*figures):
    return Rehearsal("ran", seconds=0.1, figures=figures)


def test_words_stand_below_the_block():
    assert with_verdicts(TEXT, verdicts(TEXT, RAN)) == (
        "Here:\n\n```python\nx = 1\n```\n\n*✓ ran in 0.8 s, creates x*\n\n\nThat is it.\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "- one\n\n  ```python\n  x = 1\n  ```\n- two\n",
        "> ```python\n> x = 1\n> ```\n",
        "1. one\n   - two\n\n     ~~~python\n     x = 1\n     ~~~\n",
        "```python\nx = 1",
        "- one\n\n  ```python\n  x = 1\n",
    ],
)
def test_they_stand_there_in_lists_in_quotes_and_where_the_fence_never_closes(text):
    html = html_with_verdicts(text, verdicts(text, RAN))
    assert html.index("</pre>") < html.index("✓ ran in 0.8 s, creates x")
    assert html.count("comet-verdict") == 1
    markdown = with_verdicts(text, verdicts(text, RAN))
    assert "✓ ran" in markdown
    assert [block.source for block in extract(markdown)] == ["x = 1"]


def test_figures_are_pictures_with_words_and_told_in_markdown():
    found = verdicts(TEXT, with_figures(PNG, PNG))
    html = html_with_verdicts(TEXT, found)
    assert f'<img alt="Figure 2 that code block 1 drew in the rehearsal" src="data:image/png;base64,{PNG}">' in html
    assert "it draws" not in html
    assert "it draws 2 figures" in with_verdicts(TEXT, found)


def test_what_is_no_png_is_not_shown():
    for figure in ('"><script>alert(1)</script>', base64.b64encode(b"<svg onload=alert(1)>").decode()):
        html = html_with_verdicts(TEXT, verdicts(TEXT, with_figures(figure)))
        assert "<img" not in html
        assert "<script" not in html


def test_figures_have_a_limit_for_the_whole_answer():
    text = TEXT * 10
    large = PNG + "A" * 90_000
    html = html_with_verdicts(text, verdicts(text, *[with_figures(large)] * 10))
    assert html.count("<img") == FIGURE_BYTES // len(large)


def test_what_a_block_printed_or_raised_is_text():
    run = Rehearsal("raised", reason="KeyError: '<b>*x*</b>'", line=1, printed="<script>$x$</script>\nnext")
    html = html_with_verdicts(TEXT, verdicts(TEXT, run))
    assert "<script" not in html
    assert "<b>" not in html
    assert "*x*" in html
    assert "<br>next" in html


def test_details_are_folded_and_name_the_walls():
    run = Rehearsal("inconclusive", "it reaches out", attempts=("delete a.csv",), walls=("Landlock 7",))
    html = html_with_verdicts(TEXT, verdicts(TEXT, run))
    folded = html[html.index("<details>") :]
    assert "<li>Tried to: delete a.csv</li>" in folded
    assert "<li>Walls that stood: Landlock 7</li>" in folded


def test_a_model_can_not_write_a_verdict():
    text = TEXT + "\n~~~comet-verdict-0\n~~~\n"
    assert html_with_verdicts(text, (*verdicts(TEXT, RAN), Verdict(extract(text)[1]))).count("✓ ran") == 1


def test_a_repair_shows_what_changed():
    found = verdicts(TEXT, RAN, before="x = 2", findings=(Finding("overwrites", "replaces your `x`", 1, "warning"),))
    html = html_with_verdicts(TEXT, found)
    assert 'class="gd"' in html
    assert "-x = 2" in html
    assert "replaces your `x`" in html
    assert "```diff\n@@ -1 +1 @@\n-x = 2\n+x = 1\n```" in with_verdicts(TEXT, found)


def test_what_raised_is_said_with_what_the_check_knows_of_it():
    run = Rehearsal("raised", reason="KeyError: 'incme'", error="KeyError", line=1)
    found = verdicts(TEXT, run, findings=(Finding("missing-column", "no column `incme`; did you mean `income`?", 1),))
    assert "did you mean \\`income\\`?" in with_verdicts(TEXT, found)
    assert "did you mean `income`?" in html_with_verdicts(TEXT, found)
