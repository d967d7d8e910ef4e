"""The optimal face: what every optimum of a market has in common, so that the next wish chooses among optima.

By complementary slackness an assignment is optimal exactly if it uses only pairs that the prices leave
tight, fills every helper whose price is above its floor, and serves everybody for whom that is cheaper
than staying outside. A chain of faces follows an ordered list of wishes without ever mixing their units.

References
----------
Huang, Kavitha, Mehlhorn, Michail (2016), *Fair matchings and related problems*, Algorithmica 74.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.kernel.market import Market

if TYPE_CHECKING:
    from jiedui.pairs.kernel.market import Assignment, Flags, Ints, Whole


@dataclass(frozen=True, slots=True)
class Face:
    """Every optimum of the markets so far.

    Attributes
    ----------
    start : int64[N + 1]
    edges : int64[F] or None
        The pairs some optimum may use, as positions in the first market; None for all of them.
    helper : int32[F]
    capacity : int64[H]
    full : bool[H]
        Helpers that every optimum fills.
    served : bool[N]
        Recipients that every optimum serves.
    """

    start: Ints
    edges: Ints | None
    helper: Whole
    capacity: Ints
    full: Flags
    served: Flags

    def positions(self) -> Ints:
        """Give the pairs some optimum may use, as positions in the first market, int64[F]."""
        return np.arange(len(self.helper)) if self.edges is None else self.edges

    def market(self, cost: Whole, *, outside: int) -> Market:
        """Ask for the best of these optima by a cost per pair of the first market (at least 0).

        Parameters
        ----------
        outside
            Cost of leaving somebody outside whom not every optimum serves.
        """
        own = cost if self.edges is None else cost[self.edges]
        dearest = max(outside, int(own.max(initial=0)))
        firm = 2 * dearest * (min(len(self.served), len(self.full)) + 2) + 1
        return Market(
            start=self.start,
            helper=self.helper.astype(np.int32, copy=False),
            cost=own.astype(np.int32 if dearest < 2**31 else np.int64),
            capacity=self.capacity,
            penalty=np.where(self.served, firm, outside),
            floor=np.where(self.full, -firm, 0),
        )

    def narrow(self, best: Assignment) -> Face:
        """Keep those that are also optimal for a market of this face."""
        market, prices = best.market, best.prices
        least = market.least_costs(prices)
        tight = market.is_tight(prices, least)
        return Face(
            start=np.concatenate([[0], np.cumsum(market.counts(tight))]),
            edges=np.flatnonzero(tight) if self.edges is None else self.edges[tight],
            helper=self.helper[tight],
            capacity=self.capacity,
            full=self.full | (prices > market.floor),
            served=self.served | (least < market.penalty),
        )


def face_of(best: Assignment) -> Face:
    """Give the face of all optima of a market, from one of them and its prices."""
    market = best.market
    rows, columns = len(market.penalty), len(market.capacity)
    everything = Face(
        start=market.start,
        edges=None,
        helper=market.helper,
        capacity=market.capacity,
        full=np.zeros(columns, bool),
        served=np.zeros(rows, bool),
    )
    return everything.narrow(best)
