"""Variances smoothed over areas: small samples give variances that are themselves unsure, or zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiedui.needs.areas.given import Direct, read_direct
from jiedui.needs.areas.intake import refuse

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

LEAST = 3
"""Areas needed to fit a line."""


def smooth_variances(direct: Any, *, measure: str = "") -> pa.Table:  # noqa: ANN401 - a table or estimates
    """Give direct estimates with variances from a generalised variance function of the sample size.

    log(variance) = a + b·log(n), by least squares over areas with a variance above zero, then scaled so
    that these variances keep their sum (Wolter 2007, ch. 7; Rao and Molina 2015, §6.4.1).

    Returns
    -------
    pyarrow.Table
        Columns area, b, se, n, as `fay_herriot` takes them; areas without estimate stay without.

    Raises
    ------
    InputError
        If ``n`` is missing where it is needed, or fewer than three areas have a variance.

    Examples
    --------
    >>> import pyarrow as pa
    >>> given = {"area": ["a", "b", "c"], "b": [1.0, 2.0, 3.0], "var": [4.0, 2.0, 1.0], "n": [10, 20, 40]}
    >>> [round(se**2, 6) for se in smooth_variances(pa.table(given)).column("se").to_pylist()]
    [4.0, 2.0, 1.0]
    """
    import numpy as np
    import pyarrow as pa

    found = read_direct(direct, measure)
    se = np.where(np.isnan(found.b), np.nan, np.sqrt(predict_variances(found)))
    columns = {"area": found.areas, "b": found.b, "se": se, "n": found.n}
    made = {name: pa.array(values, from_pandas=True) for name, values in columns.items()}
    return pa.table(made)


def predict_variances(found: Direct) -> np.ndarray:
    """Give the variance that the function says of each area; nan where there is no estimate."""
    import numpy as np

    good = found.variance > 0
    if (~(found.n > 0) & ~np.isnan(found.b)).any() or good.sum() < LEAST:
        refuse("areas.cannot_smooth", count=int(good.sum()), least=LEAST)
    x = np.log(np.where(found.n > 0, found.n, 1))
    line = np.column_stack([np.ones(len(x)), x])
    if np.ptp(x[good]) == 0:
        line = line[:, :1]
    said = np.exp(line @ np.linalg.lstsq(line[good], np.log(found.variance[good]), rcond=None)[0])
    scaled = said * found.variance[good].sum() / said[good].sum()
    return np.where(np.isnan(found.b), np.nan, scaled)
