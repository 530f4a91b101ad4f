from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from comet_magics.cli import main
from comet_magics.core.ledger import LedgerRow
from comet_magics.core.usage import Usage
from comet_magics.storage.home import ledger_path
from comet_magics.storage.ledger import Ledger

NOW = datetime(2026, 3, 1, 12, 0).astimezone()
ROW = LedgerRow(
    at=NOW, notebook="/data/penguins.ipynb", host="api.example.test", model="gpt-5.1", effort="high", api="responses",
    status="complete", usage=Usage(1200, 300, 1024, 256), cost_usd=0.0036, cost_at_most=True, seconds=65.0,
    first_token_seconds=0.5, request_id="req_1",
)  # fmt: skip
FAILED = replace(
    ROW, at=NOW + timedelta(days=1), notebook="", status="failed", usage=None, cost_usd=None, cost_at_most=False,
    error="rate_limit_exceeded", seconds=0.4,
)  # fmt: skip


@pytest.fixture
def ledger():
    ledger = Ledger(ledger_path())
    ledger.record(ROW)
    ledger.record(FAILED)
    return ledger


def run(capsys, *arguments):
    code = main(["ledger", *arguments])
    return code, capsys.readouterr().out


@pytest.mark.usefixtures("ledger")
def test_single_requests_newest_first_with_what_is_not_known_said(capsys):
    assert run(capsys) == (0, """\
when              notebook        model    effort  api        status                           in  cached  out  reasoning             cost       took
2026-03-02 12:00  –               gpt-5.1  high    responses  failed (rate_limit_exceeded)      –       –    –          –        not known      0.4 s
2026-03-01 12:00  penguins.ipynb  gpt-5.1  high    responses  complete                      1,200   1,024  300        256  at most $0.0036  1 min 5 s
""")  # noqa: E501  # fmt: skip


@pytest.mark.usefixtures("ledger")
def test_sums_by_model(capsys):
    assert run(capsys, "--by", "model") == (0, """\
model    requests     in  cached  out  reasoning                           cost
gpt-5.1         2  1,200   1,024  300        256  at most $0.0036 + 1 not known
""")  # fmt: skip


@pytest.mark.usefixtures("ledger")
def test_sums_by_day_since_a_day_and_limited(capsys):
    _, by_day = run(capsys, "--by", "day")
    assert [line.split()[0] for line in by_day.splitlines()] == ["day", "2026-03-02", "2026-03-01"]
    _, since = run(capsys, "--by", "day", "--since", "2026-03-02")
    assert [line.split()[0] for line in since.splitlines()] == ["day", "2026-03-02"]
    _, limited = run(capsys, "--limit", "1")
    assert len(limited.splitlines()) == 2


@pytest.mark.usefixtures("ledger")
def test_csv_has_plain_numbers_and_nothing_where_not_known(capsys):
    _, text = run(capsys, "--csv")
    failed, complete = csv.DictReader(io.StringIO(text))
    assert complete["at"] == NOW.isoformat()
    assert (complete["input_tokens"], complete["cost_usd"], complete["cost_at_most"]) == ("1200", "0.0036", "True")
    assert (failed["input_tokens"], failed["cost_usd"], failed["error"]) == ("", "", "rate_limit_exceeded")
    _, text = run(capsys, "--csv", "--by", "notebook")
    assert [row["notebook"] for row in csv.DictReader(io.StringIO(text))] == ["/data/penguins.ipynb", ""]


def test_recent_days(capsys, ledger):
    ledger.record(replace(ROW, at=datetime.now().astimezone()))
    _, text = run(capsys, "--since", "2d", "--csv")
    assert len(text.splitlines()) == 2


def test_an_empty_ledger_says_so(capsys):
    assert run(capsys) == (0, "Nothing was asked yet.\n")
    assert run(capsys, "--since", "1d") == (0, "Nothing was asked since then.\n")


def test_what_is_no_day_is_one_clear_error(capsys):
    assert main(["ledger", "--since", "yesterday"]) == 1
    assert capsys.readouterr().err == (
        "--since yesterday: that is not a day.\nWrite 2026-01-31, or 7d for the last seven days.\n"
    )


def test_a_corrupt_ledger_is_one_clear_error(capsys):
    ledger_path().write_bytes(b"no database" * 500)
    assert main(["ledger"]) == 1
    assert "Move it away" in capsys.readouterr().err
