"""Limits on sets of candidate pairs, in whole numbers: what rules say beyond capacities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Limits:
    """Each limit: the amounts of its chosen pairs sum to at most so much.

    A lower bound is a limit with amounts and sum below 0.

    Attributes
    ----------
    limit, edge, amount : int64[K]
        Which limit counts which candidate pair with which amount, sorted by (limit, edge).
    most : int64[L]
    names : tuple of str
        What each limit is, for messages.
    scale : tuple of int
        Amounts and sums of each limit were multiplied by this to make them whole.
    some : tuple of (int, int)
        Helpers (column) that take either nobody or at least so many.
    """

    limit: Ints
    edge: Ints
    amount: Ints
    most: Ints
    names: tuple[str, ...]
    scale: tuple[int, ...]
    some: tuple[tuple[int, int], ...] = ()

    @property
    def count(self) -> int:
        """How many limits there are."""
        return len(self.most)

    def sums(self, chosen: Flags) -> Ints:
        """Sum the amounts of the chosen pairs, int64[L]."""
        used = chosen[self.edge]
        sums = np.zeros(self.count, np.int64)
        np.add.at(sums, self.limit[used], self.amount[used])
        return sums

    def least(self, allowed: Flags) -> Ints:
        """Give the least that the pairs still allowed can add to each sum, int64[L]: 0 or less."""
        lowers = allowed[self.edge] & (self.amount < 0)
        sums = np.zeros(self.count, np.int64)
        np.add.at(sums, self.limit[lowers], self.amount[lowers])
        return sums

    def charge(self, prices: Ints, pairs: int) -> Ints:
        """Sum what each pair pays for the limits it counts in, int64[E]."""
        paid = np.zeros(pairs, np.int64)
        np.add.at(paid, self.edge, self.amount * prices[self.limit])
        return paid

    def keep(self, edges: Flags) -> Limits:
        """Give the same limits over only the pairs marked."""
        place = np.cumsum(edges) - 1
        kept = edges[self.edge]
        return replace(self, limit=self.limit[kept], edge=place[self.edge[kept]], amount=self.amount[kept])


EMPTY = np.zeros(0, np.int64)
NONE = Limits(EMPTY, EMPTY, EMPTY, EMPTY, (), ())
"""No limit at all."""
