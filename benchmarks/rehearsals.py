"""What rehearsals cost and leave behind, in one kernel each.

    python benchmarks/rehearsals.py [many] [storm] [big]

many   1,000 rehearsals: no zombie, no new descriptor or temporary file, the kernel's memory flat, its state the same
storm  rehearsals while threads run, BLAS is busy, polars and DuckDB have worked, with open figures, tasks, a pool
big    a frame of 4 GB: at most 5 % more memory on the machine, at most 0.5 s above the cell's own time
"""

from __future__ import annotations

import sys

from jupyter_client.manager import start_new_kernel

MANY = """
import gc, glob, hashlib, os, pickle, random, sys, tempfile, time
import numpy as np, pandas as pd
from comet_magics.notebook.rehearse import Limits, rehearse
df = pd.DataFrame(np.random.default_rng(0).normal(size=(200_000, 8)), columns=list("abcdefgh"))
random.seed(1); np.random.seed(1)
cells = ["x = df.a.mean()", "df['z'] = df.a * 2\\ndf.head()", "df['nope']", "open('x', 'w')", "!true",
         "import random; random.random()"]
def resident():
    return next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmRSS")) // 1024
def children():
    return sum(len(open(f"/proc/self/task/{t}/children").read().split()) for t in os.listdir("/proc/self/task"))
def state():
    values = hashlib.sha256(pickle.dumps((df, random.getstate(), np.random.get_state()[1].tobytes()))).hexdigest()
    left = glob.glob(tempfile.gettempdir() + "/comet-rehearsal-*")
    return values, len(os.listdir("/proc/self/fd")), children(), len(left)
for cell in cells:
    rehearse(get_ipython(), [cell])
gc.collect(); before, memory, began = state(), resident(), time.perf_counter()
outcomes = {}
for i in range(1000):
    (one,) = rehearse(get_ipython(), [cells[i % len(cells)]])
    outcomes[one.outcome] = outcomes.get(one.outcome, 0) + 1
gc.collect()
print(f"1,000 rehearsals: {time.perf_counter() - began:.0f} s, {outcomes}")
print(f"state, descriptors, children, temporary files the same: {state() == before} {state()[1:]}")
print(f"memory: {memory} MB before, {resident()} MB after")
"""

STORM = """
import asyncio, os, sqlite3, threading, time, tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
import duckdb, matplotlib.pyplot as plt, numpy as np, pandas as pd, polars as pl
from comet_magics.notebook.rehearse import Limits, NotRehearsed, rehearse
stop = threading.Event(); busy = threading.Event(); busy.set(); lock = threading.Lock(); counted = [0] * 6
def count(i):
    while not stop.is_set():
        with lock: counted[i] += 1
        time.sleep(0.001)
def multiply():
    a = np.random.rand(600, 600)
    while not stop.is_set():
        a @ a if busy.is_set() else time.sleep(0.01)
for i in range(6): threading.Thread(target=count, args=(i,), daemon=True).start()
blas = threading.Thread(target=multiply, daemon=True); blas.start()
frame = pl.DataFrame({"a": range(100_000), "b": [i % 7 for i in range(100_000)]})
frame.group_by("b").agg(pl.col("a").sum()).sort("b")
folder = tempfile.mkdtemp()
duck = duckdb.connect(f"{folder}/d.duckdb"); duck.execute("create table t as select range as a from range(100000)")
duck.sql("select sum(a) from t").fetchall()
lite = sqlite3.connect(f"{folder}/l.sqlite"); lite.execute("create table t as select 1 as a"); lite.commit()
plt.plot([1, 2]); figure = plt.figure()
task = asyncio.get_running_loop().create_task(asyncio.sleep(3600))
pool = ProcessPoolExecutor(2, mp_context=get_context("spawn")); pool.submit(abs, 1).result()
cells = {
    "pandas": "pd.Series(range(1000)).sum()",
    "BLAS": "np.linalg.norm(np.random.rand(400, 400) @ np.random.rand(400, 400))",
    "polars": "frame.group_by('b').agg(pl.col('a').sum())",
    "DuckDB": "duck.sql('select sum(a) from t').fetchall()",
    "DuckDB, writing": "duck.execute('insert into t values (1)')",
    "SQLite": "lite.execute('select * from t').fetchall()",
    "SQLite, writing": "lite.execute('insert into t values (2)'); lite.commit()",
    "a lock that a thread uses": "lock.acquire(); lock.release()",
    "figures": "plt.figure(); plt.plot([3, 4])",
    "await": "await asyncio.sleep(0.01)",
    "the pool": "list(pool.map(abs, [1, -2]))",
    "a new thread": "t = threading.Thread(target=abs, args=(1,)); t.start(); t.join()",
}
limits, longest = Limits(seconds=6, stall=1), 0.0
def tried(cell):
    try:
        (one,) = rehearse(get_ipython(), [cell], limits)
        return f"{one.outcome} {one.reason}"
    except NotRehearsed as reason:
        return f"not rehearsed: {reason}"
print(f"while BLAS is busy: {tried('1')}")
busy.clear(); time.sleep(0.5)
for name, cell in cells.items():
    for _ in range(3):
        began = time.perf_counter()
        said = tried(cell)
        longest = max(longest, time.perf_counter() - began)
    print(f"{name}: {said}")
same = duck.execute("select count(*) from t").fetchone() == (100000,)
same = same and lite.execute("select * from t").fetchall() == [(1,)] and len(plt.get_fignums()) == 2 and not task.done()
same = same and list(pool.map(abs, [1, -2])) == [1, 2] and frame.group_by("b").len().height == 7 and blas.is_alive()
before = list(counted); time.sleep(0.3)
print(f"the kernel is unchanged and its threads go on: {same and all(b > a for a, b in zip(before, counted))}")
print(f"longest: {longest:.1f} s, limit {limits.seconds:g} s")
stop.set(); pool.shutdown()
"""

BIG = """
import statistics, threading, time
import numpy as np, pandas as pd
from comet_magics.notebook.rehearse import Limits, rehearse
from comet_magics.notebook.supervise import available_memory
df = pd.DataFrame(np.ones((67_108_864, 8)), columns=list("abcdefgh"))
size = int(df.memory_usage().sum())
least = [available_memory()]
def look(done):
    while not done.is_set():
        least.append(available_memory()); time.sleep(0.005)
extra, added = [], []
for _ in range(5):
    done = threading.Event(); least[:] = [available_memory()]; start = least[0]
    thread = threading.Thread(target=look, args=(done,)); thread.start()
    began = time.perf_counter()
    (one,) = rehearse(get_ipython(), ["total = df['a'].sum()"], Limits(seconds=60))
    extra.append(time.perf_counter() - began - one.seconds)
    done.set(); thread.join()
    added.append((start - min(least)) / size)
print(f"a frame of {size / 2**30:.1f} GB: {one.outcome}, {one.seconds:.2f} s of its own")
print(f"above that: {statistics.median(extra):.2f} s (bound 0.5)")
print(f"memory: {statistics.median(added):.1%} of the frame (bound 5 %)")
"""


def run(code: str) -> None:
    """Run `code` in a fresh kernel, and pass on what it prints."""
    manager, client = start_new_kernel()
    try:
        reply = client.execute_interactive(code, timeout=1200)
        assert reply["content"]["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    for name in sys.argv[1:] or ["many", "storm", "big"]:
        print(f"## {name}", flush=True)
        run({"many": MANY, "storm": STORM, "big": BIG}[name])
