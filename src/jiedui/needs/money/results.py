"""From measures of groups to estimates with errors and limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.needs.estimates import ESTIMATES, Estimates
from jiedui.needs.groups import with_whole
from jiedui.needs.intervals import limits
from jiedui.needs.variance import make_cells, shifted_variances, variances

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from jiedui.needs.money.influence import Floats, Measure, Part
    from jiedui.needs.money.intake import Sample
    from jiedui.needs.variance import Cells

    Ints = NDArray[np.int64]


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
class Domains:
    """The whole and its groups: of each its label, and its units with an income.

    Attributes
    ----------
    cells : Cells or None
        The sampling units of each domain, its rows those of all domains one after the other; None without a
        design.
    """

    labels: tuple[str, ...]
    units: tuple[Ints, ...]
    cells: Cells | None

    @property
    def rows(self) -> Ints:
        """The units of all domains, one domain after the other."""
        import numpy as np

        return np.concatenate(self.units)


def estimate(sample: Sample, asked: Sequence[Asked], line: Part | None = None) -> Estimates:
    """Estimate measures for the whole and each group; `line` has the derivatives of an estimated line.

    A measure that is not defined in a group (no weight, no income) has no value; without a design there are
    no errors. ``psu`` counts the sampling units in a group, ``df`` is that of the whole sample.
    """
    import pyarrow as pa

    domains = _domains(sample)
    rows = [row for one in asked for row in _rows(sample, one, domains, line)]
    return Estimates(pa.Table.from_pylist(rows, schema=ESTIMATES.schema()), sample.origin)


def _domains(sample: Sample) -> Domains:
    """Find the units of the whole and of each group."""
    import numpy as np

    known = np.isfinite(sample.y)
    rows, domain = with_whole(np.where(known, sample.group, -1))
    rows, domain = rows[known[rows]], domain[known[rows]]
    order = np.argsort(domain, kind="stable")
    edges = np.searchsorted(domain[order], np.arange(1, len(sample.labels) + 1))
    units = tuple(np.split(rows[order], edges))
    cells = None
    if sample.clusters is not None:
        cells = make_cells(domain[order], sample.clusters.of[rows[order]], len(units))
    return Domains(("", *sample.labels), units, cells)


def _rows(sample: Sample, asked: Asked, domains: Domains, line: Part | None) -> list[dict[str, object]]:
    """Give the rows of one measure."""
    import numpy as np

    parts = [asked.measure(sample.y[units], sample.w[units]) for units in domains.units]
    b = np.array([part.b for part in parts])
    se = np.where(np.isfinite(b), _errors(sample, domains, parts, line), np.nan)
    df = sample.clusters.df if sample.clusters else 0
    low, high = limits(b, se, df, is_share=asked.is_share)
    numbers = np.column_stack([b, se, low, high])
    told: list[dict[str, object]] = [
        {"measure": asked.name, "indicator": "", "group": label, "k": asked.k, "n": len(units)}
        | {
            name: value
            for name, value in zip(("b", "se", "ll", "ul"), row, strict=True)
            if np.isfinite(value)
        }
        for label, units, row in zip(domains.labels, domains.units, numbers.tolist(), strict=True)
    ]
    if domains.cells is not None:
        psus = domains.cells.counts().tolist()
        told = [row | {"psu": psu, "df": df} for row, psu in zip(told, psus, strict=True)]
    return told


def _errors(sample: Sample, domains: Domains, parts: Sequence[Part], line: Part | None) -> Floats:
    """Give the standard error of each domain; not a number without a design."""
    import numpy as np

    if domains.cells is None or sample.clusters is None:
        return np.full(len(parts), np.nan)
    z = domains.cells.sums(sample.w[domains.rows] * np.concatenate([part.u for part in parts]))
    if line is None or not line.u.any():
        return np.sqrt(variances(z, domains.cells, sample.clusters))
    every = domains.units[0]
    moved = np.zeros(sample.clusters.psu)
    np.add.at(moved, sample.clusters.of[every], sample.w[every] * line.u)
    slopes = np.array([part.slope for part in parts])
    return np.sqrt(shifted_variances(z, domains.cells, slopes, moved, sample.clusters))
