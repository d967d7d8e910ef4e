"""``do.py bench site [--quick] [--json FILE] [--cache FOLDER]``: the real site under load.

``jiedui serve`` on a seeded SQLite (made once, kept in the cache folder), 16 clients of wrk on the same
machine; every answer must be 2xx, every read of a person is recorded before it is shown. Beside each figure
in wall time stand the CPU milliseconds an answer took, for machines that do other things as well.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.site.parts import Keys, answers, imports, pages, seeded, start

LIMITS = {
    "list_p95_ms": 100, "search_p95_ms": 300, "by_id_rps": 1500, "import_1m_s": 120, "csv_1m_s": 20,
    "page_kb": 60, "map_page_kb": 250, "start_s": 10,
}  # fmt: skip
AT_LEAST = {"by_id_rps"}
PARTS = ("start", "pages", "answers", "import")


def main() -> None:
    """Measure, print a table beside the limits, and write the keys asked for."""
    parser = argparse.ArgumentParser(prog="do.py bench site")
    parser.add_argument("--quick", action="store_true", help="one repetition, short loads")
    parser.add_argument("--repetitions", type=int, default=3, help="medians of so many")
    parser.add_argument("--households", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=int, default=15, help="of each load")
    parser.add_argument("--cache", type=Path, default=Path("out/bench-site"), help="keeps the seeded site")
    parser.add_argument("--part", action="append", choices=PARTS, help="only these parts")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.quick:
        asked.repetitions, asked.seconds = 1, min(asked.seconds, 8)
    asked.cache = asked.cache.resolve()
    asked.cache.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[0]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}"
    )
    if not shutil.which("wrk"):
        print("wrk is missing (python3 do.py system): no list_p95_ms, search_p95_ms, by_id_rps")
    keys: Keys = {}
    for name in asked.part or PARTS:
        told = _medians(_measured(name, asked))
        _show(told)
        keys |= told
    print("\n" + json.dumps(keys, indent=2))
    if asked.json:
        asked.json.write_text(json.dumps(keys, indent=2) + "\n", encoding="utf-8")


def _measured(name: str, asked: argparse.Namespace) -> list[Keys]:
    """Give what each repetition of a part measured."""
    if name == "answers":
        return answers(seeded(asked.cache, asked.households), asked.seconds, asked.repetitions)
    parts: dict[str, Callable[[], Keys]] = {
        "start": lambda: start(asked.cache),
        "pages": lambda: pages(asked.cache),
        "import": lambda: imports(asked.cache, asked.households),
    }
    times = 1 if name == "pages" else asked.repetitions
    return [parts[name]() for _ in range(times)]


def _medians(found: list[Keys]) -> Keys:
    return {name: round(median(one[name] for one in found), 2) for name in found[0]}


def _show(told: Keys) -> None:
    for name, value in told.items():
        limit = LIMITS.get(name)
        beside = ""
        if limit is not None:
            is_met = value >= limit if name in AT_LEAST else value <= limit
            beside = f"  {'≥' if name in AT_LEAST else '≤'} {limit}: {'met' if is_met else 'NOT MET'}"
        print(f"{name:24} {value:>12,.2f}{beside}", flush=True)


if __name__ == "__main__":
    main()
