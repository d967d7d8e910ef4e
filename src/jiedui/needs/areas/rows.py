"""The rows of a fitted model: estimates of areas on the scale of what was measured, and coefficients."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

from jiedui.needs.areas.given import Covariates, Direct
from jiedui.needs.areas.likelihood import Fit, Method
from jiedui.needs.areas.scales import Scaled, expected_share, share_at, variance_of_share
from jiedui.needs.areas.tables import AREAS, COEFFICIENTS
from jiedui.needs.areas.uncertainty import mean_squared_error

if TYPE_CHECKING:
    import pyarrow as pa


def area_rows(
    found: Direct,
    given: Covariates,
    scaled: Scaled,
    fitted: Fit,
    *,
    method: Method,
    is_share: bool,
    level: float,
) -> pa.Table:
    """Give the table of areas."""
    import numpy as np
    import pyarrow as pa

    seen = ~np.isnan(scaled.y)
    point, d = fitted.point, np.where(seen, scaled.D, np.inf)
    gamma = point.sigma2_u / (point.sigma2_u + d)
    line = given.X @ point.beta
    middle = line + gamma * (np.where(seen, scaled.y, line) - line)
    error = mean_squared_error(point, given.X, d, method)
    reach = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(error)
    ll, ul = middle - reach, middle + reach
    synthetic, eblup = line, middle
    if is_share:
        eblup = expected_share(middle, (1 - gamma) * point.sigma2_u)
        synthetic = expected_share(line, np.full(len(line), point.sigma2_u))
        error, ll, ul = variance_of_share(middle, error), share_at(ll), share_at(ul)
    with np.errstate(divide="ignore"):
        cv = np.where(eblup != 0, np.sqrt(error) / np.abs(eblup), np.nan)
    columns = {
        "area": given.areas,
        "n": np.where(np.isnan(found.n) & np.isnan(found.b), 0, found.n),
        "is_sampled": seen,
        "direct": found.b,
        "direct_se": np.sqrt(found.variance),
        "synthetic": synthetic,
        "eblup": eblup,
        "mse": error,
        "cv": cv,
        "ll": ll,
        "ul": ul,
        "gamma": gamma,
        "benchmarked": np.full(len(line), np.nan),
        "hidden": [""] * len(line),
    }
    made = {name: pa.array(values, from_pandas=True) for name, values in columns.items()}
    return pa.table(made).cast(AREAS.schema())


def coefficient_rows(given: Covariates, fitted: Fit) -> pa.Table:
    """Give the coefficients with their standard errors."""
    import numpy as np
    import pyarrow as pa

    names, point = ["intercept", *given.names], fitted.point
    columns = {"covariate": names, "b": point.beta, "se": np.sqrt(np.diag(point.cov))}
    return pa.table(columns).cast(COEFFICIENTS.schema())
