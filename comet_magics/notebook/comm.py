"""The pages that show this kernel's notebooks: JupyterLab and Notebook with our extension.

A page opens two comms (labextension/src/channel.ts says why) and sends the notebook's cells ahead of a question.
Promise: without a page nothing here does anything; what a page sends in error is ignored and logged once.
"""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, cast

from ..core.errors import CometError
from ..core.snapshot import NotebookSnapshot
from .iopub import tell
from .messages import (
    CELLS_TARGET,
    PRESENCE_TARGET,
    PROTOCOL,
    REPLIES_TARGET,
    CellsMessage,
    HelloFromKernel,
    HelloFromPage,
    InsertMessage,
    NewCell,
    PanelMessage,
    ResyncMessage,
    SetMessage,
    StatusMessage,
    StopMessage,
    parse_from_page,
)
from .mirror import Mirror

__all__ = ["Pages", "caller", "deliver"]

_log = logging.getLogger(__name__)
# A page that was reloaded leaves its predecessor's comm behind, and its notebooks.
_MOST_PAGES = 8
_MOST_NOTEBOOKS = 16

_pages: Pages | None = None


def deliver(text: str) -> None:
    """Take a message that came in an execute request, because there was no comm yet. Called by the extension."""
    if _pages is not None:
        try:
            data = json.loads(text)
        except ValueError:
            data = None
        _pages.receive(data)


def caller(shell: Any) -> tuple[str, str]:
    """The client and the cell that the running request came from; empty where the front end does not say."""
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return "", ""
    parent = kernel.get_parent("shell") or {}
    client, cell = parent.get("header", {}).get("session", ""), parent.get("metadata", {}).get("cellId", "")
    return str(client), str(cell)


class Pages:
    """All pages of one kernel, and all notebooks on them: each is a client of its own, and those of a page share comms.

    `package` is our version; `magics` and `efforts` are what a page may offer; `status` says what its status item
    shows; `choose` is called with a setting's name and value, `heard` with what is said to a panel or to stop an
    answer, both perhaps in another thread.
    """

    def __init__(
        self,
        package: str,
        magics: Iterable[str],
        efforts: Iterable[str],
        status: Callable[[], StatusMessage],
        choose: Callable[[str, str], None],
        heard: Callable[[PanelMessage | StopMessage], None],
    ) -> None:
        self._package, self._magics, self._efforts = package, sorted(set(magics)), list(efforts)
        self._status = status
        self._choose = choose
        self._heard = heard
        self._comms: OrderedDict[str, Any] = OrderedDict()
        self._mirrors: OrderedDict[str, Mirror] = OrderedDict()
        self._presence: Any = None
        self._waiting: list[tuple[str, InsertMessage]] = []
        self._complained = False

    def open(self, shell: Any) -> None:
        """Let pages find this kernel; nothing where there is none (IPython in a terminal)."""
        global _pages  # noqa: PLW0603 - one kernel, one set of pages
        if getattr(shell, "kernel", None) is None:
            return
        import comm

        manager = comm.get_comm_manager()
        manager.register_target(CELLS_TARGET, self._opened)
        manager.register_target(REPLIES_TARGET, self._opened)
        self._presence = comm.create_comm(target_name=PRESENCE_TARGET, primary=False)
        manager.register_comm(self._presence)
        _pages = self

    def close(self) -> None:
        """Be found no more."""
        global _pages  # noqa: PLW0603
        if self._presence is None:
            return
        import comm

        manager = comm.get_comm_manager()
        manager.unregister_target(CELLS_TARGET, self._opened)
        manager.unregister_target(REPLIES_TARGET, self._opened)
        for opened in (*self._comms.values(), self._presence):
            opened.close()
        self._comms.clear()
        self._presence = None
        _pages = None

    def snapshot(self, client: str, asking_id: str) -> NotebookSnapshot | None:
        """The notebook as `client` sent it for the question of the cell `asking_id`; None if it did not."""
        mirror = self._mirrors.get(client)
        return mirror.snapshot() if mirror is not None and asking_id and mirror.asking_id == asking_id else None

    def panel_snapshot(self, panel: str) -> NotebookSnapshot | None:
        """The notebook as a page sent it last for the panel `panel`; None if none did."""
        asking_id = f"panel:{panel}"
        latest = next((mirror for mirror in reversed(self._mirrors.values()) if mirror.asking_id == asking_id), None)
        return None if latest is None else latest.snapshot()

    @property
    def any(self) -> bool:
        """Whether a page of ours is open."""
        return bool(self._comms)

    def insert(self, client: str, asking_id: str, cells: list[NewCell]) -> bool:
        """Have the page put `cells` below the asking one; False if no page can be told to."""
        page = self._mirrors[client].page if client in self._mirrors and asking_id else ""
        if not page:
            return False
        message = InsertMessage(type="insert", client=client, asking=asking_id, cells=cells)
        if page in self._comms:
            tell(self._comms[page], cast("dict[str, Any]", message))
        else:
            # The page's comm is queued behind the running cells.
            self._waiting.append((page, message))
        return True

    def show_status(self) -> None:
        """Tell every page what its status item shows; in any thread."""
        if self._comms:
            self._send(self._status())

    def receive(self, data: object, comm: Any = None) -> None:
        """Take a message of a page; `comm` is where it came from, None for an execute request."""
        message = parse_from_page(data)
        if message is None:
            if not self._complained:
                self._complained = True
                _log.warning("A message from the notebook's page was not understood and is ignored.")
        elif message["type"] == "cells":
            self._take_cells(message)
        elif message["type"] == "set":
            self._take_choice(message)
        elif message["type"] == "panel" or message["type"] == "stop":
            self._heard(message)
        elif comm is not None and comm.target_name == CELLS_TARGET:
            self._greet(message, comm)

    def _opened(self, comm: Any, message: dict[str, Any]) -> None:
        comm.on_msg(lambda sent: self.receive(sent["content"]["data"], comm))
        self.receive(message["content"]["data"], comm)

    def _greet(self, hello: HelloFromPage, comm: Any) -> None:
        comm.send(self._hello())
        if hello["protocol"] != PROTOCOL:
            return  # the page says so
        page = hello["page"]
        self._comms[page] = comm
        while len(self._comms) > _MOST_PAGES:
            self._comms.popitem(last=False)
        comm.on_close(lambda _: self._comms.pop(page, None))
        comm.send(self._status())
        waiting, self._waiting = self._waiting, []
        for recipient, message in waiting:
            if recipient == page:
                comm.send(message)
            else:
                self._waiting.append((recipient, message))

    def _hello(self) -> HelloFromKernel:
        return HelloFromKernel(
            type="hello",
            protocol=PROTOCOL,
            package=self._package,
            magics=self._magics,
            efforts=self._efforts,
            seen={name: mirror.seq for name, mirror in self._mirrors.items()},
        )

    def _take_cells(self, message: CellsMessage) -> None:
        if message["protocol"] != PROTOCOL:
            return
        client = message["client"]
        mirror = self._mirrors.setdefault(client, Mirror())
        self._mirrors.move_to_end(client)
        while len(self._mirrors) > _MOST_NOTEBOOKS:
            self._mirrors.popitem(last=False)
        if not mirror.apply(message) and self._comms:
            self._send(ResyncMessage(type="resync", client=client))

    def _take_choice(self, message: SetMessage) -> None:
        try:
            self._choose(message["name"], message["value"])
        except CometError as exc:
            _log.warning("The notebook's page chose what can't be: %s", exc)

    def _send(self, message: ResyncMessage | StatusMessage) -> None:
        for opened in tuple(self._comms.values()):
            tell(opened, cast("dict[str, Any]", message))
