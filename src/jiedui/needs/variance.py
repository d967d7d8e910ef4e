"""The variance of totals under a sampling design: strata, sampling units, weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from jiedui.needs.sampling import Clusters

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def total_variance(z: Floats, clusters: Clusters) -> Floats:
    """Give the variance of the total of each column of `z`, by Taylor linearisation.

    V = Σ_h n_h/(n_h-1) Σ_i (z_hi - z̄_h)², with z_hi the total of sampling unit i of stratum h, drawn with
    replacement [1]_. Units outside a domain have zeros in `z`.

    Parameters
    ----------
    z : array (n,) or (n, m)
        Linearised values times weights.

    Returns
    -------
    array () or (m,)

    References
    ----------
    .. [1] Woodruff, R. S. (1971). A simple method for approximating the variance of a complicated estimate.
       Journal of the American Statistical Association 66, 411-414.

    Examples
    --------
    >>> import numpy as np
    >>> from jiedui.needs.sampling import Clusters
    >>> pair = Clusters(np.array([0, 0, 1]), np.array([0, 0]), "refuse")
    >>> float(total_variance(np.array([1.0, 2.0, 5.0]), pair))
    4.0
    """
    return spread_of(psu_totals(z, clusters), clusters)


def total_covariance(z: Floats, clusters: Clusters) -> Floats:
    """Give the covariance (m, m) of the totals of the columns of `z` (n, m), as `total_variance` does.

    Examples
    --------
    >>> import numpy as np
    >>> from jiedui.needs.sampling import Clusters
    >>> pair = Clusters(np.array([0, 1]), np.array([0, 0]), "refuse")
    >>> total_covariance(np.array([[1.0, 2.0], [3.0, 0.0]]), pair).tolist()
    [[4.0, -4.0], [-4.0, 4.0]]
    """
    deviations, factor = _deviations(psu_totals(z, clusters), clusters)
    product: Floats = (factor * deviations).T @ deviations
    return product


def psu_totals(z: Floats, clusters: Clusters) -> Floats:
    """Sum `z` (n,) or (n, m) within each sampling unit.

    Examples
    --------
    >>> import numpy as np
    >>> from jiedui.needs.sampling import Clusters
    >>> pair = Clusters(np.array([0, 0, 1]), np.array([0, 0]), "refuse")
    >>> psu_totals(np.array([1.0, 2.0, 5.0]), pair).tolist()
    [3.0, 5.0]
    """
    import numpy as np

    totals = np.zeros((clusters.psu, *z.shape[1:]))
    np.add.at(totals, clusters.of, z)
    return totals


def domain_totals(z: Floats, domain: Ints, domains: int, clusters: Clusters) -> Floats:
    """Sum `z` (n,) within each sampling unit and domain, giving (sampling units, domains).

    Parameters
    ----------
    domain : array (n,) of int
        The domain of each unit, from 0; a code below 0 is none.

    Examples
    --------
    >>> import numpy as np
    >>> from jiedui.needs.sampling import Clusters
    >>> pair = Clusters(np.array([0, 0, 1]), np.array([0, 0]), "refuse")
    >>> domain_totals(np.array([1.0, 2.0, 5.0]), np.array([0, 1, 0]), 2, pair).tolist()
    [[1.0, 2.0], [5.0, 0.0]]
    """
    import numpy as np

    inside = domain >= 0
    totals = np.zeros((clusters.psu, domains))
    np.add.at(totals, (clusters.of[inside], domain[inside]), z[inside])
    return totals


def spread_of(totals: Floats, clusters: Clusters) -> Floats:
    """Give the variance of the sum of each column of totals of sampling units (p,) or (p, m).

    Examples
    --------
    >>> import numpy as np
    >>> from jiedui.needs.sampling import Clusters
    >>> pair = Clusters(np.array([0, 1]), np.array([0, 0]), "refuse")
    >>> float(spread_of(np.array([3.0, 5.0]), pair))
    4.0
    """
    deviations, factor = _deviations(totals, clusters)
    spread: Floats = (factor * deviations**2).sum(axis=0)
    return spread


def _deviations(totals: Floats, clusters: Clusters) -> tuple[Floats, Floats]:
    """Give totals less the mean of their stratum, and n_h/(n_h-1) for each sampling unit."""
    import numpy as np

    size = np.bincount(clusters.stratum)
    sums = np.zeros((len(size), *totals.shape[1:]))
    np.add.at(sums, clusters.stratum, totals)
    column = (-1,) + (1,) * (totals.ndim - 1)
    means = sums / size.reshape(column)
    if clusters.single == "centre":
        means[size == 1] = totals.mean(axis=0)
    factor = np.where(size > 1, size / np.maximum(size - 1, 1), 1.0)
    return totals - means[clusters.stratum], factor[clusters.stratum].reshape(column)
