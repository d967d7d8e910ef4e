"""Markets that fall apart: which recipients and helpers hang together, and the market of some of them.

References
----------
Tarjan (1975), *Efficiency of a good but not linear set union algorithm*, Journal of the ACM 22.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.kernel.compiled import fast
from jiedui.pairs.kernel.market import Market

if TYPE_CHECKING:
    from jiedui.pairs.kernel.market import Flags, Whole


@dataclass(frozen=True, slots=True)
class Part:
    """A market within a larger one: its recipients int[n] and helpers int[h] there."""

    market: Market
    people: Whole
    helpers: Whole


def share_out(market: Market, threads: int) -> list[Part]:
    """Share a market out among threads, with about as many recipients each and no candidates in common.

    One part, the market as it is, where it does not fall apart.
    """
    people, helpers = len(market.penalty), len(market.capacity)
    everything = [Part(market, *(np.arange(count, dtype=np.int32) for count in (people, helpers)))]
    if threads <= 1:
        return everything
    part_of_row, part_of_helper, parts = connect(market.start, market.helper, helpers)
    size = np.bincount(part_of_row[part_of_row >= 0], minlength=parts)
    share = (np.cumsum(size) - size // 2 - 1) * threads // max(1, size.sum())
    shared = np.unique(share[size > 0])
    if len(shared) <= 1:
        return everything
    share_of_row = np.where(part_of_row < 0, -1, share[part_of_row])
    return [_part(market, share_of_row == one, share[part_of_helper] == one) for one in shared]


def _part(market: Market, people: Flags, helpers: Flags) -> Part:
    """Give the market of some recipients and of all their candidates."""
    mine, theirs = np.flatnonzero(people), np.flatnonzero(helpers)
    local = (np.cumsum(helpers) - 1).astype(np.int32)
    start, helper, cost = pick(market.rows, mine, local)
    sides = market.capacity[theirs], market.penalty[mine], market.floor[theirs]
    return Part(Market(start, helper, cost, *sides), mine, theirs)


@fast
def _root(above, j):
    """Give the first helper of a part, and shorten the way to it."""
    while above[j] != j:
        above[j] = above[above[j]]
        j = above[j]
    return j


@fast
def connect(start, helper, helpers):
    """Give the part of each recipient int32[N] and helper int32[H], and how many parts there are.

    A recipient without candidates is in no part (-1).
    """
    above = np.arange(helpers).astype(np.int32)
    part_of_row = np.full(len(start) - 1, -1, np.int32)
    for i in range(len(start) - 1):
        if start[i] < start[i + 1]:
            first = _root(above, helper[start[i]])
            for e in range(start[i], start[i + 1]):
                if above[helper[e]] != first:
                    other = _root(above, helper[e])
                    above[max(first, other)] = min(first, other)
                    first = min(first, other)
    part_of_helper = np.empty(helpers, np.int32)
    parts = 0
    for j in range(helpers):
        if above[j] == j:
            part_of_helper[j] = parts
            parts += 1
        else:
            part_of_helper[j] = part_of_helper[_root(above, j)]
    for i in range(len(start) - 1):
        if start[i] < start[i + 1]:
            part_of_row[i] = part_of_helper[helper[start[i]]]
    return part_of_row, part_of_helper, parts


@fast
def pick(rows, mine, local):
    """Give the candidates of some recipients, helpers by their numbers within the part."""
    start, helper, cost = rows
    own_start = np.zeros(len(mine) + 1, np.int64)
    for place in range(len(mine)):
        own_start[place + 1] = own_start[place] + start[mine[place] + 1] - start[mine[place]]
    own_helper, own_cost = np.empty(own_start[-1], np.int32), np.empty(own_start[-1], cost.dtype)
    for place in range(len(mine)):
        ahead = start[mine[place]] - own_start[place]
        for e in range(own_start[place], own_start[place + 1]):
            own_helper[e], own_cost[e] = local[helper[e + ahead]], cost[e + ahead]
    return own_start, own_helper, own_cost
