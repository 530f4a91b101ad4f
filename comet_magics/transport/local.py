"""The embedded model: SmolLM2-135M-Instruct, served by llama.cpp inside this process.

Promise: it listens on 127.0.0.1 only, asks for a key that is made anew at each start, prints nothing, and ends with
the block that started it. It speaks both endpoints, so the whole path can be tried without an account. With 135 million
parameters it is no substitute for gpt-5.1.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.errors import UsageError

__all__ = ["MODEL", "LocalModel", "start"]

MODEL = "smollm2-135m-instruct"

CONTEXT_TOKENS = 8192
LONGEST_ANSWER = 256  # tokens; a model this small may not find an end
SILENT = -1


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A running server: what COMETAPI_BASE_URL and COMETAPI_KEY have to be to use it, from any process here."""

    base_url: str
    key: str = field(repr=False)


@contextmanager
def start(weights: Path) -> Iterator[LocalModel]:
    """Serve `weights` (a GGUF file) until the block ends; ready at once, after about a second.

    Raises UsageError where llama.cpp is not installed or can't read the file.
    """
    try:
        import xllamacpp
    except ImportError as exc:
        raise UsageError(
            "The embedded model needs llama.cpp.", remedy='Install it: pip install "comet_magics[local]"'
        ) from exc
    key = "local-" + secrets.token_urlsafe(24)
    try:
        server = xllamacpp.Server(_params(xllamacpp.CommonParams(), weights, key))
    except RuntimeError as exc:
        raise UsageError(
            f"The embedded model could not be started from {weights}.", remedy="Delete that file and try again."
        ) from exc
    try:
        yield LocalModel(f"{server.listening_address}/v1", key)
    finally:
        del server  # its destructor closes the port and joins its threads


def _params(params: Any, weights: Path, key: str) -> Any:
    params.model.path = str(weights)
    params.model_alias = {MODEL}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    params.n_predict = LONGEST_ANSWER
    params.warmup = False
    params.verbosity = SILENT
    params.ui = False
    params.endpoint_slots = False
    # Its threads spin while they wait for each other: with one for every core, any other busy process slows it tenfold.
    threads = max(1, min(4, (os.cpu_count() or 1) // 2))
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    # Always the likeliest word, so that answers are the same each time; DRY keeps a small model from going in circles.
    params.sampling.temp = 0.0
    params.sampling.penalty_repeat = 1.0
    params.sampling.dry_multiplier = 0.8
    params.sampling.dry_allowed_length = 3
    params.sampling.dry_penalty_last_n = 128
    return params
