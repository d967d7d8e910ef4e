"""Estimates laid out as the long table."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from jiedui.needs.estimates import ESTIMATES, estimates_schema
from jiedui.needs.poverty.intervals import quantile, share_limits
from jiedui.needs.poverty.linearisation import Linear
from jiedui.needs.poverty.shares import share_variances
from jiedui.needs.poverty.variance import variances

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Floats = npt.NDArray[np.float64]


def tabulate(
    linear: Linear, labels: tuple[str, ...], suffix: str, level: float, measures: Collection[str]
) -> pa.Table:
    """Lay estimates out as the long table: one measure after the other, the whole before its groups."""
    import numpy as np

    groups = ("", *labels)
    names = [(one.measure, one.indicator, one.k) for one in linear.ratios]
    b, se = linear.b, _errors(linear)
    if "popshare" in measures:
        names.append(("popshare", "", None))
        own, errors = _population(linear)
        b = np.column_stack([b, own])
        se = None if se is None or errors is None else np.column_stack([se, errors])
    return long_table(names, groups, b, se, linear, level=level, suffix=suffix)


def long_table(
    names: Sequence[tuple[str, str, Any]],
    groups: Sequence[str],
    b: Floats,
    se: Floats | None,
    linear: Linear,
    *,
    level: float,
    suffix: str = "",
) -> pa.Table:
    """Give rows as `ESTIMATES` declares, from arrays of shape (groups, measures)."""
    import numpy as np
    import pyarrow as pa

    frame = linear.frame
    t = quantile(level, frame.df if frame else 0)
    empty = np.full_like(b, np.nan)
    limits = share_limits(b, se, t) if se is not None else (empty, empty)
    many, rows = len(groups), len(groups) * len(names)
    count = {"n": np.tile(linear.n, len(names)), "psu": np.tile(linear.psu, len(names))}
    columns = {
        "measure": [one[0] + suffix for one in names for _ in range(many)],
        "indicator": [one[1] for one in names for _ in range(many)],
        "group": list(groups) * len(names),
        "k": [None if one[2] is None else float(one[2]) for one in names for _ in range(many)],
        "n": pa.array(count["n"]),
        "psu": pa.array(count["psu"]) if frame else pa.nulls(rows, pa.int64()),
        "df": pa.array([frame.df] * rows, pa.int64()) if frame else pa.nulls(rows, pa.int64()),
    }
    for name, values in (("b", b), ("se", empty if se is None else se), ("ll", limits[0]), ("ul", limits[1])):
        columns[name] = pa.array(values.T.ravel(), pa.float64(), from_pandas=True)
    return pa.table({one.name: columns[one.name] for one in ESTIMATES.columns}, schema=estimates_schema())


def _errors(linear: Linear) -> Floats | None:
    import numpy as np

    if linear.frame is None:
        return None
    return np.sqrt(variances(linear.z, linear.cells, linear.frame))


def _population(linear: Linear) -> tuple[Floats, Floats | None]:
    import numpy as np

    totals = np.add.reduceat(linear.weight, linear.cells.starts)
    shares = totals / totals[0]
    if linear.frame is None:
        return shares, None
    return shares, np.sqrt(share_variances(linear.weight, linear.cells, linear.frame, shares))
