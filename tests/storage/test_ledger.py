from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from comet_magics.core.ledger import LedgerRow
from comet_magics.core.record import replace
from comet_magics.core.usage import Usage
from comet_magics.storage.home import home
from comet_magics.storage.ledger import Ledger

TOKYO = timezone(timedelta(hours=9))
ROW = LedgerRow(
    at=datetime(2026, 3, 1, 8, 30, tzinfo=TOKYO),
    notebook="penguins.ipynb",
    host="api.example.test",
    model="gpt-5.1",
    effort="high",
    api="responses",
    status="complete",
    usage=Usage(1200, 300, cached_tokens=1024, reasoning_tokens=256),
    cost_usd=0.0036,
    cost_at_most=True,
    seconds=4.25,
    first_token_seconds=0.5,
    request_id="req_1",
)
FAILED = replace(
    ROW, at=ROW.at + timedelta(days=1), status="failed", usage=None, cost_usd=None, cost_at_most=False,
    first_token_seconds=None, request_id=None, error="insufficient_user_quota",
)  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "home" / "ledger.sqlite")


def test_rows_come_back_as_they_were_newest_first(ledger):
    ledger.record(ROW)
    ledger.record(FAILED)
    assert ledger.rows() == [FAILED, ROW]
    assert ledger.rows(limit=1) == [FAILED]
    assert ledger.rows(since=FAILED.at) == [FAILED]
    assert ledger.problem == ""


def test_nothing_is_created_before_the_first_row(ledger):
    assert ledger.rows() == []
    assert ledger.totals("day") == []
    assert not ledger.path.parent.exists()


def test_rows_sort_by_time_across_time_zones(ledger):
    later_in_utc = replace(ROW, at=datetime(2026, 3, 1, 0, 30, tzinfo=timezone.utc))
    ledger.record(later_in_utc)  # 09:30 in Tokyo
    ledger.record(ROW)
    assert [row.at for row in ledger.rows()] == [later_in_utc.at, ROW.at]


def test_a_day_is_the_day_at_the_place_of_asking(ledger):
    ledger.record(replace(ROW, at=datetime(2026, 3, 1, 0, 30, tzinfo=TOKYO)))  # still February in UTC
    assert [total.key for total in ledger.totals("day")] == ["2026-03-01"]


def test_totals_say_what_they_leave_out(ledger):
    ledger.record(ROW)
    ledger.record(replace(ROW, cost_at_most=False, usage=Usage(10, 5)))
    ledger.record(FAILED)
    (total,) = ledger.totals("model")
    assert (total.key, total.requests) == ("gpt-5.1", 3)
    assert (total.input_tokens, total.cached_tokens, total.output_tokens, total.reasoning_tokens) == (
        1210, 1024, 305, 256,
    )  # fmt: skip
    assert total.cost_usd == pytest.approx(0.0072)
    assert total.cost_at_most
    assert total.cost_unknown == 1


def test_a_total_of_unknown_costs_is_unknown_not_zero(ledger):
    ledger.record(FAILED)
    (total,) = ledger.totals("notebook")
    assert (total.cost_usd, total.input_tokens, total.cost_unknown) == (None, None, 1)


def test_totals_put_the_latest_day_and_the_dearest_model_first(ledger):
    ledger.record(ROW)
    ledger.record(replace(ROW, at=ROW.at + timedelta(days=2), model="gpt-5.1-codex", cost_usd=0.5))
    assert [total.key for total in ledger.totals("day")] == ["2026-03-03", "2026-03-01"]
    assert [total.key for total in ledger.totals("model")] == ["gpt-5.1-codex", "gpt-5.1"]


def test_only_the_owner_may_read_it(ledger):
    ledger.record(ROW)
    reader = sqlite3.connect(ledger.path)
    try:
        assert reader.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        reader.execute("SELECT count(*) FROM requests").fetchone()  # so that -wal and -shm exist
        ledger.record(ROW)
        files = list(ledger.path.parent.iterdir())
        assert {path.suffix for path in files} == {".sqlite", ".sqlite-wal", ".sqlite-shm"}
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    finally:
        reader.close()


def test_an_older_empty_file_is_brought_up_to_date(ledger):
    ledger.path.parent.mkdir()
    sqlite3.connect(ledger.path).close()
    ledger.record(ROW)
    assert ledger.rows() == [ROW]


def test_columns_of_a_newer_version_do_not_disturb(ledger):
    ledger.record(ROW)
    newer = sqlite3.connect(ledger.path)
    newer.execute("ALTER TABLE requests ADD COLUMN colour TEXT")
    newer.execute("PRAGMA user_version=99")
    newer.close()
    ledger.record(FAILED)
    assert ledger.rows() == [FAILED, ROW]


def test_a_path_that_is_no_utf8_is_kept_readably(ledger):
    ledger.record(replace(ROW, notebook="caf\udce9.ipynb"))
    assert [row.notebook for row in ledger.rows()] == [r"caf\udce9.ipynb"]


class TestARowThatCannotBeWritten:
    """It is lost, nothing is raised, and `problem` says why."""

    def test_home_is_a_file(self, tmp_path):
        (tmp_path / "home").write_text("")
        ledger = Ledger(tmp_path / "home" / "ledger.sqlite")
        ledger.record(ROW)
        assert "missing from the ledger" in ledger.problem
        assert str(ledger.path) in ledger.problem

    def test_file_is_corrupt(self, ledger):
        ledger.path.parent.mkdir()
        ledger.path.write_bytes(b"this is no database at all" * 100)
        ledger.record(ROW)
        assert "file is not a database" in ledger.problem
        assert "Move it away" in ledger.problem

    def test_file_is_locked(self, ledger, monkeypatch):
        monkeypatch.setattr("comet_magics.storage.ledger.BUSY_SECONDS", 0.05)
        ledger.record(ROW)
        holder = sqlite3.connect(ledger.path, isolation_level=None)
        holder.execute("BEGIN EXCLUSIVE")
        ledger.record(FAILED)
        assert "locked" in ledger.problem
        holder.execute("ROLLBACK")
        holder.close()
        ledger.record(FAILED)
        assert ledger.problem == ""
        assert ledger.rows() == [FAILED, ROW]

    def test_number_is_too_large(self, ledger):
        ledger.record(replace(ROW, usage=Usage(2**70, 1)))
        assert ledger.problem
        assert ledger.rows() == []

    def test_disk_is_full(self, ledger):
        ledger.record(ROW)
        script = (
            "import resource, signal, sys; from pathlib import Path\n"
            "from comet_magics.storage.ledger import Ledger\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "ledger = Ledger(Path(sys.argv[1])); row = ledger.rows()[0]\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
            "ledger.record(row); print(ledger.problem)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(ledger.path)], capture_output=True, text=True, check=True, timeout=60
        )
        assert "missing from the ledger" in done.stdout
        assert done.stderr == ""
        assert ledger.rows() == [ROW]


def test_several_processes_and_threads_at_once_lose_nothing(ledger):
    """Four processes of two threads, 100 rows each, starting on a file that does not exist yet."""
    script = (
        "import sys, threading; from comet_magics.core.record import replace; from pathlib import Path\n"
        "from comet_magics.storage.ledger import Ledger\n"
        "from tests.storage.test_ledger import ROW\n"
        "ledger = Ledger(Path(sys.argv[1])); problems = []\n"
        "def run(thread):\n"
        "    for n in range(100):\n"
        "        ledger.record(replace(ROW, request_id=f'{sys.argv[2]}-{thread}-{n}'))\n"
        "        problems.append(ledger.problem)\n"
        "threads = [threading.Thread(target=run, args=(i,)) for i in range(2)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()\n"
        "print(*filter(None, problems))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(ledger.path), str(n)],
            stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        )
        for n in range(4)
    ]  # fmt: skip
    printed = [process.communicate(timeout=120)[0].strip() for process in running]
    assert printed == [""] * 4
    assert len({row.request_id for row in ledger.rows()}) == 800


def test_one_ledger_serves_many_threads(ledger):
    threads = [threading.Thread(target=ledger.record, args=(ROW,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger.rows()) == 8


def test_home_is_read_when_called(monkeypatch, tmp_path):
    monkeypatch.setenv("COMET_MAGICS_HOME", str(tmp_path / "here"))
    assert home() == tmp_path / "here"
    monkeypatch.setenv("COMET_MAGICS_HOME", "~/there")
    assert home() == Path.home() / "there"
    monkeypatch.delenv("COMET_MAGICS_HOME")
    assert home().name == "comet_magics"
    assert home().is_absolute()
