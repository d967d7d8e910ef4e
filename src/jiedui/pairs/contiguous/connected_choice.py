"""The best choice in contiguous blocks, exactly: branch and cut on linear programs.

Each block has a root. Whatever a helper takes inside a set of places must contain a root or leave the set
over its border: ``x[i] <= sum(root in set) + sum(x on its border)`` for every place i of the set. Only the
sets that a solution breaks are added, so most borders are never written down. Roots stay fractional: once
the places are whole, each block needs a whole root.

References
----------
Carvajal, Constantino, Goycoolea, Vielma, Weintraub (2013), *Imposing connectivity constraints in forest
planning models*, Operations Research 61. Fischetti et al. (2017), *Thinning out Steiner trees*,
Mathematical Programming Computation 9 (node separators).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.contiguous.connected_model import ConnectedModel
from jiedui.pairs.contiguous.regions import NEVER, improve
from jiedui.pairs.flow import flow_prices, free_edges

if TYPE_CHECKING:
    from jiedui.pairs.contiguous.connected_model import Relaxed
    from jiedui.pairs.contiguous.territory import Territory
    from jiedui.pairs.instance import Flags, Instance, Ints

COVERAGE, LEAST, TOTAL = range(3)
"""The goals, in order; see `Territory.rank`."""
PAIRS = 4000
"""Pairs up to which linear programs stay quick enough to be solved many hundred times."""
SOLVES = 1000
"""Linear programs after which the best choice so far is taken; for the goals before the total a fifth."""
SHAKES = 20
"""Neighbourhoods emptied in search of a better choice each time a linear program is rounded."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The best choice found, and what the solver says of it.

    Attributes
    ----------
    chosen : bool[E]
    bound : int or None
        The solver's lower bound of the cost of serving as many as the choice does; None where it did not
        settle how many that can be.
    closed : bool
        Whether the solver calls the choice optimal.
    """

    chosen: Flags
    bound: int | None
    closed: bool


def close(
    territory: Territory, start: Flags, relaxed: Flags, *, unserved: int = 0, solves: int = SOLVES
) -> Closed:
    """Find the best choice: as many as possible served, few places short of the least, then least cost.

    Parameters
    ----------
    start
        A choice that keeps all rules.
    relaxed
        The best choice without contiguity; what it cannot better need not be searched.
    unserved
        How many are known to stay unserved at least.
    solves
        Linear programs to be solved at most.
    """
    best, lowest, settled = start, territory.rank(relaxed), True
    reduced = reduced_costs(territory.instance, relaxed)
    bound = 0
    for goal in (COVERAGE, LEAST, TOTAL):
        rank = territory.rank(best)
        total = lowest[TOTAL] if rank[COVERAGE] == lowest[COVERAGE] else 0
        bound = (max(unserved, lowest[COVERAGE]), 0, total)[goal]
        if rank[goal] > bound:
            edges = np.ones_like(best)
            if goal == TOTAL:
                gain = territory.instance.value(best) - territory.instance.value(relaxed)
                edges = best | (reduced < gain)
            if edges.sum() > PAIRS:
                return Closed(best, None, closed=False)
            tree = Tree(territory, best, edges=edges, goal=goal)
            tree.search(solves if goal == TOTAL else solves // 5)
            best, bound = tree.best, max(bound, tree.bound)
        if goal != TOTAL:
            settled = settled and territory.rank(best)[goal] <= bound
    closed = settled and territory.rank(best)[TOTAL] <= bound
    return Closed(best, bound if settled else None, closed=closed)


def reduced_costs(instance: Instance, optimum: Flags) -> Ints:
    """Give how much a choice with the pair costs more than the optimum at least, int64[E]."""
    paid = instance.cost + flow_prices(instance, optimum)[instance.column]
    least = instance.penalty.copy()
    free = free_edges(instance)
    np.minimum.at(least, instance.row[free], paid[free])
    more: Ints = np.where(free, paid - least[instance.row], NEVER)
    return np.where(instance.forced, 0, more)


class Tree:
    """A search through halves: a place goes to a helper, or it does not."""

    def __init__(self, territory: Territory, best: Flags, *, edges: Flags, goal: int) -> None:
        self.territory, self.best, self.goal = territory, best, goal
        self.edges = np.flatnonzero(edges)
        self.model = ConnectedModel(territory, edges, goal=goal, rank=territory.rank(best))
        self.unit = max(1, int(np.gcd.reduce(self.model.instance.cost))) if goal == TOTAL else 1
        nothing = self.model.instance.forced
        self.waiting: list[tuple[float, int, Flags, Flags]] = [(-np.inf, 0, nothing, np.ones_like(nothing))]
        self.bound = 0

    @property
    def cutoff(self) -> float:
        """What a linear program must stay below to hide a better choice: values are whole units."""
        return self.territory.rank(self.best)[self.goal] - self.unit / 2

    def search(self, solves: int) -> None:
        """Look into the most promising half first, until none is left or the budget is spent."""
        nodes = 0
        while self.waiting and self.waiting[0][0] < self.cutoff and self.model.solves < solves:
            _, _, lower, upper = heapq.heappop(self.waiting)
            found = self.model.relax(lower, upper, self.cutoff)
            nodes += 1
            if found is None:
                continue
            if found.is_whole or nodes % 20 == 1:
                self._round(found)
            if not found.is_whole and found.value < self.cutoff:
                self._split(found, lower, upper, nodes)
        least = min((entry[0] for entry in self.waiting), default=np.inf)
        value = self.territory.rank(self.best)[self.goal]
        if least >= self.cutoff:
            self.bound = value
        elif least > 0:
            self.bound = int(np.ceil(least / self.unit - 1 / 2)) * self.unit

    def _split(self, found: Relaxed, lower: Flags, upper: Flags, nodes: int) -> None:
        """Rule out what the reduced costs rule out, then decide on the pair nearest to a half."""
        room = self.cutoff - found.value
        upper = upper & ~((found.share < 0.5) & (found.reduced > room))  # noqa: PLR2004
        lower = lower | ((found.share > 0.5) & (-found.reduced > room))  # noqa: PLR2004
        edge = int(np.abs(found.share - 0.5).argmin())
        rows = self.model.instance.row
        with_it, without = lower.copy(), upper.copy()
        with_it[edge] = True
        without[edge] = False
        others = upper & ((rows != rows[edge]) | (np.arange(len(rows)) == edge))
        heapq.heappush(self.waiting, (found.value, 2 * nodes, with_it, others))
        heapq.heappush(self.waiting, (found.value, 2 * nodes + 1, lower, without))

    def _round(self, found: Relaxed) -> None:
        """Make a choice of the larger shares, mend it and keep it if it is better."""
        instance, left = self.model.instance, self.territory.room.copy()
        chosen = np.zeros_like(self.best)
        for edge in np.argsort(-found.share, kind="stable").tolist():
            if found.share[edge] <= 0.5:  # noqa: PLR2004 - one helper at most has more
                break
            if left[instance.column[edge]] > 0:
                left[instance.column[edge]] -= 1
                chosen[self.edges[edge]] = True
        mended = improve(
            self.territory, chosen | self.territory.instance.forced, shakes=0 if found.is_whole else SHAKES
        )
        if self.territory.rank(mended) < self.territory.rank(self.best):
            self.best = mended
