"""A real kernel against the scripted gateway.

`kernel` runs cells as a front end would and keeps every message; `gateway` answers them. Tests of a module share the
kernel, because starting one takes a second; each test gets a fresh extension, home folder and gateway in it.
"""

from __future__ import annotations

import queue
import time
from collections import defaultdict
from dataclasses import dataclass, field

import pytest
from jupyter_client.manager import start_new_kernel

from comet_magics.testing import Gateway

CANARY = "sk-canary-e2e-7"


@dataclass
class Ran:
    """What a cell did: the messages as they came, and the outputs that a notebook would hold."""

    messages: list[dict] = field(default_factory=list)
    outputs: list[dict] = field(default_factory=list)
    reply: dict = field(default_factory=dict)

    @property
    def displays(self):
        return [output for output in self.outputs if output["output_type"] == "display_data"]

    @property
    def display(self):
        (only,) = self.displays
        return only

    @property
    def stdout(self):
        return "".join(o["text"] for o in self.outputs if o["output_type"] == "stream" and o["name"] == "stdout")

    @property
    def error(self):
        """The lines that are shown for an error, or None."""
        errors = [output for output in self.outputs if output["output_type"] == "error"]
        return "\n".join(errors[0]["traceback"]) if errors else None


class Kernel:
    """A front end's side of a kernel."""

    def __init__(self, manager, client):
        self.manager, self.client = manager, client
        self.everything = []

    def start(self, code, *, allow_stdin=False):
        return self.client.execute(code, allow_stdin=allow_stdin)

    def run(self, code, *, timeout=60, stdin=None):
        return self.finish(self.start(code, allow_stdin=stdin is not None), timeout=timeout, stdin=stdin)

    def value(self, expression):
        ran = self.run(f"print({expression})")
        assert ran.error is None, ran.error
        return ran.stdout.rstrip("\n")

    def finish(self, msg_id, *, timeout=60, stdin=None, until=None):
        """Collect until the kernel is idle again, or `until(message)` is true."""
        ran = Ran()
        deadline = time.monotonic() + timeout
        while True:
            if stdin is not None:
                try:
                    asked = self.client.get_stdin_msg(timeout=0.05)
                    assert asked["content"]["password"] is True
                    self.client.input(stdin)
                    stdin = None
                except queue.Empty:
                    pass
            try:
                message = self.client.get_iopub_msg(timeout=0.2)
            except queue.Empty:
                assert time.monotonic() < deadline, "the cell did not end"
                continue
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            self.everything.append(message)
            ran.messages.append(message)
            if until is not None and until(message):
                return ran
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
        ran.reply = self.answer_to(msg_id, timeout)
        ran.outputs = outputs_of(ran.messages)
        return ran

    def answer_to(self, msg_id, timeout=60):
        """The content of the shell's reply to a request; a slow start leaves other replies before it."""
        while True:
            message = self.client.get_shell_msg(timeout=timeout)
            if message["parent_header"]["msg_id"] == msg_id:
                return message["content"]

    def joined(self, before, ran):
        """What a cell did, where `before` are the messages that were collected first."""
        ran.messages[:0] = before
        ran.outputs = outputs_of(ran.messages)
        return ran

    def interrupt(self):
        self.manager.interrupt_kernel()


class Document:
    """What a notebook document holds: every message goes to the cell that it names."""

    def __init__(self, kernel):
        self.kernel = kernel
        self.messages = defaultdict(list)

    def run(self, code, timeout=30):
        """Run a cell; meanwhile other cells' messages are kept, too."""
        cell = self.kernel.start(code)
        self.until(lambda: self._is_idle(cell), timeout)
        self.kernel.answer_to(cell)
        return cell

    def until(self, holds, timeout=30):
        deadline = time.monotonic() + timeout
        while not holds():
            try:
                message = self.kernel.client.get_iopub_msg(timeout=0.1)
            except queue.Empty:
                assert time.monotonic() < deadline, "it did not happen"
                continue
            self.kernel.everything.append(message)
            self.messages[message["parent_header"].get("msg_id")].append(message)

    def outputs(self, cell):
        return outputs_of(self.messages[cell])

    def status(self, cell):
        (only,) = self.outputs(cell)
        return only["metadata"]["comet_magics"]["status"]

    def finished(self, *cells):
        self.until(lambda: all(self.status(cell) != "running" for cell in cells))

    def _is_idle(self, cell):
        return any(
            message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
            for message in self.messages[cell]
        )


def outputs_of(messages):
    """The outputs that a notebook document holds after these messages."""
    outputs, clear = [], False
    for message in messages:
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            clear = True
            if not content["wait"]:
                outputs, clear = [], False
        elif kind in ("display_data", "execute_result", "stream", "error"):
            if clear:
                outputs, clear = [], False
            last = outputs[-1] if outputs else {}
            if kind == "stream" and last.get("output_type") == "stream" and last["name"] == content["name"]:
                last["text"] += content["text"]
            else:
                outputs.append({"output_type": kind, **content})
        elif kind == "update_display_data":
            for output in outputs:
                if output.get("transient", {}).get("display_id") == content["transient"]["display_id"]:
                    output.update(data=content["data"], metadata=content["metadata"])
    return [] if clear else outputs


@pytest.fixture(scope="module")
def running_kernel(tmp_path_factory):
    manager, client = start_new_kernel(cwd=str(tmp_path_factory.mktemp("work")))
    try:
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture
def gateway():
    with Gateway() as gateway:
        yield gateway


@pytest.fixture
def kernel(running_kernel, gateway, tmp_path):
    ran = running_kernel.run(
        "import os\n"
        f"os.environ.update(COMETAPI_BASE_URL={gateway.base_url!r}, COMETAPI_KEY={CANARY!r},"
        f" COMET_MAGICS_HOME={str(tmp_path)!r})\n"
        "get_ipython().run_line_magic('unload_ext', 'comet_magics')"
        " if 'comet_magics' in get_ipython().extension_manager.loaded else None\n"
        "get_ipython().user_ns.pop('_gpt', None); get_ipython().config.pop('CometMagics', None)\n"
        "%load_ext comet_magics"
    )
    assert ran.error is None, ran.error
    running_kernel.everything.clear()
    return running_kernel
