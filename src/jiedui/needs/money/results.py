"""From measures of groups to estimates with errors and limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from jiedui.needs.estimates import ESTIMATES, Estimates
from jiedui.needs.variance import domain_covariance, domain_variance, total_variance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from jiedui.needs.money.influence import Floats, Measure, Part
    from jiedui.needs.money.intake import Sample

    Ints = NDArray[np.int64]

LEVEL = 0.95
"""Of the confidence limits."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure to estimate.

    Attributes
    ----------
    k : float or None
        What stands in the column of cut-offs: the share of the population of a point of the Lorenz curve.
    is_share : bool
        Whether it lies between 0 and 1: its limits are then taken on the logit scale.
    """

    name: str
    measure: Measure
    k: float | None = None
    is_share: bool = True


@dataclass(frozen=True, slots=True)
class Domain:
    """Groups that do not overlap: the rows of each, and their labels."""

    labels: tuple[str, ...]
    rows: tuple[Ints, ...]


def estimate(sample: Sample, asked: Sequence[Asked], line: Part | None = None) -> Estimates:
    """Estimate measures for the whole and each group; `line` has the derivatives of an estimated line.

    A measure that is not defined in a group (no weight, no income) has no value; without a design there are
    no errors. ``psu`` counts the sampling units in a group, ``df`` is that of the whole sample.
    """
    import numpy as np
    import pyarrow as pa

    known = np.isfinite(sample.y)
    whole = Domain(("",), (np.flatnonzero(known),))
    domains = (whole, _domain(sample, known)) if sample.labels else (whole,)
    rows = [row for one in asked for domain in domains for row in _rows(sample, one, domain, line)]
    return Estimates(pa.Table.from_pylist(rows, schema=ESTIMATES.schema()), sample.origin)


def _domain(sample: Sample, known: NDArray[np.bool_]) -> Domain:
    """Find the rows of each group."""
    import numpy as np

    group = np.where(known, sample.group, -1)
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(len(sample.labels) + 1))
    rows = tuple(order[first:last] for first, last in pairwise(edges))
    return Domain(sample.labels, rows)


def _rows(sample: Sample, asked: Asked, domain: Domain, line: Part | None) -> Iterator[dict[str, object]]:
    """Give the rows of one measure."""
    import numpy as np

    parts = [asked.measure(sample.y[rows], sample.w[rows]) for rows in domain.rows]
    errors = _errors(sample, domain, parts, line)
    for label, rows, part, se in zip(domain.labels, domain.rows, parts, errors, strict=True):
        row: dict[str, object] = {"measure": asked.name, "group": label, "k": asked.k, "n": len(rows)}
        if np.isfinite(part.b):
            row["b"] = part.b
            row |= _precision(sample, part.b, float(se), is_share=asked.is_share)
        if sample.clusters is not None:
            row |= {"psu": len(np.unique(sample.clusters.of[rows])), "df": sample.clusters.df}
        yield {"indicator": "", **row}


def _errors(sample: Sample, domain: Domain, parts: Sequence[Part], line: Part | None) -> Floats:
    """Give the standard error of each group; not a number without a design."""
    import numpy as np

    if sample.clusters is None:
        return np.full(len(parts), np.nan)
    z, code = np.zeros(len(sample.y)), np.full(len(sample.y), -1)
    for place, (rows, part) in enumerate(zip(domain.rows, parts, strict=True)):
        z[rows], code[rows] = sample.w[rows] * part.u, place
    variance = domain_variance(z, code, len(parts), sample.clusters)
    if line is not None and line.u.any():
        moved = np.zeros(len(sample.y))
        known = np.isfinite(sample.y)
        moved[known] = sample.w[known] * line.u
        slopes = np.array([part.slope for part in parts])
        both = domain_covariance(z, code, len(parts), moved, sample.clusters)
        variance = variance + slopes * (2 * both + slopes * total_variance(moved, sample.clusters))
    return np.sqrt(np.maximum(variance, 0))


def _precision(sample: Sample, b: float, se: float, *, is_share: bool) -> dict[str, object]:
    """Give error and limits, as far as there are any."""
    import numpy as np

    df = sample.clusters.df if sample.clusters else 0
    told: dict[str, object] = {"se": se} if np.isfinite(se) else {}
    if told and se > 0 and df > 0:
        told["ll"], told["ul"] = _limits(b, se, df, is_share=is_share)
    return told


def _limits(b: float, se: float, df: int, *, is_share: bool) -> tuple[float, float]:
    """Give confidence limits by Student's t, of a share on the logit scale."""
    import numpy as np
    from scipy.special import stdtrit

    reach = float(stdtrit(df, (1 + LEVEL) / 2)) * se
    if not (is_share and 0 < b < 1):
        return b - reach, b + reach
    middle, reach = np.log(b / (1 - b)), reach / (b * (1 - b))
    low, high = (1 / (1 + np.exp(-middle - side * reach)) for side in (-1, 1))
    return float(low), float(high)
