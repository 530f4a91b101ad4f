"""A Jupyter server of its own, with everything that it reads and writes in one folder."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request

import nbformat

__all__ = ["CANARY", "FLAGS", "TOKEN", "Server", "chromium_path", "serve", "write_notebook"]

CANARY = "sk-canary-browser-7"
TOKEN = "browser-tests"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def chromium_path():
    """Where Chromium is; None if it is nowhere."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Server:
    """`url` is where it answers, `root` its notebooks, `settings` what users have changed, `data` its kernels."""

    def __init__(self, url, folder):
        self.url = url
        self.root, self.settings, self.data = folder / "root", folder / "settings", folder / "data"

    def api(self, path, method="GET"):
        request = urllib.request.Request(
            f"{self.url}/api/{path}", method=method, headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.loads(response.read() or b"null")


@contextlib.contextmanager
def serve(folder, base_url, **variables):
    """JupyterLab with these environment variables; its kernels ask the gateway at `base_url`."""
    (folder / "root").mkdir()
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
        "COMETAPI_BASE_URL": base_url,
        "COMETAPI_KEY": CANARY,
        **variables,
    }
    arguments = ["--no-browser", "--allow-root", "--ServerApp.port=0", f"--IdentityProvider.token={TOKEN}"]
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *arguments, f"--ServerApp.root_dir={folder / 'root'}"],
        env=env,
        cwd=folder,
        stdout=log,
        stderr=log,
    )
    try:
        yield Server(_url_of(process, runtime), folder)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:  # with jupyter-collaboration it waits for its rooms
            process.kill()
            process.wait()
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


def write_notebook(server, name, *cells, kernel=KERNEL):
    """Write a notebook made of these cells: a string is code, else a ready nbformat cell; return its name."""
    nodes = [nbformat.v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=nodes, metadata={"kernelspec": kernel}), server.root / name)
    return name
