"""One question to a solver, in whole numbers: least cost under capacities and a limit of moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Whole = NDArray[np.integer]

LARGEST = 2**62


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
    max_moves : int or None
        How many chosen pairs may depart from the present.
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
    max_moves: int | None = None

    @property
    def is_flow(self) -> bool:
        """Whether every pair weighs the same and moves are free: then flows solve it exactly."""
        return self.max_moves is None and len(np.unique(self.weight)) <= 1

    def without(self, edge: int) -> Instance:
        """Give the same question with one candidate pair forbidden."""
        return self.keep(np.arange(len(self.row)) != edge)

    def keep(self, edges: Flags) -> Instance:
        """Give the same question with only the edges marked."""
        parts = {name: getattr(self, name)[edges] for name in ("row", "column", "cost", "moved", "forced")}
        return replace(self, **parts)

    def served(self, chosen: Flags) -> Ints:
        """Count the helpers that each recipient has."""
        return np.bincount(self.row[chosen], minlength=len(self.need))

    def ticks(self, chosen: Flags) -> Ints:
        """Sum what each helper carries."""
        return np.bincount(
            self.column[chosen], self.weight[self.row[chosen]], minlength=len(self.capacity)
        ).astype(np.int64)

    def value(self, chosen: Flags) -> int:
        """Sum costs and penalties."""
        lacking = self.need - self.served(chosen)
        return int(self.cost[chosen].sum()) + int((self.penalty * lacking).sum())

    def breaches(self, chosen: Flags) -> list[str]:
        """Name the constraints that a choice breaks; empty when it keeps all."""
        limit = len(self.row) if self.max_moves is None else self.max_moves
        checks = {
            "need": bool((self.served(chosen) <= self.need).all()),
            "capacity": bool((self.ticks(chosen) <= self.capacity).all()),
            "forced": bool(chosen[self.forced].all()),
            "moves": int((chosen & self.moved).sum()) <= limit,
        }
        return [name for name, kept in checks.items() if not kept]
