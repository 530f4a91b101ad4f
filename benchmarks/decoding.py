"""CPU of decoding a stream: ours, the official SDK's, and a bare split with `json.loads`, side by side in one run.

    python benchmarks/decoding.py

Each takes the same bytes in the same chunks, one chunk an event, with no socket between them; the best of several
rounds counts. Ends with status 1 if our decoding is not at least 8 times cheaper than the SDK's.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

import openai

try:
    import httpx2 as httpx  # what the SDK is built on since its version 3
except ModuleNotFoundError:
    import httpx

from comet_magics.core.events import Completed, TextDelta
from comet_magics.core.request import Endpoint
from comet_magics.core.usage import Usage
from comet_magics.testing import Speech
from comet_magics.testing.streams import events
from comet_magics.wire.endpoint import open_decoder

FLOOR = 8.0
ROUNDS = 5


class Chunks(httpx.SyncByteStream):
    """A body that arrives in given chunks."""

    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)


def bare(endpoint: Endpoint, chunks: list[bytes]) -> Callable[[], str]:
    text = bare_responses_text if endpoint == "responses" else bare_chat_text
    lines = (line for chunk in chunks for line in chunk.split(b"\n"))
    return lambda: "".join(text(json.loads(line[6:])) for line in lines if line.startswith(b"data: {"))


def bare_responses_text(event: dict) -> str:
    return event["delta"] if event["type"] == "response.output_text.delta" else ""


def bare_chat_text(chunk: dict) -> str:
    return chunk["choices"][0]["delta"].get("content", "") if chunk["choices"] else ""


def ours(endpoint: Endpoint, chunks: list[bytes]) -> Callable[[], str]:
    def decode() -> str:
        decoder = open_decoder(endpoint)
        found = [event for chunk in chunks for event in decoder.feed(chunk)] + decoder.close()
        assert isinstance(found[-1], Completed)
        return "".join(event.text for event in found if isinstance(event, TextDelta))

    return decode


def sdk(endpoint: Endpoint, chunks: list[bytes]) -> Callable[[], str]:
    """The request is made before the clock starts: only reading the stream counts."""
    response = httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=Chunks(chunks))
    web = httpx.Client(transport=httpx.MockTransport(lambda _: response))
    client = openai.OpenAI(api_key="sk-canary-bench", base_url="http://127.0.0.1/v1", http_client=web)
    if endpoint == "responses":
        stream = client.responses.create(model="gpt-5.1", input="Go", stream=True)
        return lambda: "".join(event.delta for event in stream if event.type == "response.output_text.delta")
    messages = [{"role": "user", "content": "Go"}]
    answer = client.chat.completions.create(model="gpt-5.1", messages=messages, stream=True)
    return lambda: "".join(chunk.choices[0].delta.content or "" for chunk in answer if chunk.choices)


def seconds(prepare: Callable[[], Callable[[], str]], text: str) -> float:
    """CPU of the best round."""
    best = float("inf")
    for _ in range(ROUNDS):
        run = prepare()
        started = time.process_time()
        assert run() == text
        best = min(best, time.process_time() - started)
    return best


def main() -> int:
    print(f"{'':>18}{'bare':>9}{'ours':>9}{'SDK':>9}{'SDK/ours':>11}{'ours/bare':>11}   (ms of CPU)")
    worst = float("inf")
    for endpoint in ("responses", "chat"):
        for count in (1_000, 10_700):
            words = [f"word{number} " for number in range(count)]
            chunks = events(endpoint, Speech(text=words, usage=Usage(1_000, count, 0, 0)))
            low, mid, high = (seconds(partial(one, endpoint, chunks), "".join(words)) for one in (bare, ours, sdk))
            worst = min(worst, high / mid)
            figures = "".join(f"{1_000 * figure:9.1f}" for figure in (low, mid, high))
            print(f"{endpoint:>10}{count:>8,}{figures}{high / mid:11.1f}{mid / low:11.2f}")
    print(f"At the worst our decoding takes {worst:.1f} times less CPU than the SDK's; the floor is {FLOOR:.0f}.")
    return 0 if worst >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
