"""``do.py bench registers [--quick] [--repetitions N] [--json FILE]``: each beside a bare read or scan.

CPU seconds count the processes that a step starts; the peak is that of the process that imports. Every part
runs in a process of its own, so that what one leaves behind does not count for the next.
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

PARTS = ("read", "rules", "check", "take")


def main() -> None:
    """Measure, print a table, and write the keys asked for."""
    parser = argparse.ArgumentParser(prog="do.py bench registers")
    parser.add_argument("--quick", action="store_true", help="one repetition")
    parser.add_argument("--repetitions", type=int, default=3, help="medians of so many")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the large tables")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}; CPU s, medians")
    keys: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        run("make", folder, asked.rows)
        for part in PARTS:
            found = [run(part, folder, asked.rows) for _ in range(1 if asked.quick else asked.repetitions)]
            told = {name: round(median(one[name] for one in found), 4) for name in found[0]}
            for name, value in told.items():
                print(f"{name:28} {value:>12,.3f}")
            keys |= told
    print("\n" + json.dumps(keys, indent=2))
    if asked.json:
        asked.json.write_text(json.dumps(keys, indent=2) + "\n", encoding="utf-8")


def run(part: str, folder: str, rows: int) -> dict[str, float]:
    """Run one part in a process of its own and give what it measured."""
    command = [sys.executable, "-m", "benchmarks.registers.parts", part, folder, str(rows)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    main()
