"""``do.py bench needs [--quick] [--rows 3e7] [--repetitions N] [--json FILE]``: each beside a bare scan.

Every way computes the same figures by county and must find the same numbers. It runs in a process of its own,
warmed up on a few rows; CPU seconds count computing alone, the least of three runs; MiB is the process' peak.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.needs.parts import OTHERS, OURS, Figures

SAME = 1e-9
"""Figures summed over all counties; engines add in their own order."""


def main() -> None:
    """Measure, print a table, and write the keys asked for."""
    parser = argparse.ArgumentParser(prog="do.py bench needs")
    parser.add_argument("--quick", action="store_true", help="one repetition")
    parser.add_argument("--rows", type=float, default=30_000_000, help="households")
    parser.add_argument("--repetitions", type=int, default=3, help="medians of so many")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    print(
        f"{platform.machine()}, Python {platform.python_version()}; {asked.rows:,.0f} households, 2 threads"
    )
    repetitions = 1 if asked.quick else asked.repetitions
    with tempfile.TemporaryDirectory() as folder:
        made = run("make", folder, asked.rows)
        print(f"made in {made['wall_s']:.0f} s, {made['file_mib']:.0f} MiB", flush=True)
        found = measure(folder, asked.rows, repetitions)
        keys = summarise(found)
        survey = run("survey", folder, asked.rows)
    if "rows" in survey:
        keys["survey_se_s"] = round(survey["cpu_s"], 3)
        print(f"standard errors: {survey['cpu_s']:.2f} s for {survey['rows']:,.0f} rows")
    else:
        print("standard errors: jiedui.needs.poverty is absent")
    print("\n" + json.dumps(keys, indent=2))
    if asked.json:
        asked.json.write_text(json.dumps(keys, indent=2) + "\n", encoding="utf-8")


def measure(folder: str, rows: float, repetitions: int) -> dict[str, Figures]:
    """Run every way so many times, in turn, and give medians; stop where figures differ."""
    names = [*OURS, *OTHERS]
    runs: dict[str, list[Figures]] = {name: [] for name in names}
    for _ in range(repetitions):
        for name in names:
            runs[name].append(run(name, folder, rows))
    found = {
        name: {key: median(one[key] for one in told) for key in told[0]}
        for name, told in runs.items()
        if told[0]
    }
    checks = {name: one["check"] for name, one in found.items() if "check" in one}
    if max(checks.values()) - min(checks.values()) > SAME * max(checks.values()):
        raise SystemExit(f"figures differ: {checks}")
    scan = found["scan"]["cpu_s"]
    print(f"{'':24}{'CPU s':>8}{'x scan':>8}{'MiB':>8}")
    for name in names:
        if name in found:
            cpu, peak = found[name]["cpu_s"], found[name]["peak_mib"]
            print(f"{name:24}{cpu:8.2f}{cpu / scan:8.2f}{peak:8.0f}")
        else:
            print(f"{name:24}  absent")
    return found


def summarise(found: dict[str, Figures]) -> dict[str, float]:
    """Give the keys asked for."""
    headline = found["headline"]
    return {
        "headline_30m_vs_scan": round(headline["cpu_s"] / found["scan"]["cpu_s"], 3),
        "headline_30m_peak_mib": round(headline["peak_mib"]),
        "cube_query_vs_fresh": round(found["cube query"]["cpu_s"] / headline["cpu_s"], 3),
    }


def run(part: str, folder: str, rows: float) -> Figures:
    """Run one part in a process of its own and give what it measured."""
    command = [sys.executable, "-m", "benchmarks.needs.parts", part, folder, str(int(rows))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    main()
