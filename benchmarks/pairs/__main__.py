"""``python3 do.py bench pairs [--quick] [--json FILE]``: our kernel beside others, in turn in one process."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.pairs.instances import make_question
from benchmarks.pairs.peers import jiedui, lemon_program, one_pass, peers_for
from benchmarks.pairs.tables import make_tables

FAMILIES = ("base", "fine", "tight", "short", "ties", "worst", "geographic")
PUBLIC = ("OR-Tools", "LEMON NetworkSimplex", "LEMON CostScaling")
VS_ORTOOLS = ("base", "tight", "short")
VS_BEST = ("base", "fine", "ties", "short", "worst")
REPETITIONS = 5


def main() -> None:
    """Measure, print a table, and write the keys asked for."""
    parser = argparse.ArgumentParser(prog="do.py bench pairs")
    parser.add_argument("--quick", action="store_true", help="one repetition; peers where a key needs them")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    print(f"{platform.machine()}, {_processor()}, Python {platform.python_version()}, CPU s, medians")
    keys = compare(quick=asked.quick) | answers(quick=asked.quick) | million(quick=asked.quick)
    print("\n" + json.dumps(keys, indent=2))
    if asked.json:
        asked.json.write_text(json.dumps(keys, indent=2) + "\n", encoding="utf-8")


def compare(*, quick: bool) -> dict[str, float]:
    """Run every family at 1e4 and 1e5 against the peers, alternating."""
    jiedui(make_question("base", 1000))
    keys: dict[str, float] = {}
    print(f"{'instance':>16} {'ours':>8} {'1 pass':>8}  others: CPU s (ratio to ours)")
    for recipients in (10_000, 100_000):
        for family in FAMILIES:
            if quick and not _is_asked(family, recipients):
                continue
            keys |= _family(family, recipients, quick=quick)
    return keys


def _is_asked(family: str, recipients: int) -> bool:
    """Whether some key needs this instance."""
    return family == "worst" or (recipients > 10_000 and family in {*VS_ORTOOLS, *VS_BEST})


def _family(family: str, recipients: int, *, quick: bool) -> dict[str, float]:
    """Measure one instance and give its keys."""
    question = make_question(family, recipients)
    size = f"1e{len(str(recipients)) - 1}"
    peers = peers_for(question)
    if quick:
        needed = PUBLIC if family in VS_BEST else PUBLIC[:1]
        peers = {name: solve for name, solve in peers.items() if name in needed}
    times: dict[str, list[float]] = {}
    values = set()
    for _ in range(1 if quick else REPETITIONS if recipients <= 10_000 else 3):
        ours = sorted(jiedui(question) for _ in range(3))[1]
        times.setdefault("ours", []).append(ours[0])
        times.setdefault("pass", []).append(one_pass(question)[0])
        values.add(ours[1])
        for name, solve in peers.items():
            seconds, value = solve(question)
            times.setdefault(name, []).append(seconds)
            values.add(value)
    if len(values) != 1:
        raise SystemExit(f"{family} {size}: solvers disagree: {values}")
    middle = {name: median(found) for name, found in times.items()}
    ratio = {name: middle[name] / middle["ours"] for name in peers}
    told = ", ".join(f"{name} {middle[name]:.3f} ({ratio[name]:.1f})" for name in peers)
    print(f"{family + ' ' + size:>16} {middle['ours']:8.4f} {middle['pass']:8.4f}  {told}", flush=True)
    keys = {}
    if family in VS_ORTOOLS and recipients > 10_000:
        keys[f"{family}_{size}_vs_ortools"] = round(ratio["OR-Tools"], 2)
    if ((family in VS_BEST and recipients > 10_000) or family == "worst") and lemon_program():
        keys[f"{family}_{size}_vs_best"] = round(min(ratio[name] for name in PUBLIC), 2)
    return keys


def answers(*, quick: bool) -> dict[str, float]:
    """Measure what a planner asks, on the base instance at 1e5, through the public door."""
    from jiedui.pairs import make_problem, propose
    from jiedui.pairs.answers import Answers

    tables, quota = make_tables(make_question("base", 100_000))
    problem = make_problem(*tables)
    proposal = propose(problem, objective=("coverage", "total"), quota=quota)
    asked = Answers(proposal)
    times = 20 if quick else 200
    random = np.random.default_rng(1)
    names = [problem.recipient_ids[row] for row in random.integers(0, len(problem.need), times + 1)]
    helpers = [
        problem.helper_ids[column] for column in random.integers(0, len(problem.helper_ids), times + 1)
    ]
    rivals = [asked.explain(name).rivals[0].helper for name in names]
    keys = {
        "repair_1e5_ms": _each(times, lambda turn: asked.what_if(drop=[helpers[turn]])),
        "explain_1e5_ms": _each(times, lambda turn: asked.explain(names[turn])),
        "why_not_1e5_ms": _each(times, lambda turn: asked.why_not(rivals[turn], names[turn])),
    }
    start = time.process_time()
    fair = propose(problem, objective=("coverage", "leximin(0.05)", "total"), quota=quota)
    keys["leximin_1e5_cpu_s"] = round(time.process_time() - start, 3)
    scores = [problem.score[one.chosen].mean() / 1e6 for one in (proposal, fair)]
    print(f"\nleximin, 20 bands: mean score {scores[1]:.4f} instead of {scores[0]:.4f}")
    return keys


def _each(times: int, ask: Callable[[int], object]) -> float:
    """Give the median of CPU milliseconds of a question, after one to warm up."""
    ask(times)
    seconds = []
    for turn in range(times):
        start = time.process_time()
        ask(turn)
        seconds.append(time.process_time() - start)
    return round(1000 * median(seconds), 3)


def million(*, quick: bool) -> dict[str, float]:
    """Measure a million recipients from tables to proved proposal, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.pairs.million"]
    told = [
        json.loads(
            subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
        )
        for _ in range(1 if quick else 3)
    ]
    return {
        "base_1e6_cpu_s": round(median(one["cpu_s"] for one in told), 2),
        "base_1e6_peak_mib": round(median(one["peak_mib"] for one in told)),
    }


def _processor() -> str:
    """Name the processor, as far as the system tells."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "?")


if __name__ == "__main__":
    main()
