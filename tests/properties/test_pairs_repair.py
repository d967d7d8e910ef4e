"""Mending a proposal against the list of all choices and against solving anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.cases import UNIT, Case, bound_of, draw_case

from jiedui.errors import InfeasibleError
from jiedui.pairs import propose, repair
from jiedui.pairs.answers import Answers
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
        rows = tuple({"arrived", *rows})
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
    return replace(
        case,
        places=dict(sorted(places.items())),
        recipients=tuple(sorted(rows)),
        score=score,
        present=case.present & set(score),
        decided=decided,
    )


def mended(random: np.random.Generator, *, optional: bool = False) -> tuple[Pairs, Proposal, Case]:
    """Give the earlier pairs, the earlier proposal, and the case of now."""
    case = draw_case(random, optional=optional)
    earlier = propose(case.problem(), objective=PLAIN, quota=case.places)
    return case.pairs(case.taken(earlier)), earlier, changed(random, case)


def test_an_exact_repair_is_a_fresh_optimum_with_its_proof() -> None:
    random = np.random.default_rng(31)
    for _ in range(CASES):
        before, earlier, case = mended(random, optional=True)
        proposal = repair(earlier, case.problem(), quota=case.places)
        assert proposal.faults() == []
        assert len(set(bound_of(proposal))) == 1
        taken = case.taken(proposal)
        assert taken in {tuple(choice) for choice in case.best(case.choices()).tolist()}
        fresh = propose(case.problem(), objective=PLAIN, quota=case.places)
        assert proposal.place_prices == fresh.place_prices
        kept = {
            (pair["recipient"], pair["helper"])
            for pair in proposal.pairs.to_pylist()
            if pair["status"] == "kept"
        }
        assert kept == case.pairs(taken) & before


def test_least_change_never_moves_more_than_any_other_optimum() -> None:
    random = np.random.default_rng(32)
    for _ in range(CASES):
        before, earlier, case = mended(random)
        proposal = repair(earlier, case.problem(), quota=case.places, mode="least_change")
        assert proposal.faults() == []
        best = case.best(case.choices())
        taken = case.taken(proposal)
        assert taken in {tuple(choice) for choice in best.tolist()}
        assert len(case.pairs(taken) - before) == case.moves(best, before).min() == proposal.moves


def test_a_limit_of_changes_is_kept_and_the_choice_is_the_best_under_it() -> None:
    random = np.random.default_rng(33)
    for _ in range(CASES):
        before, earlier, case = mended(random)
        limit, choices = int(random.integers(0, 4)), case.choices()
        most = choices[case.served(choices) == case.served(choices).max()]
        moves = case.moves(most, before)
        if moves.min() > limit:
            with pytest.raises(InfeasibleError, match=str(moves.min())):
                repair(earlier, case.problem(), quota=case.places, max_changes=limit)
            continue
        proposal = repair(earlier, case.problem(), quota=case.places, max_changes=limit)
        assert proposal.faults() == []
        assert proposal.gap == 0
        taken = case.taken(proposal)
        assert taken in {tuple(choice) for choice in most[moves <= limit].tolist()}
        assert len(case.pairs(taken) - before) <= limit
        assert case.total(np.array([taken]))[0] == case.total(most[moves <= limit]).max()


def test_repair_after_repair_and_questions_to_a_repaired_proposal_stay_exact() -> None:
    random = np.random.default_rng(34)
    for _ in range(CASES):
        _, earlier, case = mended(random, optional=True)
        once = repair(earlier, case.problem(), quota=case.places)
        later = changed(random, case)
        twice = repair(once, later.problem(), quota=later.places)
        assert twice.faults() == []
        assert later.taken(twice) in {tuple(choice) for choice in later.best(later.choices()).tolist()}
        worth = Answers(twice).worth()
        assert worth.equals(Answers(propose(later.problem(), objective=PLAIN, quota=later.places)).worth())


def test_larger_pairings_are_mended_from_their_prices() -> None:
    random = np.random.default_rng(35)
    for _ in range(40):
        case = large_case(random)
        earlier = propose(case.problem(), objective=PLAIN, quota=case.places)
        gone = str(random.choice(case.helpers))
        now = replace(
            case,
            places={name: count for name, count in case.places.items() if name != gone},
            score={
                pair: int(random.integers(0, UNIT)) if random.random() < 0.01 else value
                for pair, value in case.score.items()
                if pair[1] != gone
            },
        )
        proposal = repair(earlier, now.problem(), quota=now.places)
        fresh = propose(now.problem(), objective=PLAIN, quota=now.places)
        totals = [now.total(np.array([now.taken(one)])).tolist() for one in (proposal, fresh)]
        assert totals[0] == totals[1]
        assert proposal.unserved == fresh.unserved
        assert proposal.faults() == []
        assert proposal.place_prices == fresh.place_prices


def large_case(random: np.random.Generator) -> Case:
    """Draw a pairing of 80 recipients with 9 helpers, with scores of few or of many values."""
    rows, columns = [f"r{row:02}" for row in range(80)], [f"h{column}" for column in range(9)]
    values = int(random.choice([5, UNIT]))
    return Case(
        places={name: int(random.integers(5, 15)) for name in columns},
        recipients=tuple(rows),
        score={
            (row, helper): int(random.integers(0, values + 1)) * (UNIT // values)
            for row in rows
            for helper in columns
            if random.random() < 1 / 2
        },
    )
