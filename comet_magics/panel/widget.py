"""The panel's widget: one anywidget, of which every front end may show views.

Why one, and not ipywidgets' own: it takes keys, paste and drop; while a cell computes, what a person chose and asked
has to arrive together, over one channel; and a box sends all of its children anew with each one that is added. Its
state is but its id. Everything else is said in messages, because the kernel says it from worker threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from ..notebook.iopub import tell
from .page import script, style

__all__ = ["PanelWidget"]


class PanelWidget(anywidget.AnyWidget):
    """`panel` is the panel's id, by which a page's messages name it."""

    _esm = script()
    _css = style()
    panel = traitlets.Unicode().tag(sync=True)

    def say(self, message: dict[str, Any]) -> None:
        """Send `message` to every view, from any thread."""
        if self.comm is not None:
            tell(self.comm, {"method": "custom", "content": message})

    def listen(self, heard: Callable[[object], None]) -> None:
        """Call `heard` with what a view says over the widget's own channel."""
        self.on_msg(lambda _widget, content, _buffers: heard(content))

    @property
    def view_data(self) -> dict[str, Any]:
        """What an output holds to show a view, as ipywidgets writes it."""
        return {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
