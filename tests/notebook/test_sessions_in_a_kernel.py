"""The notebook's file, found through the server that started the kernel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from jupyter_client import BlockingKernelClient

TOKEN = "sk-canary-server-token"
ASK = (
    "from comet_magics.notebook.capture import capture; from comet_magics.notebook.sessions import notebook_of_kernel\n"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A Jupyter server that keeps its notebooks in a folder of its own."""
    folder = tmp_path_factory.mktemp("server")
    root = folder / "notebooks" / "deep"
    root.mkdir(parents=True)
    env = {
        **os.environ,
        "JUPYTER_RUNTIME_DIR": str(folder / "run"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "IPYTHONDIR": str(folder / "ipython"),
    }
    options = ["--no-browser", "--allow-root", "--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", *options, f"--ServerApp.root_dir={folder / 'notebooks'}"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Server(folder / "run", folder / "notebooks", process)
    finally:
        process.terminate()
        process.wait(20)


class Server:
    def __init__(self, runtime, root, process):
        self.runtime, self.root, self.process = runtime, root, process
        self.url = self._wait()["url"]

    def _wait(self):
        for _ in range(600):
            for file in self.runtime.glob("jpserver-*.json"):
                if (text := file.read_text()).endswith("}"):
                    return json.loads(text)
            assert self.process.poll() is None, "the server ended"
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def post(self, path, body):
        request = urllib.request.Request(
            f"{self.url}api/{path}", json.dumps(body).encode(), {"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.loads(response.read())

    def start(self, path):
        """A client of the kernel that the server starts for the notebook at `path`."""
        body = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = self.post("sessions", body)["kernel"]["id"]
        end = time.monotonic() + 120
        while True:
            client = BlockingKernelClient(connection_file=str(self.runtime / f"kernel-{kernel}.json"))
            client.load_connection_file()
            client.start_channels()
            try:
                client.wait_for_ready(60)
                return client
            except RuntimeError:  # a kernel that is slow to start has no heart beat yet, and counts as dead
                client.stop_channels()
                if time.monotonic() > end:
                    raise


def printed(client, code):
    said = []

    def note(message):
        if message["msg_type"] == "stream":
            said.append(message["content"]["text"])

    reply = client.execute_interactive(ASK + code, output_hook=note, timeout=60)
    assert reply["content"]["status"] == "ok", reply["content"]
    return "".join(said).strip()


def test_the_file_is_found_and_joined_with_what_ran(server):
    cells = [nbformat.v4.new_markdown_cell("# Rain"), nbformat.v4.new_code_cell("a = 1", execution_count=9)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), server.root / "deep" / "rain fall.ipynb")
    client = server.start("deep/rain fall.ipynb")
    try:
        # Jupyter's variable would tell, too: here it is the sessions that are tried.
        client.execute_interactive("import os; os.environ.pop('JPY_SESSION_NAME', None)", timeout=60)
        client.execute_interactive("a = 1", timeout=60)
        assert printed(client, "print(notebook_of_kernel().name)") == "rain fall.ipynb"
        told = printed(client, "n = capture(get_ipython()).notebook; print(n.source, [c.source for c in n.cells[:2]])")
        assert told == "file ['# Rain', 'a = 1']"
        ran = printed(client, "print([cell.execution_count for cell in capture(get_ipython()).notebook.cells[:2]])")
        assert ran == "[None, 2]"
        (server.root / "deep" / "rain fall.ipynb").unlink()
        assert printed(client, "print(notebook_of_kernel(), capture(get_ipython()).notebook.source)") == "None history"
        assert TOKEN not in printed(client, "print(dir(), capture(get_ipython()))")
    finally:
        client.stop_channels()


def test_servers_that_are_gone_or_strange_are_passed_over(server):
    client = server.start("some.ipynb")
    strange = (
        '{"url": "http://127.0.0.1:9/", "token": "x", "root_dir": "/"}',
        '{"url": "http://example.invalid/", "token": "x", "root_dir": "/"}',
        '{"url": "http://[", "root_dir": 5}',
        "[]",
        "{",
    )
    files = [server.runtime / f"jpserver-900000{number}.json" for number in range(len(strange))]
    try:
        for file, text in zip(files, strange, strict=True):
            file.write_text(text)
        nbformat.write(nbformat.v4.new_notebook(), server.root / "some.ipynb")
        assert printed(client, "print(notebook_of_kernel().name)") == "some.ipynb"
    finally:
        for file in files:
            file.unlink(missing_ok=True)
        client.stop_channels()
