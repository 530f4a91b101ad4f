"""A real Chromium on a real Jupyter server, with a kernel that asks the scripted gateway.

Browser, server and gateway are shared by the session, because starting them takes seconds; each test has its own page,
notebook and kernel. Screenshots go to ./screenshots.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from comet_magics.testing import Gateway, reply

from .notebook import LABEXTENSION, NotebookPage
from .server import FLAGS, TOKEN, chromium_path, serve, write_notebook

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"


def _absent(reason):
    """On a user's machine the tests are skipped in one line; in CI that would hide everything."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def beside():
    """Where a set of packages is that nox installs beside the environment, by its name in noxfile.py."""
    folder = os.environ.get("COMET_MAGICS_BESIDE")
    if folder is None:
        _absent("`nox -s tests` installs what this test needs beside the environment.")
    return lambda name: Path(folder) / name


@pytest.fixture(scope="session")
def chromium():
    program = chromium_path()
    if program is None:
        _absent("No Chromium found: `apt-get install chromium`, then these tests run.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
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


@pytest.fixture(scope="session")
def server(tmp_path_factory, _shared_gateway):
    if not LABEXTENSION.is_dir():
        _absent("The extension is not installed in this environment: `pip install .` builds it.")
    with serve(tmp_path_factory.mktemp("server"), _shared_gateway[0].base_url) as server:
        yield server


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
def open_notebook(server, context, front_end, request):
    """Write a notebook of these cells, if there are any, and open it in a tab of its own."""
    opened = []

    def open_(*cells, name=None, **options):
        name = name or re.sub(r"\W", "_", request.node.name) + ".ipynb"
        if cells:
            write_notebook(server, name, *cells)
        page = NotebookPage(context.new_page(), server, front_end, name, TOKEN, SCREENSHOTS)
        opened.append(page)
        page.open(**options)
        return page

    yield open_
    for kernel in server.api("kernels"):
        server.api(f"kernels/{kernel['id']}", "DELETE")
    for page in opened:
        assert page.errors == []
