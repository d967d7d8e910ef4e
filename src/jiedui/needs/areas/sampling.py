"""Direct estimates: the mean of each area from its own sampled units, with the error of the design."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiedui.needs.areas.intake import as_table, codes, hash_table, listed, numbers, refuse, refuse_repeats
from jiedui.needs.estimates import ESTIMATES, Design, Estimates

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
    psu : numpy.ndarray
        The number of the sampling unit, shape (n,).
    stratum : numpy.ndarray
        The number of the stratum of each sampling unit, shape (units,).
    """

    y: np.ndarray
    w: np.ndarray
    psu: np.ndarray
    stratum: np.ndarray
    single: str


@dataclass(frozen=True, slots=True)
class Means:
    """Weighted means of groups with their linearised standard errors, each of shape (groups,)."""

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
    whole = estimate_means(sample, np.zeros(len(code), dtype=np.int64), 1)
    parts = estimate_means(sample, places, len(order))
    means = Means(*(np.concatenate([getattr(whole, it), getattr(parts, it)]) for it in Means.__slots__))
    columns = [name for name in (value, area, design.strata, design.psu, design.weight) if name]
    origin = {
        "data_sha256": hash_table(table, columns),
        "units_without_value": str(int(np.isnan(sample.y).sum())),
        "areas_absent": "|".join(name for name, n in zip(order, parts.n, strict=True) if n == 0),
    }
    return Estimates(_long(means, ["", *order], sample, level), origin)


def estimate_means(sample: Sample, place: np.ndarray, count: int) -> Means:
    """Give the mean of each group with its linearised error, all groups at once.

    The sum over all sampling units of a stratum is taken over those that hold units of the group: the
    others add nothing to either sum.
    """
    import numpy as np

    seen = ~np.isnan(sample.y)
    y, w, place, psu = sample.y[seen], sample.w[seen], place[seen], sample.psu[seen]
    weight = np.bincount(place, w, count)
    n = np.bincount(place, minlength=count)
    with np.errstate(invalid="ignore"):
        b = np.bincount(place, w * y, count) / weight
    z = w * (y - b[place]) / weight[place]
    pairs, inverse = np.unique(place * len(sample.stratum) + psu, return_inverse=True)
    z_psu, group = np.bincount(inverse, z, len(pairs)), pairs // max(len(sample.stratum), 1)
    stratum = sample.stratum[pairs % max(len(sample.stratum), 1)]
    drawn = np.bincount(sample.stratum)
    cells, inverse = np.unique(group * len(drawn) + stratum, return_inverse=True)
    once, twice = np.bincount(inverse, z_psu, len(cells)), np.bincount(inverse, z_psu**2, len(cells))
    m, group_of_cell = drawn[cells % max(len(drawn), 1)], cells // max(len(drawn), 1)
    # A mean's linearised values sum to nothing over the sample: a lone unit centred on the mean of all keeps
    # its square.
    lone = twice if sample.single == "centre" else 0 * twice
    parts = np.where(m > 1, m / np.maximum(m - 1, 1) * (twice - once**2 / m), lone)
    psus = np.bincount(group, minlength=count)
    se = np.sqrt(np.maximum(np.bincount(group_of_cell, parts, count), 0))
    return Means(
        b=b,
        se=np.where(psus > 1, se, np.nan),
        n=n,
        psu=psus,
        df=np.bincount(group_of_cell, m - 1, count).astype(np.int64),
    )


def _sample(table: pa.Table, value: str, design: Design) -> Sample:
    """Read the value and the design; refuse what the design does not allow."""
    import numpy as np

    y = numbers(table, value, may_lack=True)
    w = numbers(table, design.weight) if design.weight else np.ones(len(y))
    if (w <= 0).any():
        rows = listed(str(row + 1) for row in np.flatnonzero(w <= 0))
        refuse("areas.weight_not_positive", column=design.weight, rows=rows)
    h, names = codes(table, design.strata) if design.strata else (np.zeros(len(y), dtype=np.int64), [""])
    psu = codes(table, design.psu)[0] if design.psu else np.arange(len(y))
    keys, unit = np.unique(h * (len(y) + 1) + psu, return_inverse=True)
    stratum = keys // (len(y) + 1)
    drawn = np.bincount(stratum, minlength=len(names))
    alone = [name for name, units in zip(names, drawn, strict=True) if units == 1]
    if alone and design.single == "refuse":
        refuse("areas.lone_unit", strata=listed(name or "–" for name in alone))
    return Sample(y, w, unit, stratum, design.single)


def _long(means: Means, names: Sequence[str], sample: Sample, level: float) -> pa.Table:
    """Write means and coefficients of variation as the table of estimates."""
    import numpy as np
    import pyarrow as pa

    ll, ul = _limits(means, sample, level)
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


def _limits(means: Means, sample: Sample, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Give the confidence limits."""
    import numpy as np
    from scipy.stats import t

    with np.errstate(divide="ignore", invalid="ignore"):
        reach = t.ppf((1 + level) / 2, np.where(means.df > 0, means.df, np.nan)) * means.se
        if not np.isin(sample.y[~np.isnan(sample.y)], (0, 1)).all():
            return means.b - reach, means.b + reach
        middle, away = np.log(means.b / (1 - means.b)), reach / (means.b * (1 - means.b))
        return 1 / (1 + np.exp(away - middle)), 1 / (1 + np.exp(-away - middle))
