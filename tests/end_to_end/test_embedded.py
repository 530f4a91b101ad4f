"""The embedded model through the whole path, in a real kernel."""

from __future__ import annotations

import json

import pytest

from comet_magics.storage.ledger import Ledger
from comet_magics.transport.local import MODEL


@pytest.fixture
def asking(kernel, embedded):
    """The kernel of the other tests, with the embedded model in the gateway's place."""
    kernel.run(f"os.environ.update(COMETAPI_BASE_URL={embedded.base_url!r}, COMETAPI_KEY={embedded.key!r})")
    return kernel


@pytest.mark.parametrize("api", ["responses", "chat"])
def test_it_answers_over_both_endpoints(asking, embedded, api, tmp_path):
    ran = asking.run(f"%%gpt --api {api} -e low --verbosity low\nName one colour.", timeout=120)
    assert ran.error is None, ran.error
    told = ran.display["metadata"]["comet_magics"]
    assert (told["status"], told["api"], told["model"]) == ("complete", api, MODEL)
    assert told["usage"]["output_tokens"] > 0
    assert told["cost_usd"] is None
    assert ran.display["data"]["text/markdown"].strip()
    (row,) = Ledger(tmp_path / "ledger.sqlite3").rows()
    assert (row.status, row.api, row.model, row.usage.output_tokens) == (
        "complete", api, MODEL, told["usage"]["output_tokens"],
    )  # fmt: skip
    assert embedded.key not in json.dumps(ran.messages, default=str)


def test_it_goes_on_in_the_same_conversation_over_the_other_endpoint(asking):
    asking.run("%%gpt --api responses\nExplain in one sentence what the median of a column is.", timeout=120)
    first = int(asking.value("_gpt.usage.input_tokens"))
    ran = asking.run("%%gpt --api chat\nSay it again in one sentence.", timeout=120)
    assert ran.error is None, ran.error
    assert int(asking.value("_gpt.usage.input_tokens")) > first


def test_an_interrupt_stops_it_and_it_is_free_for_the_next_question(asking):
    msg_id = asking.start("%%gpt\nCount from one to one thousand, in words, one a line.")
    asking.finish(msg_id, until=lambda message: message["content"].get("data", {}).get("text/plain", "").strip())
    asking.interrupt()
    assert "Stopped." in asking.finish(msg_id).error
    assert asking.value("_gpt.status") == "stopped"
    assert asking.run("%gpt -n Name one colour.", timeout=120).error is None
