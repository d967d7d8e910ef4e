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
    deviations, factor = _deviations(psu_totals(z, clusters), clusters)
    variance: Floats = (factor * deviations**2).sum(axis=0)
    return variance


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


def domain_variance(z: Floats, domain: Ints, domains: int, clusters: Clusters) -> Floats:
    """Give the variance (domains,) of the total of `z` (n,) in each domain, as `total_variance` does.

    Only the sampling units that a domain has are held, so that there may be many domains.

    Parameters
    ----------
    domain : array (n,) of int
        The domain of each unit, from 0; a code below 0 is none.

    Examples
    --------
    >>> import numpy as np
    >>> from jiedui.needs.sampling import Clusters
    >>> pair = Clusters(np.array([0, 0, 1]), np.array([0, 0]), "refuse")
    >>> domain_variance(np.array([1.0, 2.0, 5.0]), np.array([0, 1, 0]), 2, pair).tolist()
    [16.0, 4.0]
    """
    import numpy as np

    psu, of, totals = _cells(z, domain, domains, clusters)
    size = np.bincount(clusters.stratum)
    strata, place = np.unique(of * len(size) + clusters.stratum[psu], return_inverse=True)
    held, count = strata // len(size), np.bincount(place)
    n = size[strata % len(size)]
    mean = _sums(totals, place, len(strata)) / n
    centre = _centre(totals, of, domains, clusters)
    mean = np.where((n == 1) & (clusters.single == "centre"), centre[held], mean)
    squares = _sums((totals - mean[place]) ** 2, place, len(strata)) + (n - count) * mean**2
    alone = (size == 1).sum() - np.bincount(held[n == 1], minlength=domains)
    variance: Floats = _sums(squares * _factor(n), held, domains) + alone * centre**2
    return variance


def domain_covariance(z: Floats, domain: Ints, domains: int, other: Floats, clusters: Clusters) -> Floats:
    """Give the covariance (domains,) of the total of `z` in each domain with the total of `other` (n,).

    Examples
    --------
    >>> import numpy as np
    >>> from jiedui.needs.sampling import Clusters
    >>> pair = Clusters(np.array([0, 1]), np.array([0, 0]), "refuse")
    >>> one, other = np.array([1.0, 3.0]), np.array([2.0, 0.0])
    >>> domain_covariance(one, np.array([0, 0]), 1, other, pair).tolist()
    [-4.0]
    """
    import numpy as np

    psu, of, totals = _cells(z, domain, domains, clusters)
    deviations, factor = _deviations(psu_totals(other, clusters), clusters)
    alone = np.bincount(clusters.stratum)[clusters.stratum] == 1
    centred = _centre(totals, of, domains, clusters) * deviations[alone].sum()
    covariance: Floats = _sums(totals * (factor * deviations)[psu], of, domains) - centred
    return covariance


def _cells(z: Floats, domain: Ints, domains: int, clusters: Clusters) -> tuple[Ints, Ints, Floats]:
    """Give sampling unit, domain and total of each sampling unit that a domain has."""
    import numpy as np

    inside = domain >= 0
    cells, place = np.unique(clusters.of[inside] * domains + domain[inside], return_inverse=True)
    return cells // domains, cells % domains, _sums(z[inside], place, len(cells))


def _centre(totals: Floats, of: Ints, domains: int, clusters: Clusters) -> Floats:
    """Give the mean of all sampling units in each domain where strata of one are centred on it; else 0."""
    return _sums(totals, of, domains) * (clusters.single == "centre") / max(clusters.psu, 1)


def _sums(values: Floats, place: Ints, places: int) -> Floats:
    import numpy as np

    return np.asarray(np.bincount(place, weights=values, minlength=places), np.float64)


def _factor(n: Ints) -> Floats:
    """Give n/(n-1); 1 for a stratum of one."""
    import numpy as np

    factor: Floats = np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)
    return factor


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
    return totals - means[clusters.stratum], _factor(size)[clusters.stratum].reshape(column)
