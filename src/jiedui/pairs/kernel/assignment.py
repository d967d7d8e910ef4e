"""One recipient, one place: the optimum of a market, by the auction or by its stand-in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.kernel.compiled import has_numba
from jiedui.pairs.kernel.market import NOBODY, OUTSIDE, Assignment
from jiedui.pairs.kernel.network import assign_by_network, prices_by_sweeps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.kernel.components import Part
    from jiedui.pairs.kernel.market import Ints, Market

BUDGET = 200
"""Bids per recipient after which the auction hands over to OR-Tools; hard instances take about 30."""
CAUTIOUS = (2, 30)
"""Penalties are first taken as at most so many times the dearest pair, each kind above the next smaller."""
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
    found = _by_auction(market, threads, budget) if has_numba() else None
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
    from jiedui.pairs.kernel.prices import raise_prices

    prices: Ints = raise_prices(best.market.rows, best.market.sides, best.taken)
    if replace(best, prices=prices).faults():
        raise ValueError("the assignment is not optimal")
    return prices


def _by_auction(market: Market, threads: int, budget: int) -> Assignment | None:
    """Try small penalties first: where places are short, whoever stays outside bids up to its penalty.

    What an auction with small penalties finds is nearly always the optimum with the true ones; the true
    ones prove it, or the next larger are tried.
    """
    dearest = int(market.cost.max(initial=0)) + 1
    for times in CAUTIOUS if market.highest > CAUTIOUS[-1] * dearest else ():
        step = times * dearest
        asked = replace(market, penalty=tamed(market.penalty, step), floor=-tamed(-market.floor, step))
        if found := _auction(market, asked, threads=threads, budget=budget):
            return found
    return _auction(market, market, threads=threads, budget=budget)


def tamed(values: Ints, step: int) -> Ints:
    """Give numbers in the same order, none more than a step above the next smaller one (or 0).

    Examples
    --------
    >>> tamed(np.array([0, 7, 900, 901, 7]), 10)
    array([ 0,  7, 17, 18,  7])
    """
    if values.max(initial=0) <= step:
        return values
    if values.min() == values.max():
        return np.minimum(values, step)
    kinds, place = np.unique(values, return_inverse=True)
    lower: Ints = np.cumsum(np.minimum(np.diff(kinds, prepend=0), step))
    return lower[place]


def _auction(market: Market, asked: Market, *, threads: int, budget: int) -> Assignment | None:
    """Run the auction on what is asked and prove the result for the market.

    None where numbers are too large for it, it gave up, or the result is not the market's optimum.
    """
    from jiedui.pairs.kernel import auction, prices
    from jiedui.pairs.kernel.components import share_out

    grain = 0
    for numbers in (asked.penalty, asked.floor, asked.cost):
        grain = auction.common_divisor(numbers, np.int64(grain))
    grain = max(1, grain)
    if not asked.fits(auction.finest(len(asked.penalty), grain)):
        return None
    taken, found = np.full(len(asked.penalty), OUTSIDE, np.int32), asked.floor.copy()
    proved = _solve_parts(share_out(asked, threads), taken, found, grain=grain, budget=budget)
    if not proved and (taken == NOBODY).any():
        return None
    best = Assignment(market, taken, found)
    if proved and not best.faults():
        return best
    best = replace(best, prices=prices.raise_prices(market.rows, market.sides, taken))
    return None if best.faults() else best


def _solve_parts(
    parts: list[Part], taken: NDArray[np.int32], prices: Ints, *, grain: int, budget: int
) -> bool:
    """Solve parts in a thread each and fill in what they find; tell whether all is proved."""
    from concurrent.futures import ThreadPoolExecutor

    from jiedui.pairs.kernel.auction import solve

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
