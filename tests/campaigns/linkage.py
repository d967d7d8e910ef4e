"""``python3 do.py campaign linkage``: link an invented county and measure against the truth."""

from __future__ import annotations

import argparse
import resource
import secrets
import time

from tests.linkage_cases import make_county, measure

from jiedui.registers.linkage import link_persons
from jiedui.registers.linkage.names import FAMILIES


def main() -> None:
    """Print what was linked, what was wrong, by family of names, and what it took."""
    parser = argparse.ArgumentParser(prog="do.py campaign linkage")
    parser.add_argument("--people", type=int, default=30_000)
    parser.add_argument("--again", type=float, default=0.4, help="share of persons in the second workbook")
    parser.add_argument("--without-lists", action="store_true", help="no lists of other offices")
    parser.add_argument("--seed", type=int, default=None)
    asked = parser.parse_args()
    seed = secrets.randbits(32) if asked.seed is None else asked.seed
    county = make_county(asked.people, seed=seed, again=asked.again, lists=not asked.without_lists)
    start = time.process_time()
    linked = link_persons(county.register)
    used = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"seed {seed}: {used:.1f} CPU s, peak {peak} MiB (generator included)")
    print({**linked.figures, "questions": len(linked.findings)})
    for family in (None, *FAMILIES):
        figures = measure(county, linked.identities, family=family)
        print(family or "all", {name: round(value, 5) for name, value in figures.items()})


if __name__ == "__main__":
    main()
