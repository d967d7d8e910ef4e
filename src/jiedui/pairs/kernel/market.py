"""Single places: recipients who want one each, helpers with places, and the optimum with its prices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Whole = NDArray[np.integer]
    Listed = tuple[Ints, NDArray[np.int32], Whole]

NOBODY, OUTSIDE = -1, -2
"""A recipient not decided on yet, and one who stays outside."""
BLOCK = 2**20
"""Pairs looked at together, so that a pass over all of them needs little memory."""
LARGEST = 2**60
"""Scaled prices stay below this, so that sums of a few of them fit 64 bits."""


@dataclass(frozen=True, slots=True)
class Market:
    """Recipients by rows, each wanting one place.

    Attributes
    ----------
    start : int64[N + 1]
        The candidates of recipient i are ``start[i]:start[i + 1]``, sorted by helper, each once.
    helper : int32[E]
    cost : int32[E] or int64[E], at least 0
    capacity : int64[H]
    penalty : int64[N]
        Cost of staying outside.
    floor : int64[H]
        The price of a place that nobody takes: 0, or less where filling it counts for more than cost.
    """

    start: Ints
    helper: NDArray[np.int32]
    cost: Whole
    capacity: Ints
    penalty: Ints
    floor: Ints

    @property
    def highest(self) -> int:
        """The largest number in this market."""
        costs = int(self.cost.max(initial=0)), int(self.penalty.max(initial=0))
        return max(*costs, -int(self.floor.min(initial=0)))

    def fits(self, scale: int) -> bool:
        """Whether prices fit 64 bits when they are counted in so many parts of a unit of cost."""
        return 2 * (self.highest + 1) * scale < LARGEST

    @property
    def is_exact(self) -> bool:
        """Whether every sum of costs or prices fits 64 bits."""
        return 2 * (self.highest + 1) * (len(self.penalty) + int(self.capacity.sum()) + 1) < 2**63

    @property
    def rows(self) -> Listed:
        """Give the candidates by recipient: starts, helpers, costs."""
        return self.start, self.helper, self.cost

    @property
    def sides(self) -> tuple[Ints, Ints, Ints]:
        """Give capacities, penalties and floors."""
        return self.capacity, self.penalty, self.floor

    def least_costs(self, prices: Ints) -> Ints:
        """Give what each recipient pays at least, for place or for staying outside: int64[N]."""
        least = self.penalty.copy()
        for rows, edges in self.blocks():
            own = self.cost[edges] + prices[self.helper[edges]]
            counts = np.diff(self.start[rows.start : rows.stop + 1])
            filled = rows.start + np.flatnonzero(counts)
            if len(filled):
                found = np.minimum.reduceat(own, self.start[filled] - edges.start)
                least[filled] = np.minimum(least[filled], found)
        return least

    def is_tight(self, prices: Ints, least: Ints) -> Flags:
        """Mark the pairs that cost a recipient no more than its least, places included: bool[E]."""
        tight = np.empty(len(self.helper), bool)
        for rows, edges in self.blocks():
            counts = np.diff(self.start[rows.start : rows.stop + 1])
            own = self.cost[edges] + prices[self.helper[edges]]
            tight[edges] = own == np.repeat(least[rows], counts)
        return tight

    def counts(self, edges: Flags) -> Ints:
        """Count the marked pairs of each recipient, int64[N]."""
        found = np.zeros(len(self.penalty), np.int64)
        for rows, part in self.blocks():
            sums = np.concatenate([[0], np.cumsum(edges[part])])
            found[rows] = np.diff(sums[self.start[rows.start : rows.stop + 1] - part.start])
        return found

    def blocks(self) -> Iterator[tuple[slice, slice]]:
        """Cut the recipients into blocks of about `BLOCK` pairs: slices of rows and of edges."""
        first, rows = 0, len(self.start) - 1
        while first < rows:
            last = int(np.searchsorted(self.start, self.start[first] + BLOCK))
            last = min(rows, max(first + 1, last))
            yield slice(first, last), slice(int(self.start[first]), int(self.start[last]))
            first = last

    def columns(self) -> Listed:
        """Give the candidates by helper: starts, recipients, costs."""
        from jiedui.pairs.kernel.exchanges import transpose

        listed: Listed = transpose(*self.rows, len(self.capacity))
        return listed


@dataclass(frozen=True, slots=True)
class Assignment:
    """An optimum of a market, and the prices that prove it.

    Attributes
    ----------
    taken : int32[N]
        The helper of each recipient; -2 outside.
    prices : int64[H]
        In units of cost.
    """

    market: Market
    taken: NDArray[np.int32]
    prices: Ints

    @property
    def count(self) -> Ints:
        """How many recipients each helper has, int64[H]."""
        served = self.taken[self.taken >= 0]
        return np.bincount(served, minlength=len(self.market.capacity)).astype(np.int64)

    @property
    def chosen(self) -> Flags:
        """The candidate pairs taken, bool[E]."""
        market, chosen = self.market, np.empty(len(self.market.helper), bool)
        for rows, edges in market.blocks():
            counts = np.diff(market.start[rows.start : rows.stop + 1])
            chosen[edges] = market.helper[edges] == np.repeat(self.taken[rows], counts)
        return chosen

    def value(self) -> int:
        """Sum costs, penalties and what filled places count."""
        market = self.market
        outside = int(market.penalty[self.taken < 0].sum())
        return int(market.cost[self.chosen].sum(dtype=np.int64)) + outside + int(self.count @ market.floor)

    def bound(self) -> int:
        """Give the lower bound that the prices prove for every assignment."""
        market = self.market
        least = int(market.least_costs(self.prices).sum())
        return least - int(market.capacity @ (self.prices - market.floor))

    def faults(self) -> list[str]:
        """Name what is wrong, trusting no solver; empty when the assignment is proved optimal."""
        market = self.market
        checks = {
            "capacity": bool((self.count <= market.capacity).all()),
            "candidates": int(self.chosen.sum()) == int((self.taken >= 0).sum()),
            "prices": bool((self.prices >= market.floor).all()),
            "bound": self.bound() == self.value(),
        }
        return [name for name, holds in checks.items() if not holds]
