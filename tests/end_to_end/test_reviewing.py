"""Code that runs: an answer's code is checked, rehearsed and repaired before anybody runs it."""

import json

import pytest

from comet_magics.core.usage import Usage
from comet_magics.testing import Gateway, reply

WRONG = "Here:\n\n```python\nmean = df['incme'].mean()\nmean\n```\n\nThat is it.\n"
RIGHT = "```python\nmean = df['income'].mean()\nmean\n```\n"


@pytest.fixture
def script():
    """The replies to come; a test adds its own."""
    return []


@pytest.fixture
def gateway(script):
    def answer(request):
        return script.pop(0)(request)

    with Gateway(default=answer) as gateway:
        yield gateway


@pytest.fixture
def frame(kernel):
    kernel.run(
        "import pandas as pd\ndf = pd.DataFrame({'income': [1.0, 3.0]})\n"
        "for name in ('mean', 'x'): globals().pop(name, None)"
    )
    return kernel


def test_a_wrong_column_is_repaired(frame, gateway, script):
    script += [reply(WRONG, usage=Usage(100, 10)), reply(RIGHT, usage=Usage(200, 20))]
    ran = frame.run("%%gpt\nmean income")
    assert ran.error is None
    question = json.dumps(gateway.requests[1].body)
    assert "incme" in question
    assert "did you mean `income`?" in question
    data, metadata = ran.display["data"], ran.display["metadata"]["comet_magics"]
    (block,) = metadata["blocks"]
    assert (block["mark"], block["failed"], block["outcome"]) == ("✓", False, "ran")
    assert "df['income']" in block["source"]
    assert "incme" in block["before"]
    for kind in ("text/markdown", "text/plain"):
        assert "✓ ran in" in data[kind]
        assert "-mean = df['incme'].mean()\n+mean = df['income'].mean()" in data[kind]
        assert "That is it." in data[kind]
    assert "✓ ran in" in data["text/html"]
    assert metadata["usage"]["input_tokens"] == 300
    assert frame.value("_gpt.blocks[0].text.partition(' in ')[0], 'mean' in globals()") == "✓ ran False"
    assert frame.value("_gpt.code") == "mean = df['income'].mean()\nmean"


def test_what_stays_wrong_arrives_with_its_reason(frame, gateway, script):
    script += [reply(WRONG), reply(WRONG)]
    data = frame.run("%%gpt\nmean income").display["data"]
    assert "✗ KeyError: 'incme' (line 1)" in data["text/markdown"]
    assert "changed nothing" in data["text/plain"]


def test_repairs_can_be_switched_off(frame, gateway, script):
    script += [reply(WRONG)]
    frame.run("%config CometMagics.repairs = 0")
    frame.run("%%gpt\nmean income")
    assert len(gateway.requests) == 1


def test_without_a_check_nothing_is_said(frame, gateway, script):
    script += [reply(WRONG)]
    display = frame.run("%%gpt --no-check\nmean income").display
    assert display["data"]["text/markdown"] == WRONG
    assert display["metadata"]["comet_magics"]["blocks"] == []


def test_checked_only(frame, gateway, script):
    script += [reply("```python\nx = df.income.sum()\n```\n")]
    frame.run("%config CometMagics.rehearse = False")
    assert "⚠ checked, not rehearsed" in frame.run("%%gpt\nsum").display["data"]["text/plain"]


def test_later_blocks_know_earlier_ones(frame, gateway, script):
    script += [reply("```python\nx = df.income * 2\n```\n\nthen\n\n```python\nx.sum()\n```\n\n```text\n8.0\n```\n")]
    blocks = frame.run("%%gpt\ndouble").display["metadata"]["comet_magics"]["blocks"]
    assert [block["mark"] for block in blocks if block["role"] == "cell"] == ["✓", "✓"]
    assert blocks[1]["printed"] == "np.float64(8.0)\n"


def test_while_the_code_is_tried_the_output_says_so(frame, gateway, script):
    script += [reply("```python\nimport time\ntime.sleep(1.5)\nx = 1\n```\n")]
    ran = frame.run("%%gpt\nwait")
    shown = [message["content"]["data"] for message in ran.messages if message["msg_type"] == "update_display_data"]
    assert any("trying the code… 1 s" in data["text/plain"] for data in shown)
    assert "trying" not in ran.display["data"]["text/plain"]


def test_a_stop_while_the_code_is_tried_keeps_the_answer(frame, gateway, script):
    script += [reply("Here:\n\n```python\nimport time\ntime.sleep(300)\n```\n")]

    def is_told(message):
        return "trying the code" in str(message["content"])

    asked = frame.start("%%gpt\nwait")
    before = frame.finish(asked, until=is_told)
    frame.interrupt()
    ran = frame.joined(before.messages, frame.finish(asked))
    data, metadata = ran.display["data"], ran.display["metadata"]["comet_magics"]
    assert "time.sleep(300)" in data["text/markdown"]
    assert "the rehearsal was inconclusive: it was stopped" in data["text/plain"]
    assert metadata["blocks"][0]["seconds"] < 10
    assert frame.value("_gpt.code") == "import time\ntime.sleep(300)"


def test_a_stop_while_a_repair_comes_keeps_the_answer_and_its_verdict(frame, gateway, script):
    script += [reply(WRONG), reply("long " * 200).delayed(between=0.1)]
    asked = frame.start("%%gpt\nmean income")
    before = frame.finish(asked, until=lambda message: "asking for a repair" in str(message["content"]))
    frame.interrupt()
    data = frame.joined(before.messages, frame.finish(asked)).display["data"]
    assert "✗ KeyError: 'incme' (line 1)" in data["text/markdown"]
    assert "A repair was asked for and was stopped." in data["text/plain"]


@pytest.mark.parametrize("background", ["", " --background"])
def test_where_the_check_itself_fails_the_answer_is_kept(frame, gateway, script, background):
    """An environment in which a package of ours is broken."""
    script.append(reply(RIGHT))
    frame.run(
        "import sys\n"
        "_ours = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith('comet_magics.code.')}\n"
        "_theirs = sys.modules.get('pyflakes')\nsys.modules['pyflakes'] = None"
    )
    try:
        frame.run("globals().pop('kept', None)")
        frame.run(f"%%gpt{background} -c none --as kept\nmean income")
        frame.run("%gpt_wait")
        assert frame.value("kept.status, kept.blocks, kept.code") == "complete () mean = df['income'].mean()\nmean"
    finally:
        frame.run("sys.modules.update(_ours)\nsys.modules['pyflakes'] = _theirs")
