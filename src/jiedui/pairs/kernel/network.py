"""Minimum-cost flows by OR-Tools: the cross-check of the auction, and its stand-in where numba is missing.

References
----------
Ahuja, Magnanti, Orlin (1993), *Network Flows*, ch. 9: reduced-cost optimality.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.kernel.market import OUTSIDE, Assignment

if TYPE_CHECKING:
    from jiedui.pairs.kernel.market import Ints, Market, Whole


def assign_by_network(market: Market) -> Assignment:
    """Find an optimum of a market with its smallest prices.

    Raises
    ------
    ValueError
        If OR-Tools finds no optimum (numbers too large).
    """
    rows = len(market.start) - 1
    row = np.repeat(np.arange(rows), np.diff(market.start))
    inflow = solve_flow(
        row, market.helper, market.cost,
        need=np.ones(rows, np.int64), penalty=market.penalty, room=market.capacity, reward=market.floor,
    )  # fmt: skip
    taken = np.full(rows, OUTSIDE, np.int32)
    taken[row[inflow]] = market.helper[inflow]
    return Assignment(market, taken, prices_by_sweeps(market, taken))


def solve_flow(
    row: Whole, column: Whole, cost: Whole, *, need: Ints, penalty: Ints, room: Ints, reward: Ints
) -> Ints:
    """Give the edges that an optimal flow uses.

    Parameters
    ----------
    need, penalty : int64[N]
        How many helpers each recipient wants, and the cost of each it lacks.
    room, reward : int64[H]
        Places of each helper, and the cost (at most 0) of filling each.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    rows, columns = len(need), len(room)
    source, sink, outside = rows + columns, rows + columns + 1, rows + columns + 2
    recipients, helpers = np.arange(rows), rows + np.arange(columns)
    arcs = (
        (row, rows + column, np.ones(len(row)), cost),
        (np.full(rows, source), recipients, need, np.zeros(rows)),
        (recipients, np.full(rows, outside), need, penalty),
        (helpers, np.full(columns, sink), np.minimum(room, need.sum()), reward),
        ([outside], [sink], [need.sum()], [0]),
    )
    network = SimpleMinCostFlow()
    numbers = network.add_arcs_with_capacity_and_unit_cost(
        *(np.concatenate([np.asarray(arc[part], np.int64) for arc in arcs]) for part in range(4))
    )
    network.set_node_supply(source, int(need.sum()))
    network.set_node_supply(sink, -int(need.sum()))
    status = network.solve()
    if status != network.OPTIMAL:
        raise ValueError(f"min-cost flow: {status}")
    used: Ints = np.flatnonzero(network.flows(numbers[: len(row)]) > 0)
    return used


def prices_by_sweeps(market: Market, taken: Whole) -> Ints:
    """Give the smallest prices: the fixed point of ``p[b] >= p[a] + cost[a] - cost[b]``, int64[H].

    Here recipients who have helper *a* could have *b*, and whoever is outside could have any *b*.
    """
    row = np.repeat(np.arange(len(taken)), np.diff(market.start))
    paid = market.penalty.copy()
    used = market.helper == taken[row]
    paid[row[used]] = market.cost[used]
    drop = paid[row] - market.cost
    outside = taken[row] < 0
    prices = market.floor.copy()
    np.maximum.at(prices, market.helper[outside], drop[outside])
    inside = ~outside & ~used
    here, there, drop = taken[row[inside]], market.helper[inside], drop[inside]
    for _ in range(len(prices) + 1):
        before = prices.copy()
        np.maximum.at(prices, there, prices[here] + drop)
        if (prices == before).all():
            return prices
    raise ValueError("the assignment is not optimal")
