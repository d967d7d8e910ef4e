"""A proportion with an interval that holds for rare things and clustered samples."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jiedui.needs.estimates import Design
from jiedui.needs.sampling import Clusters, make_clusters
from jiedui.needs.targeting.columns import Rows
from jiedui.needs.variance import total_variance

if TYPE_CHECKING:
    from jiedui.needs.targeting.columns import Flags, Floats


@dataclass(frozen=True, slots=True)
class Sample:
    """How each row was drawn: its weight (n,), sampling unit and stratum; whether no design was given."""

    w: Floats
    clusters: Clusters
    is_simple: bool

    def variance(self, z: Floats) -> float:
        """Give the variance of the total of `z` (n,)."""
        return total_variance(z, self.clusters)

    def count(self, inside: Flags) -> tuple[int, int]:
        """Give the sampling units with a row inside, and their degrees of freedom: less their strata."""
        import numpy as np

        held = np.bincount(self.clusters.of[inside], minlength=self.clusters.psu) > 0
        units = int(held.sum())
        return units, units - int(np.count_nonzero(np.bincount(self.clusters.stratum[held])))


@dataclass(frozen=True, slots=True)
class Proportion:
    """A proportion; nan where nothing was observed."""

    b: float
    se: float
    ll: float
    ul: float
    n: int
    psu: int
    df: int


def known(value: float) -> float | None:
    """Give a number, None for nan."""
    return None if math.isnan(value) else value


NOTHING = Proportion(*(float("nan"),) * 4, 0, 0, 0)


def sample_of(rows: Rows, design: Design | None) -> Sample:
    """Read how the rows were drawn; each row is its own sampling unit where no design names one.

    Of rows drawn one by one there may be a single one: its limits need no variance.

    Raises
    ------
    InputError
        If a stratum holds one sampling unit and the design refuses that.
    """
    drawn = design or Design()
    if drawn.single == "refuse" and not (drawn.strata or drawn.psu):
        drawn = replace(drawn, single="certain")
    return Sample(rows.weights(drawn.weight), make_clusters(rows.table, drawn), design is None)


def clopper_pearson(x: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Give the exact limits of a proportion seen `x` times in `n` [1]_.

    References
    ----------
    .. [1] Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated in
       the case of the binomial. Biometrika 26, 404-413.

    Examples
    --------
    >>> [round(limit, 4) for limit in clopper_pearson(0, 10)]
    [0.0, 0.3085]
    """
    from scipy.stats import beta

    tail = (1 - level) / 2
    lower = float(beta.ppf(tail, x, n - x + 1)) if x > 0 else 0.0
    upper = float(beta.ppf(1 - tail, x + 1, n - x)) if x < n else 1.0
    return lower, upper


def proportion(part: Floats, whole: Floats, sample: Sample, *, level: float = 0.95) -> Proportion:
    """Give the share of `part` (n,) in `whole` (n,), both counts of each row such as persons.

    Where all counts are 0 or 1 and no design is given, the limits are exact. Otherwise they are those of
    Korn and Graubard [1]_: exact for the number of independent observations that would give the variance of
    the design. Where that variance is nought, the sampling units are the observations.

    References
    ----------
    .. [1] Korn, E. L. and Graubard, B. I. (1998). Confidence intervals for proportions with small expected
       number of positive counts estimated from survey data. Survey Methodology 24, 193-201.
    """
    import numpy as np

    inside = (whole > 0) & (sample.w > 0)
    n = int(inside.sum())
    if not n:
        return NOTHING
    total = float((sample.w * whole).sum())
    b = min(max(float((sample.w * part).sum()) / total, 0.0), 1.0)
    variance = sample.variance(sample.w * (part - b * whole) / total)
    psu, df = sample.count(inside)
    if sample.is_simple and np.isin(whole, (0, 1)).all() and np.isin(part, (0, 1)).all():
        return Proportion(b, variance**0.5, *clopper_pearson(float(part.sum()), n, level), n, psu, df)
    size = effective_size(b, variance, psu=psu, df=df, level=level)
    return Proportion(b, variance**0.5, *clopper_pearson(b * size, size, level), n, psu, df)


def effective_size(b: float, variance: float, *, psu: int, df: int, level: float) -> float:
    """Give the independent observations that would give the variance, fewer where few units tell it."""
    from scipy.stats import t

    if df < 1:
        return float(min(psu, 1))
    size = b * (1 - b) / variance if variance > 0 and 0 < b < 1 else float(psu)
    if size <= 1:
        return size
    tail = (1 + level) / 2
    adjusted = float((t.ppf(tail, max(size - 1, 1)) / t.ppf(tail, df)) ** 2) * size
    return min(adjusted, size)
