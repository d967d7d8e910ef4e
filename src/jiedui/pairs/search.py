"""The search for the best pairs by an ordered list of objectives.

`coverage` leaves as few as possible unserved; `load` makes the worst load (places per strength) as
light as possible; `floor` makes the worst score as high as possible; `total` makes the sum of scores
over places as high as possible. Each is held while the next is improved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InfeasibleError, InputError
from jiedui.language import finding
from jiedui.pairs.certificate import SCALE, Certificate
from jiedui.pairs.choice import choose
from jiedui.pairs.demands import check_demands
from jiedui.pairs.flow import flow, flow_prices, free_edges, is_market, market
from jiedui.pairs.instance import LARGEST, are_equal
from jiedui.pairs.kernel.chain import Chain, Followed, raise_worst, split
from jiedui.pairs.loads import Loads
from jiedui.pairs.problem import SCORE_UNIT, Problem
from jiedui.pairs.proof import certify, prove_at_least
from jiedui.pairs.proposal import Proposal, Step
from jiedui.pairs.rules import Rule, limits_of
from jiedui.pairs.ties import LEXICOGRAPHIC, first_by_numbers, first_of_equals, number_bits, tie_numbers
from jiedui.schemes import OBJECTIVES, band_of, is_objective

if TYPE_CHECKING:
    from jiedui.errors import Finding
    from jiedui.pairs.instance import Flags, Instance, Ints
    from jiedui.pairs.limits import Limits

EARLY = ("coverage", "load", "floor")
"""Objectives that narrow what the last ones choose from."""


def propose(
    problem: Problem,
    *,
    objective: Sequence[str] = OBJECTIVES,
    quota: Mapping[str, int] | None = None,
    max_moves: int | None = None,
    stay: float = 0.0,
    least: Mapping[str, int] | None = None,
    rules: Sequence[Rule] = (),
    threads: int = 1,
) -> Proposal:
    """Find the best pairs.

    Parameters
    ----------
    objective
        Some of `OBJECTIVES` in the order wanted; ``coverage`` first, ``total`` last. Before ``total`` may
        stand ``leximin(band)``: as few as possible in the lowest band of scores, then in the next, and so
        on (single places without a limit of moves). After it ``least_change``: of equal totals the one that
        departs least from the present.
    quota
        Places each helper may take at most, unless forced pairs already exceed it; without it only loads
        hold helpers back.
    max_moves
        How many pairs may depart from the present.
    stay
        Score added to present pairs in the choice (not in the scores shown).
    least
        Places some helpers must take at least, as far as possible once as many as possible are served;
        who stays below is told by `Proposal.below`.
    rules
        Quotas between groups, pairs that exclude each other, budgets, some or none (`jiedui.pairs.rules`);
        kept before anything else.
    threads
        Parts of a large pairing that share no candidates may be solved at a time; the result is the same.

    Raises
    ------
    InputError
        If the objective list or a rule cannot be followed, or numbers are too large for exact arithmetic.
    InfeasibleError
        If serving as many as possible needs more than `max_moves`, or the rules contradict each other or
        the decisions; says what would have to give way.
    """
    _check_objective(objective)
    _check(check_demands(problem, quota=quota, least=least, max_moves=max_moves, stay=stay, threads=threads))
    search = Search(problem, ceiling(problem, quota), max_moves, limits_of(problem, rules))
    search.least, search.threads = _least(problem, least or {}), threads
    early = [name for name in objective if name in EARLY]
    for name in () if early == ["coverage"] and search.is_plain else early:
        {"coverage": search.cover, "load": search.lighten, "floor": search.raise_floor}[name]()
    late = [name for name in objective if name not in EARLY]
    return search.finish(late, round(stay * SCORE_UNIT))


def least_moves(problem: Problem, *, quota: Mapping[str, int], rules: Sequence[Rule] = ()) -> int:
    """Give the least number of pairs that must depart from the present to serve as many as the quota can."""
    _check(check_demands(problem, quota=quota))
    search = Search(problem, ceiling(problem, quota), None, limits_of(problem, rules))
    search.counts_moves = True
    search.cover()
    return search.moves


class Search:
    """The objectives met so far, as narrower capacities and fewer edges."""

    def __init__(
        self, problem: Problem, capacity: Ints, max_moves: int | None = None, limits: Limits | None = None
    ) -> None:
        self.problem = problem
        self.capacity = capacity
        self.max_moves = max_moves
        self.limits = limits
        self.counts_moves = max_moves is not None
        self.threads = 1
        self.edges: Flags = np.broadcast_to(np.True_, len(problem.row))
        self.least = np.zeros(len(problem.helper_ids), np.int64)
        self.lacking = self.moves = self.missed = 0
        self.steps: list[Step] = []

    @property
    def is_plain(self) -> bool:
        """Whether the question of the best total is a flow, which serves as many as possible anyway."""
        is_free = self.max_moves is None and self.limits is None
        return is_free and are_equal(self.problem.weight)

    def cover(self) -> None:
        """Serve as many as possible, and of these ways know the one with the fewest moves."""
        instance = self._instance(self._move_cost())
        chosen = solve(instance)
        self.lacking = int(instance.lacking(chosen).sum())
        self.missed = int((instance.penalty * instance.lacking(chosen)).sum())
        self.moves = int((chosen & instance.moved).sum())
        if self.max_moves is not None and self.moves > self.max_moves:
            raise InfeasibleError([finding("pairs.too_few_moves", found=self.max_moves, least=self.moves)])
        if self.lacking:
            self.steps.append(Step("coverage", instance, certify(instance, chosen)))

    def lighten(self) -> None:
        """Make the worst load as light as possible."""
        best, lighter = Loads.of(self.problem).lightest(lambda load: self._serves(self._within(load)))
        if lighter is not None:
            self._prove_worse("load", self._within(lighter), self.edges)
        self.capacity = self._within(best)

    def raise_floor(self) -> None:
        """Make the worst score as high as possible."""
        floors = np.unique(self.problem.score)[::-1]
        if not len(floors):
            return
        best = _first(
            len(floors), lambda place: self._serves(self.capacity, self.problem.score >= floors[place])
        )
        if best:
            self._prove_worse("floor", self.capacity, self.edges & (self.problem.score >= floors[best - 1]))
        self.edges = self.edges & (self.problem.score >= floors[best])

    def finish(self, wishes: Sequence[str], stay: int) -> Proposal:
        """Meet the last wishes, the highest sum of scores among them, and prove it."""
        instance = self.question(stay)
        if list(wishes) != ["total"] or self.least.any():
            return self._follow(instance, wishes)
        chosen = optimum(instance, threads=self.threads)
        if self.max_moves is not None and (chosen & instance.moved).sum() > self.max_moves:
            instance = replace(instance, max_moves=self.max_moves)
            chosen = optimum(instance, threads=self.threads)
        self.steps.append(Step("total", instance, certify(instance, chosen)))
        unstated = ("max_moves",) * (self.max_moves is not None)
        return Proposal(self.problem, self._whole(chosen), tuple(self.steps), unstated=unstated)

    def question(self, stay: int = 0) -> Instance:
        """Ask for the highest sum of scores within what was met so far.

        Raises
        ------
        InputError
            If numbers are too large for exact arithmetic.
        """
        problem = self.problem
        wish = problem.score + stay * problem.present if stay else problem.score
        best = int(wish.max(initial=0))
        instance = problem.instance(
            cost=problem.weighed(best - wish),
            loss=best * problem.weight,
            capacity=self.capacity,
            edges=None if self.edges.all() else self.edges,
            limits=self.limits,
            only_best=self.max_moves is None,
        )
        _check_size(instance)
        return instance

    def _follow(self, instance: Instance, wishes: Sequence[str]) -> Proposal:
        """Meet wishes one after the other on single places."""
        if self.max_moves is not None or not is_market(instance) or instance.spare.any():
            raise InputError(
                [
                    finding(
                        "pairs.needs_places", found=", ".join([*wishes, *["least"] * bool(self.least.any())])
                    )
                ]
            )
        asked, pairs = split(market(instance), self.least)
        free = np.flatnonzero(free_edges(instance))[pairs]
        edges = np.flatnonzero(self.edges | self.problem.forced)[free]
        score = self.problem.score[edges]
        chain = Chain(asked, threads=self.threads)
        chain.cover(self.problem.urgency)
        for wish in wishes:
            if wish == "total":
                chain.ask(wish, instance.cost[free])
            elif wish == "least_change":
                chain.ask(wish, instance.moved[free].astype(np.int32))
            else:
                raise_worst(chain, score, band=round(band_of(wish) * SCORE_UNIT))
        bits = number_bits(len(instance.need), len(instance.capacity))
        chain.ask("ties", tie_numbers(instance.row[free], instance.column[free], bits=bits))
        chosen = instance.forced.copy()
        chosen[free[chain.chosen]] = True
        if wishes[0] == "total" and not self.least.any():
            self.steps.append(Step("total", instance, certify(instance, chosen)))
        return Proposal(
            self.problem, self._whole(chosen), tuple(self.steps), Followed(edges, tuple(chain.rounds))
        )

    def _whole(self, chosen: Flags) -> Flags:
        """Mark chosen pairs among all candidates."""
        if self.edges.all():
            return chosen
        whole = np.zeros(len(self.problem.row), bool)
        whole[np.flatnonzero(self.edges | self.problem.forced)] = chosen
        return whole

    def _move_cost(self) -> Ints:
        """Cost 1 for each move where their number matters: the optimum then has the fewest."""
        return (~self.problem.present).astype(np.int64) * self.counts_moves

    def _instance(self, cost: Ints, capacity: Ints | None = None, edges: Flags | None = None) -> Instance:
        """Ask within what was met so far, or within narrower limits."""
        return self.problem.instance(
            cost=cost,
            capacity=self.capacity if capacity is None else capacity,
            edges=self.edges if edges is None else self.edges & edges,
            limits=self.limits,
        )

    def _target(self, instance: Instance) -> int:
        """Cost that a question reaches only by serving fewer, or by more moves than allowed."""
        limit = int(instance.cost.max(initial=0)) * (
            len(instance.row) if self.max_moves is None else self.max_moves
        )
        least = int(instance.penalty.min())
        return self.missed + min(limit, least - 1) + 1

    def _serves(self, capacity: Ints, edges: Flags | None = None) -> bool:
        """Whether as many can be served, in as few moves as allowed, within narrower limits."""
        instance = self._instance(self._move_cost(), capacity, edges)
        if instance.is_overfull:
            return False
        try:
            if instance.is_flow or self.max_moves is None:
                return instance.value(solve(instance)) < self._target(instance)
            limited = replace(instance, cost=np.zeros_like(instance.cost), max_moves=self.max_moves)
            return int((limited.penalty * limited.lacking(solve(limited))).sum()) <= self.missed
        except InfeasibleError:
            return False

    def _prove_worse(self, objective: str, capacity: Ints, edges: Flags) -> None:
        """Keep the proof that the next better answer is out of reach."""
        instance = self._instance(self._move_cost(), capacity, edges)
        if instance.is_overfull:
            return
        target = self._target(instance)
        if instance.is_flow:
            certificate = certify(instance, solve(instance))
            certificate = Certificate(target, min(target, certificate.bound), "prices", certificate.nodes)
        else:
            certificate = prove_at_least(instance, target)
        self.steps.append(Step(objective, instance, certificate))

    def _within(self, load: Fraction) -> Ints:
        """Capacities that keep every load at most `load`."""
        return np.minimum(self.capacity, self.problem.room(load))


def solve(instance: Instance) -> Flags:
    """Solve by the exact method that fits: a flow where it is one, else a whole-number choice."""
    return flow(instance) if instance.is_flow else choose(instance)


def optimum(instance: Instance, *, threads: int = 1) -> Flags:
    """Solve, and of equal flows take the first by ids; a whole-number choice stays as HiGHS orders it."""
    if not instance.is_flow:
        return choose(instance)
    if len(instance.row) <= LEXICOGRAPHIC or not is_market(instance):
        chosen = flow(instance)
        return first_of_equals(instance, chosen, flow_prices(instance, chosen))
    return first_by_numbers(instance, threads=threads)


def _first(count: int, holds: Callable[[int], bool]) -> int:
    """Give the first place from which on `holds` is true; it is true at the last."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def ceiling(problem: Problem, quota: Mapping[str, int] | None) -> Ints:
    """Give capacities in ticks; what people decided is kept even where it exceeds a quota."""
    if quota is None:
        return np.full(len(problem.helper_ids), problem.total_ticks, np.int64)
    ticks = _in_ticks(problem, quota)
    ticks[problem.shared] = problem.total_ticks
    return np.maximum(ticks, problem.ticks(problem.forced))


def _in_ticks(problem: Problem, places: Mapping[str, int]) -> Ints:
    """Turn places of helpers into ticks, int64[H]; twice what all recipients want stands for any more."""
    most = 2 * problem.total_ticks
    whole, part = problem.tick.numerator, problem.tick.denominator
    found = (int(places.get(helper, 0)) * whole // part for helper in problem.helper_ids)
    return np.array([min(most, one) for one in found], np.int64)


def _least(problem: Problem, least: Mapping[str, int]) -> Ints:
    """Give the pairs each helper must still take at least once the decided ones are taken, int64[H]."""
    unit = max(1, int(problem.weight.max(initial=1)))
    ticks = _in_ticks(problem, least)
    lacking: Ints = np.maximum(0, -(-(ticks - problem.ticks(problem.forced)) // unit))
    return lacking


def _check(findings: list[Finding]) -> None:
    """Refuse demands that cannot be."""
    if findings:
        raise InputError(findings)


def _check_objective(objective: Sequence[str]) -> None:
    """Refuse lists that this engine cannot follow."""
    if not is_objective(objective):
        allowed = ", ".join((*OBJECTIVES, "leximin(0.05)", "least_change"))
        raise InputError([finding("pairs.objective", found=", ".join(objective), allowed=allowed)])


def _check_size(instance: Instance) -> None:
    """Refuse what would overflow 64-bit whole numbers instead of wrapping round."""
    total = int(instance.need.sum()) + int(instance.capacity.sum())
    scale = total if is_market(instance) else SCALE * int(instance.weight.max())
    if int(instance.penalty.max()) * scale >= LARGEST:
        raise InputError([finding("pairs.too_large", recipients=len(instance.need))])
