"""Loops over arrays: compiled by numba where it is installed, elsewhere run by Python as they stand.

References
----------
Lam, Pitrou, Seibert (2015), *Numba: a LLVM-based Python JIT compiler*, doi 10.1145/2833157.2833162.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np


def has_numba() -> bool:
    """Whether numba is installed."""
    return find_spec("numba") is not None


def _compiler() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give what compiles a loop, with its machine code kept on disk."""
    if not has_numba():
        return lambda loop: loop
    from numba import njit

    compiler: Callable[[Callable[..., Any]], Callable[..., Any]] = njit(cache=True, nogil=True)
    return compiler


fast = _compiler()
"""Compiles a loop of whole numbers; others may run Python meanwhile."""


def warm_up() -> bool:
    """Compile all loops, for both widths of costs, and keep them on disk; False where numba is missing.

    The first proposal of a new installation then need not wait for it.
    """
    from jiedui.pairs.assignment import assign
    from jiedui.pairs.desk import Desk
    from jiedui.pairs.market import Market
    from jiedui.pairs.prices import highest_prices

    for width in (np.int32, np.int64):
        start, helper, numbers = np.array([0, 2, 3, 4]), np.array([0, 1, 0, 2], np.int32), np.array([1, 1, 1])
        costs = np.array([1, 2, 2, 1], width)
        best = assign(
            Market(start, helper, costs, numbers, 9 * numbers, 0 * numbers), smallest=True, threads=2
        )
        desk = Desk.of(best)
        highest_prices(best.market.rows, desk.columns, best.market.sides, best.taken, best.prices)
        desk.leave(1)
        desk.come(1)
        desk.close(0)
    return has_numba()
