"""Published instances with known optima, brought through the public door."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp

from jiedui.pairs import make_problem, propose
from jiedui.pairs.rules import Budget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from jiedui.pairs.problem import Problem

    Numbers = NDArray[np.int64]

FOLDER = Path(__file__).parent / "or_library"
GAP1 = (336, 327, 339, 341, 326)
"""Optima of gap1 as maximisation problems, as OR-Library tells them."""
ASSIGN100 = 305
"""Optimum of assign100, as OR-Library tells it."""
SCALE = 1000
"""Values are brought as thousandths of score, which millionths hold exactly."""


@dataclass(frozen=True)
class Generalised:
    """Agents (rows) and jobs (columns): profit, what a job takes of an agent, what each agent has."""

    profit: Numbers
    resource: Numbers
    capacity: Numbers


def read_generalised(path: Path) -> Iterator[Generalised]:
    """Read OR-Library's format: number of instances, then agents, jobs, profits, resources, capacities."""
    numbers = iter(map(int, path.read_text(encoding="ascii").split()))
    for _ in range(next(numbers)):
        agents, jobs = next(numbers), next(numbers)
        profit, resource = (
            np.array([next(numbers) for _ in range(agents * jobs)]).reshape(agents, jobs) for _ in range(2)
        )
        yield Generalised(profit, resource, np.array([next(numbers) for _ in range(agents)]))
    assert next(numbers, None) is None


def problem_of(value: Numbers) -> Problem:
    """Bring values [helpers, recipients] as scores."""
    helpers = [f"h{row:03}" for row in range(value.shape[0])]
    recipients = [f"r{column:03}" for column in range(value.shape[1])]
    return make_problem(
        pa.table({"id": helpers, "capacity": [1.0] * len(helpers)}),
        pa.table({"id": recipients}),
        pa.table(
            {
                "recipient": [name for name in recipients for _ in helpers],
                "helper": helpers * len(recipients),
                "score": (value.T / SCALE).ravel(),
            }
        ),
    )


def instances() -> list[tuple[Generalised, int]]:
    return list(zip(read_generalised(FOLDER / "gap1.txt"), GAP1, strict=True))


@pytest.mark.parametrize(("given", "optimum"), instances(), ids=[f"c515-{one}" for one in range(1, 6)])
def test_generalised_assignment_reaches_the_published_optimum(given: Generalised, optimum: int) -> None:
    problem = problem_of(given.profit)
    budgets = [
        Budget(
            {
                (helper, recipient): int(given.resource[row, column])
                for column, recipient in enumerate(problem.recipient_ids)
            },
            int(given.capacity[row]),
        )
        for row, helper in enumerate(problem.helper_ids)
    ]
    proposal = propose(problem, objective=("coverage", "total"), rules=budgets)
    assert proposal.unserved == 0
    assert proposal.faults() == []
    assert int(problem.score[proposal.chosen].sum()) * SCALE == optimum * 10**6
    taken = given.resource.T.ravel()[proposal.chosen]
    used = np.bincount(problem.column[proposal.chosen], taken, len(given.capacity))
    assert (used <= given.capacity).all()


@pytest.mark.parametrize(("given", "optimum"), instances(), ids=[f"c515-{one}" for one in range(1, 6)])
def test_the_stored_instances_are_the_published_ones(given: Generalised, optimum: int) -> None:
    agents, jobs = given.profit.shape
    every_job = np.tile(np.eye(jobs), agents)
    used = np.kron(np.eye(agents), np.ones(jobs)) * given.resource.ravel()
    found = milp(
        -given.profit.ravel(),
        integrality=np.ones(agents * jobs),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(every_job, 1, 1), LinearConstraint(used, ub=given.capacity)],
    )
    assert round(-found.fun) == optimum


def test_the_assignment_of_a_hundred_reaches_the_published_optimum() -> None:
    size, *numbers = map(int, (FOLDER / "assign100.txt").read_text(encoding="ascii").split())
    cost = np.array(numbers).reshape(size, size)
    assert cost[linear_sum_assignment(cost)].sum() == ASSIGN100
    problem = problem_of(SCALE - cost)
    proposal = propose(problem, objective=("coverage", "total"), quota=dict.fromkeys(problem.helper_ids, 1))
    assert proposal.unserved == 0
    assert proposal.faults() == []
    assert proposal.proof == "prices"
    assert int((10**6 - problem.score[proposal.chosen]).sum()) * SCALE == ASSIGN100 * 10**6


def test_a_textbook_transport_of_peas_costs_what_the_book_says() -> None:
    """P & T Company (Hillier, Lieberman, Introduction to Operations Research, ch. 9): 152,535 dollars."""
    cost = np.array([[464, 513, 654, 867], [352, 416, 690, 791], [995, 682, 388, 685]])
    loads = np.repeat(cost, [80, 65, 70, 85], axis=1)
    problem = problem_of(SCALE - loads)
    quota = {"h000": 75, "h001": 125, "h002": 100}
    proposal = propose(problem, objective=("coverage", "total"), quota=quota)
    assert proposal.unserved == 0
    assert proposal.faults() == []
    assert proposal.proof == "prices"
    assert int((10**6 - problem.score[proposal.chosen]).sum()) * SCALE == 152_535 * 10**6
