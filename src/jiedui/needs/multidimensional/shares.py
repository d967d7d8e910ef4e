"""Shares of the population: a group against the whole, which no single group of sampling units holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from jiedui.needs.multidimensional.variance import Cells, Frame

    Floats = npt.NDArray[np.float64]


def share_variances(weights: Floats, cells: Cells, frame: Frame, shares: Floats) -> Floats:
    """Give the variance of each group's share of the population.

    Parameters
    ----------
    weights : floats, shape (cells,)
        Weight of each cell; group 0 holds every sampling unit.
    shares : floats, shape (groups,)
        The shares R. V = V(y) - 2 R Cov(y, x) + R² V(x), over the square of the whole weight.
    """
    import numpy as np

    from jiedui.needs.multidimensional.variance import variances

    whole = weights[cells.group == 0]
    single = frame.size == 1
    mean = np.bincount(frame.stratum, whole) / frame.size
    mean[single] = 0
    own = variances(weights[:, None], cells, frame)[:, 0]
    stratum = frame.stratum[cells.psu]
    products = frame.factor[stratum] * weights * (whole[cells.psu] - mean[stratum])
    both = np.add.reduceat(products, cells.starts)
    found: Floats = np.maximum(own - 2 * shares * both + shares**2 * own[0], 0) / whole.sum() ** 2
    found[0] = 0
    return found
