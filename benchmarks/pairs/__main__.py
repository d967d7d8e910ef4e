"""``do.py bench pairs [--quick] [--size 1e5] [--repetitions N] [--json FILE]``: our kernel beside others.

All solve the same question in turn in one process (LEMON in one of its own; HiGHS and SciPy up to 1e4,
LEMON up to 1e5, OR-Tools up to 1e6) and must find the same cost. CPU seconds count solving alone for the
others, everything from candidates to checked prices for us; MiB is what solving adds to a process' peak.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from statistics import median

from benchmarks.pairs.answers import answers
from benchmarks.pairs.instances import make_question
from benchmarks.pairs.peers import jiedui, lemon_program, one_pass, peak_mib, peers_for

FAMILIES = ("base", "fine", "tight", "short", "ties", "worst", "worst_short", "geographic")
PUBLIC = ("OR-Tools", "LEMON NetworkSimplex", "LEMON CostScaling")
VS_ORTOOLS = ("base", "tight", "short")
VS_BEST = ("base", "fine", "ties", "short", "worst")
SIZES = (10_000, 100_000, 1_000_000)
LARGE = ("base", "tight")
"""Families that are also measured at 1e6."""


def main() -> None:
    """Measure, print a table, and write the keys asked for."""
    parser = argparse.ArgumentParser(prog="do.py bench pairs")
    parser.add_argument("--quick", action="store_true", help="one repetition; peers where a key needs them")
    parser.add_argument(
        "--size", type=float, choices=SIZES, action="append", help="only these (1e4, 1e5, 1e6)"
    )
    parser.add_argument("--repetitions", type=int, default=3, help="medians of so many (1e6: one)")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    print(f"{platform.machine()}, {_processor()}, Python {platform.python_version()}; CPU s, medians")
    jiedui(make_question("base", 1000))
    sizes = asked.size or SIZES
    keys = quick() if asked.quick else full(sizes, asked.repetitions)
    if 100_000 in sizes:
        keys |= answers(times=20 if asked.quick else 200)
    if 1_000_000 in sizes:
        keys |= million()
    print("\n" + json.dumps(keys, indent=2))
    if asked.json:
        asked.json.write_text(json.dumps(keys, indent=2) + "\n", encoding="utf-8")


def quick() -> dict[str, float]:
    """Run once what some key needs, against those whom it needs."""
    keys: dict[str, float] = {}
    for family in dict.fromkeys((*VS_BEST, *VS_ORTOOLS)):
        for recipients in (10_000, 100_000) if family == "worst" else (100_000,):
            peers = PUBLIC if family in VS_BEST else PUBLIC[:1]
            keys |= compare(family, recipients, peers=peers)
    return keys


def full(sizes: Sequence[int], repetitions: int) -> dict[str, float]:
    """Run every family at 1e4 and 1e5, some at 1e6, against everybody."""
    keys: dict[str, float] = {}
    for recipients in map(int, sizes):
        for family in LARGE if recipients > 100_000 else FAMILIES:
            keys |= compare(
                family, recipients, repetitions=1 if recipients > 100_000 else repetitions, memory=True
            )
    return keys


def compare(
    family: str, recipients: int, *, peers: Collection[str] = (), repetitions: int = 1, memory: bool = False
) -> dict[str, float]:
    """Measure one instance against peers (all who can, if none is named), print a line, give its keys."""
    question = make_question(family, recipients)
    asked = {name: one for name, one in peers_for(question).items() if name in peers or not peers}
    times: dict[str, list[float]] = {}
    values: set[int] = set()
    for _ in range(repetitions):
        ours = sorted((jiedui(question) for _ in range(3)), key=lambda one: one.seconds)[1]
        found = {"ours": ours} | {name: solve(question) for name, solve in asked.items()}
        for name, one in {**found, "pass": one_pass(question)}.items():
            times.setdefault(name, []).append(one.seconds)
        values |= {one.value for one in found.values()}
    size = f"1e{len(str(recipients)) - 1}"
    if len(values) != 1:
        raise SystemExit(f"{family} {size}: solvers disagree: {values}")
    middle = {name: median(found) for name, found in times.items()}
    ratio = {name: middle[name] / middle["ours"] for name in asked}
    peak = {
        name: f", {peak_mib(one, question)} MiB" for name, one in {"ours": jiedui, **asked}.items() if memory
    }
    told = [f"ours {middle['ours']:.4f}{peak.get('ours', '')}", f"one pass {middle['pass']:.4f}"]
    told += [f"{name} {middle[name]:.3f} ({ratio[name]:.1f}x{peak.get(name, '')})" for name in asked]
    print(f"{family + ' ' + size:>16}: {'; '.join(told)}", flush=True)
    return _keys(family, size, ratio)


def _keys(family: str, size: str, ratio: dict[str, float]) -> dict[str, float]:
    """Give the keys asked for that one instance yields."""
    keys: dict[str, float] = {}
    if family in VS_ORTOOLS and size == "1e5":
        keys[f"{family}_{size}_vs_ortools"] = round(ratio["OR-Tools"], 2)
    wanted = (family in VS_BEST and size == "1e5") or (family, size) == ("worst", "1e4")
    if wanted and lemon_program():
        keys[f"{family}_{size}_vs_best"] = round(min(ratio[name] for name in PUBLIC), 2)
    return keys


def million() -> dict[str, float]:
    """Measure a million recipients from tables to proved proposal, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.pairs.million"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return {"base_1e6_cpu_s": round(told["cpu_s"], 2), "base_1e6_peak_mib": round(told["peak_mib"])}


def _processor() -> str:
    """Name the processor, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "?")


if __name__ == "__main__":
    main()
