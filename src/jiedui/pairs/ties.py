"""Ties: of all optimal flows the one that is first by (recipient id, helper id).

Every optimum uses only pairs that the prices leave tight and keeps helpers with a price full
(complementary slackness), so equal optima differ by exchanges along tight pairs only. Each recipient
in turn takes its first helper that such an exchange can give it. Where there are too many pairs for
that, each pair draws a fixed number from its place in the sorted lists, and of equal optima the one
with the least sum of numbers is taken (drawn once more where sums are equal): also the same in every
office, whatever the order of the rows.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.flow import free_edges, market
from jiedui.pairs.kernel.assignment import assign
from jiedui.pairs.kernel.face import face_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.instance import Flags, Instance, Ints, Whole

LEXICOGRAPHIC = 20_000
"""Candidate pairs up to which ties go by ids; a second or two of exchanges."""
NUMBER_BITS = 20
SUM_BITS = 57
"""What a number's bits leave for those of a chain of exchanges and of a sum over recipients."""
DRAWS = 2
"""The second numbers part those whose first ones have equal sums."""


def first_by_numbers(instance: Instance, *, threads: int = 1) -> Flags:
    """Give the optimal choice with the least sum of tie numbers; each recipient lacks one helper at most."""
    face = face_of(assign(market(instance), threads=threads))
    free = free_edges(instance)
    edges = face.positions() if free.all() else np.flatnonzero(free)[face.positions()]
    first = edges[:0]
    bits = number_bits(len(instance.need), len(instance.capacity))
    for draw in range(DRAWS):
        numbers = tie_numbers(instance.row[edges], instance.column[edges], bits=bits, draw=draw)
        face = replace(face, edges=None)
        best = assign(face.market(numbers, outside=1 + int(numbers.max(initial=0))), threads=threads)
        first, face = edges[best.chosen], face.narrow(best)
        edges = edges[face.positions()]
        if len(edges) == len(first):
            break
    chosen = instance.forced.copy()
    chosen[first] = True
    return chosen


def number_bits(recipients: int, helpers: int) -> int:
    """Give the bits of a tie number: fewer where there are so many that sums would not fit 64 bits."""
    room = SUM_BITS - recipients.bit_length() - min(recipients, helpers).bit_length()
    return max(1, min(NUMBER_BITS, room))


def tie_numbers(row: Whole, column: Whole, *, bits: int, draw: int = 0) -> NDArray[np.int32]:
    """Mix the numbers of recipient and helper (the finaliser of SplitMix64), to so many bits."""
    mixed = (row.astype(np.uint64) << np.uint64(32)) | column.astype(np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed ^= mixed >> np.uint64(shift)
        mixed *= np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return (mixed << np.uint64(bits * draw) >> np.uint64(64 - bits)).astype(np.int32)


def first_of_equals(instance: Instance, chosen: Flags, prices: Ints) -> Flags:
    """Give the optimal choice that is first by (recipient, helper), whatever the solver returned.

    Parameters
    ----------
    instance
        A flow (all pairs weigh the same).
    chosen
        An optimal choice.
    prices : int64[H]
        Optimal prices for it.
    """
    whole, taken, order = _with_outside(instance, chosen)
    exchange = _Exchange(whole, taken, np.append(prices, 0))
    for edge in np.flatnonzero(exchange.tight & ~whole.forced):
        if not exchange.chosen[edge]:
            exchange.try_to_choose(int(edge))
        exchange.settled[edge] = True
    return exchange.chosen[np.argsort(order)][: len(chosen)]


def _with_outside(instance: Instance, chosen: Flags) -> tuple[Instance, Flags, Ints]:
    """Put staying outside as a last helper with room for all, once for each place that a recipient wants.

    Gives the wider instance, the choice there, and which of the old pairs followed by the new ones stands
    where.
    """
    wanted = instance.need - instance.served(instance.forced)
    row = np.repeat(np.arange(len(wanted)), wanted)
    rank = np.arange(len(row)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    none = np.zeros(len(row), bool)
    rows = np.concatenate([instance.row, row])
    columns = np.concatenate([instance.column, np.full(len(row), len(instance.capacity))])
    order = np.lexsort((columns, rows))
    whole = replace(
        instance,
        row=rows[order],
        column=columns[order],
        cost=np.concatenate([instance.cost, _outside_costs(instance, row, rank)])[order],
        moved=np.concatenate([instance.moved, none])[order],
        forced=np.concatenate([instance.forced, none])[order],
        capacity=np.append(instance.capacity, instance.weight @ instance.need),
    )
    outside = rank < (instance.need - instance.served(chosen))[row]
    return whole, np.concatenate([chosen, outside])[order], order


def _outside_costs(instance: Instance, row: Ints, rank: Ints) -> Ints:
    """Give what the first, second, ... helper costs that each recipient lacks."""
    outside: Ints = np.where(rank < instance.spare[row], instance.loss[row], instance.penalty[row])
    return outside


class _Exchange:
    """A choice that moves among equals."""

    def __init__(self, instance: Instance, chosen: Flags, prices: Ints) -> None:
        paid = instance.cost.astype(np.int64) + instance.weight[instance.row] * prices[instance.column]
        worst = np.zeros(len(instance.need), np.int64)
        np.maximum.at(worst, instance.row[chosen], paid[chosen])
        self.instance, self.chosen = instance, chosen
        self.tight = paid == worst[instance.row]
        self.settled = instance.forced.copy()
        self.full = prices > 0

    def try_to_choose(self, edge: int) -> None:
        """Choose an edge if a chain of equal exchanges allows it; else leave all as it is."""
        row = self.instance.row[edge]
        given_up = np.flatnonzero(self.chosen & self.tight & ~self.settled & (self.instance.row == row))
        for other in given_up[::-1]:
            chain = self._chain(int(self.instance.column[edge]), int(self.instance.column[other]), int(row))
            if chain is not None:
                self.chosen[other], self.chosen[edge] = False, True
                for leaves, takes in chain:
                    self.chosen[leaves], self.chosen[takes] = False, True
                return

    def _chain(self, start: int, goal: int, row: int) -> list[tuple[int, int]] | None:
        """Find exchanges of later recipients that free a place at start and end at goal, or in spare room."""
        room = self.instance.capacity - self.instance.ticks(self.chosen)
        weight = int(self.instance.weight[0])
        came: dict[int, tuple[int, int, int] | None] = {start: None}
        queue = deque([start])
        while queue:
            helper = queue.popleft()
            if helper == goal or (room[helper] >= weight and not self.full[goal]):
                return _trace(came, helper)
            for leaves, takes, following in self._moves(helper, row):
                if following not in came:
                    came[following] = (helper, leaves, takes)
                    queue.append(following)
        return None

    def _moves(self, helper: int, row: int) -> list[tuple[int, int, int]]:
        """List exchanges that free a place at helper: (edge left, edge taken, helper that takes)."""
        instance = self.instance
        loose = self.tight & ~self.settled & (instance.row > row)
        moves = []
        for leaves in np.flatnonzero(loose & self.chosen & (instance.column == helper)):
            same = loose & ~self.chosen & (instance.row == instance.row[leaves])
            moves += [
                (int(leaves), int(takes), int(instance.column[takes])) for takes in np.flatnonzero(same)
            ]
        return moves


def _trace(came: dict[int, tuple[int, int, int] | None], helper: int) -> list[tuple[int, int]]:
    """Walk a chain back to its start."""
    chain = []
    while (step := came[helper]) is not None:
        helper, leaves, takes = step
        chain.append((leaves, takes))
    return chain
