"""Single places: an exact minimum-cost flow by OR-Tools, with exact shadow prices.

References
----------
Ahuja, Magnanti, Orlin (1993), *Network Flows*, ch. 9: reduced-cost optimality.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jiedui.pairs.instance import Flags, Instance, Ints


def flow(instance: Instance) -> Flags:
    """Give an optimal choice for an instance whose pairs all weigh the same.

    Raises
    ------
    ValueError
        If the instance is no flow, or the forced pairs alone break a capacity.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    if not instance.is_flow or instance.breaches(instance.forced):
        raise ValueError("not a flow, or the forced pairs do not fit")
    rows, columns = len(instance.need), len(instance.capacity)
    need = instance.need - instance.served(instance.forced)
    room = (instance.capacity - instance.ticks(instance.forced)) // max(
        1, int(instance.weight.max(initial=1))
    )
    free = np.flatnonzero(~instance.forced)
    source, sink, outside = rows + columns, rows + columns + 1, rows + columns + 2
    row, column = np.arange(rows), rows + np.arange(columns)
    tails = [instance.row[free], np.full(rows, source), row, column, [outside]]
    heads = [
        rows + instance.column[free],
        row,
        np.full(rows, outside),
        np.full(columns, sink),
        [sink],
    ]
    capacities = [np.ones(len(free)), need, need, np.minimum(room, need.sum()), [need.sum()]]
    nothing = np.zeros
    costs = [instance.cost[free], nothing(rows), instance.penalty, nothing(columns), [0]]
    network = SimpleMinCostFlow()
    arcs = network.add_arcs_with_capacity_and_unit_cost(
        *(_join(part) for part in (tails, heads, capacities, costs))
    )
    network.set_node_supply(source, int(need.sum()))
    network.set_node_supply(sink, -int(need.sum()))
    status = network.solve()
    if status != network.OPTIMAL:
        raise ValueError(f"min-cost flow: {status}")
    chosen = instance.forced.copy()
    chosen[free] = network.flows(arcs[: len(free)]) > 0
    return chosen


def flow_prices(instance: Instance, chosen: Flags) -> Ints:
    """Give the smallest optimal prices: what one more place of each helper is worth, int64[H].

    The fixed point of ``p[b] >= p[a] + cost[a] - cost[b]`` over every recipient that has helper *a*
    and could have *b*; it is reached because an optimal choice leaves no gainful cycle.

    Raises
    ------
    ValueError
        If the choice is not optimal.
    """
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


def _join(parts: list[object]) -> Ints:
    """Concatenate arc data as int64."""
    return np.concatenate([np.asarray(part, np.int64) for part in parts])
