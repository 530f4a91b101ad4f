"""Everything that is checked, in one command: `nox`. One part of it: `nox -s lint`, `nox -s tests -- tests/wire -x`.

Environments are kept in .nox and installed again when pyproject.toml changes; the embedded model's weights are fetched
once, into .nox/home.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.error_on_missing_interpreters = False
nox.options.download_python = "never"
if shutil.which("pyenv"):
    # Its commands for a version work only where that version is chosen: choose all.
    found = subprocess.run(["pyenv", "versions", "--bare"], capture_output=True, text=True, check=False).stdout
    os.environ.setdefault("PYENV_VERSION", ":".join(found.split()))

ROOT = Path(__file__).parent
HOME = {"COMET_MAGICS_HOME": str(ROOT / ".nox" / "home")}
PROJECT = nox.project.load_toml(ROOT / "pyproject.toml")

# These start kernels and servers of the lab and local extras, which are tried on one Python only.
NOT_UNIT = ("*/end_to_end", "*/cli", "*_in_a_kernel.py", "*/test_local.py", "*/test_notebooks.py")


@nox.session
def lint(session: nox.Session) -> None:
    """Style, strict types, and the floors."""
    install(session, "-e", ".[lab]", *nox.project.dependency_groups(PROJECT, "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("lint-imports", "--no-cache")


@nox.session
def tests(session: nox.Session) -> None:
    """Everything on this Python: units, real kernels, the embedded model, the notebooks."""
    install(session, "-e", ".[lab,local]", *nox.project.dependency_groups(PROJECT, "test"))
    session.run("pytest", *(session.posargs or ["--cov", "--cov-report=term:skip-covered"]), env=HOME)


@nox.session(python=["3.10", "3.13"])
def units(session: nox.Session) -> None:
    """The tests that need no kernel, on the oldest and the newest Python."""
    install(session, "-e", ".", *nox.project.dependency_groups(PROJECT, "test"))
    session.run("pytest", "tests", *(f"--ignore-glob={glob}" for glob in NOT_UNIT), env=HOME)


@nox.session(default=False)
def engines(session: nox.Session) -> None:
    """Real PySpark (needs Java 17), Modin, GeoPandas and torch; not a default: they take long to install."""
    groups = nox.project.dependency_groups(PROJECT, "test", "engines")
    install(session, "-e", ".", *groups)
    session.run("pytest", "tests/engines", *session.posargs, env={**HOME, "COMET_MAGICS_ENGINES": "1"})


@nox.session(reuse_venv=False)
def wheel(session: nox.Session) -> None:
    """Build, look into the wheel, install it in a fresh environment and run the main job from there."""
    session.install("build")
    built = Path(session.create_tmp()).resolve() / "dist"
    for old in built.glob("*"):
        old.unlink()
    session.run("python", "-m", "build", "--outdir", str(built), str(ROOT), silent=True)
    (path,) = built.glob("*.whl")
    check_contents(session, path)
    session.install(f"{path}[lab,local]")
    session.chdir(built)
    session.run("comet-magics", "--help", silent=True)
    session.run("comet-magics", "demo", "--output", str(built / "demo.ipynb"), env=HOME)


def install(session: nox.Session, *what: str) -> None:
    """Install once for each state of pyproject.toml; the package itself is used from this folder as it stands."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = Path(session.virtualenv.location) / "installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        session.install(*what)
        stamp.write_text(wanted)


def check_contents(session: nox.Session, wheel: Path) -> None:
    """What users need is in it, and nothing else of the tree."""
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("comet_magics/py.typed", "comet_magics/cli/quickstart.ipynb"):
        if needed not in names:
            session.error(f"{wheel.name} lacks {needed}")
    tops = {name.split("/")[0] for name in names}
    if strange := [top for top in tops if top != "comet_magics" and not top.endswith(".dist-info")]:
        session.error(f"{wheel.name} also has {', '.join(sorted(strange))}")
