"""One recipient, one place: the optimum of a market, by the auction or by its stand-in."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.market import NOBODY, Assignment
from jiedui.pairs.network import assign_by_network

if TYPE_CHECKING:
    from jiedui.pairs.market import Market

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
    if not smallest:
        return found
    from jiedui.pairs.exchanges import raise_prices

    return replace(found, prices=raise_prices(*market.arrays, found.taken))


def _has_numba() -> bool:
    return find_spec("numba") is not None


def _auction(market: Market) -> Assignment | None:
    """Run the auction; None where it gave up or cannot prove its result."""
    from jiedui.pairs import auction, exchanges

    budget = np.int64(max(100_000, BUDGET * (len(market.start) - 1)))
    taken, prices, _, proved = auction.solve(*market.arrays, *market.columns(), market.shift, budget)
    if not proved:
        if (taken == NOBODY).any():
            return None
        prices = exchanges.raise_prices(*market.arrays, taken)
    assignment = Assignment(market, taken, prices)
    return None if assignment.faults() else assignment
