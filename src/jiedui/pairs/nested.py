"""Limits that are nested on either side: a network flow by OR-Tools, with prices of its own.

A limit on pairs of one helper, or of whole helpers, is an arc on the helpers' side; on the recipients'
side alike. Where on each side any two sets of pairs are apart or one holds the other, the question is a
flow, whole by itself.

References
----------
Schrijver (2003), *Combinatorial Optimization*, ch. 13 (cross-free families are network matrices);
Ahuja, Magnanti, Orlin (1993), *Network Flows*, ch. 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.instance import are_equal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiedui.pairs.instance import Flags, Instance, Ints, Whole
    from jiedui.pairs.limits import Limits


@dataclass(frozen=True, slots=True)
class Side:
    """The nested sets of one side: first those of its recipients or helpers, then its limits.

    Attributes
    ----------
    limits : int64[K]
        The limits of this side.
    above : int64[S]
        The set that holds each set; -1 for none.
    inner : int64[F]
        The smallest set of each pair.
    room : int64[S]
        How many pairs of each set may be chosen.
    """

    limits: Ints
    above: Ints
    inner: Ints
    room: Ints


@dataclass(frozen=True, slots=True)
class Network:
    """A flow from the outer recipient sets to the outer helper sets; nodes: both sides', source, sink.

    Attributes
    ----------
    pairs : int64[F]
        The free pairs, whose arcs come first.
    tail, head, room, cost : int64[A]
    """

    pairs: Ints
    recipients: Side
    helpers: Side
    tail: Ints
    head: Ints
    room: Ints
    cost: Ints
    supply: int


def nest(instance: Instance) -> Network | None:
    """Give the question as a flow; None where its limits are not nested, or it is no flow otherwise."""
    limits = instance.limits
    if limits is None or not _is_plain(instance, limits):
        return None
    need = instance.need - instance.served(instance.forced)
    room = (instance.capacity - instance.ticks(instance.forced)) // int(instance.weight.max(initial=1))
    most = limits.most - limits.sums(instance.forced)
    sets = [limits.edge[limits.limit == one] for one in range(limits.count)]
    home = [_home(instance, one) for one in sets]
    if "neither" in home or min(need.min(), room.min(), most.min(initial=0)) < 0:
        return None
    pairs = np.flatnonzero(~instance.forced)
    sides = []
    for name, ends, own in (
        ("recipients", instance.row, need),
        ("helpers", instance.column, np.minimum(room, need.sum())),
    ):
        which = np.flatnonzero(np.array([one == name for one in home], bool))
        sides.append(_side(ends[pairs], own, which, most[which], [_among(pairs, sets[one]) for one in which]))
    recipients, helpers = sides
    if recipients is None or helpers is None:
        return None
    return _network(instance, pairs, need, recipients, helpers)


def _is_plain(instance: Instance, limits: Limits) -> bool:
    """Whether limits only count pairs, and nothing else stands against a flow."""
    counts = not limits.some and bool((limits.amount == 1).all())
    return counts and instance.max_moves is None and are_equal(instance.weight)


def _among(pairs: Ints, edges: Ints) -> Ints:
    """Give where edges stand among sorted pairs, leaving out those that do not."""
    return np.flatnonzero(np.isin(pairs, edges))


def _home(instance: Instance, edges: Ints) -> str:
    """Tell on which side a set of pairs can be nested: it touches one end only, or whole ends."""
    for side, ends in (("helpers", instance.column), ("recipients", instance.row)):
        touched, count = np.unique(ends[edges], return_counts=True)
        if len(touched) <= 1 or (count == np.bincount(ends)[touched]).all():
            return side
    return "neither"


def _side(ends: Whole, own: Ints, which: Ints, most: Ints, limited: Sequence[Ints]) -> Side | None:
    """Nest the sets of one side; None where two of them cross."""
    pairs = len(ends)
    order = np.argsort(ends, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(ends, minlength=len(own)))[:-1])
    families = [*members, *limited]
    size = np.array([len(one) for one in families])
    above, top = np.full(len(families), -1, np.int64), np.full(pairs, -1, np.int64)
    inner = top.copy()
    for one in np.argsort(size, kind="stable"):
        held, count = np.unique(top[families[one]], return_counts=True)
        held, count = held[held >= 0], count[held >= 0]
        if (count != size[held]).any():
            return None
        above[held] = one
        fresh = families[one][top[families[one]] < 0]
        inner[fresh] = one
        top[families[one]] = one
    return Side(which, above, inner, np.concatenate([own, most]))


def _network(instance: Instance, pairs: Ints, need: Ints, recipients: Side, helpers: Side) -> Network:
    """Lay out the arcs: pairs, what recipients must and may have, their limits, the helpers' side."""
    rows, first, second = len(need), len(recipients.above), len(helpers.above)
    source, sink = first + second, first + second + 1
    spare = np.minimum(instance.spare, need)
    inwards = np.where(recipients.above < 0, source, recipients.above)
    outwards = np.where(helpers.above < 0, sink, first + helpers.above)
    own, theirs = np.arange(first), first + np.arange(second)
    zeros, total = np.zeros(max(first, second), np.int64), int(need.sum())
    arcs = (
        (recipients.inner, first + helpers.inner, np.ones_like(pairs), instance.cost[pairs]),
        (inwards[:rows], own[:rows], need - spare, -instance.penalty),
        (inwards[:rows], own[:rows], spare, -instance.loss),
        (inwards[rows:], own[rows:], recipients.room[rows:], zeros[: first - rows]),
        (theirs, outwards, helpers.room, zeros[:second]),
        (np.array([source]), np.array([sink]), np.array([total]), zeros[:1]),
    )
    tail, head, room, cost = (
        np.concatenate([np.asarray(arc[part], np.int64) for arc in arcs]) for part in range(4)
    )
    return Network(pairs, recipients, helpers, tail, head, room, cost, total)


def choose_nested(instance: Instance, network: Network) -> Flags | None:
    """Give an optimal choice by OR-Tools; None where its numbers are too large for it."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.room, network.cost)
    source = len(network.recipients.above) + len(network.helpers.above)
    solver.set_node_supply(source, network.supply)
    solver.set_node_supply(source + 1, -network.supply)
    if solver.solve() != solver.OPTIMAL:
        return None
    chosen = instance.forced.copy()
    chosen[network.pairs[solver.flows(arcs[: len(network.pairs)]) > 0]] = True
    return chosen


def nested_prices(instance: Instance, network: Network, chosen: Flags) -> tuple[Ints, Ints]:
    """Give prices of helpers' places and of limits that prove an optimal choice: int64[H], int64[L].

    From potentials of the residual network; the price of a set is what its arc saves.
    """
    flow = _flow(network, chosen[network.pairs])
    limits: Limits | None = instance.limits
    potential = _potentials(network, flow)
    saved = potential[network.head] - potential[network.tail] - network.cost
    pairs, rows, first = len(network.pairs), len(instance.need), len(network.recipients.above)
    of_limits = np.zeros(0 if limits is None else limits.count, np.int64)
    start = pairs + 2 * rows
    of_limits[network.recipients.limits] = saved[start : start + first - rows]
    theirs = saved[start + first - rows : -1]
    helpers = len(instance.capacity)
    of_limits[network.helpers.limits] = theirs[helpers:]
    return theirs[:helpers].clip(min=0), of_limits.clip(min=0)


def _flow(network: Network, used: Flags) -> Ints:
    """Give the flow on every arc that a choice of pairs makes, int64[A]."""
    inside = _carried(network.recipients, used)
    outside = _carried(network.helpers, used)
    rows = len(inside) - len(network.recipients.limits)
    pairs = len(network.pairs)
    firm = np.minimum(inside[:rows], network.room[pairs : pairs + rows])
    bypass = network.supply - int(used.sum())
    return np.concatenate([used, firm, inside[:rows] - firm, inside[rows:], outside, [bypass]]).astype(
        np.int64
    )


def _carried(side: Side, used: Flags) -> Ints:
    """Count the chosen pairs of each set, those of the sets it holds included."""
    count = np.bincount(side.inner[used], minlength=len(side.above))
    total = count.copy()
    above = side.above.copy()
    while (above >= 0).any():
        held = np.flatnonzero(above >= 0)
        np.add.at(total, above[held], count[held])
        above[held] = side.above[above[held]]
    return total


def _potentials(network: Network, flow: Ints) -> Ints:
    """Give shortest distances in the residual network (Bellman–Ford), int64[nodes].

    Raises
    ------
    ValueError
        If the flow is not optimal: a gainful cycle is left.
    """
    open_arcs, back = flow < network.room, flow > 0
    tail = np.concatenate([network.tail[open_arcs], network.head[back]])
    head = np.concatenate([network.head[open_arcs], network.tail[back]])
    cost = np.concatenate([network.cost[open_arcs], -network.cost[back]])
    nodes = int(max(network.tail.max(), network.head.max())) + 1
    potential = np.zeros(nodes, np.int64)
    for _ in range(nodes + 1):
        before = potential.copy()
        np.minimum.at(potential, head, before[tail] + cost)
        if (potential == before).all():
            return potential
    raise ValueError("the choice is not optimal")
