"""FGT of registers of any size: one scan gives the sums of each group, on whatever engine holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import mul
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.estimates import ESTIMATES, Estimates
from jiedui.needs.groups import group_units, with_whole
from jiedui.needs.money.intake import LARGEST

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding

    Floats = NDArray[np.float64]


def fgt_of_register(
    units: ir.Table,
    income: str,
    z: float,
    *,
    alphas: Sequence[float],
    by: Sequence[str],
    factors: Sequence[str],
) -> Estimates:
    """Give FGT below an amount for the whole and each group, without errors.

    Sums are products of 0 and 1, gaps and weights, as every backend of Ibis computes them.

    Parameters
    ----------
    factors
        Columns whose product is the weight.

    Raises
    ------
    InputError
        If a column is missing or not of numbers, an income is infinite, a weight is missing, negative or
        infinite, or nothing has weight.
    """
    import numpy as np

    by = (by,) if isinstance(by, str) else tuple(by)
    if faults := _column_faults(units, (income, *factors), by):
        raise InputError(faults)
    sums = _sums(units, income, z, alphas=alphas, by=by, factors=factors).to_pyarrow()
    if faults := _value_faults(sums, income, factors):
        raise InputError(faults)
    group, labels = group_units(sums, by)
    rows, places = with_whole(group)

    def total(column: str) -> Floats:
        values = sums[column].cast("float64").to_numpy()[rows]
        return np.asarray(np.bincount(places, weights=values, minlength=len(labels) + 1))

    names = {f"fgt{alpha:g}": total(f"sum_{place}") for place, alpha in enumerate(alphas)}
    table = _laid_out(names, ("", *labels), total("weight"), total("rows") - total("missing"))
    return Estimates(table, _origin(sums, income, z, factors, group))


def _sums(
    units: ir.Table,
    income: str,
    z: float,
    *,
    alphas: Sequence[float],
    by: Sequence[str],
    factors: Sequence[str],
) -> ir.Table:
    """Write the sums as one expression."""
    import ibis

    given = units[income].cast("float64")
    known = given.notnull() & ~given.isnan()
    y = ibis.ifelse(known, given, 0.0)
    w = reduce(mul, (units[column].cast("float64") for column in factors), ibis.literal(1.0))
    held = known.cast("float64")
    below = held * (y < z).cast("float64")
    gap = (z - y) / z
    sums = {f"sum_{place}": (w * below * gap**alpha).sum() for place, alpha in enumerate(alphas)}
    sums |= {
        f"wrong_{place}": _is_wrong(units[column].cast("float64")).cast("int64").sum()
        for place, column in enumerate(factors)
    }
    return units.aggregate(
        by=list(by),
        weight=(w * held).sum(),
        rows=held.count(),
        missing=(1 - held).sum(),
        negative=(held * (y < 0).cast("float64")).sum(),
        zero=(held * (y == 0).cast("float64")).sum(),
        infinite=(y.abs() > LARGEST).cast("float64").sum(),
        **sums,
    )


def _is_wrong(weight: ir.Column) -> ir.Column:
    """Mark a weight that is missing, negative or too large."""
    return ~(weight.notnull() & (weight >= 0) & (weight <= LARGEST) & ~weight.isnan())


def _column_faults(units: ir.Table, numbers: Sequence[str], by: Sequence[str]) -> list[Finding]:
    """Find columns that are missing, or should hold numbers and do not."""
    found = []
    for column in (*numbers, *by):
        if column not in units.columns:
            found.append(finding("money.no_column", column=column, found=", ".join(units.columns)))
        elif column in numbers and not units[column].type().is_numeric():
            found.append(finding("money.not_number", column=column, found=units[column].type()))
    return found


def _value_faults(sums: pa.Table, income: str, factors: Sequence[str]) -> list[Finding]:
    """Find incomes and weights that cannot be used, from their counts."""
    found = []
    if endless := _count(sums, "infinite"):
        found.append(finding("money.infinite", column=income, count=endless, most=int(LARGEST)))
    for place, column in enumerate(factors):
        if wrong := _count(sums, f"wrong_{place}"):
            found.append(finding("money.weight", column=column, count=wrong, most=int(LARGEST)))
    if not found and not any(sums["weight"].to_pylist()):
        found.append(finding("money.nothing", column=income, rows=_count(sums, "rows")))
    return found


def _count(sums: pa.Table, column: str) -> int:
    return int(sum(value or 0 for value in sums[column].to_pylist()))


def _laid_out(names: Mapping[str, Floats], labels: Sequence[str], weight: Floats, n: Floats) -> pa.Table:
    """Give rows as `ESTIMATES` declares; a group without weight has no value."""
    import pyarrow as pa

    rows = [
        {
            "measure": name,
            "indicator": "",
            "group": label,
            "b": float(sums[place] / weight[place]) if weight[place] else None,
            "n": int(n[place]),
        }
        for name, sums in names.items()
        for place, label in enumerate(labels)
    ]
    return pa.Table.from_pylist(rows, schema=ESTIMATES.schema())


def _origin(
    sums: pa.Table, income: str, z: float, factors: Sequence[str], group: NDArray[np.int64]
) -> dict[str, str]:
    """Say what was computed from what; the fingerprint is that of the sums, not of the rows."""
    ordered = sums.sort_by([(name, "ascending") for name in sums.column_names])
    rows = sums["rows"].to_numpy()
    return {
        "sums_sha256": hashlib.sha256(repr(ordered.to_pydict()).encode()).hexdigest(),
        "income": income,
        "weight": " × ".join(factors),
        "rows": str(_count(sums, "rows")),
        "missing_income": "left out",
        "left_out_missing_income": str(_count(sums, "missing")),
        "without_group": str(int(rows[group < 0].sum())),
        "negative_income": str(_count(sums, "negative")),
        "zero_income": str(_count(sums, "zero")),
        "line": repr(z),
        "line_rule": "amount",
    }
