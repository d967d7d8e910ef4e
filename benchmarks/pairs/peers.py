"""Other solvers on the same question: CPU seconds of solving alone, and the optimal cost."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.pairs.kernel.assignment import assign
from jiedui.pairs.kernel.market import Market

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.pairs.instances import Question

SMALL = 20_000
"""Recipients up to which HiGHS and SciPy are asked."""
MIDDLE = 200_000
"""Recipients up to which LEMON is asked."""


@dataclass(frozen=True, slots=True)
class Solved:
    """CPU seconds, the optimal cost, and the memory that solving took where a program tells it itself."""

    seconds: float
    value: int
    mib: int | None = None


def market_of(question: Question) -> Market:
    """Put a question as a market."""
    return Market(
        start=question.start,
        helper=question.helper,
        cost=question.cost,
        capacity=question.capacity.astype(np.int64),
        penalty=np.full(question.recipients, question.penalty, np.int64),
        floor=np.zeros(len(question.capacity), np.int64),
    )


def jiedui(question: Question) -> Solved:
    """Our own, all of it: transposing, solving, whole-number prices and checking them."""
    market = market_of(question)
    start = time.process_time()
    best = assign(market)
    return Solved(time.process_time() - start, best.value())


def one_pass(question: Question) -> Solved:
    """Measure the limit: one pass over all pairs with the price of each helper looked up."""
    prices = np.zeros(len(question.capacity), np.int32)
    start = time.process_time()
    total = int((question.cost + prices[question.helper]).max())
    return Solved(time.process_time() - start, total)


def ortools(question: Question) -> Solved:
    """OR-Tools' minimum-cost flow; building its arcs is not counted."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    rows, columns = question.recipients, len(question.capacity)
    network = SimpleMinCostFlow()
    helpers = rows + np.arange(columns)
    for tail, head, capacity, cost in (
        (question.row, rows + question.helper, np.ones(len(question.helper)), question.cost),
        (np.arange(rows), np.full(rows, rows + columns), np.ones(rows), np.full(rows, question.penalty)),
        (helpers, np.full(columns, rows + columns), question.capacity, np.zeros(columns)),
    ):
        network.add_arcs_with_capacity_and_unit_cost(
            *(np.asarray(part, np.int64) for part in (tail, head, capacity, cost))
        )
    network.set_nodes_supplies(np.arange(rows), np.ones(rows, np.int64))
    network.set_node_supply(rows + columns, -rows)
    start = time.process_time()
    status = network.solve()
    seconds = time.process_time() - start
    if status != network.OPTIMAL:
        raise ValueError(status)
    return Solved(seconds, int(network.optimal_cost()))


def highs(question: Question) -> Solved:
    """HiGHS on the linear programme, which is whole by itself."""
    import highspy
    from scipy.sparse import coo_array

    rows, columns, pairs = question.recipients, len(question.capacity), len(question.helper)
    every = np.arange(rows)
    places = (
        np.concatenate([question.row, rows + question.helper, every]),
        np.concatenate([np.arange(pairs), np.arange(pairs), pairs + every]),
    )
    matrix = coo_array((np.ones(2 * pairs + rows), places), (rows + columns, pairs + rows)).tocsc()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = pairs + rows, rows + columns
    model.col_cost_ = np.concatenate([question.cost, np.full(rows, question.penalty)]).astype(float)
    model.col_lower_, model.col_upper_ = np.zeros(pairs + rows), np.ones(pairs + rows)
    model.row_lower_ = np.concatenate([np.ones(rows), np.full(columns, -highspy.kHighsInf)])
    model.row_upper_ = np.concatenate([np.ones(rows), question.capacity]).astype(float)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    solver: Any = highspy.Highs()
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS's signature
    solver.setOptionValue("log_to_console", False)  # noqa: FBT003
    solver.setOptionValue("threads", 1)
    solver.passModel(model)
    start = time.process_time()
    solver.run()
    return Solved(time.process_time() - start, round(solver.getInfo().objective_function_value))


def scipy(question: Question) -> Solved:
    """SciPy's sparse matching, on single places; each recipient has an outside place of its own."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    first = np.concatenate([[0], np.cumsum(question.capacity)])
    times = question.capacity[question.helper].astype(np.int64)
    pair = np.repeat(np.arange(len(times)), times)
    place = first[question.helper[pair]] + np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times)
    every = np.arange(question.recipients)
    shape = (question.recipients, int(first[-1]) + question.recipients)
    weights = np.concatenate([question.cost[pair], np.full(len(every), question.penalty)]) + 1.0
    rows = np.concatenate([question.row[pair], every])
    graph = coo_array((weights, (rows, np.concatenate([place, first[-1] + every]))), shape).tocsr()
    start = time.process_time()
    row, column = min_weight_full_bipartite_matching(graph)
    seconds = time.process_time() - start
    return Solved(seconds, int(graph[row, column].sum()) - len(every))


@cache
def lemon_program() -> Path | None:
    """Build the LEMON program, or say why not."""
    source = Path(__file__).with_name("lemon.cpp")
    target = Path(tempfile.mkdtemp()) / "lemon"
    compiler = shutil.which("g++")
    if not compiler or not Path("/usr/include/lemon/network_simplex.h").is_file():
        print(
            "LEMON: g++ 或 liblemon-dev 未安装，不参加比较 / g++ or liblemon-dev is not installed; left out"
        )
        return None
    subprocess.run([compiler, "-O3", "-o", str(target), str(source)], check=True, capture_output=True)
    return target


def lemon(question: Question, algorithm: str) -> Solved:
    """LEMON's network simplex or cost scaling, in a process of its own; reading is not counted."""
    parts = ([question.recipients, len(question.capacity), len(question.helper), question.penalty],
             question.start, question.helper, question.cost, question.capacity)  # fmt: skip
    with tempfile.NamedTemporaryFile() as file:
        np.concatenate(parts).astype(np.int64).tofile(file.name)
        told = subprocess.run(
            [str(lemon_program()), algorithm, file.name], check=True, capture_output=True, text=True
        )
    seconds, value, kib = told.stdout.split()
    return Solved(float(seconds), int(value), int(kib) // 1024)


def peak_mib(solve: Callable[[Question], Solved], question: Question) -> int:
    """Give what solving adds to the peak memory of a process: of a fork, or of the program that is asked."""
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)  # else the fork would use again what earlier solvers gave back
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        told = solve(question).mib
        own = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        os.write(writer, str(own if told is None else told).encode())
        os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader) as pipe:
        return int(pipe.read())


def peers_for(question: Question) -> dict[str, Callable[[Question], Solved]]:
    """Name who is asked at this size."""
    found: dict[str, Callable[[Question], Solved]] = {"OR-Tools": ortools}
    if question.recipients <= MIDDLE and lemon_program():
        found["LEMON NetworkSimplex"] = lambda one: lemon(one, "simplex")
        found["LEMON CostScaling"] = lambda one: lemon(one, "scaling")
    if question.recipients <= SMALL:
        found |= {"HiGHS": highs, "SciPy": scipy}
    return found
