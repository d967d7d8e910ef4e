"""One recipient, one place: the optimum of a market, by the auction or by its stand-in."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.kernel.market import NOBODY, Assignment
from jiedui.pairs.kernel.network import assign_by_network, prices_by_sweeps

if TYPE_CHECKING:
    from jiedui.pairs.kernel.market import Ints, Market

BUDGET = 200
"""Bids per recipient after which the auction hands over to OR-Tools; hard instances take about 30."""


def assign(market: Market, *, smallest: bool = False) -> Assignment:
    """Find an optimum and prove it: by the auction, or by OR-Tools where the auction cannot.

    Parameters
    ----------
    smallest
        Give the smallest proving prices: what one more place of each helper is worth.

    Raises
    ------
    ValueError
        If numbers are too large for exact arithmetic.
    """
    found = _auction(market) if market.fits and _has_numba() else None
    if found is None:
        return assign_by_network(market)
    return replace(found, prices=smallest_prices(found)) if smallest else found


def smallest_prices(best: Assignment) -> Ints:
    """Give the smallest prices that prove an optimum: what one more place of each helper is worth, int64[H].

    Raises
    ------
    ValueError
        If the assignment is not optimal.
    """
    if not _has_numba():
        return prices_by_sweeps(best.market, best.taken)
    from jiedui.pairs.kernel.exchanges import raise_prices

    prices: Ints = raise_prices(*best.market.arrays, best.taken)
    if replace(best, prices=prices).faults():
        raise ValueError("the assignment is not optimal")
    return prices


def _has_numba() -> bool:
    return find_spec("numba") is not None


def _auction(market: Market) -> Assignment | None:
    """Run the auction; None where it gave up or cannot prove its result."""
    from jiedui.pairs.kernel import auction, exchanges

    unit = int(np.gcd.reduce([np.gcd.reduce(part) for part in (market.cost, market.penalty, market.floor)]))
    asked = market if unit <= 1 else market.divided(unit)
    budget = np.int64(max(100_000, BUDGET * (len(market.start) - 1)))
    taken, prices, _, proved = auction.solve(*asked.arrays, *asked.columns(), market.shift, budget)
    if not proved:
        if (taken == NOBODY).any():
            return None
        prices = exchanges.raise_prices(*asked.arrays, taken)
    assignment = Assignment(market, taken, prices * max(1, unit))
    return None if assignment.faults() else assignment
