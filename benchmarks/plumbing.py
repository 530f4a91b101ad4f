"""What the benchmarks share: CPU of code in fresh kernels, and a table of ratios with their bounds."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jupyter_client.manager import start_new_kernel

__all__ = ["Row", "report", "timed_in_kernel"]

# The measure is taken inside the kernel: CPU of the whole process, all threads, user and system.
_TIMED = """
import time as _t
_t0 = _t.process_time()
{code}
_t1 = _t.process_time()
from pathlib import Path as _P
_P({out!r}).write_text(str(_t1 - _t0))
"""


@dataclass(frozen=True)
class Row:
    """A ratio and the bound that it has to keep."""

    name: str
    ratio: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def kept(self) -> bool:
        return (self.at_most is None or self.ratio <= self.at_most) and (
            self.at_least is None or self.ratio >= self.at_least
        )


def report(rows: Sequence[Row]) -> int:
    """Print the table; return how many bounds were not kept."""
    for row in rows:
        bound = f"at most {row.at_most:g}" if row.at_most is not None else f"at least {row.at_least:g}"
        print(f"{row.name:44} {row.ratio:8.2f}   {bound:14} {'kept' if row.kept else 'NOT KEPT'}")
    return sum(not row.kept for row in rows)


def timed_in_kernel(cells: Mapping[str, str], runs: int, base_url: str) -> dict[str, float]:
    """For each cell the least CPU seconds of `runs` fresh kernels, the cells taking turns."""
    best: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as home:
        out = os.path.join(home, "cpu")  # noqa: PTH118 - written into code
        env = {
            **os.environ,
            "COMETAPI_BASE_URL": base_url,
            "COMETAPI_KEY": "sk-canary-bench",
            "COMET_MAGICS_HOME": home,
            # Ours and the others' modules are compiled once, in the first round, as an installation does it.
            "PYTHONPYCACHEPREFIX": home,
        }
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(runs):
            for name, code in cells.items():
                manager, client = start_new_kernel(env=env)
                try:
                    ran = client.execute_interactive(_TIMED.format(code=code, out=out), output_hook=lambda _: None)
                    if ran["content"]["status"] != "ok":
                        raise SystemExit(f"{name}: {ran['content'].get('evalue')}")
                    with open(out) as file:  # noqa: PTH123
                        best[name] = min(best.get(name, float("inf")), float(file.read()))
                finally:
                    client.stop_channels()
                    manager.shutdown_kernel(now=True)
    return best
