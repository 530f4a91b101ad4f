"""The account on disk: one row a request, in SQLite, written by any number of kernels at once.

Promises: a row holds what was asked of whom and what it cost, never a prompt, an answer or a key; `record` never
raises; a sum says what it does not know. Each call opens the file and closes it again: a kernel may be forked, killed
or one of many, and an open connection would survive none of that well.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

from ..core.ledger import LedgerRow
from ..core.record import record
from ..core.usage import Usage

if TYPE_CHECKING:
    import sqlite3

__all__ = ["By", "Ledger", "Total"]

By: TypeAlias = Literal["day", "model", "notebook"]

BUSY_SECONDS = 10.0

# `at` is the time as the user saw it, with its offset, so that a day is the user's day; `sent` is the same as seconds
# since 1970, to sort by. A later version adds a script to this list; PRAGMA user_version counts those that have run.
SCHEMA = (
    """
    CREATE TABLE requests (
        id INTEGER PRIMARY KEY,
        sent REAL NOT NULL,
        at TEXT NOT NULL,
        notebook TEXT NOT NULL,
        host TEXT NOT NULL,
        model TEXT NOT NULL,
        effort TEXT NOT NULL,
        api TEXT NOT NULL,
        status TEXT NOT NULL,
        input_tokens INTEGER,
        cached_tokens INTEGER,
        output_tokens INTEGER,
        reasoning_tokens INTEGER,
        cost_usd REAL,
        cost_at_most INTEGER NOT NULL,
        seconds REAL NOT NULL,
        first_token_seconds REAL,
        request_id TEXT,
        error TEXT NOT NULL
    )
    """,
)

COLUMNS = (
    "sent, at, notebook, host, model, effort, api, status, input_tokens, cached_tokens, output_tokens, "
    "reasoning_tokens, cost_usd, cost_at_most, seconds, first_token_seconds, request_id, error"
)
INSERT = f"INSERT INTO requests ({COLUMNS}) VALUES ({', '.join('?' * 18)})"  # noqa: S608 - constants only
SELECT = f"SELECT {COLUMNS} FROM requests WHERE sent >= ? ORDER BY sent DESC, id DESC LIMIT ?"  # noqa: S608
KEYS: dict[By, str] = {"day": "substr(at, 1, 10)", "model": "model", "notebook": "notebook"}
TOTAL = """
    SELECT {key}, count(*), sum(input_tokens), sum(cached_tokens), sum(output_tokens), sum(reasoning_tokens),
           sum(cost_usd), max(cost_at_most), sum(cost_usd IS NULL)
    FROM requests WHERE sent >= ? GROUP BY 1 ORDER BY {order}
"""


@record
class Total:
    """The requests of one day, model or notebook, added up.

    Tokens are None where no request reported them. `cost_usd` is the sum of the known costs, None if none is known;
    `cost_at_most` where the true sum of those may be lower; `cost_unknown` counts the requests that it leaves out.
    """

    key: str
    requests: int
    input_tokens: int | None
    cached_tokens: int | None
    output_tokens: int | None
    reasoning_tokens: int | None
    cost_usd: float | None
    cost_at_most: bool
    cost_unknown: int


class Ledger:
    """The ledger at `path`. Nothing is opened or created before the first row.

    `problem` says why the last row was lost, with the remedy; it is empty while all is well.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""

    def record(self, row: LedgerRow) -> None:
        """Write `row`. A row that can't be written is lost, and `problem` says why."""
        import sqlite3

        try:
            with self._open() as db:
                db.execute(INSERT, _values(row))
        except (sqlite3.Error, OSError, ValueError, OverflowError) as reason:
            self.problem = self._explain(reason)
        else:
            self.problem = ""

    def rows(self, *, since: datetime | None = None, limit: int | None = None) -> list[LedgerRow]:
        """The latest `limit` rows sent at or after `since`, newest first; all of them by default.

        Raises sqlite3.Error or OSError where the file can't be read.
        """
        return [_row(values) for values in self._read(SELECT, since, -1 if limit is None else limit)]

    def totals(self, by: By, *, since: datetime | None = None) -> list[Total]:
        """Sums by day (the latest first), or by model or notebook (the dearest first). Raises as `rows` does."""
        order = "1 DESC" if by == "day" else "7 DESC, 2 DESC, 1"
        found = self._read(TOTAL.format(key=KEYS[by], order=order), since)
        return [_total(values) for values in found]

    def _read(self, query: str, since: datetime | None, *more: int) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        with self._open() as db:
            return db.execute(query, (since.timestamp() if since else 0.0, *more)).fetchall()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection that ends with the block; the file and its table are made where missing."""
        import sqlite3

        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # SQLite gives its -wal and -shm files the mode of the main one.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        db = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            db.execute("PRAGMA synchronous=NORMAL")  # in WAL mode a power cut may take the last row, no more
            if _version(db) < len(SCHEMA):
                _upgrade(db)
            yield db
        finally:
            db.close()

    def _explain(self, reason: Exception) -> str:
        words = str(reason).split("\n", 1)[0]
        remedy = "Move it away and a new one is begun." if "not a database" in words or "malformed" in words else ""
        return f"This request is missing from the ledger {self.path}: {words}. {remedy}".rstrip()


def _version(db: sqlite3.Connection) -> int:
    return cast("int", db.execute("PRAGMA user_version").fetchone()[0])


def _upgrade(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode=WAL")
    with db:
        db.execute("BEGIN IMMEDIATE")
        for script in SCHEMA[_version(db) :]:  # read again: another process may just have done it
            db.execute(script)
        db.execute(f"PRAGMA user_version={len(SCHEMA)}")


def _values(row: LedgerRow) -> tuple[object, ...]:
    usage = row.usage
    tokens = (
        (None,) * 4
        if usage is None
        else (usage.input_tokens, usage.cached_tokens, usage.output_tokens, usage.reasoning_tokens)
    )
    return (
        row.at.timestamp(),
        row.at.isoformat(),
        _storable(row.notebook),
        row.host,
        row.model,
        row.effort,
        row.api,
        row.status,
        *tokens,
        row.cost_usd,
        row.cost_at_most,
        row.seconds,
        row.first_token_seconds,
        row.request_id,
        row.error,
    )


def _storable(path: str) -> str:
    """A path's undecodable bytes (lone surrogates) would be refused by SQLite."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _total(values: tuple[Any, ...]) -> Total:
    key, requests, input_tokens, cached, output_tokens, reasoning, cost, at_most, unknown = values
    return Total(key, requests, input_tokens, cached, output_tokens, reasoning, cost, bool(at_most), unknown)


def _row(values: tuple[Any, ...]) -> LedgerRow:
    _sent, at, notebook, host, model, effort, api, status, *rest = values
    input_tokens, cached, output_tokens, reasoning, cost, at_most, seconds, first, request_id, error = rest
    usage = None if input_tokens is None else Usage(input_tokens, output_tokens, cached, reasoning)
    return LedgerRow(
        at=datetime.fromisoformat(at),
        notebook=notebook,
        host=host,
        model=model,
        effort=effort,
        api=api,
        status=status,
        usage=usage,
        cost_usd=cost,
        cost_at_most=bool(at_most),
        seconds=seconds,
        first_token_seconds=first,
        request_id=request_id,
        error=error,
    )
