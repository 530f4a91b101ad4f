"""comet_magics: an AI assistant that lives inside a Jupyter notebook.

`%load_ext comet_magics`, then `%%gpt`. Importing this package costs next to nothing; IPython's shell, httpx,
markdown-it and ipywidgets are loaded when they are first needed.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["__version__", "load_ipython_extension", "unload_ipython_extension"]

__version__ = "0.1.0"

# Without a handler Python prints warnings to stderr, and from a thread they would land in another cell's output.
logging.getLogger(__name__).addHandler(logging.NullHandler())


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where JupyterLab finds the built extension, and under which name."""
    return [{"src": "labextension", "dest": "comet-magics"}]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """`%load_ext comet_magics`: register the magics and `%config CometMagics`."""
    from .loading import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """`%unload_ext comet_magics`: take the magics away again; what was answered stays."""
    from .loading import unload

    unload(shell)
