"""``python3 do.py campaign registers_truth [--minutes N]``: made-up counties held against their truth."""

from __future__ import annotations

import argparse
import secrets
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.county_way import damaged_cells, truth_of, write_county

from jiedui.programmes.registers import run_registers, write_registers

LINKED, WRONG = 0.95, 0.02
"""Pairs of records of one person linked without a hand, and linked pairs that are wrong: as promised."""
RECALL, PRECISION = 0.95, 0.95
"""Planted cases found, and places pointed at that were planted, over all rules of a county."""
HOUSEHOLDS = 1200
Figures = Counter[tuple[str, str]]


def check_county(
    folder: Path, *, households: int, seed: int, target: Path | None = None
) -> tuple[Figures, dict[str, float]]:
    """Take a county the whole way, outputs in `target` included; give what each rule found and the shares.

    A bound that is not kept is an error.
    """
    run = run_registers(write_county(folder, households=households, seed=seed))
    rules, links = truth_of(run)
    cells = damaged_cells(run)
    assert [pair for pair in cells if pair[0] != pair[1]] == []
    shares = {
        **pooled(figures := counted(rules)),
        "linked": links["linked_right"]["share"],
        "wrong": links["linked_wrong"]["share"],
        "pairs": links["true_pairs"]["count"],
        "remarks": len(cells),
        "findings": run.findings.num_rows,
    }
    assert shares["linked"] >= LINKED, shares
    assert shares["wrong"] <= WRONG, shares
    assert shares["recall"] >= RECALL, (shares, short(figures))
    assert shares["precision"] >= PRECISION, (shares, short(figures))
    if target:
        write_registers(run, target)
        returned = sorted(path.stem for path in (target / "returned").iterdir())
        assert returned == sorted(path.stem for path in run.content.files)
    return figures, shares


def counted(rules: dict[str, dict[str, Any]]) -> Figures:
    """Give the counts of each rule: cases planted and found, places pointed at and planted there."""
    found: Figures = Counter()
    for rule, row in rules.items():
        for name in ("planted", "right", "found"):
            found[rule, name] = row[name]
        found[rule, "expected"] = round((row["precision"] or 0) * row["found"])
    return found


def pooled(figures: Figures) -> dict[str, float]:
    """Give recall and precision over all rules."""
    total: Counter[str] = Counter()
    for (_, name), count in figures.items():
        total[name] += count
    return {
        "recall": total["right"] / total["planted"],
        "precision": total["expected"] / total["found"],
        "planted": total["planted"],
    }


def short(figures: Figures) -> list[str]:
    """List the rules that missed a case, or pointed at what nobody planted."""
    return [
        f"{rule}: found {figures[rule, 'right']} of {figures[rule, 'planted']},"
        f" {figures[rule, 'expected']} of {figures[rule, 'found']} right"
        for rule in sorted({rule for rule, _ in figures})
        if figures[rule, "right"] < figures[rule, "planted"]
        or figures[rule, "expected"] < figures[rule, "found"]
    ]


def main() -> None:
    """Make and run counties until time is up; a failure names its seed."""
    parser = argparse.ArgumentParser(prog="do.py campaign registers_truth")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--households", type=int, default=HOUSEHOLDS)
    parser.add_argument("--seed", type=int, action="append", help="these counties and no others")
    asked = parser.parse_args()
    end, total, done, given = time.monotonic() + 60 * asked.minutes, Counter[tuple[str, str]](), 0, asked.seed
    while given or (asked.seed is None and time.monotonic() < end):
        seed = given.pop(0) if given else secrets.randbits(32)
        with TemporaryDirectory() as folder:
            try:
                made, out = Path(folder) / "county", Path(folder) / "out"
                figures, shares = check_county(made, households=asked.households, seed=seed, target=out)
            except BaseException:
                print(f"seed {seed}", flush=True)
                raise
        print(f"seed {seed}:", {name: round(share, 4) for name, share in shares.items()}, flush=True)
        total.update(figures)
        done += 1
    for line in short(total):
        print(line)
    print({name: round(share, 4) for name, share in pooled(total).items()})
    print(f"{done} passed, 0 failed")


if __name__ == "__main__":
    main()
