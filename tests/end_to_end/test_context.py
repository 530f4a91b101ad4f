"""What goes along with a question from a real kernel, and what must not."""

from __future__ import annotations

import json
import re
import time

import pytest

from ..context.secrets_sample import planted


def sent(gateway):
    return "\n".join(json.dumps(request.body, ensure_ascii=False) for request in gateway.requests)


def fresh(kernel):
    assert kernel.run("%reset -f\n%load_ext comet_magics").error is None


def test_cells_variables_and_the_error_go_along(kernel, gateway):
    fresh(kernel)
    kernel.run("rate = 0.25\nprint('the rate is set')")
    kernel.run("def share(a, b):\n    return a / b\nshare(3, 0)")
    ran = kernel.run("%%gpt\nWhy does @share fail?")
    context = gateway.requests[-1].context
    assert ran.error is None
    assert "the rate is set" in context
    assert "rate = 0.25" in context
    assert "def share(a, b)" in context
    assert "ZeroDivisionError: division by zero" in context
    assert "a = 3" in context
    assert "b = 0" in context
    assert gateway.requests[-1].prompt == "Why does @share fail?"


def test_under_the_answer_folded_what_went_along(kernel, gateway):
    fresh(kernel)
    kernel.run("rate = 0.25")
    html = kernel.run("%%gpt\nWhy?").display["data"]["text/html"]
    assert re.search(r"<details class=\"comet-along\"><summary>With it went \d+ cells?, 1 variable", html)
    assert "With it went" in kernel.run("%%gpt -n\nWhy?").display["data"]["text/plain"]


def test_dry_run_and_gpt_context_show_and_send_nothing(kernel, gateway):
    fresh(kernel)
    kernel.run("rate = 0.25")
    for code in ("%%gpt --dry-run\nWhy @rate?", "%gpt_context Why @rate, then"):
        ran = kernel.run(code)
        assert ran.error is None
        data = ran.display["data"]
        assert "rate = 0.25" in data["text/html"]
        assert "<table>" in data["text/html"]
        assert "<script" not in data["text/html"]
        assert "rate" in data["text/plain"]
    assert gateway.requests == []


def test_no_planted_secret_is_sent(kernel, gateway):
    """150 secrets in cells, values, frames, outputs and a traceback."""
    fresh(kernel)
    samples = list(planted(seed=21))
    texts = [text for _, text, _ in samples]
    kernel.run(f"texts = {texts!r}")
    for start in range(0, len(texts), 30):
        kernel.run(f"print({chr(10).join(texts[start : start + 30])!r})")
    kernel.run("import pandas\nframe = pandas.DataFrame({'note': texts})\nheld = {n: t for n, t in enumerate(texts)}")
    kernel.run("def fails(note):\n    raise ValueError(note)\nfails(texts[0] + texts[60])")
    ran = kernel.run("%%gpt\nLook at @frame and @texts and @held and @err: {texts[3]}")
    assert ran.error is None
    kernel.run(f"%%gpt\nAgain: {samples[7][1]}")
    body = sent(gateway)
    assert [kind for kind, _, secret in samples if json.dumps(secret)[1:-1] in body or secret in body] == []
    assert "[secret 1" in body
    assert "replaced" in ran.display["data"]["text/plain"]


HOSTILE = """
import time, types, sys
class Bad:
    def __repr__(self): time.sleep(60)
    def __getattr__(self, name): time.sleep(60)
    def __len__(self): time.sleep(60)
class Loud(Bad):
    def __repr__(self): print("LOUD"); raise SystemExit
class Big(Bad):
    def __repr__(self): return "x" * 100_000_000
class Boom(Exception):
    def __str__(self): time.sleep(60)
"""


def test_hostile_objects_cost_less_than_two_seconds(kernel, gateway):
    fresh(kernel)
    kernel.run("%%gpt\nwarm up: everything is imported")
    kernel.run(HOSTILE)
    kernel.run("bad, loud, big = Bad(), Loud(), Big(); every = [Bad()] * 50; good = 42")
    began = time.monotonic()
    ran = kernel.run("%%gpt\nWhat are @bad @loud @big @every and good?")
    assert time.monotonic() - began < 2.5
    assert ran.error is None
    assert "good = 42" in gateway.requests[-1].context
    assert "LOUD" not in ran.stdout


def test_gpt_fix_sends_the_error_and_needs_one(kernel, gateway):
    fresh(kernel)
    kernel.run("import sys; sys.last_exc = sys.last_value = None")
    assert "no error to fix" in kernel.run("%gpt_fix").error
    kernel.run("total = 'a' + 1")
    assert kernel.run("%gpt_fix the left side should be text").error is None
    assert "TypeError: can only concatenate" in gateway.requests[-1].context
    assert "total = 'a' + 1" in gateway.requests[-1].context
    assert "the left side should be text" in gateway.requests[-1].prompt


def test_gpt_explain_describes_an_expression(kernel, gateway):
    fresh(kernel)
    kernel.run("import pandas\nframe = pandas.DataFrame({'city': ['Oslo', 'Oslo', 'Rome'], 'n': [1, 2, None]})")
    assert kernel.run("%gpt_explain frame.groupby('city').n.sum()").error is None
    assert "index 'city'" in gateway.requests[-1].context
    assert "can't be evaluated" in kernel.run("%gpt_explain nosuch").error
    assert "nothing to explain" in kernel.run("%gpt_explain").error


def test_hide_from_the_magic(kernel, gateway):
    fresh(kernel)
    kernel.run("salary = 987654321\nprint(salary)")
    assert "salary" in kernel.run("%gpt_context hide salary").stdout
    kernel.run("%%gpt\nWhat is @salary? {salary}")
    assert "987654321" not in sent(gateway)
    assert "nothing" in kernel.run("%gpt_context show salary").stdout


def test_a_figure_goes_along_as_a_picture(kernel, gateway):
    fresh(kernel)
    kernel.run(
        "import matplotlib\nmatplotlib.use('Agg')\nfrom matplotlib.figure import Figure\nfig = Figure(figsize=(40, 20))"
    )
    kernel.run("fig.subplots().set_title('Rain')")
    assert kernel.run("%%gpt\nWhat does @fig show?").error is None
    content = gateway.requests[-1].body["input"][-1]["content"]
    assert content[-1]["type"] == "input_image"
    assert "title 'Rain'" in gateway.requests[-1].context


def test_completion_of_names(kernel, gateway):
    fresh(kernel)
    kernel.run("import pandas\nframe = pandas.DataFrame({'city': ['Oslo'], 'n': [1]})\nframework = {'alpha': 1}")

    def complete(code):
        reply = kernel.client.complete(code, reply=True, timeout=20)["content"]
        return reply["matches"], code[reply["cursor_start"] : reply["cursor_end"]]

    matches, replaced = complete("%%gpt\nwhat is @fra")
    assert matches[:2] == ["frame", "framework"]
    assert replaced == "fra"
    assert complete("%%gpt\nwhat is @frame.c")[0] == ["frame.city"]
    assert "framework.alpha" in complete("%%gpt\nwhat is @framework.a")[0]
    assert "err" in complete("%%gpt\nwhat is @er")[0]
    assert "--context" in complete("%gpt_explain --con")[0]


@pytest.mark.parametrize("sources", ["none", "cells", "variables"])
def test_sources_can_be_chosen(kernel, gateway, sources):
    fresh(kernel)
    kernel.run("rate = 0.25")
    kernel.run(f"%%gpt -c {sources}\nWhy?")
    context = gateway.requests[-1].context
    assert ("<nb:cell" in context) == (sources == "cells")
    assert ("<nb:variables>" in context) == (sources == "variables")


def test_an_unknown_source_is_named_with_the_nearest(kernel, gateway):
    assert "Did you mean frames?" in kernel.run("%%gpt -c frame\nWhy?").error
    assert gateway.requests == []


def test_a_second_question_tells_only_what_is_new(kernel, gateway):
    fresh(kernel)
    kernel.run("rate = 0.25")
    kernel.run("%%gpt\nOne?")
    kernel.run("%%gpt\nTwo?")
    assert "rate = 0.25" not in gateway.requests[-1].context
