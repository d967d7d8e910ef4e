"""A solved market that can be changed piece by piece: somebody leaves, comes, is held; it stays optimal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.kernel.exchanges import FAR, insert, move, settle, vacate
from jiedui.pairs.kernel.market import OUTSIDE, Assignment, Market

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.kernel.market import Flags, Ints, Listed

ANY = -1


@dataclass(slots=True)
class Desk:
    """An optimal assignment, open to changes; every change leaves prices that prove the new optimum.

    Attributes
    ----------
    market : Market
        With floors of 0. Its capacities, at most one more than a helper has candidates, change with the desk.
    columns : tuple
        The candidates by helper (see `Market.columns`).
    taken, paid, price
        The assignment, what it costs each recipient, and its prices.
    absent : bool[N]
        Recipients who take no part: held where they are, or not here.
    """

    market: Market
    columns: Listed
    taken: NDArray[np.int32]
    paid: Ints
    price: Ints
    absent: Flags
    offset: Ints
    occupant: NDArray[np.int32]
    count: Ints

    @classmethod
    def of(cls, best: Assignment) -> Desk:
        """Lay out an optimum whose market has floors of 0."""
        taken = best.taken.copy()
        degree = np.bincount(best.market.helper, minlength=len(best.market.capacity))
        market = replace(best.market, capacity=np.minimum(best.market.capacity, degree + 1))
        paid = market.penalty.copy()
        own = best.chosen
        paid[taken >= 0] = market.cost[own]
        absent = np.zeros(len(taken), bool)
        return cls(
            market, market.columns(), taken, paid, best.prices.copy(), absent, *settle(market.capacity, taken)
        )

    def copy(self) -> Desk:
        """Give a desk to try things on."""
        market = self.market
        own = replace(market, capacity=market.capacity.copy())
        names = ("taken", "paid", "price", "absent", "offset", "occupant", "count")
        return replace(self, market=own, **{name: getattr(self, name).copy() for name in names})

    def assignment(self) -> Assignment:
        """Give the assignment of everybody who takes part, for the proof."""
        asked = self.market
        counts = np.where(self.absent, 0, np.diff(asked.start))
        part = np.repeat(~self.absent, np.diff(asked.start))
        present = replace(
            asked,
            start=np.concatenate([[0], np.cumsum(counts)]),
            helper=asked.helper[part],
            cost=asked.cost[part],
            penalty=np.where(self.absent, 0, asked.penalty),
        )
        taken = np.where(self.absent, OUTSIDE, self.taken).astype(np.int32)
        return Assignment(present, taken, self.price)

    def leave(self, recipient: int) -> None:
        """Take a recipient out; the place goes to whoever gains most."""
        helper = int(self.taken[recipient])
        self._move(np.array([[recipient, helper, OUTSIDE]], np.int32))
        self.absent[recipient] = True
        if helper >= 0:
            self.fill(helper)

    def fill(self, helper: int) -> None:
        """Let a free place of a helper go to whoever gains most, or its price fall."""
        if self.count[helper] < self.market.capacity[helper] and self.price[helper] > 0:
            self._move(
                vacate(
                    *self.columns, self.market.capacity, self.market.penalty, self.taken, self.paid,
                    self.price, helper, self.absent,
                )
            )  # fmt: skip

    def come(self, recipient: int, only: int = ANY) -> bool:
        """Let a recipient in at least cost for all; False, and nothing done, where `only` has no room."""
        market = self.market
        added, chain = insert(
            market.start, market.helper, market.cost, market.capacity, market.penalty, self.taken,
            self.paid, self.price, self.offset, self.occupant, self.count, recipient, only,
        )  # fmt: skip
        if added == FAR:
            return False
        self.absent[recipient] = False
        self._move(chain)
        return True

    def hold(self, recipient: int) -> None:
        """Keep a recipient where it is from now on: it and its place take no further part."""
        helper = int(self.taken[recipient])
        self._move(np.array([[recipient, helper, OUTSIDE]], np.int32))
        self.absent[recipient] = True
        self.taken[recipient] = helper
        self.market.capacity[helper] -= 1

    def close(self, helper: int) -> None:
        """Take a helper out; its recipients find the best places left."""
        low = self.offset[helper]
        guests = self.occupant[low : low + self.count[helper]].copy()
        self._move(np.array([(guest, helper, OUTSIDE) for guest in guests], np.int32).reshape(-1, 3))
        self.market.capacity[helper] = 0
        for guest in guests:
            self.come(int(guest))

    def widen(self, helper: int, places: int) -> None:
        """Give a helper more places."""
        self.market.capacity[helper] += places
        present = np.where(self.absent, OUTSIDE, self.taken).astype(np.int32)
        self.offset, self.occupant, self.count = settle(self.market.capacity, present)
        for _ in range(places):
            self.fill(helper)

    def _move(self, chain: NDArray[np.int32]) -> None:
        market = self.market
        move(
            market.start, market.helper, market.cost, self.taken, self.paid,
            self.offset, self.occupant, self.count, chain,
        )  # fmt: skip
        gone = chain[chain[:, 2] < 0, 0]
        self.paid[gone] = market.penalty[gone]
