"""`comet-magics demo`: the quickstart notebook in a real kernel, with its answers in the terminal as they come.

Promise: without a key nothing leaves this machine but the one download of the embedded model; no file is overwritten.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from .. import config
from ..core.errors import UsageError

__all__ = ["quickstart", "run"]

DEFAULT = Path("comet-magics-quickstart.ipynb")
NEEDED = ("nbclient", "nbformat", "ipykernel", "pandas", "palmerpenguins")


def run(output: Path | None, *, lab: bool) -> int:
    """Run the demo, write the executed notebook to `output`, and open it if `lab`; returns the exit code."""
    _check_installed(lab=lab)
    target = _target(output)
    with _backend() as environment:
        from .player import Player

        player = Player(target, environment)
        try:
            failed = player.play(quickstart())
        finally:
            player.save()
        print(f"\nWritten: {target}. {_next_steps(target)}")
        if lab and not failed:
            return _open_lab(target, environment)
    return 1 if failed else 0


def _next_steps(target: Path) -> str:
    place = target.relative_to(Path.cwd()) if target.is_relative_to(Path.cwd()) else target
    steps = f"Open it: jupyter lab {shlex.quote(str(place))}."
    return steps if config.find_key() else f"{steps} With gpt-5.1 instead: COMETAPI_KEY=<your key> comet-magics demo"


def quickstart() -> str:
    """The notebook's JSON: from the installed package, or from the source tree."""
    shipped = files("comet_magics") / "cli" / "quickstart.ipynb"
    source = Path(__file__).parents[2] / "notebooks" / "quickstart.ipynb"
    return (shipped if shipped.is_file() else source).read_text(encoding="utf-8")


def _check_installed(*, lab: bool) -> None:
    missing = [name for name in (*NEEDED, *(("jupyterlab",) if lab else ())) if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"The demo needs {', '.join(missing)}.", remedy='Install it: pip install "comet_magics[lab,local]"'
        )


def _target(output: Path | None) -> Path:
    """Where the notebook goes: the chosen place if it is free, or the first free one of the default names."""
    if output is None:
        names = (DEFAULT.with_stem(f"{DEFAULT.stem}-{number}") if number > 1 else DEFAULT for number in range(1, 1000))
        return next(name for name in names if not name.exists()).absolute()
    if output.exists():
        raise UsageError(f"{output} exists already.", remedy="Choose another name for --output.")
    if not output.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {output.parent}.", remedy="Make it, or choose another --output.")
    return output.absolute()


@contextlib.contextmanager
def _backend() -> Iterator[dict[str, str]]:
    """Who answers, as the kernel's environment variables: the gateway if there is a key, else the embedded model."""
    if config.find_key() is not None:
        from ..core.settings import Settings
        from ..transport.http import host_of

        print(f"{Settings().model} at {host_of(config.base_url())} answers.")
        yield {}
        return
    from ..transport.local import start
    from .model import fetch_shown

    with start(fetch_shown()) as model:
        print("Without a key the embedded model answers: SmolLM2, 135 million parameters, on this machine.")
        print("It shows that everything works. It is often wrong, and no substitute for gpt-5.1.")
        yield {"COMETAPI_BASE_URL": model.base_url, "COMETAPI_KEY": model.key}


def _open_lab(target: Path, environment: dict[str, str]) -> int:
    """JupyterLab on the notebook, while the model runs; Ctrl-C is JupyterLab's own to handle."""
    print("Opening JupyterLab. Pressing Ctrl-C twice ends it, and the model with it.", flush=True)
    lab = subprocess.Popen(  # noqa: S603 - our own words and the user's path
        [sys.executable, "-m", "jupyterlab", str(target)], env={**os.environ, **environment}
    )
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return lab.wait()
