"""A notebook in the browser, as a person has it before them."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import TimeoutError as NotYet

__all__ = ["LABEXTENSION", "LOAD", "SNAPSHOT", "NotebookPage"]

LABEXTENSION = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / "comet-magics"
LOAD = "%load_ext comet_magics"
# What the kernel has seen of the notebook, as an expression for its side.
SNAPSHOT = "get_ipython().magics_manager.registry['GptMagics'].assistant.companion.snapshot()"

# What the console says without us, too. "Comm not found": a kernel ended that another tab had comms to.
_NOT_OURS = (
    "Comm not found",
    "Canceled future",
    "debugger state",
    "favicon",
    "404 (Not Found)",
    "preload",
    "WebSocket",
    "downloadable font",
    "ResizeObserver",
)
_NOTEBOOKS_OWN = ("reading 'schema'", "'filebrowser:open-path' not registered", ".woff")
# A cell's execution count is no sign: after a restart it may come to be the same again.
_NOTE_THE_END = """
    const { model } = notebook.widgets[arg];
    window.cellEnded = false;
    model.stateChanged.connect(function note(_, { name, newValue }) {
        if (name === 'executionState' && newValue === 'idle') {
            model.stateChanged.disconnect(note);
            window.cellEnded = true;
        }
    });
"""


class NotebookPage:
    """One tab. Cells are counted from 0."""

    def __init__(self, page, server, front_end, name, token, screenshots):
        self.page, self.server, self.front_end, self.name = page, server, front_end, name
        self.token, self.screenshots = token, screenshots
        self.errors, self.requests = [], []
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("console", self._console)
        self.sent, self.greetings = [], 0
        page.on("websocket", self._watch)
        page.on("request", lambda request: self.requests.append(request.url))

    def _watch(self, socket):
        socket.on("framesent", lambda frame: self.sent.append(_text(frame)))
        socket.on("framereceived", self._received)

    def _received(self, frame):
        text = _text(frame)
        self.greetings += '"comm_msg"' in text and '"type": "hello"' in text

    def _console(self, message):
        if message.type == "error":
            self._note(f"{message.text} {message.location.get('url', '')}".strip())

    def _note(self, text):
        known = (*_NOT_OURS, *(_NOTEBOOKS_OWN if self.front_end == "notebook" else ()))
        if not any(words in text for words in known):
            self.errors.append(text)

    def open(self, *, kernel=True):
        where = "notebooks" if self.front_end == "notebook" else "lab/workspaces/auto-t/tree"
        reset = "" if self.front_end == "notebook" else "&reset"
        self.page.goto(f"{self.server.url}/{where}/{self.name}?token={self.token}{reset}")
        self.page.wait_for_selector(".jp-NotebookPanel:visible .jp-Cell")
        self.page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.content?.model != null")
        if kernel:
            self.wait_idle()

    def open_beside(self, name, *, kernel=None):
        """Open a further notebook in this tab of JupyterLab, on the kernel with this id or one of its own."""
        self.execute("docmanager:open", path=name, **({"kernel": {"id": kernel}} if kernel else {}))
        self.wait("panel.context.path === arg && panel.sessionContext.session?.kernel?.status === 'idle'", name)

    def show(self, name):
        """Come back to a notebook that is open in this tab."""
        self.execute("docmanager:open", path=name)
        self.wait("panel.context.path === arg", name)

    @property
    def kernel_id(self):
        return self.evaluate("return panel.sessionContext.session.kernel.id;")

    def evaluate(self, body, argument=None):
        """Run JavaScript that sees `app`, `panel`, `notebook` and `arg`."""
        return self.page.evaluate(
            "arg => { const app = window.jupyterapp, panel = app.shell.currentWidget, notebook = panel.content;"
            f" {body} }}",
            argument,
        )

    def wait(self, condition, argument=None, timeout=30_000):
        self.page.wait_for_function(
            "arg => { const app = window.jupyterapp, panel = app.shell.currentWidget, notebook = panel.content;"
            f" return {condition}; }}",
            arg=argument,
            timeout=timeout,
        )

    def wait_idle(self):
        self.wait("panel.sessionContext.session?.kernel?.status === 'idle'")

    def cell(self, index):
        return self.page.locator(f".jp-Notebook:visible .jp-Cell[data-windowed-list-index='{index}']")

    def select(self, index, *, edit=False):
        self.evaluate(
            "notebook.deselectAll(); notebook.activeCellIndex = arg[0]; notebook.mode = arg[1]; notebook.activate();",
            [index, "edit" if edit else "command"],
        )

    def run(self, index, *, wait=True):
        """Run one cell with the keyboard."""
        self.select(index)
        self.evaluate(_NOTE_THE_END, index)
        self.page.keyboard.press("Control+Enter")
        if wait:
            self.page.wait_for_function("window.cellEnded")

    def load(self, index=0):
        """Run the cell that loads comet_magics, and wait until the page and the kernel know each other."""
        before = self.greetings
        self.run(index)
        for _ in range(300):
            if self.greetings > before:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("the kernel did not greet the page")

    def complete(self):
        """Press Tab until the list is there: JupyterLab gives up a kernel that takes longer than a second."""
        items = self.page.locator(".jp-Completer-item")
        for _ in range(20):
            self.page.keyboard.press("Tab")
            try:
                items.first.wait_for(timeout=2_000)
                break
            except NotYet:
                continue
        return items

    def sources(self):
        return self.evaluate("return notebook.widgets.map(cell => cell.model.sharedModel.getSource());")

    def outputs(self, index):
        return self.evaluate("return notebook.widgets[arg].model.outputs?.toJSON() ?? [];", index)

    def execute(self, command, **arguments):
        return self.evaluate("return app.commands.execute(arg[0], arg[1]).then(() => null);", [command, arguments])

    def save(self):
        self.evaluate("return panel.context.save();")

    def screenshot(self, name):
        self.screenshots.mkdir(exist_ok=True)
        self.page.screenshot(path=self.screenshots / f"{name}.png")


def _text(frame):
    return frame if isinstance(frame, str) else frame.decode("utf-8", "replace")
