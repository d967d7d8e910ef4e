"""Mending a proposal against the list of all choices and against solving anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.cases import NONE, UNIT, Case, bound_of, draw_case

from jiedui.errors import InfeasibleError
from jiedui.pairs import Answers, propose, repair
from jiedui.pairs.proposal import Proposal

CASES = 250
PLAIN = ("coverage", "total")
Pairs = frozenset[tuple[str, str]]


def changed(random: np.random.Generator, case: Case) -> Case:
    """Let helpers and recipients go and come, scores, places and decisions change."""
    other = draw_case(random, recipients=len(case.recipients), helpers=len(case.helpers))
    gone = {name for name in (*case.helpers, *case.recipients) if random.random() < 1 / 5}
    places = {name: count for name, count in case.places.items() if name not in gone}
    rows = tuple(name for name in case.recipients if name not in gone)
    places |= {name: count for name, count in other.places.items() if random.random() < 1 / 4}
    if random.random() < 1 / 2:
        places["new"] = int(random.integers(0, 3))
    if random.random() < 1 / 2:
        rows = ("arrived", *rows)
    if not places or not rows:
        return case
    score = {
        (row, helper): int(random.integers(0, 5)) * UNIT // 4
        if random.random() < 1 / 4 or (row, helper) not in case.score
        else case.score[row, helper]
        for row in rows
        for helper in places
        if (row, helper) in case.score or random.random() < 2 / 3
    } or {(rows[0], next(iter(places))): UNIT}
    decided = frozenset(one for one in case.decided if one[:2] in score)
    return Case(dict(sorted(places.items())), tuple(sorted(rows)), score, case.present, decided)


def mended(random: np.random.Generator) -> tuple[Pairs, Proposal, Case]:
    """Give the earlier pairs, the earlier proposal, and the case of now."""
    case = draw_case(random)
    earlier = propose(case.problem(), objective=PLAIN, quota=case.places)
    return case.pairs(case.taken(earlier)), earlier, changed(random, case)


def test_an_exact_repair_is_a_fresh_optimum_with_its_proof() -> None:
    random = np.random.default_rng(31)
    for _ in range(CASES):
        _, earlier, case = mended(random)
        proposal = repair(earlier, case.problem(), quota=case.places)
        assert proposal.faults() == []
        assert len(set(bound_of(proposal))) == 1
        taken = case.taken(proposal)
        assert taken in {tuple(choice) for choice in case.best(case.choices()).tolist()}
        fresh = propose(case.problem(), objective=PLAIN, quota=case.places)
        assert proposal.place_prices == fresh.place_prices
        kept = {(pair["recipient"], pair["helper"]) for pair in proposal.pairs.to_pylist() if pair["status"] == "kept"}
        assert kept == case.pairs(taken) & _
