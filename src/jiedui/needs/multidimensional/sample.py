"""A sample ready to be counted: deprivations, weights, groups and where each unit was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.groups import group_units
from jiedui.needs.multidimensional.columns import indicator_flags, weight_numbers
from jiedui.needs.multidimensional.gathering import deprivations
from jiedui.needs.multidimensional.scores import is_scored
from jiedui.needs.sampling import Draw, read_draw

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from jiedui.needs.estimates import Design
    from jiedui.needs.spec import Spec

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sample:
    """Units with what is known of them; all arrays go by unit.

    Attributes
    ----------
    g0, observed : booleans, shape (units, indicators)
        Deprived; and known at all.
    weight : floats, shape (units,)
        Sampling weight times members.
    group : integers, shape (units,)
        Index in `labels`; -1 where a grouping column is empty.
    draw : Draw or None
        Where each unit was drawn; None without a design.
    left_out : int
        Units that could not be scored and were taken away.
    missing : tuple of int
        Units with each indicator missing, before any was taken away.
    """

    g0: Flags
    observed: Flags
    weight: Floats
    group: Integers
    labels: tuple[str, ...]
    draw: Draw | None
    left_out: int
    missing: tuple[int, ...]

    def take(self, rows: Integers) -> Sample:
        """Keep some of the units, in order, and the groups that still have one."""
        import numpy as np

        columns = {name: getattr(self, name)[rows] for name in ("g0", "observed", "weight", "group")}
        present, codes = np.unique(columns["group"], return_inverse=True)
        named = present[present >= 0]
        columns["group"] = codes.ravel() - int(len(named) < len(present))
        labels = tuple(self.labels[place] for place in named.tolist())
        return replace(self, **columns, labels=labels, draw=self.draw.take(rows) if self.draw else None)


def make_sample(
    units: object,
    spec: Spec,
    *,
    by: Sequence[str] = (),
    design: Design | None = None,
    weight: str = "",
    size: str = "",
    roster: object = None,
    key: str = "household",
) -> Sample:
    """Bring units into arrays and leave out, counted, who cannot be scored.

    Raises
    ------
    InputError
        If a column is absent or holds what it may not, or no unit is left.
    """
    heavy = _weight_column(design, weight)
    drawn = [design.strata, design.psu] if design else []
    keep = [name for name in (*by, *drawn, heavy, size) if name]
    table = deprivations(units, spec, keep=keep, roster=roster, key=key)
    g0, observed = indicator_flags(table, spec)
    weights = weight_numbers(table, heavy) * weight_numbers(table, size)
    group, labels = group_units(table, by)
    draw = read_draw(table, design) if design else None
    missing = tuple((~observed).sum(axis=0).tolist())
    whole = Sample(g0, observed, weights, group, labels, draw, 0, missing)
    return _keep_scored(whole, spec)


def _keep_scored(sample: Sample, spec: Spec) -> Sample:
    import numpy as np

    if spec.missing == "bounds" and len(sample.g0):
        return sample
    kept = is_scored(sample.observed, spec)
    if not kept.any():
        count, found = len(kept), int((~kept).sum())
        raise InputError([finding("needs.no_units", count=count, found=found)])
    if kept.all():
        return sample
    return replace(sample.take(np.flatnonzero(kept)), left_out=int((~kept).sum()))


def _weight_column(design: Design | None, weight: str) -> str:
    other = design.weight if design else ""
    if weight and other and weight != other:
        raise InputError([finding("needs.two_weights", found=weight, other=other)])
    return weight or other
