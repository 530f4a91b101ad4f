"""CPU of `%load_ext comet_magics`, and of loading and the first answer, against what they stand on.

    python benchmarks/loading.py

Each figure is the CPU of a fresh kernel's process between two points, the smallest of several kernels, all in one
run. Bounds: loading at most half of `import httpx, markdown_it`; at least 40 times less than `%load_ext
jupyter_ai_magics` (measured where that is installed); loading and the first answer together at most 3 times that
import.
"""

from __future__ import annotations

import importlib.util
import sys

from plumbing import Row, report, timed_in_kernel

from comet_magics.testing import Gateway, reply

RUNS = 5
IMPORT = "import httpx, markdown_it"
LOAD = "get_ipython().run_line_magic('load_ext', 'comet_magics')"
ANSWER = LOAD + "\nget_ipython().run_line_magic('gpt', 'Say hello.')"
PEER = "get_ipython().run_line_magic('load_ext', 'jupyter_ai_magics')"


def main() -> int:
    with Gateway(reply("Hello. Here is **one** word and `some` code.")) as gateway:
        cells = {"import": IMPORT, "load": LOAD, "load and first answer": ANSWER}
        if importlib.util.find_spec("jupyter_ai_magics"):
            cells["load jupyter_ai_magics"] = PEER
        cpu = timed_in_kernel(cells, RUNS, gateway.base_url)
    rows = [
        Row("load / import", cpu["load"] / cpu["import"], at_most=0.5),
        Row("load and first answer / import", cpu["load and first answer"] / cpu["import"], at_most=3.0),
    ]
    if "load jupyter_ai_magics" in cpu:
        rows.append(Row("jupyter_ai_magics / load", cpu["load jupyter_ai_magics"] / cpu["load"], at_least=40.0))
    for name, seconds in cpu.items():
        print(f"{name:28} {seconds * 1000:8.1f} ms CPU")
    return report(rows)


if __name__ == "__main__":
    sys.exit(main())
