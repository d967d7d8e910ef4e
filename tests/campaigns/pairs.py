"""``python3 do.py campaign pairs [--minutes N]``: fuzz the pairing engine with fresh seeds, for long."""

from __future__ import annotations

import argparse
import secrets
import time
from collections import Counter
from collections.abc import Callable
from functools import partial

import numpy as np
from tests.properties.test_pairs_markets import check_desk, check_market
from tests.properties.test_pairs_rules import KINDS, check_rules

CHECKS: dict[str, Callable[[np.random.Generator], None]] = {
    "market": partial(check_market, floors=False),
    "market with floors": partial(check_market, floors=True),
    "desk": check_desk,
    **{f"rules {'-'.join(kinds) or 'none'}": partial(check_rules, kinds=kinds) for kinds in KINDS},
}


def main() -> None:
    """Run every check in turn until time is up; a failure names the seed that repeats it."""
    parser = argparse.ArgumentParser(prog="do.py campaign pairs")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=None, help="repeat one case of every check")
    asked = parser.parse_args()
    end, done = time.monotonic() + 60 * asked.minutes, Counter[str]()
    while time.monotonic() < end:
        seed = secrets.randbits(32) if asked.seed is None else asked.seed
        for name, check in CHECKS.items():
            try:
                check(np.random.default_rng(seed))
            except BaseException:
                print(f"{name}: seed {seed}", flush=True)
                raise
            done[name] += 1
        if asked.seed is not None:
            break
    for name, count in done.items():
        print(f"{name:>40} {count:8}")
    print(f"{done.total()} passed, 0 failed")


if __name__ == "__main__":
    main()
