"""Pairs that all weigh the same: exact optima and exact shadow prices, as a market of single places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.assignment import assign, smallest_prices
from jiedui.pairs.market import OUTSIDE, Assignment, Market
from jiedui.pairs.network import solve_flow

if TYPE_CHECKING:
    from jiedui.pairs.instance import Flags, Instance, Ints


def flow(instance: Instance) -> Flags:
    """Give an optimal choice for an instance whose pairs all weigh the same.

    Raises
    ------
    ValueError
        If the instance is no flow, or the forced pairs alone break a capacity.
    """
    if not instance.is_flow or instance.breaches(instance.forced):
        raise ValueError("not a flow, or the forced pairs do not fit")
    chosen = instance.forced.copy()
    if is_market(instance):
        chosen[free_edges(instance)] = assign(market(instance)).chosen
        return chosen
    free, (need, room) = free_edges(instance), _left(instance)
    used = solve_flow(
        instance.row[free], instance.column[free], instance.cost[free],
        need=need, penalty=instance.penalty, room=room, reward=np.zeros_like(room),
    )  # fmt: skip
    chosen[np.flatnonzero(free)[used]] = True
    return chosen


def is_market(instance: Instance) -> bool:
    """Whether, once the forced pairs are taken, nobody wants more than one helper."""
    return instance.is_flow and int((instance.need - instance.served(instance.forced)).max(initial=0)) <= 1


def market(instance: Instance) -> Market:
    """Give the market of what is left to choose once the forced pairs are taken."""
    need, room = _left(instance)
    row, column, cost = instance.row, instance.column, instance.cost
    free = free_edges(instance)
    if not free.all():
        row, column, cost = row[free], column[free], cost[free]
    return Market(
        start=np.searchsorted(row, np.arange(len(need) + 1, dtype=row.dtype)),
        helper=column.astype(np.int32, copy=False),
        cost=cost.astype(np.int32 if int(cost.max(initial=0)) < 2**31 else np.int64, copy=False),
        capacity=room,
        penalty=np.where(need > 0, instance.penalty, 0),
        floor=np.zeros_like(room),
    )


def flow_bound(instance: Instance, prices: Ints) -> int:
    """Give the lower bound that whole-number prices prove for a market, forced pairs included.

    Raises
    ------
    ValueError
        If a price is below 0, which proves nothing.
    """
    if prices.min(initial=0) < 0:
        raise ValueError("a price below 0 proves nothing")
    asked = market(instance)
    nobody = np.full(len(instance.need), OUTSIDE, np.int32)
    return int(instance.cost[instance.forced].sum()) + Assignment(asked, nobody, prices).bound()


def free_edges(instance: Instance) -> Flags:
    """Mark the pairs still open once the forced ones are taken, bool[E]."""
    wants = instance.need > instance.served(instance.forced)
    free: Flags = ~instance.forced
    return free if wants.all() else free & wants[instance.row]


def _left(instance: Instance) -> tuple[Ints, Ints]:
    """Give the helpers each recipient still needs and the places left."""
    need = instance.need - instance.served(instance.forced)
    unit = max(1, int(instance.weight.max(initial=1)))
    room = (instance.capacity - instance.ticks(instance.forced)) // unit
    return need, np.minimum(room, need.sum())


def flow_prices(instance: Instance, chosen: Flags) -> Ints:
    """Give the smallest optimal prices: what one more place of each helper is worth, int64[H].

    The fixed point of ``p[b] >= p[a] + cost[a] - cost[b]`` over every recipient that has helper *a*
    and could have *b*; it is reached because an optimal choice leaves no gainful cycle.

    Raises
    ------
    ValueError
        If the choice is not optimal.
    """
    if is_market(instance):
        asked = market(instance)
        taken = np.full(len(instance.need), OUTSIDE, np.int32)
        own = np.flatnonzero(chosen & ~instance.forced)
        taken[instance.row[own]] = instance.column[own]
        return smallest_prices(Assignment(asked, taken, asked.floor))
    used, other = _exchanges(instance, chosen)
    drop = instance.cost[used] - instance.cost[other]
    prices = np.zeros(len(instance.capacity), np.int64)
    lacking = instance.served(chosen) < instance.need
    open_edges = lacking[instance.row] & ~chosen
    np.maximum.at(
        prices,
        instance.column[open_edges],
        instance.penalty[instance.row[open_edges]] - instance.cost[open_edges],
    )
    for _ in range(len(prices) + 1):
        before = prices.copy()
        np.maximum.at(prices, instance.column[other], prices[instance.column[used]] + drop)
        if (prices == before).all():
            return prices
    raise ValueError("the choice is not optimal")


def _exchanges(instance: Instance, chosen: Flags) -> tuple[Ints, Ints]:
    """Pair each chosen, unforced edge with each edge of its row that was not chosen."""
    used, other = np.flatnonzero(chosen & ~instance.forced), np.flatnonzero(~chosen)
    start = np.searchsorted(instance.row[other], instance.row[used], "left")
    count = np.searchsorted(instance.row[other], instance.row[used], "right") - start
    offsets = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(used, count), other[np.repeat(start, count) + offsets]
