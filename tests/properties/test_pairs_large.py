"""Pairings of three thousand recipients: OR-Tools and HiGHS, asked independently, find the same optimum."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from benchmarks.pairs.instances import Question, make_question
from benchmarks.pairs.tables import make_tables
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack
from tests.cases import UNIT

from jiedui.pairs import make_problem, propose, repair
from jiedui.pairs.answers import Answers, shortages
from jiedui.pairs.ties import LEXICOGRAPHIC

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.proposal import Proposal

FAMILIES = ("base", "fine", "tight", "short", "ties", "worst", "geographic")
RECIPIENTS = 3_000
OUTSIDE = 2 * RECIPIENTS * UNIT
"""Dearer than all scores together."""


def costs(question: Question) -> NDArray[np.int64]:
    """Give what each pair lacks to a score of 1, in millionths."""
    largest = max(1000, int(question.cost.max()))
    return np.rint(question.cost / largest * UNIT).astype(np.int64)


def by_ortools(question: Question) -> int:
    """Solve as a flow from recipients over helpers, or past them."""
    rows, columns, network = question.recipients, len(question.capacity), SimpleMinCostFlow()
    helpers, sink = rows + np.arange(columns), rows + columns
    every = np.arange(rows)
    for tail, head, most, cost in (
        (question.row, rows + question.helper, np.ones_like(question.row), costs(question)),
        (every, np.full(rows, sink), np.ones_like(every), np.full(rows, OUTSIDE)),
        (helpers, np.full(columns, sink), question.capacity, np.zeros_like(helpers)),
    ):
        network.add_arcs_with_capacity_and_unit_cost(tail, head, most, cost)
    network.set_nodes_supplies(every, np.ones_like(every))
    network.set_node_supply(sink, -rows)
    assert network.solve() == network.OPTIMAL
    return int(network.optimal_cost())


def by_highs(question: Question) -> int:
    """Solve as a linear program, whose optimum is whole."""
    pairs, rows = len(question.helper), question.recipients
    every = np.arange(pairs)
    need = coo_array((np.ones(pairs), (question.row, every)), (rows, pairs))
    room = coo_array((np.ones(pairs), (question.helper, every)), (len(question.capacity), pairs))
    found = linprog(
        (costs(question) - OUTSIDE) / UNIT,
        A_ub=vstack([need, room]).tocsr(),
        b_ub=np.concatenate([np.ones(rows), question.capacity]),
        bounds=(0, 1),
        method="highs-ds",
    )
    assert found.status == 0
    chosen = found.x > 1 / 2
    return int(costs(question)[chosen].sum()) + int(rows - chosen.sum()) * OUTSIDE


def proposed(question: Question) -> tuple[Proposal, dict[str, int]]:
    tables, quota = make_tables(question)
    return propose(make_problem(*tables), objective=("coverage", "total"), quota=quota), quota


@pytest.mark.parametrize("family", FAMILIES)
def test_three_solvers_agree_on_every_family(family: str) -> None:
    question = make_question(family, RECIPIENTS)
    proposal, _ = proposed(question)
    assert proposal.faults() == []
    assert proposal.proof == "prices"
    ours = int((UNIT - proposal.problem.score[proposal.chosen]).sum()) + proposal.unserved * OUTSIDE
    assert ours == by_ortools(question) == by_highs(question)
    assert sum(one.missing for one in shortages(proposal)) == proposal.unserved


def test_a_helper_that_drops_out_costs_what_solving_anew_says() -> None:
    question = make_question("base", RECIPIENTS)
    proposal, quota = proposed(question)
    answers, before = Answers(proposal), by_ortools(question)
    for helper in (3, 77):
        name = proposal.problem.helper_ids[helper]
        capacity = question.capacity * (np.arange(len(quota)) != helper)
        after = by_ortools(replace(question, capacity=capacity))
        outcome = answers.what_if(drop=[name])
        assert outcome.faults() == []
        lost = after - before - outcome.unserved * (OUTSIDE - UNIT)
        assert outcome.loss == pytest.approx(lost / UNIT, abs=1e-9)
        mended = repair(proposal, proposal.problem, quota={**quota, name: 0})
        assert mended.faults() == []
        assert int((UNIT - mended.problem.score[mended.chosen]).sum()) + mended.unserved * OUTSIDE == after


def test_parts_in_two_threads_give_the_same_pairs() -> None:
    random = np.random.default_rng(4)
    blocks, rows, columns, degree = 4, 1_500, 60, 8
    helpers = [f"{block}h{one:02}" for block in range(blocks) for one in range(columns)]
    recipients = [f"{block}r{one:04}" for block in range(blocks) for one in range(rows)]
    helper = np.concatenate([random.choice(columns, degree, replace=False) for _ in recipients])
    row = np.repeat(np.arange(len(recipients)), degree)
    problem = make_problem(
        pa.table({"id": helpers, "capacity": [1.0] * len(helpers)}),
        pa.table({"id": recipients}),
        pa.table(
            {
                "recipient": [recipients[one] for one in row],
                "helper": [
                    helpers[one // rows * columns + other] for one, other in zip(row, helper, strict=True)
                ],
                "score": random.integers(0, 20, len(row)) / 20,
            }
        ),
    )
    quota = dict.fromkeys(helpers, 26)
    one, two = (
        propose(problem, objective=("coverage", "total"), quota=quota, threads=count) for count in (1, 2)
    )
    assert len(problem.row) > LEXICOGRAPHIC
    assert (one.chosen == two.chosen).all()
    assert not two.faults()
