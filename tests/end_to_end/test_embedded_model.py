"""A model that really answers, over both endpoints, through the whole path in a real kernel."""

import pytest


@pytest.mark.parametrize("api", ["responses", "chat"])
def test_the_embedded_model_answers_and_follows_up(kernel, embedded, api):
    kernel.run(f"os.environ.update(COMETAPI_BASE_URL={embedded.base_url!r}, COMETAPI_KEY={embedded.key!r})")
    for question in ("Say hello.", "And now say goodbye."):
        ran = kernel.run(f"%%gpt --api {api}\n{question}")
        assert ran.error is None
        assert ran.display["data"]["text/markdown"].strip()
        metadata = ran.display["metadata"]["comet_magics"]
        assert (metadata["status"], metadata["api"]) == ("complete", api)
        assert metadata["model"] == "smollm2-135m-instruct"
        assert metadata["usage"]["input_tokens"] > metadata["usage"]["output_tokens"] > 0
        assert metadata["cost_usd"] is None
        assert embedded.key not in str(ran.messages)
    assert kernel.value("_gpt.usage.reasoning_tokens") == "None"


def test_an_interrupt_stops_the_embedded_model(kernel, embedded):
    kernel.run(f"os.environ.update(COMETAPI_BASE_URL={embedded.base_url!r}, COMETAPI_KEY={embedded.key!r})")
    msg_id = kernel.start("%%gpt\nCount from one to one thousand, in words, one a line.")
    kernel.finish(msg_id, until=lambda message: "comet" in str(message["content"].get("data", {}).get("text/html")))
    kernel.interrupt()
    assert "Stopped." in kernel.finish(msg_id).error
    assert kernel.value("_gpt.status") == "stopped"
    assert kernel.run("%gpt -n Say hello.").error is None
