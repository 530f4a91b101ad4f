"""What is told to the front end from any thread, while other cells run.

The kernel's own ways look up "the" running request, which in another thread is whichever came last: an output would
land in another cell, and ipykernel 7.4 would bind a comm to that request's subshell. Promise: an output goes to the
cell that asked for it, and a message of a comm changes nothing but what its receiver makes of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["CellOutput", "tell"]


class CellOutput:
    """The output of the cell that runs when this is made; a display publisher for any thread, also after that cell."""

    def __init__(self, shell: Any) -> None:
        self._publisher = shell.display_pub
        self._parent = getattr(self._publisher, "parent_header", None)
        self._last: tuple[dict[str, Any], dict[str, Any], dict[str, Any]] | None = None

    def publish(
        self,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        *,
        transient: Mapping[str, Any] | None = None,
        update: bool = False,
    ) -> None:
        """As DisplayPublisher.publish; `data` holds text and JSON only."""
        content = dict(data), dict(metadata or {}), dict(transient or {})
        self._last = content
        session = getattr(self._publisher, "session", None)
        if session is None:  # no ipykernel: whatever publishes there knows no parents
            self._publisher.publish(*content[:2], transient=content[2], update=update)
            return
        session.send(
            self._publisher.pub_socket,
            "update_display_data" if update else "display_data",
            dict(zip(("data", "metadata", "transient"), content, strict=True)),
            parent=self._parent,
            ident=self._publisher.topic,
        )

    def confirm(self) -> None:
        """Publish the last display again from the running cell: some clients (nbclient) listen to that one only."""
        if self._last is not None:
            data, metadata, transient = self._last
            self._publisher.publish(data, metadata, transient=transient, update=True)


def tell(comm: Any, data: Mapping[str, Any]) -> None:
    """Send `data` on an open comm, from any thread."""
    kernel: Any = getattr(comm, "kernel", None)
    if kernel is None:
        from ipykernel.kernelbase import Kernel

        kernel = Kernel.instance() if Kernel.initialized() else None
    if kernel is None:
        comm.send(data=dict(data))
        return
    content = {"comm_id": comm.comm_id, "data": dict(data)}
    kernel.session.send(kernel.iopub_socket, "comm_msg", content, ident=comm.topic)
