"""Agreement of two orders of the same areas, ties counted as ties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DIGITS = 12
"""Estimates are rounded to these decimals before they are ordered: closer ones are tied."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two orders agree; nothing where all values of a side are equal.

    Attributes
    ----------
    kendall : float or None
        Tau-b.
    spearman : float or None
        Rho, the correlation of mean ranks.
    kept : float or None
        The share of the pairs ordered by the first side that the second orders alike.
    """

    kendall: float | None
    spearman: float | None
    kept: float | None


def compare_orders(first: Floats, second: Floats) -> Agreement:
    """Compare the orders of two measures (n,), over the areas that have both.

    Examples
    --------
    >>> import numpy as np
    >>> compare_orders(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0]))
    Agreement(kendall=0.3333333333333333, spearman=0.5, kept=0.6666666666666666)
    """
    import numpy as np

    both = np.isfinite(first) & np.isfinite(second)
    values = [one[both].round(DIGITS) for one in (first, second)]
    before, after = (one[:, None] < one for one in values)
    if not (before.any() and after.any()):
        return Agreement(None, None, None)
    kept, turned = np.count_nonzero(before & after), np.count_nonzero(before & after.T)
    ranks = [one.sum(axis=0) - one.sum(axis=1) for one in (before, after)]
    below = np.sqrt((ranks[0] @ ranks[0]) * float(ranks[1] @ ranks[1]))
    return Agreement(
        kendall=float((kept - turned) / np.sqrt(before.sum() * float(after.sum()))),
        spearman=float(ranks[0] @ ranks[1] / below),
        kept=float(kept / before.sum()),
    )
