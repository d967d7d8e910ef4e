"""Shares in whole places: largest remainder, with duties that a helper already carries counted in."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def shares(total: int, weights: Sequence[Fraction], duties: Sequence[Fraction]) -> list[int]:
    """Divide whole places in proportion to weight, so that places and duties together are in proportion.

    A helper whose duties exceed its part gets none, and the others share what is left (Hamilton's
    method: whole parts first, then the largest remainders; equal ones go to the earlier helper).

    Raises
    ------
    ValueError
        If no weight is positive or any is negative.

    Examples
    --------
    >>> shares(10, [Fraction(5), Fraction(3), Fraction(1)], [Fraction(0)] * 3)
    [6, 3, 1]
    """
    if min(weights, default=Fraction(-1)) < 0 or not sum(weights):
        raise ValueError("weights must be at least 0, one of them more")
    open_helpers = set(range(len(weights)))
    while True:
        part = _parts(total, weights, duties, open_helpers)
        over = {helper for helper in open_helpers if part[helper] < 0}
        if not over:
            break
        open_helpers -= over
    whole = [int(value) for value in part]
    by_remainder = sorted(open_helpers, key=lambda helper: (whole[helper] - part[helper], helper))
    for helper in by_remainder[: total - sum(whole)]:
        whole[helper] += 1
    return whole


def _parts(
    total: int, weights: Sequence[Fraction], duties: Sequence[Fraction], open_helpers: set[int]
) -> list[Fraction]:
    """Give each open helper its exact part of the places, less its duties; the others nothing."""
    pool = total + sum(duties[helper] for helper in open_helpers)
    weight = sum(weights[helper] for helper in open_helpers)
    return [
        pool * weights[helper] / weight - duties[helper] if helper in open_helpers else Fraction(0)
        for helper in range(len(weights))
    ]
