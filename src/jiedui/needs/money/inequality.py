"""Measures of how unequal incomes are: Gini, Lorenz curve, quantile shares, S80/S20."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.needs.money.influence import Part, pairwise, quantile

if TYPE_CHECKING:
    from jiedui.needs.money.influence import Floats


def gini_part(y: Floats, w: Floats) -> Part:
    """Give G = Σ Σ w w' |y-y'| / (2 N Y), with N = Σ w and Y = Σ w y; not a number where Y is 0.

    Examples
    --------
    >>> import numpy as np
    >>> gini_part(np.array([0.0, 4.0]), np.ones(2)).b
    0.5
    """
    total, income = w.sum(), w @ y
    if not income:
        return Part(float("nan"), 0 * y)
    apart = pairwise(y, w)
    b = w @ apart / (2 * total * income)
    return Part(float(b), apart / (total * income) - b / total - b * y / income)


def lorenz_part(y: Floats, w: Floats, p: float) -> Part:
    """Give the share of income that the poorest share `p` has; a unit across `p` counts in part.

    Examples
    --------
    >>> import numpy as np
    >>> lorenz_part(np.array([1.0, 3.0]), np.ones(2), 0.75).b
    0.625
    """
    import numpy as np

    income = w @ y
    if not income:
        return Part(float("nan"), 0 * y)
    order = np.argsort(y, kind="stable")
    weight = np.cumsum(w[order])
    place = int(min(np.searchsorted(weight, p * weight[-1]), len(y) - 1))
    before = np.zeros(len(y))
    before[order[:place]] = 1
    edge = y[order[place]]
    lower = weight[place - 1] if place else 0.0
    b = (w @ (before * y) + (p * weight[-1] - lower) * edge) / income
    return Part(float(b), (before * y + (p - before) * edge - b * y) / income)


def share_part(y: Floats, w: Floats, low: float, high: float) -> Part:
    """Give the share of income of those between two shares of the population, poorest first.

    Examples
    --------
    >>> import numpy as np
    >>> share_part(np.array([1.0, 3.0]), np.ones(2), 0.5, 1.0).b
    0.75
    """
    upper, lower = lorenz_part(y, w, high), lorenz_part(y, w, low)
    return Part(upper.b - lower.b, upper.u - lower.u)


def s80s20_part(y: Floats, w: Floats) -> Part:
    """Give the mean income above the fourth quintile over the mean up to the first, as Eurostat does.

    Not a number where nobody is above, or those below have nothing.

    Examples
    --------
    >>> import numpy as np
    >>> s80s20_part(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.ones(5)).b
    5.0
    """
    first, fourth = quantile(y, w, 0.2), quantile(y, w, 0.8)
    low, high = y <= first, y > fourth
    if not (w @ high and w @ (low * y)):
        return Part(float("nan"), 0 * y)
    fifth = w.sum() / 5
    poor, rich = w @ (low * y) / (w @ low), w @ (high * y) / (w @ high)
    b = rich / poor
    u_rich = (high * (y - fourth) + fourth / 5) / fifth - rich / (5 * fifth)
    u_poor = (low * (y - first) + first / 5) / fifth - poor / (5 * fifth)
    return Part(float(b), (u_rich - b * u_poor) / poor)
