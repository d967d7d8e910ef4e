"""Estimates laid out as the long table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jiedui.needs.estimates import ESTIMATES
from jiedui.needs.intervals import limits
from jiedui.needs.multidimensional.linearisation import Linear
from jiedui.needs.variance import shifted_variances, variances

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

Name = tuple[str, str, Any]
"""Measure, indicator, cut-off."""


def tabulate(linear: Linear, labels: Sequence[str], suffix: str, level: float, *, shares: bool) -> pa.Table:
    """Lay estimates out: one measure after the other, the whole before its groups."""
    import numpy as np

    names = [(one.measure + suffix, one.indicator, one.k) for one in linear.ratios]
    b, se = linear.b, _errors(linear)
    if shares:
        names.append((f"popshare{suffix}", "", None))
        own, errors = _population(linear)
        b, se = np.column_stack([b, own]), np.column_stack([se, errors])
    df = linear.clusters.df if linear.clusters else 0
    lower, upper = limits(b, se, df, level=level, is_share=True)
    figures = {"b": b, "se": se, "ll": lower, "ul": upper}
    return long_table(names, ("", *labels), figures, count_units(linear, linear.n, linear.psu))


def count_units(linear: Linear, n: Integers, psu: Integers) -> dict[str, Integers]:
    """Give ``n`` and, with a design, ``psu`` and ``df``."""
    import numpy as np

    if linear.clusters is None:
        return {"n": n}
    return {"n": n, "psu": psu, "df": np.full_like(n, linear.clusters.df)}


def long_table(
    names: Sequence[Name],
    groups: Sequence[str],
    figures: Mapping[str, Floats],
    counts: Mapping[str, Integers],
) -> pa.Table:
    """Give rows as `ESTIMATES` declares.

    Parameters
    ----------
    figures : mapping of floats, shape (groups, measures)
        ``b, se, ll, ul``; what is not a number becomes null.
    counts : mapping of integers, shape (groups,)
        ``n, psu, df``; null where absent.
    """
    import numpy as np
    import pyarrow as pa

    many, rows = len(groups), len(groups) * len(names)
    columns = {
        "measure": [one[0] for one in names for _ in range(many)],
        "indicator": [one[1] for one in names for _ in range(many)],
        "group": list(groups) * len(names),
        "k": [None if one[2] is None else float(one[2]) for one in names for _ in range(many)],
    }
    for name in ("b", "se", "ll", "ul"):
        columns[name] = pa.array(figures[name].T.ravel(), pa.float64(), from_pandas=True)
    for name in ("n", "psu", "df"):
        columns[name] = np.tile(counts[name], len(names)) if name in counts else pa.nulls(rows, pa.int64())
    return pa.table({one.name: columns[one.name] for one in ESTIMATES.columns}, schema=ESTIMATES.schema())


def _errors(linear: Linear) -> Floats:
    """Give standard errors; not a number without a design."""
    import numpy as np

    if linear.clusters is None:
        return np.full_like(linear.b, np.nan)
    return np.sqrt(variances(linear.z, linear.cells, linear.clusters))


def _population(linear: Linear) -> tuple[Floats, Floats]:
    """Give each group's share of the whole, and its error: V(y - R x) / X²."""
    import numpy as np

    totals = linear.cells.totals(linear.weight)
    shares: Floats = totals / totals[0]
    if linear.clusters is None:
        return shares, np.full_like(shares, np.nan)
    every = linear.weight[linear.cells.domain == 0]
    found = shifted_variances(linear.weight, linear.cells, -shares, every, linear.clusters)
    found[0] = 0
    return shares, np.sqrt(found) / totals[0]
