"""Finding a certificate: prices from the flow or the linear relaxation, split where they do not suffice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.certificate import SCALE, Certificate, Node, Question, charged
from jiedui.pairs.choice import LinearProgram
from jiedui.pairs.flow import flow_prices
from jiedui.pairs.nested import nest, nested_prices

if TYPE_CHECKING:
    from jiedui.pairs.instance import Flags, Instance, Ints

BUDGET = 500
"""Nodes of a tree before we leave the proof to the solver: below a second for some hundred pairs."""


def certify(instance: Instance, chosen: Flags) -> Certificate:
    """Prove that a choice costs least."""
    value = instance.value(chosen)
    if instance.is_flow:
        node = Node((*(int(price) * SCALE for price in flow_prices(instance, chosen)), 0))
        return Certificate(value, value, "prices", (node,))
    if (network := nest(instance)) is not None:
        prices = np.concatenate([*nested_prices(instance, network, chosen), [0]])
        return Certificate(value, value, "prices", (Node(tuple((prices * SCALE).tolist())),))
    return prove_at_least(instance, value)


def prove_at_least(instance: Instance, target: int) -> Certificate:
    """Prove that no choice costs less than target (which the caller knows from a solver)."""
    program = LinearProgram(instance)
    waiting = [Question.whole(instance)]
    nodes: list[Node] = []
    root = 0
    while waiting:
        question = waiting.pop()
        prices = _prices(program, question)
        bound = question.bound(prices, target)
        if not nodes:
            root = min(target, 0 if bound is None else bound)
        if bound is None or bound >= target:
            nodes.append(Node(tuple(prices.tolist())))
            continue
        edge = _splitting_edge(question, prices)
        if edge < 0 or len(nodes) >= BUDGET:
            first = nodes[0].prices if nodes else tuple(prices.tolist())
            return Certificate(target, root, "solver", (Node(first),))
        nodes.append(Node(tuple(prices.tolist()), edge))
        chosen, without = question.split(edge)
        waiting += [without, chosen]
    return Certificate(target, target, "prices" if len(nodes) == 1 else "tree", tuple(nodes))


def _prices(program: LinearProgram, question: Question) -> Ints:
    """Take the prices of the linear relaxation of a question, rounded; zero where HiGHS finds none."""
    instance = question.instance
    count = len(instance.capacity) + (instance.limits.count if instance.limits else 0)
    left = question.narrow()
    if left is None or not program.solve(allowed=question.allowed, forced=question.chosen):
        return np.zeros(count + 1, np.int64)
    return np.rint(program.prices() * SCALE).astype(np.int64)


def _splitting_edge(question: Question, prices: Ints) -> int:
    """Pick the heaviest recipient still open and, of its pairs, the cheapest at these prices; -1 if none."""
    instance = question.instance
    edges = np.flatnonzero(question.allowed)
    if not len(edges):
        return -1
    weight = instance.weight[instance.row[edges]]
    heavy = edges[weight == weight.max()]
    heavy = heavy[instance.row[heavy] == instance.row[heavy[0]]]
    return int(heavy[np.argmin(charged(instance, prices)[heavy])])
