"""The Fay–Herriot model: direct estimates of areas borrow strength from each other through covariates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

from jiedui.needs.areas.given import (
    Direct,
    read_covariates,
    read_direct,
    refuse_repeated_covariates,
)
from jiedui.needs.areas.intake import listed, refuse, refuse_unknown
from jiedui.needs.areas.likelihood import Data, Method, fit
from jiedui.needs.areas.rows import area_rows, coefficient_rows
from jiedui.needs.areas.scales import Scaled, to_arcsine
from jiedui.needs.areas.smoothing import predict_variances
from jiedui.needs.estimates import ESTIMATES, Estimates

if TYPE_CHECKING:
    import pyarrow as pa

Transform = Literal["", "arcsin"]
Unsure = Literal["refuse", "smooth", "synthetic"]
"""What becomes of an area whose direct variance is zero or not known: all are named and refused; the variance
is taken from the function of `smooth_variances`; or the area counts as not sampled."""


@dataclass(frozen=True, slots=True)
class AreaEstimates:
    """Estimates of areas and the model they come from.

    Attributes
    ----------
    table : pyarrow.Table
        As `AREAS` declares, in the order of the covariates.
    coefficients : pyarrow.Table
        As `COEFFICIENTS` declares, on the scale of the model.
    sigma2_u : float
        The variance between areas that the covariates do not explain, on the scale of the model. Where it
        is 0, every model estimate is the synthetic one.
    loglik : float
        The Gaussian log-likelihood at the estimates.
    iterations : int
        Steps of scoring.
    origin : mapping of str to str
        Method, hashes of what was given, and which areas were treated how.
    """

    table: pa.Table
    coefficients: pa.Table
    sigma2_u: float
    loglik: float
    iterations: int
    origin: Mapping[str, str] = field(default_factory=dict)

    def estimates(self) -> Estimates:
        """Give the model estimates, benchmarked where they are, as rows of the long table."""
        import pyarrow as pa
        import pyarrow.compute as pc

        rows = self.table.num_rows
        b = pc.coalesce(self.table.column("benchmarked"), self.table.column("eblup"))
        columns = {
            "measure": pa.array(["eblup"] * rows),
            "group": self.table.column("area"),
            "b": b,
            "se": pc.sqrt(self.table.column("mse")),
            **{name: self.table.column(name) for name in ("ll", "ul", "n")},
        }
        empty = {name: pa.nulls(rows) for name in ESTIMATES.schema().names} | {
            "indicator": pa.array([""] * rows)
        }
        return Estimates(pa.table(empty | columns).cast(ESTIMATES.schema()), self.origin)


def fay_herriot(
    direct: Any,  # noqa: ANN401 - a table or estimates
    covariates: Any,  # noqa: ANN401 - whatever speaks Arrow
    *,
    columns: Sequence[str] = (),
    method: Method = "reml",
    transform: Transform = "",
    unsure: Unsure = "refuse",
    measure: str = "",
    level: float = 0.95,
) -> AreaEstimates:
    """Give empirical best linear unbiased predictors of areas by the model of Fay and Herriot (1979).

    y = Xβ + u + e; the model estimate is γ·y + (1−γ)·Xβ with γ = σ²/(σ² + D); where an area was not sampled
    it is Xβ.

    Parameters
    ----------
    direct : Estimates or pyarrow.Table
        What `direct` gives, or columns ``area``, ``b``, ``se`` or ``var``, and ``n`` where known. An area
        without value, or that is missing here, is not sampled.
    covariates : pyarrow.Table
        Column ``area`` and numbers, a row for each area that shall have an estimate. The intercept is added.
    columns : sequence of str
        The covariates; all columns where none are named.
    method : str
        How σ² is found: ``reml``, ``ml``, or ``adjusted`` (Li and Lahiri 2010: never zero).
    transform : str
        ``arcsin`` for shares: the model works on asin√p; estimates are turned back without bias, and their
        errors are those of sin²θ for a normal θ. Its variances need no rule for areas of 0 or 1.
    measure : str
        Which measure of a long table is meant, where it holds several.

    Raises
    ------
    InputError
        If something is not filled or not a number, areas have no covariates or stand twice, covariates repeat
        each other, the sampled areas are too few, or variances are zero and no rule was chosen.

    Examples
    --------
    >>> import pyarrow as pa
    >>> areas = ["a", "b", "c", "d", "e", "f"]
    >>> given = pa.table({"area": areas[:5], "b": [1.0, 2.2, 2.9, 4.3, 4.8], "se": [0.3] * 5})
    >>> found = fay_herriot(given, pa.table({"area": areas, "x": [1, 2, 3, 4, 5, 6]}))
    >>> [round(value, 2) for value in found.table.column("eblup").to_pylist()]
    [1.1, 2.07, 3.04, 4.01, 4.98, 5.95]
    >>> found.sigma2_u, found.origin["areas_not_sampled"]
    (0.0, 'f')
    """
    import numpy as np

    refuse_unknown("method", method, get_args(Method))
    refuse_unknown("transform", transform, get_args(Transform))
    refuse_unknown("unsure", unsure, get_args(Unsure))
    given = read_covariates(covariates, columns)
    found = _aligned(read_direct(direct, measure), given.areas)
    is_share = transform == "arcsin"
    found, treated = (found, "") if is_share else _treated(found, unsure)
    scaled = to_arcsine(found) if is_share else Scaled(found.b, found.variance)
    seen = ~np.isnan(scaled.y)
    if seen.sum() < given.X.shape[1] + 2:
        refuse("areas.too_few", count=int(seen.sum()), least=given.X.shape[1] + 2)
    refuse_repeated_covariates(given.X[seen], given.names)
    fitted = fit(Data(scaled.y[seen], given.X[seen], scaled.D[seen]), method)
    origin = {
        "method": method,
        "transform": transform,
        "direct_sha256": found.sha256,
        "covariates_sha256": given.sha256,
        "areas": str(len(given.areas)),
        "areas_not_sampled": "|".join(
            name for name, is_in in zip(given.areas, seen, strict=True) if not is_in
        ),
        "areas_unsure": treated,
        "unsure": "" if is_share else unsure,
    }
    return AreaEstimates(
        table=area_rows(found, given, scaled, fitted, method=method, is_share=is_share, level=level),
        coefficients=coefficient_rows(given, fitted),
        sigma2_u=fitted.point.sigma2_u,
        loglik=fitted.point.loglik,
        iterations=fitted.iterations,
        origin=origin,
    )


def _aligned(found: Direct, areas: Sequence[str]) -> Direct:
    """Put direct estimates in the order of the covariates; refuse those of areas that are not there."""
    import numpy as np

    lost = sorted(set(found.areas) - set(areas))
    if lost:
        refuse("areas.no_covariates", areas=listed(lost))
    position = {area: number for number, area in enumerate(found.areas)}
    at = np.array([position.get(area, len(found.areas)) for area in areas], dtype=np.int64)
    b, variance, n = (np.append(values, np.nan)[at] for values in (found.b, found.variance, found.n))
    return Direct(list(areas), b, variance, n, found.sha256)


def _treated(found: Direct, unsure: Unsure) -> tuple[Direct, str]:
    """Treat the areas whose variance is zero or not known by the rule; give their names too."""
    import numpy as np

    wrong = found.is_unsure
    names = [area for area, is_so in zip(found.areas, wrong, strict=True) if is_so]
    if not names:
        return found, ""
    if unsure == "refuse":
        refuse("areas.variance_unknown", areas=listed(names))
    if unsure == "smooth":
        b, variance = found.b, np.where(wrong, predict_variances(found), found.variance)
    else:
        b, variance = np.where(wrong, np.nan, found.b), found.variance
    return Direct(found.areas, b, variance, found.n, found.sha256), "|".join(names)
