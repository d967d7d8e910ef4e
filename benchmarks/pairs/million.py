"""A million recipients from tables to a proved proposal: CPU seconds and the peak memory of all of it.

The compiled kernel is loaded beforehand, as other solvers' libraries are.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa

NAMES = ("helpers", "recipients", "candidates")


def make(folder: Path) -> None:
    """Write the tables of the base instance."""
    from benchmarks.pairs.instances import make_question
    from benchmarks.pairs.tables import make_tables

    tables, quota = make_tables(make_question("base", 1_000_000))
    for name, table in zip(NAMES, tables, strict=True):
        with pa.OSFile(str(folder / name), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    (folder / "quota.json").write_text(json.dumps(quota))


def solve(folder: Path) -> None:
    """Read the tables, find the proposal, and tell what it took."""
    from jiedui.pairs import make_problem, propose, warm_up

    warm_up()
    tables = []
    for name in NAMES:
        with pa.OSFile(str(folder / name)) as source:
            tables.append(pa.ipc.open_file(source).read_all())
    quota = json.loads((folder / "quota.json").read_text())
    start = time.process_time()
    proposal = propose(make_problem(*tables), objective=("coverage", "total"), quota=quota)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if proposal.faults():
        raise SystemExit("; ".join(proposal.faults()))
    print(json.dumps({"cpu_s": seconds, "peak_mib": peak}))


def main() -> None:
    """Make the tables in one process and solve in another, so that making them does not count."""
    if len(sys.argv) > 2:
        {"make": make, "solve": solve}[sys.argv[1]](Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as folder:
        for step in ("make", "solve"):
            subprocess.run([sys.executable, "-m", "benchmarks.pairs.million", step, folder], check=True)


if __name__ == "__main__":
    main()
