"""What showing an answer costs at any speed: bytes to the front end, and CPU against rendering it once.

    python benchmarks/streaming.py

Text goes straight into the display, in deltas of about five characters; the messages are ipykernel's own, counted
whole. At full speed the clock is the real one; at a given speed it is a made one, so that minutes pass in no time.
Bounds: at any speed at most 3 times the finished output; in a cell of its own 8,000 words cost at most 4.2 times the
bytes of 2,000.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

from answers import answer
from ipykernel.zmqshell import ZMQDisplayPublisher
from jupyter_client.session import Session
from plumbing import Row, report

from comet_magics.core.answer import Answer
from comet_magics.core.events import TextDelta
from comet_magics.core.usage import Usage
from comet_magics.notebook.display import open_sink
from comet_magics.render.highlight import highlight
from comet_magics.render.html import final_html

ROUNDS = 5


class Counter(Session):
    """Serializes and signs each message as a kernel does, and counts its bytes."""

    def __init__(self) -> None:
        super().__init__(key=b"benchmark")
        self.sizes: list[int] = []

    def send(self, _stream: object, msg_or_type: object, **_: object) -> None:
        self.sizes.append(sum(map(len, self.serialize(msg_or_type, ident=b"display_data"))))


@dataclass
class Shown:
    messages: int
    size: int
    finished: int
    cpu: float


def show(text: str, *, owns_cell: bool, rate: float | None) -> Shown:
    """Stream `text`; `rate` is in deltas a second, None for as fast as it goes."""
    session = Counter()
    publisher = ZMQDisplayPublisher(session=session)
    publisher.set_parent(session.msg("execute_request", {}))
    publisher.clear_output = lambda wait: session.send(None, session.msg("clear_output", {"wait": wait}))
    clock = time.monotonic if rate is None else SimpleNamespace(now=0.0)
    began = time.process_time()
    sink = open_sink(
        SimpleNamespace(display_pub=publisher),
        owns_cell=owns_cell,
        clock=time.monotonic if rate is None else lambda: clock.now,
    )
    for piece in deltas(text):
        if rate is not None:
            clock.now += 1 / rate
        sink.receive(TextDelta(piece))
    sink.finish(finished(text), ())
    return Shown(len(session.sizes), sum(session.sizes), session.sizes[-1], time.process_time() - began)


def deltas(text: str) -> Iterator[str]:
    dice, at = random.Random(1), 0
    while at < len(text):
        size = dice.randint(3, 7)
        yield text[at : at + size]
        at += size


def finished(text: str) -> Answer:
    return Answer(text, "", "complete", "gpt-5.1", "high", "responses", 60.0, 0.4, Usage(1234, 11_000, 0, 120))


def render_once(text: str) -> float:
    highlight.cache_clear()
    began = time.process_time()
    final_html(finished(text))
    return time.process_time() - began


def stream_cold(text: str) -> float:
    highlight.cache_clear()
    return show(text, owns_cell=True, rate=None).cpu


def main() -> int:
    show(answer(500), owns_cell=True, rate=None)  # imports
    rows = []
    for owns_cell, name in ((True, "%%gpt"), (False, "%gpt")):
        for rate in (None, 1_000.0, 100.0):
            small, large = (show(answer(words), owns_cell=owns_cell, rate=rate) for words in (2_000, 8_000))
            speed = "full speed" if rate is None else f"{rate:g}/s"
            for words, shown in ((2_000, small), (8_000, large)):
                print(f"{name:5} {speed:10} {words} words: {shown.messages:4} messages, {shown.size:9,} bytes")
            if owns_cell:
                rows.append(Row(f"{name} {speed}: 8,000 words / 2,000", large.size / small.size, at_most=4.2))
            rows.append(Row(f"{name} {speed}: bytes / finished output", large.size / large.finished, at_most=3.0))
    text = answer(8_000)
    once = min(render_once(text) for _ in range(ROUNDS))
    streamed = min(stream_cold(text) for _ in range(ROUNDS))
    print(f"CPU for 8,000 words at full speed: {streamed:.3f} s; rendering them once: {once:.3f} s")
    return report(rows)


if __name__ == "__main__":
    sys.exit(main())
