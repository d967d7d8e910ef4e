"""Whole units, or a limit of moves: an exact mixed-integer choice by HiGHS, and its linear relaxation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.instance import Flags, Instance

FEASIBILITY = 1e-6
"""HiGHS's own default tolerance: a whole number is one within it."""


def choose(instance: Instance) -> Flags:
    """Give an optimal choice.

    Raises
    ------
    ValueError
        If HiGHS ends without a proven optimum, or its choice breaks a constraint in whole numbers.
    """
    import highspy

    program = LinearProgram(instance, whole=True)
    program.solve()
    if program.status != highspy.HighsModelStatus.kOptimal:
        raise ValueError(f"HiGHS: {program.status}")
    chosen = program.choice() > 0.5  # noqa: PLR2004 - a 0/1 value within FEASIBILITY
    if breaches := instance.breaches(chosen):
        raise ValueError(f"HiGHS: {breaches}")
    return chosen


class LinearProgram:
    """An instance inside HiGHS; the bounds of its columns may change between solves."""

    def __init__(self, instance: Instance, *, whole: bool = False) -> None:
        self.instance = instance
        self.edges = len(instance.row)
        self.rows = len(instance.need)
        self.width = self.edges + self.rows
        self.highs = _silent_solver()
        options = {"threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_abs_gap": 0.5}
        for name, value in options.items():
            self.highs.setOptionValue(name, value)
        self.highs.passModel(self._model(whole=whole))

    def solve(self, *, allowed: Flags | None = None, forced: Flags | None = None) -> bool:
        """Solve, with fewer edges allowed or more of them forced; tell whether an optimum was found."""
        import highspy

        if allowed is not None and forced is not None:
            lower = np.concatenate([forced, np.zeros(self.rows)])
            upper = np.concatenate([allowed | forced, self.instance.need])
            columns = np.arange(self.width, dtype=np.int32)
            self.highs.changeColsBounds(self.width, columns, lower.astype(float), upper.astype(float))
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

    def prices(self) -> NDArray[np.float64]:
        """Give the price of each helper's capacity and, last, of a move: float64[H + 1], at least 0."""
        duals = -np.asarray(self.highs.getSolution().row_dual[self.rows :], dtype=float)
        helpers = len(self.instance.capacity)
        if self.instance.max_moves is None:
            duals = np.append(duals[:helpers], 0.0)
        return duals.clip(min=0.0)

    def _model(self, *, whole: bool) -> Any:  # noqa: ANN401 - a HighsLp
        """Build the columns: edges, then what each recipient lacks; the rows: needs, capacities, moves."""
        import highspy

        instance, infinite = self.instance, highspy.kHighsInf
        matrix = _columns(instance)
        limit = [] if instance.max_moves is None else [instance.max_moves]
        upper = np.concatenate([instance.need, instance.capacity, limit]).astype(float)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.width, len(upper)
        model.col_cost_ = np.concatenate([instance.cost, instance.penalty]).astype(float)
        model.col_lower_ = np.concatenate([instance.forced, np.zeros(self.rows)]).astype(float)
        model.col_upper_ = np.concatenate([np.ones(self.edges), instance.need]).astype(float)
        model.row_lower_ = np.where(np.arange(len(upper)) < self.rows, upper, -infinite)
        model.row_upper_ = upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * self.width
        return model


def _silent_solver() -> Any:  # noqa: ANN401 - a Highs
    """Make a solver that prints nothing: not even the banner, which comes with its callbacks."""
    import highspy

    class Silent(highspy.Highs):  # type: ignore[misc]
        def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's name
            self.silent()
            super().enableCallbacks()

    return Silent()


def _columns(instance: Instance) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Give the constraint matrix by columns: starts, row indices, values."""
    rows, edges = len(instance.need), len(instance.row)
    counts = np.concatenate([np.full(edges, 2), np.ones(rows, np.int64)])
    if instance.max_moves is not None:
        counts[:edges] += instance.moved
    start = np.concatenate([[0], np.cumsum(counts)])
    index = np.zeros(start[-1], np.int32)
    value = np.ones(start[-1])
    index[start[:edges]] = instance.row
    index[start[:edges] + 1] = rows + instance.column
    value[start[:edges] + 1] = instance.weight[instance.row]
    index[start[edges:-1]] = np.arange(rows)
    if instance.max_moves is not None:
        index[start[:edges][instance.moved] + 2] = rows + len(instance.capacity)
    return start.astype(np.int32), index, value
