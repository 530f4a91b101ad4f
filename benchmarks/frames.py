"""Describing dataframes: against pandas' own `describe(include="all")`, and larger than the memory allowed.

    python benchmarks/frames.py [ROWS]

10,000,000 rows × 20 columns (10 floats, 5 integers, 4 texts, 1 time; about 2.5 GB while it runs). Bounds: at most 0.25
of describe's CPU; at most 5 % of the frame as added memory; 10,000 columns in at most 1,500 tokens; a DuckDB view over
Parquet that is larger than all memory its process may have.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from plumbing import Row, report

from comet_magics.context.frames import describe_frame
from comet_magics.context.hiding import Hidden
from comet_magics.context.redact import Redactor
from comet_magics.context.tokens import estimate

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
_DUCKDB_MEMORY = "256MB"
_ALL_MEMORY = 640_000_000


def main() -> int:
    frame = make(ROWS)
    size = int(frame.memory_usage(index=True, deep=False).sum())
    describe("small", frame.head(1000))  # narwhals is imported once
    cpu, added = measured(lambda: describe("df", frame))
    theirs, theirs_added = measured(lambda: frame.describe(include="all"))
    print(f"{ROWS:,} rows × {frame.shape[1]}, {size / 1e9:.2f} GB in memory")
    print(f"CPU: ours {cpu:.2f} s, describe(include='all') {theirs:.2f} s")
    print(f"peak of added memory: ours {added / 1e6:.0f} MB, describe {theirs_added / 1e6:.0f} MB")
    wide = describe("wide", pd.DataFrame(np.zeros((3, 10_000)), columns=names(10_000)))
    parquet, seconds = view()
    return report(
        [
            Row("CPU, ours / describe(include='all')", cpu / theirs, at_most=0.25),
            Row("added memory / frame", added / size, at_most=0.05),
            Row("10,000 columns, tokens / 1,500", estimate(wide) / 1500, at_most=1.0),
            Row(f"memory allowed / Parquet ({seconds:.0f} s)", _ALL_MEMORY / parquet, at_most=1.0),
        ]
    )


def make(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    words = np.array(["Oslo", "Rome", "Lima", "Kyoto", "Accra"])
    columns: dict[str, object] = {f"x{n}": rng.normal(n, 2, rows) for n in range(10)}
    columns |= {f"n{n}": rng.integers(0, 10 ** (n + 1), rows) for n in range(5)}
    columns |= {f"city{n}": pd.Series(words[rng.integers(0, 5, rows)], dtype="str") for n in range(3)}
    columns["user"] = pd.Series(rng.integers(0, 2_000_000, rows).astype("U7"), dtype="str")
    columns["when"] = pd.date_range("2000-01-01", periods=rows, freq="s")
    frame = pd.DataFrame(columns)
    frame.loc[::7, "x3"] = np.nan
    return frame


def describe(name: str, value: object) -> str:
    return describe_frame(name, value, redact=Redactor().redact, hidden=Hidden(), seconds=3600)[0]


def names(count: int) -> list[str]:
    rng = np.random.default_rng(2)
    return ["".join(rng.choice(list("abcdefghij"), 9)) for _ in range(count)]


def measured(call: Callable[[], object]) -> tuple[float, int]:
    """CPU seconds of this process, and how far its resident memory rose above where it was."""
    before, peak, done = resident(), 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.005):
            peak = max(peak, resident())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    start = time.process_time()
    call()
    cpu = time.process_time() - start
    done.set()
    watcher.join()
    return cpu, max(0, peak - before)


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def view() -> tuple[int, float]:
    """Describe a view over Parquet in a process that may have less memory than the data; its size and the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.parquet"
        connection = duckdb.connect()
        connection.execute("SET enable_progress_bar = false")
        connection.sql(
            f"COPY (SELECT i, hash(i) AS h, hash(i * 3) AS g, random() AS x, random() AS y, md5(i::text) AS text "
            f"FROM range({max(ROWS, 1_000_000)}) t(i)) TO '{path}' (FORMAT parquet)"
        )
        connection.close()
        start = time.monotonic()
        code = (
            "import resource\n"
            f"resource.setrlimit(resource.RLIMIT_DATA, ({_ALL_MEMORY}, {_ALL_MEMORY}))\n"
            "import duckdb\n"
            "from comet_magics.context.frames import describe_frame\n"
            "from comet_magics.context.redact import Hidden\n"
            f"connection = duckdb.connect(config={{'memory_limit': '{_DUCKDB_MEMORY}', 'threads': 2}})\n"
            "connection.execute('SET enable_progress_bar = false')\n"
            f"connection.sql(\"CREATE VIEW big AS SELECT * FROM '{path}'\")\n"
            "forms = describe_frame('big', connection.table('big'), redact=str, hidden=Hidden(), seconds=600)\n"
            "print(forms[0])\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        print(done.stdout or done.stderr)
        if done.returncode or "could not be looked at" in done.stdout:
            raise SystemExit("the view could not be described")
        return path.stat().st_size, time.monotonic() - start


if __name__ == "__main__":
    sys.exit(main())
