"""What each threshold would do: who is reached, who is left out, who is selected without need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.targeting.columns import ArrowTable, Rows, rows_of
from jiedui.needs.targeting.tables import CONSEQUENCES

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.needs.targeting.columns import Flags, Floats, Ints

SLACK = 1e-12
"""Of the whole weight: sums of floats do not meet a share exactly."""
SMALLEST = 30
"""A group with fewer units in need, or fewer selected, is marked as small."""


@dataclass(frozen=True, slots=True)
class Cases:
    """What is known of each unit, as arrays (n,): weight, need, score, and its benefit if selected."""

    rows: Rows
    w: Floats
    needy: Flags
    score: Floats
    benefit: Floats


def cases_of(units: ArrowTable, *, truth: str, score: str, weight: str, benefit: str = "") -> Cases:
    """Read and check what thresholds need."""
    rows = rows_of(units, "units")
    w, needy = rows.weights(weight), rows.flags(truth)
    return Cases(rows, w, needy, rows.numbers(score), rows.weights(benefit))


def threshold_table(
    units: ArrowTable,
    *,
    truth: str,
    score: str,
    weight: str = "",
    by: Sequence[str] = (),
    thresholds: Sequence[float] = (),
    shares: Sequence[float] = (),
    benefit: str = "",
    smallest: int = SMALLEST,
) -> pa.Table:
    """Show what selecting all units with a score up to each threshold would do, as a whole and by group.

    Parameters
    ----------
    units : pyarrow.Table or data frame
        Units of which both the score and the truth are known: a survey, or a verified sample.
    truth : str
        1 or true where a unit is in need.
    by : sequence of str
        Columns that together make groups.
    shares : sequence of float
        For each the lowest threshold that selects at least so much of the weight: a comparison, no decision.
        Units with the same score are selected together.
    benefit : str
        What a selected unit gets; the same for all where empty.

    Returns
    -------
    pyarrow.Table
        As ``CONSEQUENCES`` declares. ``exclusion``: of the units in need, those not selected; ``coverage``:
        the rest of them. ``inclusion``: of the selected, those not in need. ``leakage``: their part of the
        benefits. ``under``, ``over``: both errors as parts of all units. ``differential``: coverage less the
        selected part of those not in need [1]_. ``cgh``: the part of the benefits that goes to units in need,
        over their part of all units [2]_: 1 is no better than chance. Null where nobody is in need, or
        selected.

    References
    ----------
    .. [1] Ravallion, M. (2000). Monitoring targeting performance when decentralized allocations to the poor
       are unobserved. World Bank Economic Review 14, 331-345.
    .. [2] Coady, D., Grosh, M. and Hoddinott, J. (2004). Targeting of transfers in developing countries.
       World Bank.

    Examples
    --------
    >>> import pyarrow as pa
    >>> units = pa.table({"needy": [1, 1, 0, 0], "score": [1.0, 3.0, 2.0, 4.0]})
    >>> row = threshold_table(units, truth="needy", score="score", thresholds=[2]).to_pylist()[0]
    >>> row["exclusion"], row["inclusion"], row["cgh"], row["small"]
    (0.5, 0.5, 1.0, True)
    """
    import numpy as np

    cases = cases_of(units, truth=truth, score=score, weight=weight, benefit=benefit)
    _check_asked(thresholds, shares)
    asked: list[tuple[float, float | None]] = [(float(one), None) for one in thresholds]
    asked += [(lowest_threshold(cases, share), share) for share in shares]
    codes, groups = cases.rows.codes(*by)
    if by:
        codes, groups = np.concatenate([np.zeros_like(codes), codes + 1]), ["", *groups]
        w, values, paid = (np.tile(one, 2) for one in (cases.w, cases.score, cases.benefit))
        cases = Cases(cases.rows, w, np.tile(cases.needy, 2), values, paid)
    return _table(cases, codes, groups, asked, smallest=smallest)


def lowest_threshold(cases: Cases, share: float) -> float:
    """Give the lowest score such that units up to it have at least a share of the weight."""
    import numpy as np

    order = np.argsort(cases.score, kind="stable")
    reached = np.cumsum(cases.w[order])
    place = np.searchsorted(reached, (share - SLACK) * reached[-1])
    return float(cases.score[order[min(place, len(order) - 1)]])


def _check_asked(thresholds: Sequence[float], shares: Sequence[float]) -> None:
    """Refuse to show nothing, and shares that are none."""
    import math

    if not len(thresholds) and not len(shares):
        raise InputError([finding("targeting.no_thresholds")])
    if strange := [one for one in thresholds if not math.isfinite(one)]:
        raise InputError([finding("targeting.threshold_number", found=strange[0])])
    if strange := [one for one in shares if not 0 < one <= 1]:
        raise InputError([finding("targeting.not_a_share", found=strange[0])])


def _table(
    cases: Cases,
    codes: Ints,
    groups: Sequence[str],
    asked: Sequence[tuple[float, float | None]],
    *,
    smallest: int,
) -> pa.Table:
    """Write a row for each group and threshold."""
    import numpy as np
    import pyarrow as pa

    limits = np.unique([limit for limit, _ in asked])
    place = np.searchsorted(limits, [limit for limit, _ in asked])
    sums = _sums(cases, codes, len(groups), limits)
    columns: dict[str, Any] = {name: values[:, place].ravel() for name, values in _measures(sums).items()}
    few = np.minimum(sums["needy_n"][:, -1:], sums["selected_n"][:, :-1])[:, place].ravel() < smallest
    columns |= {
        "group": np.repeat(np.array(groups, object), len(asked)),
        "threshold": np.tile([limit for limit, _ in asked], len(groups)),
        "asked": np.tile(np.array([np.nan if share is None else share for _, share in asked]), len(groups)),
        "small": few,
    }
    schema = CONSEQUENCES.schema()
    return pa.table(
        [pa.array(columns[one.name], one.type, from_pandas=True) for one in schema], schema=schema
    )


def _sums(cases: Cases, codes: Ints, groups: int, limits: Floats) -> dict[str, Floats]:
    """Sum by group what each limit selects (groups, limits + 1); the last column holds the whole group."""
    import numpy as np

    width = len(limits) + 1
    cell = codes * width + np.searchsorted(limits, cases.score, side="left")

    def cumulated(values: Floats) -> Floats:
        return np.bincount(cell, values, groups * width).reshape(groups, width).cumsum(axis=1)

    one, needy = np.ones(len(cell)), cases.needy.astype(float)
    return {
        "selected": cumulated(cases.w),
        "hit": cumulated(cases.w * needy),
        "miss": cumulated(cases.w * (1 - needy)),
        "paid": cumulated(cases.w * cases.benefit),
        "paid_needy": cumulated(cases.w * cases.benefit * needy),
        "selected_n": cumulated(one),
        "needy_n": cumulated(needy),
    }


def _measures(sums: dict[str, Floats]) -> dict[str, Floats]:
    """Give every measure from sums (groups, limits)."""
    import numpy as np

    part = {name: values[:, :-1] for name, values in sums.items()}
    whole = {name: np.broadcast_to(values[:, -1:], part[name].shape) for name, values in sums.items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        needy = whole["hit"] / whole["selected"]
        coverage = part["hit"] / whole["hit"]
        leakage = 1 - part["paid_needy"] / part["paid"]
        made = {
            "units": whole["selected_n"],
            "needy_units": whole["needy_n"],
            "selected_units": part["selected_n"],
            "needy": needy,
            "selected": part["selected"] / whole["selected"],
            "exclusion": (whole["hit"] - part["hit"]) / whole["hit"],
            "inclusion": part["miss"] / part["selected"],
            "coverage": coverage,
            "leakage": leakage,
            "under": (whole["hit"] - part["hit"]) / whole["selected"],
            "over": part["miss"] / whole["selected"],
            "differential": coverage - part["miss"] / whole["miss"],
            "cgh": (1 - leakage) / needy,
        }  # fmt: skip
    return {name: np.where(np.isfinite(values), values, np.nan) for name, values in made.items()}
