"""One recipient, one place: the optimum of a market, by the auction or by its stand-in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.compiled import has_numba
from jiedui.pairs.market import NOBODY, Assignment
from jiedui.pairs.network import assign_by_network, prices_by_sweeps

if TYPE_CHECKING:
    from jiedui.pairs.market import Ints, Market

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
    found = _auction(market) if has_numba() else None
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
    if not has_numba():
        return prices_by_sweeps(best.market, best.taken)
    from jiedui.pairs.prices import raise_prices

    prices: Ints = raise_prices(best.market.rows, best.market.sides, best.taken)
    if replace(best, prices=prices).faults():
        raise ValueError("the assignment is not optimal")
    return prices


def _auction(market: Market) -> Assignment | None:
    """Run the auction; None where numbers are too large for it, it gave up, or cannot prove its result."""
    from jiedui.pairs import auction, prices

    grain = 0
    for numbers in (*market.sides[1:], market.cost):
        grain = auction.common_divisor(numbers, np.int64(grain))
    people, grain = len(market.penalty), np.int64(max(1, grain))
    if not market.fits(auction.finest(people, grain)):
        return None
    budget = np.int64(max(100_000, BUDGET * people))
    taken, found, _, proved = auction.solve(market.rows, market.columns(), market.sides, grain, budget)
    if not proved:
        if (taken == NOBODY).any():
            return None
        found = prices.raise_prices(market.rows, market.sides, taken)
    assignment = Assignment(market, taken, found)
    return None if assignment.faults() else assignment
