"""Direct estimates: the mean of each area from its own sampled units, with the error of the design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiedui.needs.areas.intake import as_table, codes, hash_table, listed, numbers, refuse, refuse_repeats
from jiedui.needs.estimates import ESTIMATES, Design, Estimates
from jiedui.needs.groups import with_whole
from jiedui.needs.intervals import limits
from jiedui.needs.sampling import Clusters, make_clusters
from jiedui.needs.variance import domain_df, make_cells, variances

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Sample:
    """The units of a sample.

    Attributes
    ----------
    y, w : numpy.ndarray
        Value (nan where not known) and weight, shape (n,).
    clusters : Clusters
        Where each unit was drawn.
    """

    y: np.ndarray
    w: np.ndarray
    clusters: Clusters


@dataclass(frozen=True, slots=True)
class Means:
    """Weighted means of domains with their linearised standard errors, each of shape (domains,)."""

    b: np.ndarray
    se: np.ndarray
    n: np.ndarray
    psu: np.ndarray
    df: np.ndarray


def direct(
    units: Any,  # noqa: ANN401 - whatever speaks Arrow
    value: str,
    area: str,
    design: Design | None = None,
    *,
    areas: Sequence[str] = (),
    level: float = 0.95,
) -> Estimates:
    """Give the weighted mean of a value in each area with its design-based standard error.

    The mean is a ratio of totals; its variance is linearised, with sampling units drawn with replacement
    inside strata, and every area is a domain of the whole sample (Särndal, Swensson and Wretman 1992, §5.7;
    Rao and Molina 2015, §2.4). Limits are by the t quantile, on the logit scale where all values are 0 or 1.

    Parameters
    ----------
    units : pyarrow.Table or Ibis expression or data frame
        A row for each unit. Where the value is null the unit stays in the design and adds nothing.
    areas : sequence of str
        All areas there are; those without a unit get a row with ``n`` 0 and no estimate, and are named in
        ``origin["areas_absent"]``.

    Returns
    -------
    Estimates
        Measures ``mean`` and ``cv`` (standard error over mean); group "" is the whole. The error is null
        where an area has fewer than two sampling units: it cannot be seen.

    Raises
    ------
    InputError
        If a column is missing or not filled, a weight is not positive, a stratum has one sampling unit
        while `Design.single` is ``refuse``, or an area of the sample is not among `areas`.

    Examples
    --------
    >>> import pyarrow as pa
    >>> units = pa.table({"village": ["甲", "甲", "乙", "乙"], "is_short_of_water": [1, 0, 1, 1]})
    >>> found = direct(units, "is_short_of_water", "village", areas=["甲", "乙", "丙"])
    >>> [(row["group"], row["b"], row["n"]) for row in found.table.to_pylist() if row["measure"] == "mean"]
    [('', 0.75, 4), ('甲', 0.5, 2), ('乙', 1.0, 2), ('丙', None, 0)]
    """
    import numpy as np

    design, table = design or Design(), as_table(units)
    if not table.num_rows:
        refuse("areas.no_units")
    sample, (code, names) = _sample(table, value, design), codes(table, area)
    refuse_repeats(list(areas), "areas")
    order = list(areas) or names
    unknown = sorted(set(names) - set(order))
    if unknown:
        refuse("areas.area_unknown", areas=listed(unknown))
    position = {name: number for number, name in enumerate(order)}
    places = np.array([position[name] for name in names], dtype=np.int64)[code]
    means = _estimate_means(sample, places, len(order))
    columns = [name for name in (value, area, design.strata, design.psu, design.weight) if name]
    origin = {
        "data_sha256": hash_table(table, columns),
        "units_without_value": str(int(np.isnan(sample.y).sum())),
        "areas_absent": "|".join(name for name, n in zip(order, means.n[1:], strict=True) if n == 0),
    }
    return Estimates(_long(means, ["", *order], sample, level), origin)


def _estimate_means(sample: Sample, place: np.ndarray, count: int) -> Means:
    """Give the mean of the whole and of each area with its linearised error."""
    import numpy as np

    rows, domain = with_whole(place)
    seen = ~np.isnan(sample.y[rows])
    rows, domain = rows[seen], domain[seen]
    y, w, n = sample.y[rows], sample.w[rows], np.bincount(domain, minlength=count + 1)
    weight = np.bincount(domain, w, count + 1)
    with np.errstate(invalid="ignore"):
        b = np.bincount(domain, w * y, count + 1) / weight
    cells = make_cells(domain, sample.clusters.of[rows], count + 1)
    z = cells.sums(w * (y - b[domain]) / weight[domain])
    se, psu = np.sqrt(variances(z, cells, sample.clusters)), cells.counts()
    return Means(b=b, se=np.where(psu > 1, se, np.nan), n=n, psu=psu, df=domain_df(cells, sample.clusters))


def _sample(table: pa.Table, value: str, design: Design) -> Sample:
    """Read the value and the design; refuse what the design does not allow."""
    import numpy as np

    y = numbers(table, value, may_lack=True)
    w = numbers(table, design.weight) if design.weight else np.ones(len(y))
    if (w <= 0).any():
        rows = listed(str(row + 1) for row in np.flatnonzero(w <= 0))
        refuse("areas.weight_not_positive", column=design.weight, rows=rows)
    return Sample(y, w, make_clusters(table, design))


def _long(means: Means, names: Sequence[str], sample: Sample, level: float) -> pa.Table:
    """Write means and coefficients of variation as the table of estimates."""
    import numpy as np
    import pyarrow as pa

    is_share = bool(np.isin(sample.y[~np.isnan(sample.y)], (0, 1)).all())
    ll, ul = limits(means.b, means.se, means.df, level=level, is_share=is_share)
    with np.errstate(divide="ignore", invalid="ignore"):
        cv = np.where(means.b != 0, means.se / np.abs(means.b), np.nan)
    both = len(names) * 2
    none = np.full(len(names), np.nan)
    columns = {
        "measure": pa.array(["mean"] * len(names) + ["cv"] * len(names)),
        "indicator": pa.array([""] * both),
        "group": pa.array([*names, *names]),
        "k": pa.nulls(both, pa.float64()),
        "b": np.concatenate([means.b, cv]),
        "se": np.concatenate([means.se, none]),
        "ll": np.concatenate([ll, none]),
        "ul": np.concatenate([ul, none]),
        **{name: np.tile(getattr(means, name), 2) for name in ("n", "psu", "df")},
    }
    made = [
        values if isinstance(values, pa.Array) else pa.array(values, from_pandas=True)
        for values in columns.values()
    ]
    return pa.table(dict(zip(columns, made, strict=True))).cast(ESTIMATES.schema())
