"""Pairs that all weigh the same: exact optima and exact shadow prices, as a market of single places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.kernel.assignment import assign, smallest_prices
from jiedui.pairs.kernel.market import OUTSIDE, Assignment, Market

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.instance import Flags, Instance, Ints


def flow(instance: Instance) -> Flags:
    """Give an optimal choice for an instance whose pairs all weigh the same.

    Raises
    ------
    ValueError
        If the instance is no flow, or the forced pairs alone break a capacity.
    """
    if not instance.is_flow or instance.is_overfull:
        raise ValueError("not a flow, or the forced pairs do not fit")
    chosen = instance.forced.copy()
    asked, edges = expanded(instance)
    used = edges[assign(asked).chosen]
    chosen[used[used >= 0]] = True
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
        penalty=np.where(need > 0, np.where(_spare(instance, need) > 0, instance.loss, instance.penalty), 0),
        floor=np.zeros_like(room),
    )


def expanded(instance: Instance) -> tuple[Market, Ints]:
    """Give a market also where recipients want several helpers, and the pair that each of its pairs is.

    Every candidate of such a recipient becomes a row, which takes the helper's place or one of the
    recipient's own idle places: as many as it has candidates beyond its need (filled first, which changes
    no choice), and as many as it may lack at its lesser loss. Whoever is outside lacks a helper.
    The pair is -1 for idle places.
    """
    if is_market(instance):
        return market(instance), np.flatnonzero(free_edges(instance))
    free, (need, room) = np.flatnonzero(free_edges(instance)), _left(instance)
    row, cost = instance.row[free].astype(np.int64), instance.cost[free].astype(np.int64)
    degree = np.bincount(row, minlength=len(need))
    spare = np.maximum(0, _spare(instance, need) - np.maximum(0, need - degree))
    idle = np.maximum(0, degree - need)
    helpers, every = len(room), np.arange(len(free))
    parts = (
        (every, instance.column[free].astype(np.int64), cost, free),
        (every, helpers + row, np.zeros_like(cost), np.full(len(free), -1)),
        (every, helpers + len(need) + row, instance.loss[row], np.full(len(free), -1)),
    )
    rows, columns, costs, edges = (np.concatenate([part[place] for part in parts]) for place in range(4))
    order = np.lexsort((columns, rows))
    small = int(costs.max(initial=0)) < 2**31
    asked = Market(
        start=np.arange(len(free) + 1) * 3,
        helper=columns[order].astype(np.int32),
        cost=costs[order].astype(np.int32 if small else np.int64),
        capacity=np.concatenate([room, idle, spare]),
        penalty=instance.penalty[row],
        floor=np.concatenate([np.zeros(helpers, np.int64), -np.sign(idle), np.zeros_like(spare)]),
    )
    return asked, edges[order]


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


def _spare(instance: Instance, need: Ints) -> Ints:
    """Give how many of the helpers still needed each recipient may lack at a lesser cost."""
    return np.minimum(instance.spare, need)


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
    asked, edges = expanded(instance)
    prices = smallest_prices(Assignment(asked, _rows_taken(instance, asked, edges, chosen), asked.floor))
    return prices[: len(instance.capacity)]


def _rows_taken(instance: Instance, asked: Market, edges: Ints, chosen: Flags) -> NDArray[np.int32]:
    """Say a choice as an assignment of an expanded market: unused rows fill idle places, then spare ones."""
    pair = edges[::3]
    taken = np.where(chosen[pair], asked.helper[::3], OUTSIDE).astype(np.int32)
    unused = np.flatnonzero(taken < 0)
    owner = instance.row[pair[unused]]
    rank = np.arange(len(unused)) - np.searchsorted(owner, owner, "left")
    helpers, rows = len(instance.capacity), len(instance.need)
    idle, spare = asked.capacity[helpers + owner], asked.capacity[helpers + rows + owner]
    place = np.where(rank < idle, helpers + owner, helpers + rows + owner)
    taken[unused] = np.where(rank < idle + spare, place, OUTSIDE)
    return taken
