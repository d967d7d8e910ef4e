"""One recipient, one place: the optimum of a market, by the auction or by its stand-in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.compiled import has_numba
from jiedui.pairs.market import NOBODY, OUTSIDE, Assignment
from jiedui.pairs.network import assign_by_network, prices_by_sweeps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.market import Ints, Market
    from jiedui.pairs.parts import Part

BUDGET = 200
"""Bids per recipient after which the auction hands over to OR-Tools; hard instances take about 30."""
SMALL = 500
"""So many recipients more may bid without counting: a small market may be hard, but never takes long."""


def assign(market: Market, *, smallest: bool = False, threads: int = 1, budget: int = BUDGET) -> Assignment:
    """Find an optimum and prove it: by the auction, or by OR-Tools where the auction cannot.

    Parameters
    ----------
    smallest
        Give the smallest proving prices: what one more place of each helper is worth.
    threads
        Parts of the market without common candidates may be solved at a time, in so many threads.
    budget
        Bids per recipient after which OR-Tools takes over.

    Raises
    ------
    ValueError
        If numbers are too large for exact arithmetic.
    """
    if not market.is_exact:
        raise ValueError("numbers are too large for exact arithmetic")
    found = _auction(market, threads, budget) if has_numba() else None
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


def _auction(market: Market, threads: int, budget: int) -> Assignment | None:
    """Run the auction; None where numbers are too large for it, it gave up, or cannot prove its result."""
    from jiedui.pairs import auction, prices
    from jiedui.pairs.parts import share_out

    grain = 0
    for numbers in (market.penalty, market.floor, market.cost):
        grain = auction.common_divisor(numbers, np.int64(grain))
    grain = max(1, grain)
    if not market.fits(auction.finest(len(market.penalty), grain)):
        return None
    taken, found = np.full(len(market.penalty), OUTSIDE, np.int32), market.floor.copy()
    proved = _solve_parts(share_out(market, threads), taken, found, grain=grain, budget=budget)
    if not proved:
        if (taken == NOBODY).any():
            return None
        found = prices.raise_prices(market.rows, market.sides, taken)
    assignment = Assignment(market, taken, found)
    return None if assignment.faults() else assignment


def _solve_parts(
    parts: list[Part], taken: NDArray[np.int32], prices: Ints, *, grain: int, budget: int
) -> bool:
    """Solve parts in a thread each and fill in what they find; tell whether all is proved."""
    from concurrent.futures import ThreadPoolExecutor

    from jiedui.pairs.auction import solve

    def run(part: Part) -> bool:
        asked = part.market
        bids = np.int64(budget * (len(asked.penalty) + SMALL))
        found, exact, _, proved = solve(asked.rows, asked.columns(), asked.sides, np.int64(grain), bids)
        inside = found >= 0
        found[inside] = part.helpers[found[inside]]
        taken[part.people], prices[part.helpers] = found, exact
        return bool(proved)

    if len(parts) == 1:
        return run(parts[0])
    with ThreadPoolExecutor(len(parts)) as pool:
        return all(list(pool.map(run, parts)))
