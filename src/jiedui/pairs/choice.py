"""Whole units, a limit of moves, or rules: an exact whole-number choice by HiGHS, its linear relaxation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.errors import InfeasibleError
from jiedui.language import finding
from jiedui.pairs.limits import NONE
from jiedui.pairs.nested import choose_nested, nest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from jiedui.errors import Finding
    from jiedui.pairs.instance import Flags, Instance
    from jiedui.pairs.limits import Limits

FEASIBILITY = 1e-6
"""HiGHS's own default tolerance: a whole number is one within it."""


def choose(instance: Instance) -> Flags:
    """Give an optimal choice.

    Rules that are nested on either side are a flow; of others the linear relaxation is asked first, and
    suffices if it is whole.

    Raises
    ------
    InfeasibleError
        If no choice keeps the rules; says what would have to be relaxed.
    ValueError
        If HiGHS ends without a proven optimum, or its choice breaks a constraint in whole numbers.
    """
    import highspy

    if instance.limits is not None and (chosen := _simple(instance)) is not None:
        return chosen
    program = LinearProgram(instance, whole=True)
    program.solve()
    if instance.limits is not None and program.status == highspy.HighsModelStatus.kInfeasible:
        raise InfeasibleError(list(unmet(instance)))
    if program.status != highspy.HighsModelStatus.kOptimal:
        raise ValueError(f"HiGHS: {program.status}")
    chosen = program.choice() > 0.5  # noqa: PLR2004 - a 0/1 value within FEASIBILITY
    if breaches := instance.breaches(chosen):
        raise ValueError(f"HiGHS: {breaches}")
    return chosen


def _simple(instance: Instance) -> Flags | None:
    """Give an optimal choice under rules where that takes no whole-number programme."""
    network = nest(instance)
    chosen = choose_nested(instance, network) if network else None
    return _relaxed(instance) if chosen is None else chosen


def _relaxed(instance: Instance) -> Flags | None:
    """Give the optimum of the linear relaxation where it is whole and keeps every rule."""
    program = LinearProgram(instance)
    if not program.solve():
        return None
    choice = program.choice()
    chosen: Flags = choice > 0.5  # noqa: PLR2004 - a 0/1 value within FEASIBILITY
    is_whole = bool((np.abs(choice - chosen) <= FEASIBILITY).all())
    return chosen if is_whole and not instance.breaches(chosen) else None


class LinearProgram:
    """An instance inside HiGHS; the bounds of its columns may change between solves."""

    def __init__(self, instance: Instance, *, whole: bool = False, slack: bool = False) -> None:
        self.instance = instance
        self.edges = len(instance.row)
        self.rows = len(instance.need)
        self.limits = instance.limits or NONE
        self.matrix, self.most = _rows(instance, self.limits, slack=slack)
        self.highs = _silent_solver()
        options = {"threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_abs_gap": 0.5}
        for name, value in options.items():
            self.highs.setOptionValue(name, value)
        self.highs.passModel(self._model(whole=whole, slack=slack))

    def solve(self, *, allowed: Flags | None = None, forced: Flags | None = None) -> bool:
        """Solve, with fewer edges allowed or more of them forced; tell whether an optimum was found."""
        import highspy

        if allowed is not None and forced is not None:
            columns = np.arange(self.edges, dtype=np.int32)
            lower, upper = forced.astype(float), (allowed | forced).astype(float)
            self.highs.changeColsBounds(self.edges, columns, lower, upper)
        self.highs.run()
        if self.status != highspy.HighsModelStatus.kOptimal:
            self.highs.clearSolver()
            self.highs.run()
        return bool(self.status == highspy.HighsModelStatus.kOptimal)

    @property
    def status(self) -> Any:  # noqa: ANN401 - HiGHS's own enumeration
        """HiGHS's word on the last solve."""
        return self.highs.getModelStatus()

    def choice(self) -> NDArray[np.float64]:
        """Give the value of each edge, float64[E]."""
        return np.asarray(self.highs.getSolution().col_value[: self.edges])

    def slacks(self) -> NDArray[np.float64]:
        """Give by how much each limit, and each helper's least, is missed; of a program made with slack."""
        return np.asarray(self.highs.getSolution().col_value[len(self._costs()) :])

    def prices(self) -> NDArray[np.float64]:
        """Give the price of each helper's capacity, of each limit and, last, of a move: at least 0."""
        duals = -np.asarray(self.highs.getSolution().row_dual[self.rows :], dtype=float)
        count = len(self.instance.capacity) + self.limits.count
        if self.instance.max_moves is None:
            duals = np.append(duals[:count], 0.0)
        return duals[: count + 1].clip(min=0.0)

    def _costs(self) -> NDArray[np.float64]:
        """Give costs by column: edges, what recipients lack, what they may lack, and whether helpers help."""
        instance = self.instance
        parts = (instance.cost, instance.penalty, instance.loss, np.zeros(len(self.limits.some)))
        return np.concatenate(parts).astype(float)

    def _model(self, *, whole: bool, slack: bool) -> Any:  # noqa: ANN401 - a HighsLp
        """Put columns and rows together; with slack only the sum of what exceeds limits counts."""
        import highspy

        instance, infinite = self.instance, highspy.kHighsInf
        some = len(self.limits.some)
        slacks = (self.limits.count + some) * slack
        costs = self._costs() * (not slack)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(costs) + slacks, len(self.most)
        model.col_cost_ = np.concatenate([costs, np.ones(slacks)])
        model.col_lower_ = np.concatenate([instance.forced, np.zeros(len(costs) - self.edges + slacks)])
        firm = instance.need - np.minimum(instance.spare, instance.need)
        parts = (np.ones(self.edges), firm, instance.spare, np.ones(some), np.full(slacks, infinite))
        model.col_upper_ = np.concatenate(parts).astype(float)
        model.row_lower_ = np.where(np.arange(len(self.most)) < self.rows, self.most, -infinite)
        model.row_upper_ = self.most
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_ = self.matrix.indptr, self.matrix.indices
        model.a_matrix_.value_ = self.matrix.data
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * model.num_col_
        return model


def _silent_solver() -> Any:  # noqa: ANN401 - a Highs
    """Make a solver that prints nothing: not even the banner, which comes with its callbacks."""
    import highspy

    class Silent(highspy.Highs):  # type: ignore[misc]
        def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's name
            self.silent()
            super().enableCallbacks()

    return Silent()


def _rows(instance: Instance, limits: Limits, *, slack: bool) -> tuple[Any, NDArray[np.float64]]:
    """Give the matrix by columns and the most of each row: needs, capacities, limits, moves, some or none."""
    from scipy.sparse import coo_array

    edges, rows, helpers = len(instance.row), len(instance.need), len(instance.capacity)
    every, recipients = np.arange(edges), np.arange(rows)
    moved = np.flatnonzero(instance.moved) if instance.max_moves is not None else every[:0]
    first = rows + helpers
    parts = [
        (instance.row, every, np.ones(edges)),
        (recipients, edges + recipients, np.ones(rows)),
        (recipients, edges + rows + recipients, np.ones(rows)),
        (rows + instance.column, every, instance.weight[instance.row]),
        (first + limits.limit, limits.edge, limits.amount),
        (np.full(len(moved), first + limits.count), moved, np.ones(len(moved))),
        *_some_or_none(instance, limits, first + limits.count + (instance.max_moves is not None)),
    ]
    width = edges + 2 * rows + len(limits.some)
    last = first + limits.count + (instance.max_moves is not None)
    loose = np.concatenate([first + np.arange(limits.count), last + 1 + 2 * np.arange(len(limits.some))])
    loose = loose[: len(loose) * slack]
    parts.append((loose, width + np.arange(len(loose)), -np.ones(len(loose))))
    most: list[NDArray[Any]] = [instance.need, instance.capacity, limits.most]
    most += [] if instance.max_moves is None else [np.array([instance.max_moves])]
    most.append(np.zeros(2 * len(limits.some)))
    row, column, value = (np.concatenate([part[place] for part in parts]) for place in range(3))
    bounds = np.concatenate(most).astype(float)
    shape = (len(bounds), width + len(loose))
    matrix = coo_array((value.astype(float), (row, column)), shape).tocsc()
    matrix.sort_indices()
    return matrix, bounds


def _some_or_none(instance: Instance, limits: Limits, first: int) -> Iterator[tuple[Any, Any, Any]]:
    """Give two rows for each helper that takes some or none: as many as it can, and at least so many."""
    begin = len(instance.row) + 2 * len(instance.need)
    for place, (helper, least) in enumerate(limits.some):
        own, row = np.flatnonzero(instance.column == helper), first + 2 * place
        for offset, sign, bound in ((0, 1.0, len(own)), (1, -1.0, least)):
            yield np.full(len(own), row + offset), own, np.full(len(own), sign)
            yield np.array([row + offset]), np.array([begin + place]), np.array([-sign * bound])


def unmet(instance: Instance) -> Iterator[Finding]:
    """Find the smallest relaxation of limits that lets all be kept; without limits, nothing."""
    program = LinearProgram(instance, whole=True, slack=True)
    if program.solve():
        missed = np.rint(program.slacks()).astype(np.int64).tolist()
        limits = program.limits
        names = (*limits.names, *(f"SomeOrNone ≥ {least}" for _, least in limits.some))
        scales = (*limits.scale, *(1 for _ in limits.some))
        for name, scale, count in zip(names, scales, missed, strict=True):
            if count:
                yield finding("pairs.rule_unmet", told=name, found=count / scale if scale > 1 else count)
