"""`comet-magics ledger`: the account as an aligned table or as CSV."""

from __future__ import annotations

import csv
import re
import sqlite3
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal

from ..core.errors import UsageError
from ..core.ledger import LedgerRow
from ..core.prices import Cost
from ..render.stats import dollars, duration
from ..storage.home import ledger_path
from ..storage.ledger import By, Ledger, Total

__all__ = ["run"]

SHOWN_ROWS = 20

ROW_HEAD = ("when", "notebook", "model", "effort", "api", "status", "in", "cached", "out", "reasoning", "cost", "took")
TOTAL_HEAD = ("requests", "in", "cached", "out", "reasoning", "cost")
ROW_CSV = (
    "at", "notebook", "host", "model", "effort", "api", "status", "input_tokens", "cached_tokens", "output_tokens",
    "reasoning_tokens", "cost_usd", "cost_at_most", "seconds", "first_token_seconds", "request_id", "error",
)  # fmt: skip
TOTAL_CSV = (
    "requests", "input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens", "cost_usd", "cost_at_most",
    "cost_unknown",
)  # fmt: skip
WORDS = {"when", "notebook", "model", "effort", "api", "status", "day"}  # the rest are figures, set to the right


def run(by: By | Literal["none"], *, since: str | None, limit: int | None, csv: bool) -> int:
    """Print the ledger; returns the exit code."""
    ledger = Ledger(ledger_path())
    start = _start(since)
    try:
        if by == "none":
            rows = ledger.rows(since=start, limit=limit if csv or limit is not None else SHOWN_ROWS)
            table = _csv_rows(rows) if csv else _rows(rows)
        else:
            totals = ledger.totals(by, since=start)[:limit]
            table = _csv_totals(by, totals) if csv else _totals(by, totals)
    except (sqlite3.Error, OSError) as exc:
        raise UsageError(
            f"The ledger {ledger.path} can't be read: {exc}.", remedy="Move it away and a new one is begun."
        ) from exc
    if csv:
        _write_csv(table)
    elif len(table) == 1:
        print("Nothing was asked yet." if start is None else "Nothing was asked since then.")
    else:
        print("\n".join(_aligned(table)))
    return 0


def _write_csv(table: Iterable[Sequence[str]]) -> None:
    csv.writer(sys.stdout, lineterminator="\n").writerows(table)


def _start(since: str | None) -> datetime | None:
    if since is None:
        return None
    if days := re.fullmatch(r"(\d{1,5})d", since):
        return datetime.now().astimezone() - timedelta(days=int(days[1]))
    try:
        return datetime.fromisoformat(since).astimezone()
    except ValueError as exc:
        raise UsageError(
            f"--since {since}: that is not a day.", remedy="Write 2026-01-31, or 7d for the last seven days."
        ) from exc


def _rows(rows: Iterable[LedgerRow]) -> list[tuple[str, ...]]:
    return [
        ROW_HEAD,
        *(
            (
                row.at.strftime("%Y-%m-%d %H:%M"),
                row.notebook.rsplit("/", 1)[-1] or "–",
                row.model,
                row.effort or "–",
                row.api,
                f"{row.status} ({row.error})" if row.error else row.status,
                *_tokens(row.usage),
                "not known" if row.cost_usd is None else dollars(Cost(row.cost_usd, row.cost_at_most)),
                duration(row.seconds),
            )
            for row in rows
        ),
    ]


def _totals(by: By, totals: Iterable[Total]) -> list[tuple[str, ...]]:
    return [
        (by, *TOTAL_HEAD),
        *((total.key or "–", f"{total.requests:,}", *_tokens(total), _total_cost(total)) for total in totals),
    ]


def _tokens(counted: object) -> tuple[str, str, str, str]:
    """In, cached, out, reasoning, of a usage or a total; a dash where it was not reported."""
    names = ("input_tokens", "cached_tokens", "output_tokens", "reasoning_tokens")
    counts = [getattr(counted, name, None) for name in names]
    first, cached, out, reasoning = ("–" if count is None else f"{count:,}" for count in counts)
    return first, cached, out, reasoning


def _total_cost(total: Total) -> str:
    if total.cost_usd is None:
        return "not known"
    known = dollars(Cost(total.cost_usd, total.cost_at_most))
    return f"{known} + {total.cost_unknown} not known" if total.cost_unknown else known


def _csv_rows(rows: Iterable[LedgerRow]) -> list[tuple[str, ...]]:
    return [ROW_CSV, *(tuple(_field(row, name) for name in ROW_CSV) for row in rows)]


def _csv_totals(by: By, totals: Iterable[Total]) -> list[tuple[str, ...]]:
    return [(by, *TOTAL_CSV), *((total.key, *(_plain(getattr(total, name)) for name in TOTAL_CSV)) for total in totals)]


def _field(row: LedgerRow, name: str) -> str:
    if name == "at":
        return row.at.isoformat()
    return _plain(getattr(row.usage, name, None) if name.endswith("_tokens") else getattr(row, name))


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _aligned(table: Sequence[Sequence[str]]) -> list[str]:
    from ..render.cells import pad, width_of

    widths = [max(width_of(line[column]) for line in table) for column in range(len(table[0]))]
    sides = ["left" if name in WORDS else "right" for name in table[0]]
    return ["  ".join(map(pad, line, widths, sides)).rstrip() for line in table]
