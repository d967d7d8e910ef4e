"""The compiled loops that are kept on disk, made before they are needed."""

from __future__ import annotations

from typing import Any

import numpy as np

from jiedui.pairs.kernel.assignment import assign
from jiedui.pairs.kernel.compiled import has_numba
from jiedui.pairs.kernel.desk import Desk
from jiedui.pairs.kernel.market import Market


def warm_up() -> bool:
    """Compile all loops, for both widths of costs, and keep them on disk; False where numba is missing.

    The first proposal of a new installation then need not wait for it.
    """
    from jiedui.pairs.kernel.prices import highest_prices

    widths: tuple[type[np.integer[Any]], ...] = (np.int32, np.int64)
    for width in widths:
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
