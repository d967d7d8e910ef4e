"""Reasons of pairs against the list of all choices."""

from __future__ import annotations

from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from tests.cases import UNIT, draw_case

from jiedui.pairs import given, make_problem, propose
from jiedui.pairs.answers import reasons_of

CASES = 200


def test_a_reason_ranks_truly_and_its_runner_up_costs_at_least_its_gap() -> None:
    random = np.random.default_rng(91)
    compared = 0
    for _ in range(CASES):
        case = draw_case(random)
        proposal = propose(case.problem(), objective=("coverage", "total"), quota=case.places)
        problem, choices = proposal.problem, case.choices()
        taken = np.array([case.taken(proposal)])
        most = choices[case.served(choices) == case.served(taken)]
        for reason in reasons_of(proposal):
            row, column = int(problem.row[reason.edge]), int(problem.column[reason.edge])
            name = case.recipients[row]
            open_pairs = [pair for pair in set(case.score) - case.forbidden if pair[0] == name]
            own = case.score[name, case.helpers[column]]
            assert reason.candidates == len(open_pairs)
            assert reason.own_rank == 1 + sum(case.score[pair] > own for pair in open_pairs)
            if name in case.forced:
                assert (reason.runner_up, reason.gap) == (None, None)
                continue
            others = most[(most[:, row] != column) & (most[:, row] >= 0)]
            if reason.runner_up is None:
                assert not len(others)
                continue
            assert reason.gap is not None
            assert 0 <= reason.gap <= 1 + len(case.recipients)
            if len(others):
                compared += 1
                loss = case.total(taken)[0] - case.total(others).max()
                assert reason.gap <= loss / UNIT + 1e-9
    assert compared > CASES // 4


def test_pairs_that_nobody_optimised_name_the_best_other_without_a_gap() -> None:
    random = np.random.default_rng(92)
    for _ in range(40):
        case = draw_case(random)
        pairs = sorted(set(case.score) - case.forbidden)[:1]
        for reason in reasons_of(given(case.problem(), pairs)):
            name = pairs[0][0]
            rivals = {
                helper: case.score[name, helper]
                for recipient, helper in set(case.score) - case.forbidden - set(pairs)
                if recipient == name
            }
            assert (reason.gap, reason.price) == (None, None)
            if not rivals:
                assert reason.runner_up is None
                continue
            assert reason.runner_up is not None
            assert rivals[case.helpers[reason.runner_up]] == max(rivals.values())


def test_a_gap_of_whole_units_is_what_the_best_choice_without_the_pair_loses() -> None:
    random, exact = np.random.default_rng(93), 0
    for _ in range(60):
        sizes, score = random.integers(1, 4, 4), random.integers(0, 11, (4, 3)) / 10
        quota = {name: int(random.integers(1, 7)) for name in "abc"}
        problem = make_problem(
            pa.table({"id": list(quota), "capacity": [1.0] * 3}),
            pa.table({"id": list("rstu"), "places": sizes}),
            pa.table(
                {
                    "recipient": [name for name in "rstu" for _ in quota],
                    "helper": list(quota) * 4,
                    "score": score.ravel(),
                }
            ),
        )
        proposal = propose(problem, objective=("coverage", "total"), quota=quota)
        choices = np.array(list(product([-1, 0, 1, 2], repeat=4)))
        carried = [((choices == column) * sizes).sum(axis=1) for column in range(3)]
        fits = np.all([load <= most for load, most in zip(carried, quota.values(), strict=True)], axis=0)
        choices = choices[fits]
        most = choices[(choices >= 0).sum(axis=1) == 4 - proposal.unserved]
        worth = np.column_stack([score, np.zeros(4)])[np.arange(4), most] @ sizes
        for reason in reasons_of(proposal):
            row, column = int(problem.row[reason.edge]), int(problem.column[reason.edge])
            others, without = most[most[:, row] != column], worth[most[:, row] != column]
            if reason.runner_up is None or not len(without):
                left_out = len(without) and (others[np.isclose(without, without.max()), row] < 0).any()
                assert proposal.proof == "prices" or not len(without) or left_out
                continue
            loss = (worth.max() - without.max()) / sizes[row]
            assert reason.gap is not None
            assert reason.gap <= loss + 1e-9 or not (most[:, row] == reason.runner_up).any()
            if proposal.proof == "tree":
                assert reason.gap == pytest.approx(loss, abs=1e-9)
                exact += 1
    assert exact > 5
