"""`%%gpt` in a real kernel: what is sent, what is shown, what is kept."""

import json
import re
import sqlite3

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from comet_magics.core.usage import Usage
from comet_magics.testing import Gateway, reply, status

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 16


def ledger(tmp_path):
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as db:
        db.row_factory = sqlite3.Row
        (table,) = [
            row[0]
            for row in db.execute("select name from sqlite_master where type='table' and name != 'sqlite_sequence'")
        ]
        return [dict(row) for row in db.execute(f"select * from {table} order by rowid")]


@pytest.fixture
def gateway():
    usage = Usage(2000, 300, cached_tokens=1500, reasoning_tokens=120)
    with Gateway(default=reply("An **answer**:\n\n```python\nx = 1\n```\n", usage=usage)) as gateway:
        yield gateway


def test_an_answer_is_one_static_output(kernel, gateway, tmp_path):
    ran = kernel.run("%%gpt\nWhat is x?")
    assert ran.error is None
    data, metadata = ran.display["data"], ran.display["metadata"]["comet_magics"]
    answer, verdict = data["text/markdown"].split("```\n", 1)
    assert answer == "An **answer**:\n\n```python\nx = 1\n"
    assert re.fullmatch(r"\n\*✓ ran in [\d.]+ m?s, creates x\*\n\n", verdict)
    assert "<strong>answer</strong>" in data["text/html"]
    assert "An **answer**" in data["text/plain"]
    for words in ("gpt-5.1", "none", "2,000", "75 %", "300", "120", "$0.0044"):
        assert words in data["text/plain"].splitlines()[-1]
    assert {key: metadata[key] for key in ("model", "effort", "api", "status")} == {
        "model": "gpt-5.1",
        "effort": "none",
        "api": "responses",
        "status": "complete",
    }
    assert metadata["usage"]["reasoning_tokens"] == 120
    assert metadata["cost_usd"] == pytest.approx(0.0044)
    assert metadata["cost_at_most"] is True
    assert metadata["seconds"] >= metadata["first_token_seconds"] > 0
    assert kernel.value("_gpt.code, _gpt.status, _gpt.usage.cached_tokens") == "x = 1 complete 1500"
    (row,) = ledger(tmp_path)
    assert "What is x?" not in str(row)
    assert row["status"] == "complete"


def test_what_is_sent(kernel, gateway):
    kernel.run("%%gpt\nWhat is x?")
    (request,) = gateway.requests
    body = request.body
    assert request.path.endswith("/v1/responses")
    assert (body["model"], body["stream"], body["store"]) == ("gpt-5.1", True, False)
    assert body["reasoning"] == {"effort": "none"}
    assert body["prompt_cache_retention"] == "24h"
    assert body["prompt_cache_key"]
    assert "include" not in body
    assert request.prompt == "What is x?"


def test_flags_reach_the_request(kernel, gateway, tmp_path):
    (tmp_path / "fig.png").write_bytes(PNG)
    kernel.run(
        f"%%gpt -c none -e high -m gpt-5.1-codex --verbosity low --summary auto"
        f" --image {tmp_path / 'fig.png'} --as mine\nq"
    )
    body = gateway.requests[0].body
    assert body["model"] == "gpt-5.1-codex"
    assert body["reasoning"] == {"effort": "high", "summary": "auto"}
    assert body["include"] == ["reasoning.encrypted_content"]
    assert body["text"] == {"verbosity": "low"}
    parts = body["input"][-1]["content"]
    assert [part["type"] for part in parts] == ["input_text", "input_image"]
    assert kernel.value("mine is _gpt") == "True"


def test_chat_completions(kernel, gateway):
    ran = kernel.run("%gpt --api chat -e low --verbosity high q")
    body = gateway.requests[0].body
    assert gateway.requests[0].path.endswith("/v1/chat/completions")
    assert (body["reasoning_effort"], body["verbosity"]) == ("low", "high")
    assert body["stream_options"] == {"include_usage": True}
    assert body["prompt_cache_retention"] == "24h"
    assert ran.display["metadata"]["comet_magics"]["usage"]["reasoning_tokens"] == 120


def test_settings_last_and_wishes_go_along(kernel, gateway):
    kernel.run('%config CometMagics.effort = "high"\n%config CometMagics.instructions = "Use polars."')
    kernel.run("%gpt one")
    kernel.run("%gpt -e low two")
    assert [request.body["reasoning"]["effort"] for request in gateway.requests] == ["high", "low"]
    assert all("Use polars." in request.body["instructions"] for request in gateway.requests)


def test_a_follow_up_knows_the_conversation_and_new_does_not(kernel, gateway):
    for line in ("%gpt one", "%gpt two", "%gpt -n three", "%gpt four"):
        kernel.run(line)
    assert "had 2 questions" in kernel.run("%gpt_new").stdout
    kernel.run("%gpt five")
    turns = [[item.get("role") for item in request.body["input"]] for request in gateway.requests]
    assert [len(turn) for turn in turns] == [1, 3, 1, 3, 1]
    assert turns[1] == ["user", "assistant", "user"]
    one, two = (json.dumps(request.body["input"]) for request in gateway.requests[:2])
    assert two.startswith(one[:-1])


def test_values_are_inserted_in_lines_and_cells(kernel, gateway):
    kernel.run("n = 42\nname = 'n'")
    kernel.run("%gpt is {n} prime, $n or $$n^2$$?")
    ran = kernel.run("%%gpt\nIs {n + 1} prime? {{n}} {unknown}")
    assert [request.prompt for request in gateway.requests] == [
        "is 42 prime, $n or $$n^2$$?",
        "Is 43 prime? {n} {unknown}",
    ]
    assert "{unknown}" in ran.display["data"]["text/plain"]


@pytest.mark.parametrize(
    ("cell", "asked"),
    [
        ("%gpt What is a penguin?", "What is a penguin?"),
        ("%gpt -e low What's in os?", "What's in os?"),
        ("x = 1\nif x:\n    %gpt is {x} prime?\nx", "is 1 prime?"),
        ("%gpt why??", "why??"),
        ('text = """\n%gpt no?\n"""\n%gpt yes?', "yes?"),
    ],
)
def test_a_line_may_end_in_a_question_mark(kernel, gateway, cell, asked):
    ran = kernel.run(cell)
    assert ran.error is None
    assert [request.prompt for request in gateway.requests] == [asked]


def test_a_question_mark_alone_is_still_help(kernel, gateway):
    ran = kernel.run("%gpt?")
    assert "--effort" in str(ran.reply["payload"])
    assert gateway.requests == []


def test_a_line_among_others_leaves_their_output_alone(kernel):
    ran = kernel.run(
        "from IPython.display import display\nprint('before')\ndisplay('one')\n%gpt q\nprint('after')\n'result'"
    )
    assert ran.error is None
    kinds = [output["output_type"] for output in ran.outputs]
    assert kinds == ["stream", "display_data", "display_data", "stream", "execute_result"]
    assert not any(message["msg_type"] == "clear_output" for message in ran.messages)
    assert "text/markdown" in ran.outputs[2]["data"]
    assert ran.stdout == "before\nafter\n"


def test_a_dry_run_sends_nothing_and_shows_everything(kernel, gateway, tmp_path):
    ran = kernel.run("%%gpt --dry-run -e high\nWhat is x?")
    assert gateway.requests == []
    text = ran.display["data"]["text/plain"]
    assert "Nothing was sent" in text
    assert '"effort": "high"' in text
    assert "What is x?" in text
    assert not (tmp_path / "ledger.sqlite3").exists()


def test_without_statistics(kernel):
    data = kernel.run("%gpt --no-stats q").display["data"]
    assert "tokens" not in data["text/html"] + data["text/plain"]


def test_the_reasoning_summary_is_shown_folded(kernel, gateway):
    gateway._script.append(reply("So.", summary="I **thought** of it."))
    ran = kernel.run("%gpt -e high --summary auto q")
    html = ran.display["data"]["text/html"]
    assert "<details" in html
    assert "<strong>thought</strong>" in html
    assert kernel.value("_gpt.summary") == "I **thought** of it."


def test_responses_are_missing_and_chat_is_used_from_then_on(running_kernel, kernel, tmp_path):
    with Gateway(missing=["responses"], default=reply("hello")) as gateway:
        kernel.run(f"os.environ['COMETAPI_BASE_URL'] = {gateway.base_url!r}")
        first, second = kernel.run("%gpt one"), kernel.run("%gpt two")
    assert [request.endpoint for request in gateway.requests] == ["responses", "chat", "chat"]
    assert "Chat Completions" in first.display["data"]["text/plain"]
    assert "Chat Completions" not in second.display["data"]["text/plain"]
    assert first.display["metadata"]["comet_magics"]["api"] == "chat"
    assert [row["status"] for row in ledger(tmp_path)] == ["failed", "complete", "complete"]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("%gpt --efort high q", "Did you mean --effort?"),
        ("%gpt -e hihg q", "Did you mean high?"),
        ("%gpt", "There is no question"),
        ("%%gpt\n  ", "There is no question"),
        ("%gpt --as 1x q", "can't be a variable's name"),
        ("%gpt --image nothing.png q", "there is no such variable"),
        ("%gpt what is {1/0*os.getpid()}?", "ZeroDivisionError"),
        ("os.environ.pop('COMETAPI_KEY');\n%gpt q", "There is no CometAPI key"),
        ("os.environ['COMETAPI_BASE_URL'] = 'nonsense'\n%gpt q", "COMETAPI_BASE_URL"),
    ],
)
def test_a_wrong_call_is_a_few_clear_lines(kernel, gateway, cell, words):
    ran = kernel.run(cell)
    assert ran.reply["status"] == "error"
    assert words in ran.error
    assert "Traceback" not in ran.error
    assert len(ran.error.splitlines()) <= 3
    assert gateway.requests == []


def test_a_wrong_setting_is_refused_in_words_and_does_not_keep_the_magics_away(kernel, gateway):
    ran = kernel.run('%config CometMagics.effort = "hihg"')
    assert "Did you mean high?" in str(ran.outputs)
    assert kernel.run("%reload_ext comet_magics").error is None
    kernel.run("%gpt q")
    assert gateway.requests[0].body["reasoning"] == {"effort": "none"}


def test_an_unknown_model_is_told_the_nearest(kernel, running_kernel):
    missing = {"error": {"message": "no such model", "type": "new_api_error", "code": "model_not_found"}}
    with Gateway(default=status(404, missing), models=("gpt-5.1", "gpt-5.1-codex", "other")) as gateway:
        kernel.run(f"os.environ['COMETAPI_BASE_URL'] = {gateway.base_url!r}")
        ran = kernel.run("%gpt -m gpt-5.1-codx q")
    assert "Did you mean gpt-5.1-codex" in ran.error


def test_the_models_can_be_searched(kernel):
    with Gateway(models=("gpt-5.1", "gpt-5.1-codex", "other")) as gateway:
        kernel.run(f"os.environ['COMETAPI_BASE_URL'] = {gateway.base_url!r}")
        everything, some, none = (kernel.run(f"%gpt_models {words}") for words in ("", "5.1 codex", "gtp-5.1"))
    assert "3 of 3 models" in everything.display["data"]["text/plain"]
    assert "gpt-5.1-codex" in some.display["data"]["text/html"]
    assert "1 of 3 models" in some.display["data"]["text/plain"]
    assert "Did you mean gpt-5.1" in none.error


def test_a_key_typed_in_is_used(kernel, gateway):
    kernel.run("os.environ.pop('COMETAPI_KEY');")
    ran = kernel.run("%gpt_login", stdin="sk-canary-typed")
    assert ran.error is None
    assert "sk-canary-typed" not in str(ran.messages)
    kernel.run("%gpt q")
    assert gateway.requests[0].headers["authorization"] == "Bearer sk-canary-typed"
    kernel.run("%gpt_login --forget")
    assert "There is no CometAPI key" in kernel.run("%gpt q").error


def test_loading_brings_nothing_heavy(kernel):
    script = (
        "import subprocess, sys; print(subprocess.run([sys.executable, '-m', 'IPython', '--quick', '-c',"
        ' \'%load_ext comet_magics\\nimport sys; print([m for m in ("httpx", "markdown_it", "ipywidgets",'
        ' "narwhals", "sqlite3.dbapi2", "pygments.lexers.python", "comet_magics.app") if m in sys.modules])\'],'
        " capture_output=True, text=True).stdout)"
    )
    assert "comet_magics.app" not in kernel.run(script).stdout


def test_completion_in_the_kernel(kernel):
    assert "--effort" in kernel.answer_to(kernel.client.complete("%gpt --eff", 10))["matches"]


def test_run_all_stops_at_a_failed_question(gateway, tmp_path, monkeypatch):
    monkeypatch.setenv("COMETAPI_BASE_URL", gateway.base_url)
    monkeypatch.setenv("COMETAPI_KEY", "sk-canary-nb")
    gateway._script.extend([reply("fine"), status(401, "wrong key")])
    cells = ["%load_ext comet_magics", "%gpt one", "%%gpt\ntwo", "print('never')"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    with pytest.raises(CellExecutionError, match="did not accept the key"):
        NotebookClient(notebook, timeout=60).execute()
    assert [bool(cell.outputs) for cell in notebook.cells] == [False, True, True, False]
    assert "sk-canary-nb" not in nbformat.writes(notebook)
    nbformat.validate(notebook)
