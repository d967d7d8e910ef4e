"""Ranks of the same units by two opinions, and how often they disagree.

Ties: units with the same value share a range of ranks. Two ranks differ only as far as their ranges lie
apart: a disagreement is one however ties are broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jiedui.needs.targeting.columns import Flags, Floats, Ints

UNUSUAL = 0.01
"""A village counts as unusual when chance alone gives so many visits with at most this probability."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """The units compared in a village; the ranks of one of them by either side, and how far apart."""

    size: int
    first: float | None
    second: float | None
    gap: float | None


def rank_both(first: Floats, second: Floats, both: Flags, villages: Sequence[str]) -> list[Ranks]:
    """Rank within their village, by either side, the units that stand on both.

    Parameters
    ----------
    first, second : array (m,)
        What ranks the units on both sides, the neediest lowest.
    both : array (n,)
        Which of all units those are.
    villages : sequence of str
        Of all units.

    Examples
    --------
    >>> import numpy as np
    >>> pair = rank_both(np.array([1.0, 2.0]), np.array([2.0, 1.0]), np.array([True, True]), ["v", "v"])
    >>> [(one.first, one.second, one.gap) for one in pair]
    [(1.0, 2.0, 1.0), (2.0, 1.0, -1.0)]
    """
    import numpy as np

    codes = np.unique(np.array(villages), return_inverse=True)[1]
    sizes = np.bincount(codes[both], minlength=codes.max() + 1)[codes]
    low, high = _ranges(first, codes[both])
    start, end = _ranges(second, codes[both])
    gaps = np.where(start > high, start - high, np.where(end < low, end - low, 0.0))
    columns = ((low + high) / 2, (start + end) / 2, gaps)
    found = iter(zip(*(one.tolist() for one in columns), strict=True))
    return [
        Ranks(size, *(next(found) if known else (None, None, None)))
        for size, known in zip(sizes.tolist(), both.tolist(), strict=True)
    ]


def _ranges(values: Floats, codes: Ints) -> tuple[Floats, Floats]:
    """Give the first and last rank of each value among those of the same code, ties sharing all of theirs."""
    import numpy as np

    order = np.lexsort((values, codes))
    ranked, own = values[order], codes[order]
    start = np.r_[True, own[1:] != own[:-1]][: len(own)]
    fresh: Flags = start | np.r_[True, ranked[1:] != ranked[:-1]][: len(own)]
    every = np.arange(len(own))
    opening = np.maximum.accumulate(np.where(start, every, 0))
    first = np.maximum.accumulate(np.where(fresh, every, 0)) - opening + 1
    run = np.cumsum(fresh) - 1
    last = first + np.bincount(run)[run] - 1 if len(run) else first
    low, high = np.empty(len(values)), np.empty(len(values))
    low[order], high[order] = first, last
    return low, high


def count_unusual(visits: Iterable[Sequence[bool]]) -> tuple[int, float]:
    """Count villages with more visits than chance explains at the rate of all; how many chance would give."""
    from scipy.stats import binom

    counts = [(sum(own), len(own)) for own in visits]
    if not counts:
        return 0, 0.0
    sizes = [size for _, size in counts]
    rate = sum(visited for visited, _ in counts) / sum(sizes)
    limits = binom.isf(UNUSUAL, sizes, rate)
    beyond = sum(visited > limit for (visited, _), limit in zip(counts, limits, strict=True))
    return beyond, float(binom.sf(limits, sizes, rate).sum())
