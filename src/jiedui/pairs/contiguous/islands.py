"""A map in pieces: which helper works on which island, before borders within an island matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.pairs.choice import _silent_solver

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.contiguous.territory import Territory
    from jiedui.pairs.instance import Flags, Ints

NODES = 2000
"""Questions of one search after which the best choice so far is taken."""
LARGEST = 20_000
"""Pairs, and pairs of helper and island, up to which islands are dealt out beforehand."""


@dataclass(frozen=True, slots=True)
class Landing:
    """A choice that only keeps to few islands per helper, and how few stay unserved then at least."""

    chosen: Flags
    unserved: int


def land(territory: Territory) -> Landing | None:
    """Deal out islands to helpers; None where the map is whole, or too large for that.

    As many as possible are served if every island were one block, then at least cost; no contiguous choice
    serves more.
    """
    island = _islands(territory)
    size = len(territory.instance.row) + (int(island.max(initial=0)) + 1) * len(territory.room)
    if not island.any() or size > LARGEST:
        return None
    program = _Program(territory, island)
    unserved = program.serve_most()
    return None if unserved is None else Landing(program.cheapest(), unserved)


def _islands(territory: Territory) -> Ints:
    """Give the number of each place's island, int64[R]."""
    island = np.zeros(len(territory.near), np.int64)
    for number, part in enumerate(territory.parts(set(range(len(territory.near))))):
        island[sorted(part)] = number
    return island


class _Program:
    """Columns: pairs, then helper by island; a pair needs its helper on its island."""

    def __init__(self, territory: Territory, island: Ints) -> None:
        import highspy

        self.territory, self.instance = territory, territory.instance
        self.size, helpers = len(self.instance.row), len(territory.room)
        self.highs = _silent_solver()
        options = {
            "threads": 1,
            "random_seed": 0,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.5,
            "mip_max_nodes": NODES,
        }
        for name, value in options.items():
            self.highs.setOptionValue(name, value)
        count = int(island.max()) + 1
        lower = np.concatenate([self.instance.forced, np.zeros(helpers * count)])
        self.highs.addVars(len(lower), lower.astype(float), np.ones(len(lower)))
        whole = np.full(len(lower), highspy.HighsVarType.kInteger)
        self.highs.changeColsIntegrality(len(lower), np.arange(len(lower), dtype=np.int32), whole)
        landing = self.size + self.instance.column * count + island[self.instance.row]
        for place in range(len(territory.near)):
            self._add_row(np.flatnonzero(self.instance.row == place), upper=1)
        for helper in range(helpers):
            first = self.size + helper * count
            self._add_row(np.arange(first, first + count), upper=territory.limit[helper])
            self._add_row(np.flatnonzero(self.instance.column == helper), upper=territory.room[helper])
        for edge in range(self.size):
            self._add_row([edge], landing[edge : edge + 1])

    def serve_most(self) -> int | None:
        """Serve as many as possible; tell how many stay unserved, None where the solver gave up."""
        self._aim(-np.ones(self.size))
        if not self._solve():
            return None
        self.served: int = round(-self.highs.getInfo().objective_function_value)
        unserved: int = len(self.territory.near) - self.served
        return unserved

    def cheapest(self) -> Flags:
        """Serve as many at least cost, as far as the budget allows: bool[E]."""
        before = self._chosen()
        self._add_row([], np.arange(self.size), upper=-self.served)
        self._aim(self.instance.cost)
        return self._chosen() if self._solve() else before

    def _aim(self, cost: NDArray[Any]) -> None:
        self.highs.changeColsCost(self.size, np.arange(self.size, dtype=np.int32), cost.astype(float))

    def _solve(self) -> bool:
        import highspy

        self.highs.run()
        return bool(self.highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def _chosen(self) -> Flags:
        half = 0.5  # a 0/1 value within HiGHS's tolerance
        chosen: Flags = np.asarray(self.highs.getSolution().col_value[: self.size]) > half
        return chosen

    def _add_row(
        self, plus: Ints | list[int], minus: Ints | list[int] | None = None, *, upper: float = 0
    ) -> None:
        """Add the rule: the columns of plus less those of minus are at most upper."""
        import highspy

        minus = [] if minus is None else minus
        index = np.concatenate([plus, minus]).astype(np.int32)
        value = np.repeat([1.0, -1.0], [len(plus), len(minus)])
        self.highs.addRow(-highspy.kHighsInf, float(upper), len(index), index, value)
