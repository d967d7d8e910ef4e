"""One question to a solver, in whole numbers: least cost under capacities and a limit of moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.limits import Limits

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Whole = NDArray[np.integer]

LARGEST = 2**62


def are_equal(values: Ints) -> bool:
    """Whether all values are the same.

    Examples
    --------
    >>> are_equal(np.array([2, 2])), are_equal(np.array([1, 2])), are_equal(np.array([], np.int64))
    (True, False, True)
    """
    return not len(values) or bool(values.min() == values.max())


def exact_sum(values: Ints) -> int:
    """Sum 64-bit whole numbers beyond 64 bits.

    Examples
    --------
    >>> exact_sum(np.array([2**62, 2**62, 2**62, -1])) == 3 * 2**62 - 1
    True
    """
    high, low = values >> 32, values & 0xFFFFFFFF
    return (int(high.sum()) << 32) + int(low.sum())


def exact_product(values: Ints, times: Ints) -> int:
    """Multiply whole numbers one by one and sum, beyond 64 bits."""
    used = np.flatnonzero(values)
    return int((values[used].astype(object) * times[used]).sum())


@dataclass(frozen=True, slots=True)
class Instance:
    """Choose edges so that cost plus penalty for what stays unserved is least.

    Edges are sorted by (row, column); rows are recipients, columns helpers, each sorted by id.

    Attributes
    ----------
    row, column : int32[E] or int64[E]
        The recipient and the helper of each candidate pair.
    cost : int32[E] or int64[E]
        Cost of choosing the pair, at least 0.
    moved : bool[E]
        Whether choosing the pair departs from the present.
    forced : bool[E]
        Pairs that must be chosen.
    need : int64[R]
        How many different helpers each recipient shall have.
    weight : int64[R]
        Ticks that one chosen pair of the recipient takes of a helper's capacity.
    capacity : int64[H]
        Ticks each helper can carry, at least 0.
    penalty : int64[R]
        Cost of each helper that a recipient lacks.
    spare, loss : int64[R]
        How many of its helpers a recipient may lack at a lesser cost each (at most the penalty): those beyond
        the least it needs.
    max_moves : int or None
        How many chosen pairs may depart from the present.
    limits : Limits or None
        What rules ask beyond capacities.
    """

    row: Whole
    column: Whole
    cost: Whole
    moved: Flags
    forced: Flags
    need: Ints
    weight: Ints
    capacity: Ints
    penalty: Ints
    spare: Ints
    loss: Ints
    max_moves: int | None = None
    limits: Limits | None = None

    @property
    def is_flow(self) -> bool:
        """Whether all pairs weigh the same, moves are free and no rules stand: flows solve it exactly."""
        return self.max_moves is None and self.limits is None and are_equal(self.weight)

    @property
    def is_overfull(self) -> bool:
        """Whether the forced pairs alone are more than needs, capacities or moves allow."""
        return bool({"need", "capacity", "moves"} & set(self.breaches(self.forced)))

    def without(self, edge: int) -> Instance:
        """Give the same question with one candidate pair forbidden."""
        return self.keep(np.arange(len(self.row)) != edge)

    def keep(self, edges: Flags) -> Instance:
        """Give the same question with only the edges marked."""
        parts = {name: getattr(self, name)[edges] for name in ("row", "column", "cost", "moved", "forced")}
        return replace(self, **parts, limits=self.limits and self.limits.keep(edges))

    def served(self, chosen: Flags) -> Ints:
        """Count the helpers that each recipient has."""
        return np.bincount(self.row[chosen], minlength=len(self.need))

    def ticks(self, chosen: Flags) -> Ints:
        """Sum what each helper carries."""
        return np.bincount(
            self.column[chosen], self.weight[self.row[chosen]], minlength=len(self.capacity)
        ).astype(np.int64)

    def lacking(self, chosen: Flags) -> Ints:
        """Count the helpers that each recipient lacks of the least it needs."""
        lacking: Ints = np.maximum(0, self.need - self.served(chosen) - self.spare)
        return lacking

    def value(self, chosen: Flags) -> int:
        """Sum costs, penalties and losses."""
        firm: Ints = self.lacking(chosen)
        spared = self.need - self.served(chosen) - firm
        outside = exact_product(firm, self.penalty) + exact_product(spared, self.loss)
        return int(self.cost[chosen].sum(dtype=np.int64)) + outside

    def breaches(self, chosen: Flags) -> list[str]:
        """Name the constraints that a choice breaks; empty when it keeps all."""
        limit = len(self.row) if self.max_moves is None else self.max_moves
        checks = {
            "need": bool((self.served(chosen) <= self.need).all()),
            "capacity": bool((self.ticks(chosen) <= self.capacity).all()),
            "forced": bool(chosen[self.forced].all()),
            "moves": int((chosen & self.moved).sum()) <= limit,
            "rules": self.keeps_rules(chosen),
        }
        return [name for name, kept in checks.items() if not kept]

    def keeps_rules(self, chosen: Flags) -> bool:
        """Whether a choice stays within the limits."""
        if self.limits is None:
            return True
        count = np.bincount(self.column[chosen], minlength=len(self.capacity))
        some = all(count[helper] == 0 or count[helper] >= least for helper, least in self.limits.some)
        return some and bool((self.limits.sums(chosen) <= self.limits.most).all())
