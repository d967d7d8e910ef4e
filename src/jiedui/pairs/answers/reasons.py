"""Why this helper: score parts, rank, price, and what the next best would cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.answers import Answers
from jiedui.pairs.answers.coverage import uncovering
from jiedui.pairs.certificate import SCALE, charged
from jiedui.pairs.choice import choose
from jiedui.pairs.flow import free_edges, is_market
from jiedui.pairs.instance import LARGEST
from jiedui.pairs.problem import SCORE_UNIT

if TYPE_CHECKING:
    from jiedui.pairs.instance import Ints, Whole
    from jiedui.pairs.proposal import Proposal


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one pair was proposed.

    Attributes
    ----------
    edge : int
        The pair, as numbered in the problem.
    own_rank, candidates : int
        1 + how many candidates score higher for this recipient, and how many it has.
    runner_up : int or None
        The helper that would come next; None when none could without serving fewer or a heavier load.
    gap : float or None
        Mean score per place that overruling this pair for the runner-up costs at least: by solving again
        where a tree proved the optimum, from prices where they did. None for pairs that nobody optimised,
        and where the optimum rests on the solver's word; the runner-up is then the best by its own score.
    price : float or None
        What one more place of this helper would be worth, in score; infinite where it would serve one more
        recipient.
    """

    edge: int
    own_rank: int
    candidates: int
    runner_up: int | None
    gap: float | None
    price: float | None


def reasons_of(proposal: Proposal) -> list[Reason]:
    """Give the reason of every pair, in order of (recipient, helper)."""
    paid, prices = _paid(proposal), proposal.place_prices
    return [_reason(proposal, int(edge), paid, prices) for edge in np.flatnonzero(proposal.chosen)]


def _reason(proposal: Proposal, edge: int, paid: Ints | None, prices: Mapping[str, float] | None) -> Reason:
    """Give the reason of one pair."""
    problem = proposal.problem
    first, last = np.searchsorted(problem.row, problem.row[edge] + np.array([0, 1], problem.row.dtype))
    rivals = np.arange(first, last)
    rank = 1 + int((problem.score[rivals] > problem.score[edge]).sum())
    others = rivals[~proposal.chosen[rivals]]
    if proposal.proof in ("none", "solver", "heuristic") or proposal.prices is None:
        runner_up, gap = _first_of(problem.column, -problem.score, others), None
    elif problem.forced[edge]:
        runner_up, gap = None, None
    elif paid is not None:
        runner_up, gap = _by_prices(proposal, edge, others, paid)
    else:
        runner_up, gap = _by_solving(proposal, edge)
    price = None if prices is None else prices[problem.helper_ids[problem.column[edge]]]
    return Reason(edge, rank, len(rivals), runner_up, gap, price)


def _first_of(column: Whole, cost: Whole, edges: Ints) -> int | None:
    """Give the helper of the cheapest edge; the first of equals."""
    return int(column[edges[np.argmin(cost[edges])]]) if len(edges) else None


def _paid(proposal: Proposal) -> Ints | None:
    """Give what each candidate costs with places and moves paid for; None where prices prove nothing."""
    if proposal.place_prices is None or proposal.prices is None:
        return None
    problem, prices, instance = proposal.problem, proposal.prices, proposal.steps[-1].instance
    paid = np.full(len(problem.row), LARGEST, np.int64)
    kept = np.flatnonzero(proposal.open_edges)
    paid[kept] = charged(instance, np.asarray(prices, np.int64))
    if is_market(instance):
        free = kept[free_edges(instance)]
        paid[free[uncovering(Answers(proposal).coverage)]] = LARGEST
    return paid


def _by_prices(proposal: Proposal, edge: int, others: Ints, paid: Ints) -> tuple[int | None, float | None]:
    """Compare a pair with the cheapest of its rivals."""
    usable = others[paid[others] < LARGEST]
    best = _first_of(proposal.problem.column, paid, usable)
    if best is None:
        return None, None
    weight = int(proposal.problem.weight[proposal.problem.row[edge]])
    return best, int(paid[usable].min() - paid[edge]) / SCALE / SCORE_UNIT / weight


def _by_solving(proposal: Proposal, edge: int) -> tuple[int | None, float | None]:
    """Solve again without the pair, everything else as before."""
    problem, step = proposal.problem, proposal.steps[-1]
    without = step.instance.without(int(np.searchsorted(np.flatnonzero(proposal.open_edges), edge)))
    chosen = choose(without)
    if int(without.lacking(chosen).sum()) > proposal.unserved:
        return None, None
    row = problem.row[edge]
    before = {int(one) for one in problem.column[proposal.chosen & (problem.row == row)]}
    after = {int(one) for one in without.column[chosen & (without.row == row)]}
    if not after - before:
        return None, None
    loss = without.value(chosen) - step.certificate.value
    return min(after - before), loss / SCORE_UNIT / int(problem.weight[row])
