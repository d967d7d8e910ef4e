"""A second solver for questions of whole units: OR-Tools CP-SAT, which shares no code with HiGHS."""

from __future__ import annotations

import numpy as np
from ortools.sat.python import cp_model

from jiedui.pairs.instance import Instance


def least_cost_by_cp_sat(instance: Instance) -> int:
    """Solve an instance in which everybody can be served."""
    model = cp_model.CpModel()
    take = [model.new_bool_var(str(edge)) for edge in range(len(instance.row))]
    for row in range(len(instance.need)):
        model.add(sum(take[edge] for edge in np.flatnonzero(instance.row == row)) == int(instance.need[row]))
    for column, room in enumerate(instance.capacity.tolist()):
        edges = np.flatnonzero(instance.column == column)
        model.add(sum(int(instance.weight[instance.row[edge]]) * take[edge] for edge in edges) <= room)
    if instance.max_moves is not None:
        model.add(sum(take[edge] for edge in np.flatnonzero(instance.moved)) <= instance.max_moves)
    model.minimize(sum(int(cost) * one for cost, one in zip(instance.cost, take, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    best: float = solver.objective_value
    return round(best)
