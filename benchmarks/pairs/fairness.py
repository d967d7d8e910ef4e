"""``python -m benchmarks.pairs.fairness [--quick]``: what each wish for fairness costs, as a table.

The base instance with 10,000 recipients, last year's pairs as the present; then the short one with 2,000,
100 places too few. ``--quick`` leaves out the lightest worst load, which takes a minute.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from benchmarks.pairs.instances import last_year, make_question
from benchmarks.pairs.tables import make_tables
from jiedui.pairs import given, make_problem, propose

if TYPE_CHECKING:
    from jiedui.pairs import Proposal

RECIPIENTS, FEWER = 10_000, 2_000
LOW = 0.35
"""Pairs below this score are counted."""
FIRST = 10
"""Every tenth recipient is served first, where somebody is."""
HEADINGS = ("objective", "mean score", "worst score", f"pairs below {LOW}", "heaviest load", "pairs changed")
SHORT_HEADINGS = ("served first", "left without", "of these, of every tenth", "mean score", "worst score")
STAY = (0.02, 0.05, 0.1, 0.2)
ASKED: dict[str, tuple[str, ...]] = {
    "total": ("coverage", "total"),
    "floor, total": ("coverage", "floor", "total"),
    "leximin(0.1), total": ("coverage", "leximin(0.1)", "total"),
    "leximin(0.05), total": ("coverage", "leximin(0.05)", "total"),
    "leximin(0.01), total": ("coverage", "leximin(0.01)", "total"),
    "total, least_change": ("coverage", "total", "least_change"),
}
SLOW = {"load, total": ("coverage", "load", "total")}


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pairs.fairness")
    parser.add_argument("--quick", action="store_true", help="without the lightest worst load")
    asked = ASKED if parser.parse_args().quick else ASKED | SLOW
    print(f"base, {RECIPIENTS:,} recipients\n")
    _print(HEADINGS, base_rows(asked))
    print(f"\nshort, {FEWER:,} recipients\n")
    _print(SHORT_HEADINGS, short_rows())


def base_rows(asked: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Give a row for last year's pairs, one for each objective list, and one for each score for staying."""
    question = make_question("base", RECIPIENTS)
    (helpers, recipients, candidates), quota = make_tables(question)
    own = helpers["id"].take(pa.array(last_year(RECIPIENTS)))
    present = pa.table({"recipient": recipients["id"], "helper": own})
    problem = make_problem(helpers, recipients, candidates, present=present)
    pairs = zip(present["recipient"].to_pylist(), present["helper"].to_pylist(), strict=True)
    yield _row("last year", given(problem, list(pairs)))
    for name, objective in asked.items():
        yield _row(name, propose(problem, objective=objective, quota=quota))
    for stay in STAY:
        yield _row(
            f"total, stay={stay}", propose(problem, objective=("coverage", "total"), quota=quota, stay=stay)
        )


def short_rows() -> Iterator[tuple[str, ...]]:
    """Give a row with nobody first, and one with every tenth recipient first."""
    (helpers, recipients, candidates), quota = make_tables(make_question("short", FEWER))
    for name in ("nobody", "every tenth"):
        order = pa.array([1 if name != "nobody" and row % FIRST == 0 else 2 for row in range(FEWER)])
        problem = make_problem(helpers, recipients.append_column("priority", order), candidates)
        made = propose(problem, objective=("coverage", "total"), quota=quota)
        score = problem.score[made.chosen] / 1e6
        left = np.setdiff1d(np.arange(FEWER), problem.row[made.chosen])
        first = int((left % FIRST == 0).sum())
        yield name, f"{len(left):,}", f"{first:,}", f"{score.mean():.4f}", f"{score.min():.3f}"


def _row(name: str, made: Proposal) -> tuple[str, ...]:
    """Measure one proposal."""
    score = made.problem.score[made.chosen] / 1e6
    low, load = int((score < LOW).sum()), float(max(made.loads()))
    return name, f"{score.mean():.4f}", f"{score.min():.3f}", f"{low:,}", f"{load:.2f}", f"{made.moves:,}"


def _print(headings: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    """Print a Markdown table."""
    print(f"| {' | '.join(headings)} |")
    print("| --- |" + " ---: |" * (len(headings) - 1))
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
