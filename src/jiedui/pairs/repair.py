"""A proposal mended after helpers dropped out, recipients came or scores changed.

References
----------
Morita, Shiroshita, Yamaguchi, Yokoi (2022), *Fast primal-dual update against local weight update in
linear assignment problem*, arXiv:2208.11325: one shortest path mends one change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from jiedui.errors import InputError
from jiedui.pairs.certificate import SCALE, Certificate, Node
from jiedui.pairs.demands import check_demands
from jiedui.pairs.flow import free_edges, is_market, market
from jiedui.pairs.kernel.assignment import smallest_prices
from jiedui.pairs.kernel.desk import Desk
from jiedui.pairs.kernel.market import OUTSIDE, Assignment, Market
from jiedui.pairs.proposal import Proposal, Step
from jiedui.pairs.search import Search, ceiling, propose

if TYPE_CHECKING:
    from jiedui.pairs.instance import Flags, Ints
    from jiedui.pairs.problem import Problem
    from jiedui.pairs.rules import Rule

PLAIN = ("coverage", "total")
FEW = 0.02
"""Share of recipients to place anew up to which chains beat solving from the start."""


def repair(
    earlier: Proposal,
    problem: Problem,
    *,
    quota: Mapping[str, int] | None = None,
    mode: Literal["exact", "least_change"] = "exact",
    max_changes: int | None = None,
    rules: Sequence[Rule] = (),
) -> Proposal:
    """Mend a proposal for what is true now; coverage and the sum of scores are again the best possible.

    Parameters
    ----------
    earlier
        What was proposed before.
    problem
        What is asked now, its helpers and recipients known by the same ids.
    quota
        Places each helper may take now.
    mode
        ``exact``: from the prices of before, moving whoever must. ``least_change``: of all optima the one
        that keeps most of the earlier pairs.
    max_changes
        How many pairs may differ from before; the sum of scores is then the best under this limit.
    rules
        As in `propose`; under rules everything is solved from the start.

    Returns
    -------
    Proposal
        Its certificate is checked like any other by `Proposal.faults`. ``kept`` in its pairs means: as in the
        earlier proposal.

    Raises
    ------
    InputError, InfeasibleError
        As `propose`.
    """
    if findings := check_demands(problem, quota=quota, max_moves=max_changes):
        raise InputError(findings)
    now = replace(problem, present=_held(earlier, problem))
    if max_changes is not None:
        return propose(now, objective=PLAIN, quota=quota, max_moves=max_changes, rules=rules)
    if mode == "least_change":
        return propose(now, objective=(*PLAIN, "least_change"), quota=quota, rules=rules)
    instance = Search(now, ceiling(now, quota)).question()
    if rules or earlier.place_prices is None or not is_market(instance):
        return propose(now, objective=PLAIN, quota=quota, rules=rules)
    asked, free = market(instance), free_edges(instance)
    best = _mend(asked, _old_prices(earlier, now), now.present[free])
    if best is None:
        return propose(now, objective=PLAIN, quota=quota)
    chosen = instance.forced.copy()
    chosen[free] = best.chosen
    value = instance.value(chosen)
    node = Node((*(int(price) * SCALE for price in smallest_prices(best)), 0))
    return Proposal(now, chosen, (Step("total", instance, Certificate(value, value, "prices", (node,))),))


def _held(earlier: Proposal, problem: Problem) -> Flags:
    """Mark the pairs of the earlier proposal among the candidates of now, bool[E]."""
    rows = {name: row for row, name in enumerate(problem.recipient_ids)}
    columns = {name: column for column, name in enumerate(problem.helper_ids)}
    before, chosen = earlier.problem, np.flatnonzero(earlier.chosen)
    new_row = np.array([rows.get(name, -1) for name in before.recipient_ids], np.int64)
    new_column = np.array([columns.get(name, -1) for name in before.helper_ids], np.int64)
    row, column = new_row[before.row[chosen]], new_column[before.column[chosen]]
    known = (row >= 0) & (column >= 0)
    width = len(problem.helper_ids)
    held: Flags = np.isin(
        problem.row.astype(np.int64) * width + problem.column, row[known] * width + column[known]
    )
    return held


def _old_prices(earlier: Proposal, problem: Problem) -> Ints:
    """Give the earlier prices of the helpers of now, in units of cost; 0 for new ones, int64[H]."""
    prices = earlier.prices
    if prices is None:
        return np.zeros(len(problem.helper_ids), np.int64)
    old = dict(zip(earlier.problem.helper_ids, (prices[:-1] // SCALE).tolist(), strict=True))
    return np.array([old.get(name, 0) for name in problem.helper_ids], np.int64)


def _mend(asked: Market, prices: Ints, held: Flags) -> Assignment | None:
    """Keep what prices still prove best, fill the holes, let the others in; None if too many wait."""
    least = asked.least_costs(prices)
    keep = held & asked.is_tight(prices, least)
    row = np.repeat(np.arange(len(asked.penalty)), np.diff(asked.start))
    taken = np.full(len(asked.penalty), OUTSIDE, np.int32)
    taken[row[keep]] = asked.helper[keep]
    over = np.bincount(taken[taken >= 0], minlength=len(asked.capacity)) > asked.capacity
    taken[np.isin(taken, np.flatnonzero(over))] = OUTSIDE
    waiting = np.flatnonzero((taken < 0) & (asked.penalty > 0))
    if len(waiting) > FEW * len(taken) + 10:
        return None
    desk = Desk.of(Assignment(replace(asked, capacity=asked.capacity.copy()), taken, prices))
    desk.absent[waiting] = True
    for helper in np.flatnonzero((desk.count < asked.capacity) & (prices > 0)):
        for _ in range(int(asked.capacity[helper] - desk.count[helper])):
            desk.fill(int(helper))
    for recipient in waiting:
        desk.come(int(recipient))
    best = Assignment(asked, desk.taken, desk.price)
    return None if best.faults() else best
