"""Whether a threshold errs alike for all: its errors by group, each group beside all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from jiedui.needs.estimates import Design
from jiedui.needs.intervals import limits
from jiedui.needs.targeting.columns import ArrowTable, Rows
from jiedui.needs.targeting.proportions import Sample, known, proportion, sample_of
from jiedui.needs.targeting.tables import FAIRNESS
from jiedui.needs.targeting.thresholds import SMALLEST, cases_of

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.needs.targeting.columns import Flags, Floats, Ints


def fairness_table(
    units: ArrowTable,
    *,
    truth: str,
    score: str,
    threshold: float,
    by: Sequence[str],
    bands: Mapping[str, Sequence[float]] | None = None,
    design: Design | None = None,
    level: float = 0.95,
    smallest: int = SMALLEST,
) -> pa.Table:
    """Give the errors of a threshold for each group of each column, with the difference from all others.

    Parameters
    ----------
    by : sequence of str
        One column after the other: ethnicity, age of the head, remoteness, disability.
    bands : mapping of str to sequence of float, optional
        For a column of numbers the limits between its groups; a value on a limit is in the group above.

    Returns
    -------
    pyarrow.Table
        As ``FAIRNESS`` declares, the first row for all units together. Limits as `proportion` gives
        them; those of differences by Student's t from
        the variance of the design. ``small`` marks groups with fewer than `smallest` units in need or
        selected: their figures are no basis for a judgement, and are not for publication.

    Examples
    --------
    >>> import pyarrow as pa
    >>> units = pa.table({"needy": [1, 1, 1, 0], "score": [1.0, 3.0, 2.0, 4.0], "age": [30, 70, 65, 40]})
    >>> table = fairness_table(
    ...     units, truth="needy", score="score", threshold=2, by=["age"], bands={"age": [60]}
    ... )
    >>> table["group"].to_pylist(), table["exclusion"].to_pylist()
    (['', '< 60', '≥ 60'], [0.3333333333333333, 0.0, 0.5])
    """
    import pyarrow as pa

    cases = cases_of(units, truth=truth, score=score, weight="")
    sample = sample_of(cases.rows, design)
    selected = cases.score <= threshold
    made = []
    for column in ("", *by):
        codes, groups = _groups(cases.rows, column, (bands or {}).get(column, ()))
        for place, group in enumerate(groups):
            own = codes == place
            row = _row(own, cases.needy, selected, sample, level=level)
            few = min(row["needy_units"], row["selected_units"]) < smallest
            made.append({"column": column, "group": group, **row, "small": few})
    return pa.Table.from_pylist(made, FAIRNESS.schema())


def _groups(rows: Rows, column: str, limits: Sequence[float]) -> tuple[Ints, list[str]]:
    """Give the number of each row's group, and the names of the groups: values, or bands."""
    import numpy as np

    if not limits:
        return rows.codes(*filter(None, (column,)))
    edges = sorted(set(limits))
    names = [f"< {edges[0]:g}", *(f"{low:g}–{high:g}" for low, high in pairwise(edges))]
    return np.searchsorted(edges, rows.numbers(column), side="right"), [*names, f"≥ {edges[-1]:g}"]


def _row(own: Flags, needy: Flags, selected: Flags, sample: Sample, *, level: float) -> dict[str, Any]:
    """Give both errors of one group."""
    row: dict[str, Any] = {
        "units": int(own.sum()),
        "needy_units": int((own & needy).sum()),
        "selected_units": int((own & selected).sum()),
    }
    for name, part, whole in (
        ("exclusion", needy & ~selected, needy),
        ("inclusion", selected & ~needy, selected),
    ):
        found = proportion((part & own).astype(float), (whole & own).astype(float), sample, level=level)
        gap = _gap((part.astype(float), whole.astype(float)), own, sample, level=level)
        ends = ("", "_ll", "_ul", "_gap", "_gap_ll", "_gap_ul")
        values = (found.b, found.ll, found.ul, *gap)
        row |= {f"{name}{end}": known(value) for end, value in zip(ends, values, strict=True)}
    return row


def _gap(
    parts: tuple[Floats, Floats], own: Flags, sample: Sample, *, level: float
) -> tuple[float, float, float]:
    """Give the error of a group less that of all others, with its limits; nan where one of them has none."""
    import numpy as np

    part, whole = parts
    shares, z = [], np.zeros(len(part))
    for sign, inside in ((1, own), (-1, ~own)):
        total = float((sample.w * whole * inside).sum())
        if not total:
            return (float("nan"),) * 3
        share = float((sample.w * part * inside).sum()) / total
        z += sign * sample.w * inside * (part - share * whole) / total
        shares.append(share)
    gap, df = np.array(shares[0] - shares[1]), max(sample.count(whole > 0)[1], 1)
    low, high = limits(gap, np.sqrt(sample.variance(z)), df, level=level)
    return float(gap), float(low), float(high)
