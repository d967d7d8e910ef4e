"""The variance of totals under a sampling design: strata, sampling units, weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding
    from jiedui.needs.estimates import Design

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

SINGLE = ("refuse", "centre", "certain")
"""What may be done with a stratum of one sampling unit."""
SHOWN = 5
"""So many strata are named in a finding."""


@dataclass(frozen=True, slots=True)
class Clusters:
    """Which sampling unit each unit belongs to, and which stratum each sampling unit.

    Attributes
    ----------
    of : array of int
        The sampling unit of each unit, from 0.
    stratum : array of int
        The stratum of each sampling unit, from 0.
    single : str
        What is done with a stratum of one sampling unit, as in `Design`.
    """

    of: Ints
    stratum: Ints
    single: str

    @property
    def psu(self) -> int:
        """Count the sampling units."""
        return len(self.stratum)

    @property
    def df(self) -> int:
        """Degrees of freedom: sampling units less strata."""
        return self.psu - int(self.stratum.max(initial=-1)) - 1


def make_clusters(units: pa.Table, design: Design) -> Clusters:
    """Find the sampling unit of each unit; those of one name in two strata are two.

    Raises
    ------
    InputError
        If a column is missing, a unit has no stratum or sampling unit, ``single`` is unknown, or it is
        ``refuse`` and there is a stratum of one sampling unit.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.needs import Design
    >>> units = pa.table({"s": ["a", "a", "a", "b", "b"], "p": [1, 1, 2, 1, 2]})
    >>> made = make_clusters(units, Design(strata="s", psu="p"))
    >>> made.of.tolist(), made.stratum.tolist(), made.df
    ([0, 0, 1, 2, 3], [0, 0, 1, 1], 2)
    """
    import numpy as np

    if faults := _faults(units, design):
        raise InputError(faults)
    rows = units.num_rows
    strata = _codes(units, design.strata) if design.strata else np.zeros(rows, np.int64)
    psu = _codes(units, design.psu) if design.psu else np.arange(rows)
    pairs = strata * (psu.max(initial=0) + 1) + psu
    _, first, of = np.unique(pairs, return_index=True, return_inverse=True)
    made = Clusters(of, strata[first], design.single)
    alone = np.flatnonzero(np.bincount(made.stratum) == 1)
    if len(alone) and design.single == "refuse":
        named = _named(units, design.strata, alone)
        raise InputError([finding("variance.single", count=len(alone), named=named)])
    return made


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
    >>> pair = Clusters(np.array([0, 0, 1]), np.array([0, 0]), "refuse")
    >>> float(total_variance(np.array([1.0, 2.0, 5.0]), pair))
    4.0
    """
    return _variance(psu_totals(z, clusters), clusters)


def total_covariance(z: Floats, clusters: Clusters) -> Floats:
    """Give the covariance (m, m) of the totals of the columns of `z` (n, m), as `total_variance` does.

    Examples
    --------
    >>> import numpy as np
    >>> pair = Clusters(np.array([0, 1]), np.array([0, 0]), "refuse")
    >>> total_covariance(np.array([[1.0, 2.0], [3.0, 0.0]]), pair).tolist()
    [[4.0, -4.0], [-4.0, 4.0]]
    """
    deviations, factor = _deviations(psu_totals(z, clusters), clusters)
    product: Floats = (factor * deviations).T @ deviations
    return product


def domain_variance(z: Floats, domain: Ints, domains: int, clusters: Clusters) -> Floats:
    """Give the variance (domains,) of the total of `z` (n,) in each domain; a code below 0 is none.

    Examples
    --------
    >>> import numpy as np
    >>> pair = Clusters(np.array([0, 0, 1]), np.array([0, 0]), "refuse")
    >>> domain_variance(np.array([1.0, 2.0, 5.0]), np.array([0, 1, 0]), 2, pair).tolist()
    [16.0, 4.0]
    """
    import numpy as np

    inside = domain >= 0
    cell = clusters.of[inside] * domains + domain[inside]
    totals = np.zeros((clusters.psu, domains))
    np.add.at(totals.reshape(-1), cell, z[inside])
    return _variance(totals, clusters)


def psu_totals(z: Floats, clusters: Clusters) -> Floats:
    """Sum `z` (n,) or (n, m) within each sampling unit.

    Examples
    --------
    >>> import numpy as np
    >>> pair = Clusters(np.array([0, 0, 1]), np.array([0, 0]), "refuse")
    >>> psu_totals(np.array([1.0, 2.0, 5.0]), pair).tolist()
    [3.0, 5.0]
    """
    import numpy as np

    totals = np.zeros((clusters.psu, *z.shape[1:]))
    np.add.at(totals, clusters.of, z)
    return totals


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


def _variance(totals: Floats, clusters: Clusters) -> Floats:
    """Give the variance of the sum of each column of totals."""
    deviations, factor = _deviations(totals, clusters)
    spread: Floats = (factor * deviations**2).sum(axis=0)
    return spread


def _codes(units: pa.Table, column: str) -> Ints:
    """Give each value of a column its number, by first appearance."""
    import numpy as np

    return np.asarray(_values(units, column).indices, np.int64)


def _values(units: pa.Table, column: str) -> pa.DictionaryArray:
    """Give a column with each value stored once."""
    import pyarrow as pa

    values = units[column].combine_chunks()
    return values if pa.types.is_dictionary(values.type) else values.dictionary_encode()


def _faults(units: pa.Table, design: Design) -> list[Finding]:
    """Find what makes a design unusable."""
    found = []
    for column in filter(None, (design.strata, design.psu)):
        if column not in units.column_names:
            found.append(
                finding("variance.no_column", column=column, found=", ".join(units.column_names) or "–")
            )
        elif empty := units[column].null_count:
            found.append(finding("variance.empty", column=column, count=empty))
    if design.single not in SINGLE:
        found.append(finding("variance.rule", found=design.single, allowed=" | ".join(SINGLE)))
    return found


def _named(units: pa.Table, column: str, alone: Ints) -> str:
    """Name the first strata of one sampling unit."""
    if not column:
        return "–"
    values = _values(units, column).dictionary.take(alone[:SHOWN])
    return ", ".join(str(value) for value in values.to_pylist()) + (" …" if len(alone) > SHOWN else "")
