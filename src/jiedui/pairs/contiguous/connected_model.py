"""Contiguous blocks as linear programs: columns, rules, and cuts added where a solution breaks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.choice import _silent_solver
from jiedui.pairs.contiguous.separators import separators

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.contiguous.territory import Territory
    from jiedui.pairs.instance import Flags, Ints

    Numbers = NDArray[np.float64]

STALL = 3
"""Rounds of cuts that hardly raise the bound before a question is split instead."""
RISE = 2e-5
"""A smaller rise, as a share of the value, hardly raises the bound."""
SPARE_ROWS = 1000
"""Cuts that may lie idle before they are dropped."""
FEASIBILITY = 1e-6


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A solution of a linear program: its value, the share of each pair and its reduced cost."""

    value: float
    share: Numbers
    reduced: Numbers

    @property
    def is_whole(self) -> bool:
        """Whether every pair is taken or not."""
        return bool(np.abs(self.share - np.rint(self.share)).max(initial=0) < FEASIBILITY)


class ConnectedModel:
    """The open pairs of a territory inside HiGHS: columns are pairs, their roots, then places short."""

    def __init__(self, territory: Territory, edges: Flags, *, goal: int, rank: tuple[int, int, int]) -> None:
        self.territory, self.instance = territory, territory.instance.keep(edges)
        self.size, self.goal, self.solves = len(self.instance.row), goal, 0
        self.offset = len(territory.near) if goal == 0 else 0
        self.highs = _silent_solver()
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("random_seed", 0)
        self.of_helper = [
            np.flatnonzero(self.instance.column == helper) for helper in range(len(territory.room))
        ]
        self._add_columns()
        self._add_rules()
        self._hold(rank)
        self.rules = self.highs.getNumRow()

    def relax(self, lower: Flags, upper: Flags, cutoff: float) -> Relaxed | None:
        """Solve with pairs decided, adding cuts while they help; None where nothing below cutoff is left."""
        self.highs.changeColsBounds(
            self.size, np.arange(self.size, dtype=np.int32), lower.astype(float), upper.astype(float)
        )
        self._drop_idle()
        stalled, last = 0, -np.inf
        while True:
            found = self._solve()
            if found is None or found.value > cutoff:
                return None
            stalled = stalled + 1 if found.value - last < RISE * abs(found.value) else 0
            last = found.value
            if (stalled >= STALL and not found.is_whole) or not self._cut(found.share):
                return found

    def _solve(self) -> Relaxed | None:
        """Solve the linear program as it stands; None where it has no solution."""
        import highspy

        self.solves += 1
        self.highs.run()
        if self.highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        if self.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            self.highs.clearSolver()
            self.highs.run()
        if self.highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return None
        solution = self.highs.getSolution()
        value = self.highs.getInfo().objective_function_value + self.offset
        self.roots = np.asarray(solution.col_value[self.size : 2 * self.size])
        return Relaxed(
            value, np.asarray(solution.col_value[: self.size]), np.asarray(solution.col_dual[: self.size])
        )

    def _cut(self, share: Numbers) -> int:
        """Add what the shares break; count the rows added."""
        before: int = self.highs.getNumRow()
        for edges in self.of_helper:
            taken = edges[share[edges] > FEASIBILITY]
            if len(taken) > 1:
                self._cut_helper(taken, share)
        after: int = self.highs.getNumRow()
        return after - before

    def _cut_helper(self, taken: Ints, share: Numbers) -> None:
        places = self.instance.row[taken].tolist()
        position = {place: one for one, place in enumerate(places)}
        borders = tuple(
            tuple(position[other] for other in self.territory.near[place] if other in position)
            for place in places
        )
        column = self.column[self.instance.column[taken[0]]]
        for one in separators(share[taken], self.roots[taken], borders):
            inside = {places[place] for place in one.inside}
            border = {other for place in inside for other in self.territory.near[place]} - inside
            roots = [self.size + column[place] for place in sorted(inside)]
            ways = [column[place] for place in sorted(border) if place in column]
            self._add_row([int(taken[one.place])], [*roots, *ways])

    def _add_columns(self) -> None:
        """Let pairs and roots lie between 0 and 1, places short between 0 and the least."""
        short = self.territory.least
        lower = np.concatenate([self.instance.forced, np.zeros(self.size + len(short))])
        upper = np.concatenate([np.ones(2 * self.size), short])
        self.highs.addVars(len(lower), lower.astype(float), upper.astype(float))
        goals = [
            np.concatenate([-np.ones(self.size), np.zeros(self.size + len(short))]),
            np.concatenate([np.zeros(2 * self.size), np.ones(len(short))]),
            np.concatenate([self.instance.cost, np.zeros(self.size + len(short))]),
        ]
        cost = goals[self.goal].astype(float)
        self.highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        self.column = [
            dict(zip(self.instance.row[edges].tolist(), edges.tolist(), strict=True))
            for edges in self.of_helper
        ]

    def _add_rules(self) -> None:
        """Add what needs no border: one helper each, room, least, blocks; roots stand on taken places."""
        size, territory = self.size, self.territory
        for row in np.unique(self.instance.row):
            self._add_row(np.flatnonzero(self.instance.row == row), upper=1)
        for helper, edges in enumerate(self.of_helper):
            if len(edges):
                self._add_row(edges, upper=territory.room[helper])
                self._add_row(size + edges, upper=territory.limit[helper])
            if territory.least[helper]:
                self._add_row([], [*edges, 2 * size + helper], upper=-territory.least[helper])
        for edge in range(size):
            self._add_row([size + edge], [edge])

    def _hold(self, rank: tuple[int, int, int]) -> None:
        """Hold what earlier goals reached."""
        if self.goal > 0:
            self._add_row([], np.arange(self.size), upper=rank[0] - len(self.territory.near))
        if self.goal > 1 and self.territory.least.any():
            self._add_row(2 * self.size + np.flatnonzero(self.territory.least), upper=rank[1])

    def _add_row(
        self, plus: Sequence[int] | Ints, minus: Sequence[int] | Ints = (), *, upper: float = 0
    ) -> None:
        """Add the rule: the columns of plus less those of minus are at most upper."""
        import highspy

        index = np.concatenate([plus, minus]).astype(np.int32)
        value = np.repeat([1.0, -1.0], [len(plus), len(minus)])
        self.highs.addRow(-highspy.kHighsInf, float(upper), len(index), index, value)

    def _drop_idle(self) -> None:
        """Drop cuts that did not bind in the last solution, once there are many."""
        import highspy

        status = self.highs.getBasis().row_status
        idle = [
            row for row in range(self.rules, len(status)) if status[row] == highspy.HighsBasisStatus.kBasic
        ]
        if len(idle) > SPARE_ROWS:
            self.highs.deleteRows(len(idle), np.array(idle, np.int32))
