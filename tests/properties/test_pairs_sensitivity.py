"""What staying costs, and which pairs survive uncertain scores."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.cases import UNIT, draw_case

from jiedui.errors import InputError
from jiedui.pairs import given, propose
from jiedui.pairs.answers import Answers, firmness, frontier

CASES = 60
PLAIN = ("coverage", "total")
STAYS = [0, 0.05, 0.2, 0.3, 1, 3]


@pytest.mark.parametrize("objective", [PLAIN, ("coverage", "floor", "total"), (*PLAIN, "least_change")])
def test_a_frontier_trades_moves_for_score_and_equals_proposals(objective: tuple[str, ...]) -> None:
    random = np.random.default_rng(81)
    for _ in range(CASES):
        case = draw_case(random)
        problem = case.problem()
        rows = frontier(problem, stay=STAYS, objective=objective, quota=case.places).to_pylist()
        assert [row["stay"] for row in rows] == STAYS
        for before, after in pairwise(rows):
            assert after["moves"] <= before["moves"]
            assert after["score"] <= before["score"] + 1e-9
            assert after["unserved"] == before["unserved"]
        for row in rows:
            made = propose(problem, objective=objective, quota=case.places, stay=row["stay"])
            scores = [case.score[pair] / UNIT for pair in case.pairs(case.taken(made))]
            assert row["moves"] == made.moves
            assert row["unserved"] == made.unserved
            assert row["score"] == pytest.approx(sum(scores))
            assert row["worst"] == (min(scores) if scores else None)


def test_a_frontier_offers_the_best_score_for_its_moves() -> None:
    random = np.random.default_rng(82)
    for _ in range(CASES):
        case = draw_case(random)
        choices = case.choices()
        most = choices[case.served(choices) == case.served(choices).max()]
        for row in frontier(case.problem(), stay=STAYS, objective=PLAIN, quota=case.places).to_pylist():
            within = most[case.moves(most, case.present) <= row["moves"]]
            assert row["score"] == pytest.approx(case.total(within).max() / UNIT)


def test_firmness_counts_the_draws_in_which_a_pair_stays() -> None:
    random = np.random.default_rng(83)
    for turn in range(20):
        case = draw_case(random)
        proposal = propose(case.problem(), objective=PLAIN, quota=case.places)
        answers, draws = Answers(proposal), 12
        told = firmness(proposal, error=0.1, draws=draws, seed=turn, quota=case.places)
        assert told.equals(firmness(proposal, error=0.1, draws=draws, seed=turn, quota=case.places))
        rows = told.to_pylist()
        assert [(row["recipient"], row["helper"]) for row in rows] == sorted(case.pairs(case.taken(proposal)))
        for row in rows:
            share = row["stays"]
            assert 0 <= share <= 1
            assert share * draws == pytest.approx(round(share * draws))
            assert row["se"] == pytest.approx((share * (1 - share) / draws) ** 0.5)
            margin = answers.firmness(row["recipient"])
            assert row["margin"] == (None if np.isinf(margin) else margin)
            if row["recipient"] in case.forced:
                assert (row["stays"], row["margin"]) == (1, None)


def test_a_pair_that_nothing_can_change_stays_in_every_draw() -> None:
    random = np.random.default_rng(84)
    for _ in range(20):
        case = draw_case(random)
        choices = case.choices()
        best = case.best(choices)
        most = choices[case.served(choices) == case.served(best)[0]]
        proposal = propose(case.problem(), objective=PLAIN, quota=case.places)
        for row in firmness(proposal, error=0.5, draws=5, quota=case.places).to_pylist():
            own = case.helpers.index(row["helper"])
            if (most[:, case.recipients.index(row["recipient"])] == own).all():
                assert (row["stays"], row["margin"]) == (1, None)


def test_tiny_errors_leave_firm_pairs_alone() -> None:
    random = np.random.default_rng(85)
    for _ in range(20):
        case = draw_case(random)
        proposal = propose(case.problem(), objective=PLAIN, quota=case.places)
        for row in firmness(proposal, error=1e-6, draws=3, quota=case.places).to_pylist():
            if row["margin"] is None or row["margin"] > 0.001:
                assert row["stays"] == 1


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("pairs.draws", {"error": 0.0}),
        ("pairs.draws", {"error": -0.1}),
        ("pairs.draws", {"error": float("nan")}),
        ("pairs.draws", {"error": float("inf")}),
        ("pairs.draws", {"draws": 0}),
        ("pairs.draws", {"draws": 2.5}),
        ("pairs.quota_absent", {"quota": {}}),
    ],
)
def test_firmness_refuses_what_it_cannot_compute(rule: str, wrong: dict[str, Any]) -> None:
    case = replace(draw_case(np.random.default_rng(4)), decided=frozenset())
    proposal = propose(case.problem(), objective=PLAIN, quota=case.places)
    asked: dict[str, Any] = {"error": 0.1, "draws": 3, "quota": case.places, **wrong}
    with pytest.raises(InputError) as refused:
        firmness(proposal, **asked)
    assert {one.rule for one in refused.value.findings} == {rule}


def test_firmness_of_pairs_that_nobody_optimised_is_refused() -> None:
    case = draw_case(np.random.default_rng(4))
    with pytest.raises(InputError, match=r"pairs\.no_answers"):
        firmness(given(case.problem(), []), error=0.1)


@pytest.mark.parametrize("stay", [float("nan"), float("inf"), -0.1, 1e9])
def test_a_frontier_refuses_a_bonus_that_is_no_usable_number(stay: float) -> None:
    case = draw_case(np.random.default_rng(4))
    with pytest.raises(InputError, match=r"pairs\.stay"):
        frontier(case.problem(), stay=[0, stay], quota=case.places)
