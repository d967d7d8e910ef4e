"""Why this helper: score parts, rank, price, and what the next best would cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.certificate import SCALE
from jiedui.pairs.choice import choose
from jiedui.pairs.problem import SCORE_UNIT

if TYPE_CHECKING:
    from jiedui.pairs.proposal import Proposal


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one pair was proposed.

    Attributes
    ----------
    edge : int
        The pair, as numbered in the problem.
    own_rank : int
        1 + how many candidates score higher for this recipient.
    runner_up : int or None
        The helper that would come next; None when none could without serving fewer or a heavier load.
    gap : float or None
        Mean score per place that overruling this pair for the runner-up costs at least; exact where
        units are whole, from prices for single places; None for pairs that nobody optimised.
    price : float or None
        What one more place of this helper would be worth, in score.
    """

    edge: int
    own_rank: int
    runner_up: int | None
    gap: float | None
    price: float | None


def reasons(proposal: Proposal) -> list[Reason]:
    """Give the reason of every pair, in order of (recipient, helper)."""
    return [_reason(proposal, int(edge)) for edge in np.flatnonzero(proposal.chosen)]


def price_of_place(proposal: Proposal, helper: int) -> float | None:
    """Give what one more place of a helper is worth, in score."""
    prices = proposal.prices
    return None if prices is None else float(int(prices[helper]) * proposal.problem.tick / SCALE / SCORE_UNIT)


def _reason(proposal: Proposal, edge: int) -> Reason:
    problem = proposal.problem
    rivals = np.flatnonzero(problem.row == problem.row[edge])
    rank = 1 + int((problem.score[rivals] > problem.score[edge]).sum())
    others = rivals[~proposal.chosen[rivals]]
    if not proposal.steps:
        runner_up, gap = (_best(problem.column, problem.score, others), None)
    elif problem.forced[edge]:
        runner_up, gap = None, None
    elif proposal.steps[-1].certificate.proof == "prices":
        runner_up, gap = _by_prices(proposal, edge, others)
    else:
        runner_up, gap = _by_solving(proposal, edge)
    return Reason(edge, rank, runner_up, gap, price_of_place(proposal, int(problem.column[edge])))


def _best(column: np.ndarray, score: np.ndarray, edges: np.ndarray) -> int | None:
    """Give the helper of the best-scored edge; the first of equals."""
    return int(column[edges[np.argmax(score[edges])]]) if len(edges) else None


def _by_prices(proposal: Proposal, edge: int, others: np.ndarray) -> tuple[int | None, float | None]:
    """Compare what the pair and its rivals cost with places and moves paid for."""
    problem, prices = proposal.problem, proposal.prices
    instance = proposal.steps[-1].instance
    place = {key: index for index, key in enumerate(zip(instance.row.tolist(), instance.column.tolist(), strict=True))}
    row = int(problem.row[edge])

    def paid(one: int) -> int | None:
        index = place.get((row, int(problem.column[one])))
        if index is None or prices is None:
            return None
        cost = int(instance.cost[index]) * SCALE + int(problem.weight[row]) * int(prices[problem.column[one]])
        return cost + int(prices[-1]) * bool(instance.moved[index])

    own = paid(edge)
    costs = [(cost, int(one)) for one in others if (cost := paid(int(one))) is not None]
    if not costs or own is None:
        return None, None
    least, best = min(costs)
    return int(problem.column[best]), (least - own) / SCALE / SCORE_UNIT / int(problem.weight[row])


def _by_solving(proposal: Proposal, edge: int) -> tuple[int | None, float | None]:
    """Solve again without the pair, everything else as before."""
    problem = proposal.problem
    step = proposal.steps[-1]
    row, column = problem.row[edge], problem.column[edge]
    index = int(np.flatnonzero((step.instance.row == row) & (step.instance.column == column))[0])
    without = step.instance.without(index)
    chosen = choose(without)
    if without.served(chosen).sum() < step.instance.need.sum() - proposal.unserved:
        return None, None
    before = {int(one) for one in problem.column[proposal.chosen & (problem.row == row)]}
    after = {int(one) for one in without.column[chosen & (without.row == row)]}
    loss = without.value(chosen) - step.certificate.value
    return min(after - before), loss / SCORE_UNIT / int(problem.weight[row])
