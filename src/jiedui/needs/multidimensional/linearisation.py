"""Ratios by group, and their linearised values by sampling unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.needs.groups import with_whole
from jiedui.needs.multidimensional.measures import ONE, Part, Ratio, fill_part
from jiedui.needs.multidimensional.scores import score_units
from jiedui.needs.sampling import Clusters
from jiedui.needs.variance import Cells, make_cells

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from jiedui.needs.multidimensional.sample import Sample
    from jiedui.needs.spec import Spec

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Linear:
    """Ratios by group, with what their variances are computed from.

    Attributes
    ----------
    b : floats, shape (groups, ratios)
        Estimates; not a number where nothing stands below the line. Group 0 is the whole.
    z : floats, shape (cells, ratios)
        Linearised values, (y - b x) / X.
    weight : floats, shape (cells,)
        Weight of each cell.
    n, psu : integers, shape (groups,)
        Units, and sampling units with units, of each group.
    clusters : Clusters or None
        None without a design: then there is one cell a group, and no variance.
    """

    ratios: tuple[Ratio, ...]
    b: Floats
    z: Floats
    weight: Floats
    n: Integers
    psu: Integers
    cells: Cells
    clusters: Clusters | None


def linearise(sample: Sample, spec: Spec, ratios: Sequence[Ratio]) -> Linear:
    """Sum every part once by group and sampling unit, and linearise all ratios at once."""
    import numpy as np

    scores = score_units(sample.g0, sample.observed, spec)
    clusters = sample.draw.clusters() if sample.draw else None
    rows, group = with_whole(sample.group)
    psu = clusters.of[rows] if clusters else np.zeros(len(rows), np.int64)
    cells = make_cells(group, psu, len(sample.labels) + 1)
    sums: dict[Part, Floats] = {}
    for part in dict.fromkeys([ONE, *(part for one in ratios for part in (one.top, one.bottom))]):
        sums[part] = cells.sums((sample.weight * fill_part(part, sample, scores, spec))[rows])
    top, bottom = (
        _side([sums[one.top] for one in ratios], cells),
        _side([sums[one.bottom] for one in ratios], cells),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        below = cells.totals(bottom)
        b = cells.totals(top) / below
        z = (top - b[cells.domain] * bottom) / below[cells.domain]
    n = np.bincount(group, minlength=len(b))
    return Linear(tuple(ratios), b, z, sums[ONE], n, cells.counts(), cells, clusters)


def _side(columns: list[Floats], cells: Cells) -> Floats:
    import numpy as np

    return np.column_stack(columns) if columns else np.empty((len(cells.domain), 0))
