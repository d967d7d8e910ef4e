"""A measure of one group: its value, and what each unit's weight and the line do to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HIT = 1e-12
"""A share of all weight counts as reached exactly within this part of it: sums of weights are rounded."""


@dataclass(frozen=True, slots=True)
class Part:
    """A value with its derivatives.

    Attributes
    ----------
    b : float
        The value; not a number where it is not defined.
    u : array (n,)
        Its derivative by each unit's weight: the linearised variable of Deville (1999), Survey Methodology
        25, 193-203.
    slope : float
        Its derivative by the line; 0 without a line.
    """

    b: float
    u: Floats
    slope: float = 0.0


Measure = Callable[["Floats", "Floats"], Part]
"""Takes incomes (n,) and weights (n,) of one group."""


def pairwise(y: Floats, w: Floats) -> Floats:
    """Give Σ_j w_j |y_k - y_j| for each k, by sorting.

    Examples
    --------
    >>> import numpy as np
    >>> pairwise(np.array([3.0, 1.0, 1.0]), np.array([1.0, 2.0, 1.0])).tolist()
    [6.0, 2.0, 2.0]
    """
    import numpy as np

    if not len(y):
        return np.zeros(0)
    order = np.argsort(y, kind="stable")
    x = y[order] - y[order[len(y) // 2]]
    weight, income = np.cumsum(w[order]), np.cumsum(w[order] * x)
    sums = np.empty(len(y))
    sums[order] = x * (2 * weight - weight[-1]) + income[-1] - 2 * income
    return sums


def quantile(y: Floats, w: Floats, p: float) -> float:
    """Give the weighted quantile: the first income at which weights reach `p`, or the middle to the next.

    As Eurostat and the R package laeken define it: where the sum of weights hits `p` exactly, the mean of
    that income and the next one [1]_. Not a number without weight.

    References
    ----------
    .. [1] Alfons, A. and Templ, M. (2013). Estimation of social exclusion indicators from complex surveys:
       the R package laeken. Journal of Statistical Software 54(15).

    Examples
    --------
    >>> import numpy as np
    >>> quantile(np.array([1.0, 2.0, 5.0, 9.0]), np.ones(4), 0.5)
    3.5
    """
    import numpy as np

    held = w > 0
    if not held.any():
        return float("nan")
    order = np.argsort(y[held], kind="stable")
    x, weight = y[held][order], np.cumsum(w[held][order])
    wanted, slack = p * weight[-1], HIT * weight[-1]
    place = min(int(np.searchsorted(weight, wanted - slack)), len(x) - 1)
    hits = abs(weight[place] - wanted) <= slack and place + 1 < len(x)
    return float((x[place] + x[place + 1]) / 2 if hits else x[place])


def density(y: Floats, w: Floats, at: float) -> float:
    """Give the density of incomes at a point, by a normal kernel.

    The bandwidth is σ N^(-1/5), with N the sum of weights, as in Osier (2009), Survey Research Methods 3,
    167-195. Not a number where incomes do not differ.

    Examples
    --------
    >>> import numpy as np
    >>> round(density(np.array([1.0, 2.0, 3.0]), np.ones(3), 2.0), 6)
    0.329602
    """
    import numpy as np

    total = w.sum()
    if not total:
        return float("nan")
    x = y - y[0]
    width = float(np.sqrt(w @ (x - w @ x / total) ** 2 / total) * total**-0.2)
    if not width:
        return float("nan")
    kernel = np.exp(-(((at - y) / width) ** 2) / 2) / np.sqrt(2 * np.pi)
    return float(w @ kernel / (total * width))
