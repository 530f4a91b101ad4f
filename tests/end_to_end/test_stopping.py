"""Stop and fail: the text stays, the connection ends, the row is written, the cell says what happened."""

import json
import sqlite3

import pytest

from comet_magics.testing import closed, page, replay, reply, status

CANARY = "sk-canary-e2e-7"
WORDS = [f"word{number} " for number in range(400)]


def shows(text):
    """Whether a message brings `text` to the screen."""
    return lambda message: text in json.dumps(message["content"].get("data", {}), ensure_ascii=False)


def rows(tmp_path):
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as db:
        return db.execute("select status, error from requests order by rowid").fetchall()


@pytest.fixture
def script(gateway):
    return gateway._script.extend


def stop(kernel, gateway, cell, when):
    """Interrupt `cell` once `when(message)` is true; return what it did."""
    msg_id = kernel.start(cell)
    before = kernel.finish(msg_id, until=when).messages
    assert gateway.wait_for_requests()
    kernel.interrupt()
    ran = kernel.finish(msg_id)
    return kernel.joined(before, ran)


@pytest.mark.parametrize("api", ["responses", "chat"])
@pytest.mark.parametrize(
    ("response", "shown"),
    [
        pytest.param(reply("never").delayed(600), "", id="before the first byte"),
        pytest.param(reply(WORDS).stalled(after=60), "word5", id="in a stall"),
        pytest.param(reply(WORDS).delayed(between=0.01), "word5", id="in the middle"),
    ],
)
def test_an_interrupt_ends_it_and_keeps_the_text(kernel, gateway, script, tmp_path, api, response, shown):
    script([response])
    ran = stop(kernel, gateway, f"%%gpt --api {api}\nq", shows(shown or "thinking"))
    assert ran.reply["status"] == "error"
    assert "Stopped." in ran.error
    assert "Traceback" not in ran.error
    assert gateway.wait_for_disconnects()
    assert kernel.value("_gpt.status") == "stopped"
    assert rows(tmp_path) == [("stopped", "")]
    if shown:
        assert ran.display["data"]["text/markdown"].startswith("word0 word1 ")
        assert "stopped" in ran.display["data"]["text/plain"].lower()
        assert kernel.value("_gpt.text.startswith('word0 word1 ')") == "True"
    gateway.requests.clear()
    kernel.run("%gpt go on")
    assert ("word1" in json.dumps(gateway.requests[0].body)) == bool(shown)


def test_an_interrupt_ends_the_wait_before_a_retry(kernel, gateway, script, tmp_path):
    script([status(429, "slow down", {"Retry-After": "50"}), reply("never")])
    ran = stop(kernel, gateway, "%gpt q", shows("slow down"))
    assert "Stopped." in ran.error
    assert len(gateway.requests) == 1
    assert rows(tmp_path) == [("stopped", "")]


def test_an_impatient_user_loses_nothing(kernel, gateway, script):
    script([reply(WORDS).stalled(after=60)])
    msg_id = kernel.start("%%gpt\nq")
    kernel.finish(msg_id, until=shows("word"))
    kernel.interrupt()
    kernel.interrupt()
    ran = kernel.finish(msg_id)
    assert "Stopped." in ran.error
    assert kernel.value("_gpt.status, len(_gpt.text) > 100") == "stopped True"


@pytest.mark.parametrize("api", ["responses", "chat"])
def test_a_cut_in_the_middle_keeps_the_text(kernel, gateway, script, tmp_path, api):
    script([reply(WORDS).cut(after=60)])
    ran = kernel.run(f"%%gpt --api {api}\nq")
    assert ran.display["data"]["text/markdown"].startswith("word0 word1 ")
    assert ran.display["metadata"]["comet_magics"]["status"] == "partial"
    assert "lost in the middle" in ran.error
    assert "are above and in `_gpt.text`" in ran.error
    assert "go on from where you stopped" in ran.error
    assert kernel.value("_gpt.status") == "partial"
    assert [row[0] for row in rows(tmp_path)] == ["partial"]
    assert len(gateway.requests) == 1


def test_a_stall_ends_by_idle_time(kernel, gateway, script):
    script([reply(WORDS).stalled(after=60)])
    kernel.run("%config CometMagics.idle_timeout = 1")
    ran = kernel.run("%gpt q")
    assert "stalled" in ran.error
    assert kernel.value("_gpt.status") == "partial"
    assert gateway.wait_for_disconnects()


def test_a_slow_answer_is_no_stall(kernel, gateway, script):
    script([reply([str(number) for number in range(8)]).delayed(between=0.4)])
    kernel.run("%config CometMagics.idle_timeout = 2")
    assert kernel.run("%gpt q").error is None
    assert kernel.value("_gpt.text") == "01234567"


def test_busy_then_answered(kernel, gateway, script, tmp_path):
    script([status(503, "busy", {"Retry-After": "0"}), status(429, "later", {"Retry-After": "0"}), reply("done")])
    assert kernel.run("%gpt q").error is None
    assert kernel.value("_gpt.text") == "done"
    assert rows(tmp_path) == [("complete", "")]


@pytest.mark.parametrize(
    ("response", "words", "requests"),
    [
        pytest.param(status(401, "wrong"), ["did not accept the key", "%gpt_login"], 1, id="key"),
        pytest.param(status(402, "no quota"), ["No credit"], 1, id="credit"),
        pytest.param(status(400, "bad effort"), ["bad effort"], 1, id="request"),
        pytest.param(status(503, "busy", {"Retry-After": "0"}), ["busy"], 4, id="busy for long"),
        pytest.param(page(400), ["400"], 1, id="page"),
        pytest.param(closed(), ["may have been billed"], 1, id="closed"),
        pytest.param(replay(b'{"error": {"message": "odd", "code": "x1"}}'), ["odd"], 1, id="error with status 200"),
        pytest.param(replay(b"<html><body>hi</body></html>"), ["web page"], 1, id="page with status 200"),
        pytest.param(replay(b""), ["without an answer"], 1, id="nothing"),
    ],
)
def test_what_fails_is_said_in_a_few_lines(kernel, gateway, tmp_path, response, words, requests):
    gateway._default = response
    ran = kernel.run("%%gpt\nq")
    for word in words:
        assert word in ran.error
    assert "Traceback" not in ran.error
    assert "<html" not in ran.error
    assert len(ran.error.splitlines()) <= 4
    assert kernel.value("_gpt.status") == "failed"
    assert len(gateway.requests) == requests
    (row,) = rows(tmp_path)
    assert row[0] == "failed"
    assert row[1]


def test_a_failed_question_leaves_no_trace_in_the_conversation(kernel, gateway, script):
    script([reply("one"), status(400, "no"), reply("two")])
    for line in ("%gpt first", "%gpt second", "%gpt third"):
        kernel.run(line)
    sent = json.dumps(gateway.requests[-1].body)
    assert "first" in sent
    assert "second" not in sent


def test_a_refusal_and_a_limit_are_no_errors_and_are_told(kernel, gateway, script):
    script([reply(refusal="I can't help with that."), reply("half", ending="max_output_tokens")])
    refused, cut = kernel.run("%gpt q"), kernel.run("%gpt q")
    assert refused.error is None
    assert refused.display["metadata"]["comet_magics"]["status"] == "refused"
    assert "I can't help" in refused.display["data"]["text/plain"]
    assert cut.error is None
    assert cut.display["metadata"]["comet_magics"]["status"] == "partial"
    assert "limit" in cut.display["data"]["text/plain"]


def test_the_key_appears_nowhere(kernel, gateway, script, tmp_path):
    echo = {"error": {"message": f"Incorrect API key provided: {CANARY}", "code": "invalid_api_key"}}
    script(
        [
            reply("fine"),
            status(401, echo, {"x-request-id": "r1"}),
            status(500, f"upstream said Bearer {CANARY}", {"Retry-After": "0"}),
            reply(WORDS).cut(after=5),
            replay(json.dumps(echo).encode()),
        ]
    )
    cells = [
        "%gpt q",
        "%gpt q",
        "%gpt q",
        "%gpt q",
        "%gpt --dry-run q",
        "import sys, traceback\n"
        "print(''.join(traceback.format_exception(sys.last_value)))\n"
        "print(vars(sys.last_value), sys.last_value.__cause__, vars(sys.last_value.__cause__ or object))\n"
        "magics = get_ipython().magics_manager.registry['GptMagics']\n"
        "app = magics.assistant.asking.app; print(vars(magics), vars(app), vars(app.session), repr(_gpt))\n"
        "from comet_magics import config; print(config.find_key(), repr(config.find_key()))",
        "import logging; logging.basicConfig(level=0, force=True)",
        "%gpt with every log on",
        "logging.basicConfig(level=30, force=True)",
    ]
    for cell in cells:
        kernel.run(cell)
    assert any(CANARY in request.headers["authorization"] for request in gateway.requests)
    assert CANARY not in json.dumps(kernel.everything, default=str)
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or CANARY.encode() not in path.read_bytes()
