"""Coverage apart from scores: which places, and which exchanges, decide how many are served."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.kernel.assignment import smallest_prices
from jiedui.pairs.kernel.market import Assignment

if TYPE_CHECKING:
    from jiedui.pairs.instance import Instance
    from jiedui.pairs.kernel.market import Flags, Ints, Market


def with_room(asked: Market, instance: Instance) -> Market:
    """Tell helpers with a place too many from those with just enough; more than that makes no difference."""
    unit = max(1, int(instance.weight.max(initial=1)))
    room = (instance.capacity - instance.ticks(instance.forced)) // unit
    candidates = np.bincount(asked.helper, minlength=len(room))
    return replace(asked, capacity=np.minimum(room, candidates + 1))


def coverage_of(best: Assignment, loss: Ints) -> Assignment:
    """Give the same assignment as an optimum of coverage alone, with the smallest prices that prove it.

    Parameters
    ----------
    loss : int64[N]
        What staying outside costs each recipient beyond its coverage.
    """
    asked = best.market
    asked = replace(
        asked, cost=np.zeros(len(asked.helper), np.int32), penalty=np.maximum(0, asked.penalty - loss)
    )
    found = Assignment(asked, best.taken, np.zeros_like(best.prices))
    if not asked.penalty[best.taken < 0].any():
        return found
    return replace(found, prices=smallest_prices(found))


def uncovering(coverage: Assignment) -> Flags:
    """Mark the pairs of a market that nobody could take without fewer being served, bool[E]."""
    asked, taken = coverage.market, coverage.taken
    own = np.where(taken >= 0, coverage.prices[np.maximum(taken, 0)], asked.penalty)
    lost: Flags = coverage.prices[asked.helper] > np.repeat(own, np.diff(asked.start))
    return lost


def highest_prices_of(best: Assignment) -> Ints:
    """Give what one place less of each helper would cost, exactly; more than anything where it has none."""
    from jiedui.pairs.kernel.prices import highest_prices

    asked = best.market
    highest: Ints = highest_prices(asked.rows, asked.columns(), asked.sides, best.taken, best.prices)
    return highest
