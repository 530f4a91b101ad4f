"""A real Chromium on a real Jupyter server, with a kernel that asks the scripted gateway.

Browser, server and gateway are shared by the session, because starting them takes seconds; each test has its own page,
notebook and kernel. Screenshots go to ./screenshots.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect, sync_playwright

from comet_magics.testing import Gateway, reply

from .notebook import LABEXTENSION, NotebookPage

CANARY = "sk-canary-browser-7"
TOKEN = "browser-tests"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
SCREENSHOTS = Path(__file__).parents[2] / "screenshots"


def _absent(reason):
    """On a user's machine the tests are skipped in one line; in CI that would hide everything."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium():
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        _absent("No Chromium found: `apt-get install chromium`, then these tests run.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS.split())
        yield browser
        browser.close()


class Script:
    """What the gateway answers: the next of `replies`, then the last one again."""

    def __init__(self):
        self.replies = []

    def __call__(self, request):
        if not self.replies:
            return reply("Yes.")
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@pytest.fixture(scope="session")
def _shared_gateway():
    script = Script()
    with Gateway(default=script) as gateway:
        yield gateway, script


@pytest.fixture
def gateway(_shared_gateway):
    """The gateway with nothing asked yet; `answers(...)` says what it will answer."""
    gateway, script = _shared_gateway
    gateway.requests.clear()
    gateway.disconnects.clear()
    script.replies = []
    return gateway


@pytest.fixture
def answers(_shared_gateway, gateway):
    script = _shared_gateway[1]

    def set_answers(*replies):
        script.replies = [reply(text) if isinstance(text, str) else text for text in replies]

    return set_answers


class Server:
    def __init__(self, url, root, settings):
        self.url, self.root, self.settings = url, root, settings

    def api(self, path, method="GET"):
        request = urllib.request.Request(
            f"{self.url}/api/{path}", method=method, headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.loads(response.read() or b"null")


@pytest.fixture(scope="session")
def server(tmp_path_factory, _shared_gateway):
    if not LABEXTENSION.is_dir():
        _absent("The extension is not installed in this environment: `pip install .` builds it.")
    folder = tmp_path_factory.mktemp("server")
    root = folder / "root"
    root.mkdir()
    config = folder / "config"
    (config / "labconfig").mkdir(parents=True)
    # News would be fetched from the network.
    disabled = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (config / "labconfig" / "page_config.json").write_text(json.dumps(disabled))
    exposed = {"expose_app_in_browser": True}
    (config / "jupyter_server_config.json").write_text(
        json.dumps({"LabApp": exposed, "JupyterNotebookApp": exposed, "ServerApp": {"allow_origin": ""}})
    )
    runtime = folder / "runtime"
    env = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
        "COMET_MAGICS_HOME": str(folder / "home"),
        "COMETAPI_BASE_URL": _shared_gateway[0].base_url,
        "COMETAPI_KEY": CANARY,
    }
    arguments = ["--no-browser", "--allow-root", "--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}"]
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *arguments, f"--ServerApp.root_dir={root}"],
        env=env,
        stdout=log,
        stderr=log,
    )
    try:
        yield Server(_url_of(process, runtime), root, folder / "settings")
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _url_of(process, runtime):
    for _ in range(600):
        for file in runtime.glob("jpserver-*.json"):
            content = file.read_text()
            if content.endswith("}"):
                return json.loads(content)["url"].rstrip("/")
        assert process.poll() is None, "the Jupyter server ended"
        time.sleep(0.1)
    raise AssertionError("the Jupyter server did not start")


@pytest.fixture(params=["lab"])
def front_end(request):
    """Which front end a test runs in; parametrize it indirectly with "notebook" for Notebook 7."""
    return request.param


@pytest.fixture
def theme(server, request):
    file = server.settings / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"theme": f"JupyterLab {request.param}"}))
    yield request.param
    file.unlink()


@pytest.fixture
def context(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    expect.set_options(timeout=20_000)
    yield context
    context.close()


@pytest.fixture
def write_notebook(server):
    """Write a notebook made of these cells: a string is code; else a ready nbformat cell."""

    def write(name, *cells):
        nodes = [nbformat.v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
        nbformat.write(nbformat.v4.new_notebook(cells=nodes, metadata=KERNEL), server.root / name)
        return name

    return write


@pytest.fixture
def open_notebook(server, context, front_end, request, write_notebook):
    """Write a notebook of these cells, if there are any, and open it in a tab of its own."""
    opened = []

    def open_(*cells, name=None, **options):
        name = name or re.sub(r"\W", "_", request.node.name) + ".ipynb"
        if cells:
            write_notebook(name, *cells)
        page = NotebookPage(context.new_page(), server, front_end, name, TOKEN, SCREENSHOTS)
        opened.append(page)
        page.open(**options)
        return page

    yield open_
    for kernel in server.api("kernels"):
        server.api(f"kernels/{kernel['id']}", "DELETE")
    for page in opened:
        assert page.errors == []


KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
