"""The samples of tests/data/streams, and how they are written down.

A sample is a body NAME.ENDPOINT.EXT and beside it NAME.ENDPOINT.expected: a line on what the official client makes
of the body, then one line for each event.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from pathlib import Path

import hypothesis

from comet_magics.core.events import (
    Broken,
    Completed,
    Failed,
    Incomplete,
    ReasoningDelta,
    ReasoningItem,
    RefusalDelta,
    Started,
    SummaryDelta,
    TextDelta,
    ToolCalled,
)
from comet_magics.wire.endpoint import open_decoder

# A slow machine is no fault of the code.
hypothesis.settings.register_profile(
    "no deadline", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("no deadline")

STREAMS = Path(__file__).parent.parent / "data" / "streams"


def said(usage):
    if usage is None:
        return "usage not reported"
    parts = {"in": usage.input_tokens, "cached": usage.cached_tokens, "out": usage.output_tokens}
    parts["reasoning"] = usage.reasoning_tokens
    return " ".join(f"{name}={'?' if number is None else number}" for name, number in parts.items())


def quoted(value):
    text = json.dumps(value, ensure_ascii=False)
    return "".join(mark if mark.isprintable() else f"\\u{ord(mark):04x}" for mark in text)


def line(event):
    """One event as one line that a reviewer can read."""
    match event:
        case Started():
            return f"started {event.response_id or '-'} {event.model or '-'}"
        case TextDelta():
            return f"text {quoted(event.text)}"
        case SummaryDelta():
            return f"summary {event.part} {quoted(event.text)}"
        case ReasoningDelta():
            return f"reasoning {quoted(event.text)}"
        case ReasoningItem():
            item = event.item
            return f"item {item.id} {item.encrypted_content} {quoted(item.summary)} {item.model}"
        case RefusalDelta():
            return f"refusal {quoted(event.text)}"
        case ToolCalled():
            call = event.call
            return f"call {call.kind} {call.call_id} {call.name} {call.arguments}"
        case Completed():
            return f"completed; {said(event.usage)}"
        case Incomplete():
            return f"incomplete: {event.reason}; {said(event.usage)}"
        case Failed():
            return f"failed [{event.code or '-'}]: {event.message}; {said(event.usage)}"
        case Broken():
            return f"broken: {event.reason}; {said(event.usage)}"
    raise AssertionError(event)


@dataclass(frozen=True)
class Sample:
    """A body, the endpoint that was asked, and what is expected of it."""

    path: Path

    @property
    def endpoint(self):
        return self.path.name.split(".")[1]

    @property
    def body(self):
        return self.path.read_bytes()

    @property
    def sdk(self):
        """What the official client makes of it: `same`, `raises`, or `differs`."""
        return self._expected[0].split()[1].rstrip(":")

    @property
    def expected(self):
        return self._expected[1:]

    @property
    def _expected(self):
        return self.path.with_suffix(".expected").read_text("utf-8").split("\n")[:-1]

    def decoded(self, chunks=None):
        """The events of the body, fed whole or in chunks."""
        decoder = open_decoder(self.endpoint)
        events = [event for chunk in chunks or [self.body] for event in decoder.feed(chunk)]
        return events + decoder.close()

    def lines(self, chunks=None):
        return [line(event) for event in self.decoded(chunks)]

    def cut(self, places):
        """The body in pieces."""
        body = self.body
        places = [0, *sorted(places), len(body)]
        return [body[start:end] for start, end in itertools.pairwise(places)]


SAMPLES = [Sample(path) for path in sorted(STREAMS.iterdir()) if path.suffix in (".sse", ".json", ".html", ".txt")]


def pytest_generate_tests(metafunc):
    if "sample" in metafunc.fixturenames:
        metafunc.parametrize("sample", SAMPLES, ids=[sample.path.name for sample in SAMPLES])
