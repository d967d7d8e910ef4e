"""What a planner asks, on the base instance at 1e5 through the public door: CPU milliseconds, medians."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from benchmarks.pairs.instances import make_question
from benchmarks.pairs.tables import make_tables
from jiedui.pairs import Proposal, make_problem, propose, repair
from jiedui.pairs.answers import Answers

RECIPIENTS = 100_000


def answers(*, times: int) -> dict[str, float]:
    """Measure repair, explanations and leximin.

    A repair is one helper dropped from a prepared desk (1.25 places for each recipient): a copy of the desk,
    one search for each of its recipients, and all changes by name; it must be proved optimal. What preparing
    the desk takes once, and the whole of it for a single question, is printed beside it.
    """
    tables, quota = make_tables(make_question("base", RECIPIENTS))
    problem = make_problem(*tables)
    proposal = propose(problem, objective=("coverage", "total"), quota=quota)
    asked = Answers(proposal)
    random = np.random.default_rng(1)
    names = [problem.recipient_ids[row] for row in random.integers(0, RECIPIENTS, times + 1)]
    helpers = [problem.helper_ids[one] for one in random.integers(0, len(problem.helper_ids), times + 1)]
    rivals = [asked.explain(name).rivals[0].helper for name in names]
    keys = {
        "repair_1e5_ms": _each(times, lambda turn: asked.what_if(drop=[helpers[turn]])),
        "explain_1e5_ms": _each(times, lambda turn: asked.explain(names[turn])),
        "why_not_1e5_ms": _each(times, lambda turn: asked.why_not(rivals[turn], names[turn])),
    }
    _check_repairs(asked, helpers[:5])
    once = _each(3, lambda turn: Answers(proposal).what_if(drop=[helpers[turn]]))
    again = _each(3, lambda turn: repair(proposal, problem, quota={**quota, helpers[turn]: 0}))
    print(f"\nrepair with the desk still to be prepared: {once} ms; proposed anew with proof: {again} ms")
    start = time.process_time()
    fair = propose(problem, objective=("coverage", "leximin(0.05)", "total"), quota=quota)
    keys["leximin_1e5_cpu_s"] = round(time.process_time() - start, 3)
    print(f"leximin, 20 bands: mean score {_mean(fair):.4f} instead of {_mean(proposal):.4f}")
    return keys


def _check_repairs(asked: Answers, helpers: list[str]) -> None:
    """Refuse to report repairs that are not proved, or that did not take anybody's helper away."""
    for helper in helpers:
        outcome = asked.what_if(drop=[helper])
        if outcome.faults() or not outcome.changes:
            raise SystemExit(f"repair without {helper}: {outcome.faults()}")


def _mean(proposal: Proposal) -> float:
    """Give the mean score of the pairs."""
    return float(proposal.problem.score[proposal.chosen].mean()) / 1e6


def _each(times: int, ask: Callable[[int], object]) -> float:
    """Give the median of CPU milliseconds of a question, after one to warm up."""
    ask(times)
    seconds = []
    for turn in range(times):
        start = time.process_time()
        ask(turn)
        seconds.append(time.process_time() - start)
    return round(1000 * median(seconds), 3)
