"""The variance of totals under a sampling design, for any number of domains and measures at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from jiedui.needs.sampling import Clusters

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cells:
    """The sampling units that each domain has, by domain, then by sampling unit.

    Attributes
    ----------
    of : array (rows,) of int
        The cell of each row.
    domain, psu : array (cells,) of int
        What each cell is.
    domains : int
        How many domains there are; one may have no cell.
    """

    of: Ints
    domain: Ints
    psu: Ints
    domains: int

    def sums(self, values: Floats) -> Floats:
        """Sum values of rows (rows,) by cell."""
        import numpy as np

        return np.asarray(np.bincount(self.of, values, len(self.domain)), np.float64)

    def totals(self, z: Floats) -> Floats:
        """Sum values of cells (cells,) or (cells, m) by domain."""
        return _sum_runs(z, self.domain, self.domains)

    def counts(self) -> Ints:
        """Count the sampling units of each domain."""
        import numpy as np

        return np.bincount(self.domain, minlength=self.domains)


def make_cells(domain: Ints, psu: Ints, domains: int) -> Cells:
    """Cross domains with sampling units.

    Parameters
    ----------
    domain, psu : array (rows,) of int
        Where each row belongs; a unit of several domains has a row in each.

    Examples
    --------
    >>> import numpy as np
    >>> made = make_cells(np.array([0, 0, 1, 0]), np.array([0, 1, 1, 1]), 2)
    >>> made.of.tolist(), made.domain.tolist(), made.psu.tolist()
    ([0, 1, 2, 1], [0, 0, 1], [0, 1, 1])
    """
    import numpy as np

    step = int(psu.max(initial=0)) + 1
    found, of = np.unique(domain * step + psu, return_inverse=True)
    return Cells(of, found // step, found % step, domains)


def variances(z: Floats, cells: Cells, clusters: Clusters) -> Floats:
    """Give the variance of the total of `z` in each domain, by Taylor linearisation.

    V = Σ_h n_h/(n_h-1) Σ_i (z_hi - z̄_h)², with z_hi the total of sampling unit i of stratum h, drawn with
    replacement [1]_ [2]_. Sampling units that a domain has not count with 0, and are not held.

    Parameters
    ----------
    z : array (cells,) or (cells, m)
        Linearised values times weights, summed by cell.

    Returns
    -------
    array (domains,) or (domains, m)

    References
    ----------
    .. [1] Woodruff, R. S. (1971). A simple method for approximating the variance of a complicated estimate.
       Journal of the American Statistical Association 66, 411-414.
    .. [2] Binder, D. A. (1983). On the variances of asymptotically normal estimators from complex surveys.
       International Statistical Review 51, 279-292.

    Examples
    --------
    >>> import numpy as np
    >>> from jiedui.needs.sampling import Clusters
    >>> pair = Clusters(np.array([0, 0, 1]), np.array([0, 0]), "refuse")
    >>> cells = make_cells(np.array([0, 1, 0]), pair.of, 2)
    >>> variances(cells.sums(np.array([1.0, 2.0, 5.0])), cells, pair).tolist()
    [16.0, 4.0]
    """
    import numpy as np

    edges, size = _edges(cells, clusters), clusters.size
    held, n = cells.domain[edges], size[clusters.stratum[cells.psu[edges]]]
    count = np.diff(edges, append=len(z))
    mean = _by_row(np.add.reduceat(z, edges, axis=0), 1 / n)
    centre = _centre(z, cells, clusters)
    if clusters.single == "centre":
        mean[n == 1] = centre[held[n == 1]]
    squares = np.add.reduceat((z - np.repeat(mean, count, axis=0)) ** 2, edges, axis=0)
    squares = _by_row(squares + _by_row(mean**2, n - count), _factor(n))
    alone = (size == 1).sum() - np.bincount(held[n == 1], minlength=cells.domains)
    found: Floats = _sum_runs(squares, held, cells.domains) + _by_row(centre**2, alone)
    return found


def shifted_variances(z: Floats, cells: Cells, slope: Floats, other: Floats, clusters: Clusters) -> Floats:
    """Give the variance of the total of `z` plus `slope` times that of `other`, which all domains share.

    Parameters
    ----------
    z : array (cells,)
        As in `variances`.
    slope : array (domains,)
    other : array (psu,)
        Summed by sampling unit; those a domain has not count too.

    Examples
    --------
    >>> import numpy as np
    >>> from jiedui.needs.sampling import Clusters
    >>> pair = Clusters(np.array([0, 1]), np.array([0, 0]), "refuse")
    >>> cells = make_cells(np.array([0, 0]), pair.of, 1)
    >>> shifted_variances(np.array([1.0, 3.0]), cells, np.array([1.0]), np.array([2.0, 0.0]), pair).tolist()
    [0.0]
    """
    import numpy as np

    size = clusters.size
    mean = np.bincount(clusters.stratum, other) / size
    if clusters.single == "centre":
        mean[size == 1] = other.mean()
    about = other - mean[clusters.stratum]
    pull = about * _factor(size)[clusters.stratum]
    lone = about[(size == 1)[clusters.stratum]].sum()
    both = cells.totals(z * pull[cells.psu]) - _centre(z, cells, clusters) * lone
    found: Floats = variances(z, cells, clusters) + slope * (2 * both + slope * (pull @ about))
    return np.maximum(found, 0)


def total_variance(z: Floats, clusters: Clusters) -> float:
    """Give the variance of the total of `z` (n,), as `variances` does.

    Examples
    --------
    >>> import numpy as np
    >>> from jiedui.needs.sampling import Clusters
    >>> pair = Clusters(np.array([0, 0, 1]), np.array([0, 0]), "refuse")
    >>> total_variance(np.array([1.0, 2.0, 5.0]), pair)
    4.0
    """
    import numpy as np

    every = np.arange(clusters.psu)
    whole = Cells(clusters.of, np.zeros_like(every), every, 1)
    return float(variances(whole.sums(z), whole, clusters)[0])


def domain_df(cells: Cells, clusters: Clusters) -> Ints:
    """Give the degrees of freedom of each domain: sampling units of the strata it touches, less these strata.

    Examples
    --------
    >>> import numpy as np
    >>> from jiedui.needs.sampling import Clusters
    >>> two = Clusters(np.array([0, 1, 2, 3, 4]), np.array([0, 0, 0, 1, 1]), "refuse")
    >>> domain_df(make_cells(np.array([0, 0, 0, 0, 1]), two.of, 3), two).tolist()
    [3, 1, 0]
    """
    import numpy as np

    edges = _edges(cells, clusters)
    spare = clusters.size[clusters.stratum[cells.psu[edges]]] - 1
    return _sum_runs(spare, cells.domain[edges], cells.domains).astype(np.int64)


def _edges(cells: Cells, clusters: Clusters) -> Ints:
    """Give where each stratum of each domain begins."""
    import numpy as np

    return np.flatnonzero(
        np.diff(cells.domain * len(clusters.size) + clusters.stratum[cells.psu], prepend=-1)
    )


def _centre(z: Floats, cells: Cells, clusters: Clusters) -> Floats:
    """Give the mean of all sampling units in each domain where strata of one are centred on it; else 0."""
    return cells.totals(z) * (clusters.single == "centre") / max(clusters.psu, 1)


def _factor(n: Ints) -> Floats:
    """Give n/(n-1); 1 for a stratum of one."""
    import numpy as np

    factor: Floats = np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)
    return factor


def _by_row(values: Floats, factor: Floats | Ints) -> Floats:
    """Multiply each row by its factor."""
    product: Floats = values * factor.reshape((-1,) + (1,) * (values.ndim - 1))
    return product


def _sum_runs(values: Floats | Ints, place: Ints, places: int) -> Floats:
    """Sum rows by place, where places do not fall."""
    import numpy as np

    starts = np.flatnonzero(np.diff(place, prepend=-1))
    found = np.zeros((places, *values.shape[1:]))
    found[place[starts]] = np.add.reduceat(values, starts, axis=0)
    return found
