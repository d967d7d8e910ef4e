"""What proves an optimum, and the code that checks it without trusting any solver.

A price for each helper's capacity (and for a move) gives a lower bound on every choice: relax the
capacities, pay the prices, and let each recipient take what is then cheapest. Where the bound meets
the value, the choice is optimal. Where it does not, the question is split: a pair is chosen, or not,
and each half has prices of its own.

References
----------
Geoffrion (1974), *Lagrangean relaxation for integer programming*; Martello, Toth (1990), *Knapsack
Problems*, ch. 7 (bounds of the generalised assignment problem, reductions).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from jiedui.pairs.flow import flow_bound, is_market
from jiedui.pairs.instance import exact_product, exact_sum

if TYPE_CHECKING:
    from jiedui.pairs.instance import Flags, Instance, Ints
    from jiedui.pairs.limits import Limits

SCALE = 2**16
"""Prices are whole multiples of 1/SCALE: rounding them moves a bound by far less than one unit of cost."""

DENSE = 10**6
"""Room up to which the sums that whole recipients can make of it are listed."""

Proof = Literal["prices", "tree", "solver", "heuristic"]


@dataclass(frozen=True, slots=True)
class Node:
    """One question of the proof: prices (times SCALE: helpers', limits', a move's), and where it splits.

    ``edge`` is -1 where the prices alone close the question; otherwise the next node is the half
    with that edge chosen, and after its whole subtree comes the half without it.
    """

    prices: tuple[int, ...]
    edge: int = -1


@dataclass(frozen=True, slots=True)
class Certificate:
    """A value, the bound proved for it, and the nodes that prove the bound.

    Attributes
    ----------
    value, bound : int
        In units of cost of the instance; equal when the optimum is proved.
    proof : str
        ``prices``: one set of prices suffices. ``tree``: the question was split. ``solver``: the tree
        grew beyond its budget; the solver calls the value optimal, we prove only the bound.
        ``heuristic``: a good choice that nobody calls optimal.
    told : int or None
        The solver's own bound, which we do not prove; None where it has none.
    """

    value: int
    bound: int
    proof: Proof
    nodes: tuple[Node, ...]
    told: int | None = None

    @property
    def gap(self) -> int:
        """How far the bound proved here stays below the value."""
        return self.value - self.bound


@dataclass(slots=True)
class Question:
    """An instance with some edges ruled out and some chosen: a node on the way through the tree."""

    instance: Instance
    allowed: Flags
    chosen: Flags

    @classmethod
    def whole(cls, instance: Instance) -> Question:
        """Ask the instance as it stands."""
        return cls(instance, ~instance.forced, instance.forced.copy())

    def split(self, edge: int) -> tuple[Question, Question]:
        """Give the half with the edge chosen and the half without it."""
        allowed, chosen = self.allowed.copy(), self.chosen.copy()
        allowed[edge] = False
        chosen[edge] = True
        return Question(self.instance, allowed, chosen), Question(self.instance, allowed.copy(), self.chosen)

    def narrow(self) -> tuple[Ints, Ints, int] | None:
        """Rule out what no longer fits; give room, need and moves left, or None when nothing fits."""
        instance = self.instance
        room = instance.capacity - instance.ticks(self.chosen)
        need = instance.need - instance.served(self.chosen)
        limit = len(instance.row) if instance.max_moves is None else instance.max_moves
        moves = limit - int((self.chosen & instance.moved).sum())
        if (room < 0).any() or (need < 0).any() or moves < 0:
            return None
        self.allowed &= (instance.weight[instance.row] <= room[instance.column]) & (need[instance.row] > 0)
        if moves == 0:
            self.allowed &= ~instance.moved
        if instance.limits is not None:
            open_edges = -1
            while open_edges != (open_edges := int(self.allowed.sum())):
                if not self._narrow_limits(instance.limits):
                    return None
        return reachable(self, room), need, moves

    def _narrow_limits(self, limits: Limits) -> bool:
        """Rule out pairs that no limit leaves room for, or whose helper can no longer reach its least.

        Tells whether every limit, and every helper's some or none, can still be kept.
        """
        helps = Counter(self.instance.column[self.chosen].tolist())
        for helper, least in limits.some:
            own = self.allowed & (self.instance.column == helper)
            if helps[helper] + int(own.sum()) < least:
                if helps[helper]:
                    return False
                self.allowed &= ~own
        left = limits.most - limits.sums(self.chosen) - limits.least(self.allowed)
        self.allowed[limits.edge[limits.amount.clip(min=0) > left[limits.limit]]] = False
        return bool((left >= 0).all())

    def bound(self, prices: Ints, target: int) -> int | None:
        """Give the lower bound that prices prove, and rule out edges that cannot lead below target.

        Returns None where nothing fits: any bound holds.
        """
        left = self.narrow()
        if left is None:
            return None
        room, need, moves = left
        instance = self.instance
        paid = charged(instance, prices)
        chosen, last = cheapest(self, paid, need)
        fixed = int(instance.cost[self.chosen].sum()) * SCALE
        total = fixed + chosen - exact_product(prices[: len(room)], room) - int(prices[-1]) * moves
        if instance.limits is not None:
            left_over = instance.limits.most - instance.limits.sums(self.chosen)
            total -= exact_product(prices[len(room) : -1], left_over)
        self.allowed &= total + paid - last[instance.row] <= (target - 1) * SCALE
        return -(-total // SCALE)


def charged(instance: Instance, prices: Ints) -> Ints:
    """Give what each pair costs with places, limits and moves paid for (times SCALE), int64[E]."""
    helpers = len(instance.capacity)
    paid: Ints = instance.cost * np.int64(SCALE) + instance.weight[instance.row] * prices[instance.column]
    if instance.max_moves is not None:
        paid += np.where(instance.moved, prices[-1], 0)
    if instance.limits is not None:
        paid += instance.limits.charge(prices[helpers:-1], len(paid))
    return paid


def cheapest(question: Question, paid: Ints, need: Ints) -> tuple[int, Ints]:
    """Let each recipient take its cheapest open edges or stay unserved: the sum, and its last price each."""
    instance = question.instance
    penalty, loss = instance.penalty * SCALE, instance.loss * SCALE
    spare = np.minimum(instance.spare, need)
    firm = need - spare
    open_edges = np.flatnonzero(question.allowed)
    order = open_edges[np.lexsort((paid[open_edges], instance.row[open_edges]))]
    rows = instance.row[order]
    rank = np.arange(len(order)) - np.searchsorted(rows, rows, "left")
    price = np.minimum(paid[order], np.where(rank < firm[rows], penalty[rows], loss[rows]))
    taken = rank < need[rows]
    lacking = need - np.bincount(rows[taken], minlength=len(need))
    spared = np.minimum(lacking, spare)
    dearest = np.where(lacking > spare, penalty, loss)
    last = np.where((need > 0) & (lacking == 0), np.iinfo(np.int64).min, dearest)
    np.maximum.at(last, rows[taken], price[taken])
    last[need == 0] = penalty[need == 0]
    outside = exact_product(spared, loss) + exact_product(lacking - spared, penalty)
    return exact_sum(price[taken]) + outside, last


def reachable(question: Question, room: Ints) -> Ints:
    """Lower each helper's room to the largest sum that whole recipients can make of it."""
    instance = question.instance
    if instance.weight.max(initial=1) == 1 or room.max(initial=0) > DENSE:
        return room
    tight = room.copy()
    for helper in range(len(room)):
        sums = 1
        for weight in instance.weight[instance.row[question.allowed & (instance.column == helper)]]:
            sums |= sums << int(weight)
        tight[helper] = (sums & ((1 << (int(room[helper]) + 1)) - 1)).bit_length() - 1
    return tight


def prove(instance: Instance, nodes: tuple[Node, ...], *, target: int) -> int:
    """Walk the nodes and give the bound they prove, at most target.

    Raises
    ------
    ValueError
        If the nodes do not make up a whole tree, or a price is below 0.
    """
    if len(nodes) == 1 and is_market(instance):
        return min(target, flow_bound(instance, np.asarray(nodes[0].prices[:-1], np.int64) // SCALE))
    return _walk(instance, nodes, target)


def _walk(instance: Instance, nodes: tuple[Node, ...], target: int) -> int:
    """Prove a bound by splitting questions."""
    waiting = [Question.whole(instance)]
    least = target
    for node in nodes:
        if not waiting:
            raise ValueError("more nodes than the tree has")
        if min(node.prices) < 0:
            raise ValueError("a price below 0 proves nothing")
        question = waiting.pop()
        bound = question.bound(np.asarray(node.prices, np.int64), target)
        if bound is None or bound >= target:
            continue
        if node.edge < 0:
            least = min(least, bound)
        elif question.allowed[node.edge]:
            chosen, without = question.split(node.edge)
            waiting += [without, chosen]
        else:
            raise ValueError("a pair that is ruled out cannot split a question")
    if waiting:
        raise ValueError("a part of the tree is missing")
    return least


def verify(instance: Instance, chosen: Flags, certificate: Certificate) -> list[str]:
    """Name what is wrong with a choice and its certificate; empty when all of it holds."""
    wrong = instance.breaches(chosen)
    if instance.value(chosen) != certificate.value:
        wrong.append("value")
    if not is_proved(instance, certificate):
        wrong.append("bound")
    return wrong


def is_proved(instance: Instance, certificate: Certificate) -> bool:
    """Whether the nodes prove the bound; a broken tree or a price below 0 proves nothing."""
    try:
        return prove(instance, certificate.nodes, target=certificate.value) >= certificate.bound
    except ValueError:
        return False
