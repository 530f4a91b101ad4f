"""Answers that come while other cells run, in a real kernel: each in its own output."""

from __future__ import annotations

import json

import pytest
from jupyter_client.manager import start_new_kernel

from comet_magics.storage.ledger import Ledger
from comet_magics.testing import reply, status

from .conftest import CANARY, Document, Kernel

WORDS = "The median is four. " * 20
ASK = "%%gpt --background -c none --no-check\n"


@pytest.fixture
def document(kernel):
    yield Document(kernel)
    kernel.run("%gpt_stop")
    kernel.run("%gpt_wait")


def printed(document, cell):
    return "".join(output["text"] for output in document.outputs(cell))


def test_the_cell_returns_at_once_and_its_answer_comes_while_others_run(document, gateway):
    gateway.follow(reply(WORDS).delayed(0.3, between=0.01))
    asking = document.run(ASK + "Why?")
    (first,) = document.outputs(asking)
    assert first["metadata"]["comet_magics"]["status"] == "running"
    assert "Not complete: still coming. %gpt_stop 1 stops it." in first["data"]["text/plain"]
    busy = document.run("import time\nfor i in range(20):\n    print(i)\n    time.sleep(0.05)")
    document.finished(asking)
    (answer,) = document.outputs(asking)
    assert answer["data"]["text/markdown"] == WORDS
    assert "still coming" not in answer["data"]["text/plain"] + answer["data"]["text/html"]
    assert answer["metadata"]["comet_magics"]["status"] == "complete"
    growing = {len(m["content"]["data"]["text/plain"]) for m in document.messages[asking] if "data" in m["content"]}
    assert len(growing) > 4
    assert printed(document, busy) == "".join(f"{i}\n" for i in range(20))
    assert document.kernel.value("_gpt.text") == WORDS


def test_eight_at_once_end_each_in_its_own_output_and_in_its_own_way(document, gateway, tmp_path):
    slow = {"first": 0.1, "between": 0.01}
    kinds = {
        "whole": reply(WORDS).delayed(**slow),
        "stopped": reply(WORDS).stalled(after=20),
        "broken": reply(WORDS).cut(after=30),
        "refused": reply(refusal="I can't help with that.").delayed(**slow),
        "failed": status(401, "invalid api key"),
    }
    gateway.follow(default=lambda request: next(kinds[kind](request) for kind in kinds if kind in request.prompt))
    asked = ["whole 1", "stopped 2", "broken 3", "whole 4", "refused 5", "whole 6", "failed 7", "whole 8"]
    cells = [document.run(f"%%gpt --background -c none --no-check --as answer_{text[-1]}\n{text}") for text in asked]
    counting = document.run("import time\nfor i in range(30):\n    print('cell', i)\n    time.sleep(0.02)")
    assert document.status(cells[1]) == "running"
    stopping = document.run("%gpt_stop 2")
    document.finished(*cells)
    states = [document.status(cell) for cell in cells]
    assert states == ["complete", "stopped", "partial", "complete", "refused", "complete", "failed", "complete"]
    assert printed(document, counting) == "".join(f"cell {i}\n" for i in range(30))
    assert printed(document, stopping) == "Stopped 1 answer.\n"
    said = [document.outputs(cell)[0]["data"]["text/plain"] for cell in cells]
    assert "COMETAPI_KEY" in said[6]
    assert said[2].startswith(WORDS[:40])
    assert "go on from where you stopped" in said[2]
    document.run("%gpt_wait")
    assert document.kernel.value("_gpt is answer_8, answer_2.status, answer_3.status") == "True stopped partial"
    rows = document.kernel.value(
        "(lambda rows: (len(rows), *sorted(row.status for row in rows)))"
        f"(__import__('comet_magics.storage.ledger').storage.ledger.Ledger(__import__('pathlib').Path({str(tmp_path)!r})"
        " / 'ledger.sqlite3').rows())"
    )
    assert rows == str((8, *["complete"] * 4, "failed", "partial", "refused", "stopped"))
    assert CANARY not in str(document.kernel.everything)


def test_the_next_question_knows_what_came_in_the_background_in_the_order_asked(document, gateway):
    slow, fast = reply("slow answer").delayed(0.4), reply("fast answer")
    gateway.follow(default=lambda request: (slow if "first question" in request.prompt else fast)(request))
    first = document.run(ASK + "first question")
    second = document.run(ASK + "second question")
    document.finished(first, second)
    assert document.kernel.value("_gpt.text") == "fast answer"
    document.run("%%gpt -c none --no-check\nthird question")
    said = json.dumps(gateway.requests[-1].body["input"])
    places = [said.index(words) for words in ("first question", "slow answer", "second question", "fast answer")]
    assert places == sorted(places)


def test_stopping_all_and_an_unknown_number(document, gateway):
    gateway.follow(*[reply(WORDS).stalled(after=5)] * 3)
    cells = [document.run(ASK + "stall") for _ in range(3)]
    strange = document.run("%gpt_stop two")
    assert "'two' is no question's number" in str(document.outputs(strange))
    assert printed(document, document.run("%gpt_stop 99")) == "Nothing is on its way.\n"
    assert printed(document, document.run("%gpt_stop")) == "Stopped 3 answers.\n"
    document.finished(*cells)
    assert [document.status(cell) for cell in cells] == ["stopped"] * 3


def test_more_than_a_few_wait_their_turn(document, gateway):
    gateway.follow(default=reply("done").delayed(0.3))
    cells = [document.run(ASK + f"question {n}") for n in range(12)]
    document.finished(*cells)
    assert [document.status(cell) for cell in cells] == ["complete"] * 12


def test_a_background_question_without_a_key_is_refused_before_the_cell_returns(document, gateway):
    document.run("import os; kept = os.environ.pop('COMETAPI_KEY')")
    cell = document.run(ASK + "Why?")
    document.run("os.environ['COMETAPI_KEY'] = kept; del kept")
    assert "There is no CometAPI key." in str(document.outputs(cell))
    assert gateway.requests == []


def test_a_kernel_that_ends_marks_what_had_come_and_accounts_for_it(gateway, tmp_path, monkeypatch):
    monkeypatch.setenv("COMETAPI_BASE_URL", gateway.base_url)
    monkeypatch.setenv("COMETAPI_KEY", CANARY)
    monkeypatch.setenv("COMET_MAGICS_HOME", str(tmp_path))
    gateway.follow(reply(WORDS).stalled(after=30))
    manager, client = start_new_kernel()
    try:
        document = Document(Kernel(manager, client))
        document.run("%load_ext comet_magics")
        asking = document.run(ASK + "Why?")
        document.until(lambda: "The median" in document.outputs(asking)[0]["data"]["text/plain"])
        manager.shutdown_kernel()
        document.finished(asking)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert document.status(asking) == "stopped"
    assert document.outputs(asking)[0]["data"]["text/plain"].startswith("The median is four.")
    assert [row.status for row in Ledger(tmp_path / "ledger.sqlite3").rows()] == ["stopped"]
