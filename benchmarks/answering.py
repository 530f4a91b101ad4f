"""A long answer through the whole path in a real kernel: bytes to the front end, and CPU against the official SDK.

    python benchmarks/answering.py

The answer comes over a real connection at full speed. Bounds: IOPub bytes of 8,000 words at most 4.2 times those of
2,000, and at most 3 times the finished output; streaming, rendering and displaying 8,000 words costs less CPU than the
SDK spends on decoding them with no display at all.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator

import openai
from answers import answer
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel
from plumbing import Row, report

from comet_magics.testing import Gateway, Received, Response, Speech, stream

ROUNDS = 5
SIZES = (2_000, 8_000)
_TIMED = "import time as _t; _t0 = _t.process_time()\n{}\nprint('CPU', _t.process_time() - _t0)"


def main() -> int:
    bodies = {words: stream("responses", Speech(text=answer(words))) for words in SIZES}

    def script(request: Received) -> Response:
        return Response(headers={"Content-Type": "text/event-stream"}, steps=(bodies[int(request.prompt)],))

    with Gateway(default=script) as gateway, kernel(gateway.base_url) as client:
        run(client, "%load_ext comet_magics\n%gpt 2000")
        sent = {words: iopub(run(client, f"%%gpt\n{words}")) for words in SIZES}
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(cpu(run(client, _TIMED.format("get_ipython().run_cell_magic('gpt', '-n', '8000')"))))
            theirs.append(sdk(gateway.base_url))
    for words, (total, finished) in sent.items():
        print(f"{words} words: {total:,} bytes on IOPub, of which the finished output {finished:,}")
    print(f"CPU for 8,000 words: ours {min(ours):.3f} s with display, SDK {min(theirs):.3f} s decoding alone")
    (small, _), (large, finished) = sent[2_000], sent[8_000]
    return report(
        [
            Row("bytes, 8,000 words / 2,000 words", large / small, at_most=4.2),
            Row("bytes / finished output, 8,000 words", large / finished, at_most=3.0),
            Row("bytes / finished output, 2,000 words", small / sent[2_000][1], at_most=3.0),
            Row("CPU, ours with display / SDK decoding", min(ours) / min(theirs), at_most=1.0),
        ]
    )


@contextlib.contextmanager
def kernel(base_url: str) -> Iterator[BlockingKernelClient]:
    with tempfile.TemporaryDirectory() as home:
        env = {"COMETAPI_BASE_URL": base_url, "COMETAPI_KEY": "sk-canary-bench", "COMET_MAGICS_HOME": home}
        manager, client = start_new_kernel(env={**os.environ, **env})
        try:
            yield client
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def run(client: BlockingKernelClient, code: str) -> list[dict]:
    """The messages of a cell on IOPub."""
    messages: list[dict] = []
    ran = client.execute_interactive(code, output_hook=messages.append, timeout=300)
    if ran["content"]["status"] != "ok":
        raise SystemExit(f"{code!r} failed: {ran['content']['evalue']}")
    return messages


def iopub(messages: list[dict]) -> tuple[int, int]:
    """Bytes of all display messages, headers included, and of the last one."""
    sizes = [
        sum(len(json.dumps(message[part], default=str)) for part in ("header", "parent_header", "metadata", "content"))
        for message in messages
        if message["msg_type"] in ("display_data", "update_display_data", "clear_output", "stream")
    ]
    return sum(sizes), max(sizes)


def cpu(messages: list[dict]) -> float:
    (text,) = [message["content"]["text"] for message in messages if message["msg_type"] == "stream"]
    return float(text.split()[1])


def sdk(base_url: str) -> float:
    """CPU of the official client for reading the same stream, in this process."""
    with openai.OpenAI(base_url=base_url, api_key="sk-canary-bench") as client:
        begun = time.process_time()
        events = client.responses.create(model="gpt-5.1", input="8000", stream=True)
        text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
        spent = time.process_time() - begun
    if len(text.split()) < 8_000:
        raise SystemExit("the SDK did not get the whole answer")
    return spent


if __name__ == "__main__":
    sys.exit(main())
