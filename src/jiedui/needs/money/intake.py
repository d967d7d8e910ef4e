"""From a table of units to incomes, weights and groups: checked, what is missing counted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.groups import group_units
from jiedui.needs.sampling import Clusters, make_clusters

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding
    from jiedui.needs.estimates import Design
    from jiedui.needs.money.influence import Floats

    Ints = NDArray[np.int64]


LARGEST = 1e15
"""Of incomes and weights; more is a slip of the pen, and sums of squares would lose their digits."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Incomes with weights and groups.

    Attributes
    ----------
    y, w : array (n,)
        Income, not a number where it is missing; weight times size.
    group : array (n,) of int
        The group of each unit, from 0; -1 where it has none.
    labels : tuple of str
        The groups in order, values of several columns joined by ``|``.
    clusters : Clusters or None
        The design; None where the units are not a sample.
    origin : mapping of str to str
        What is told with every result.
    """

    y: Floats
    w: Floats
    group: Ints
    labels: tuple[str, ...]
    clusters: Clusters | None
    origin: Mapping[str, str]

    def ungrouped(self) -> Sample:
        """Leave the groups aside."""
        import numpy as np

        return replace(self, group=np.full_like(self.group, -1), labels=())


class Counting(TypedDict, total=False):
    """How units count in every measure: groups, design, weight and size, as `fgt` describes them."""

    by: Sequence[str]
    design: Design | None
    weight: str
    size: str


def take_sample(
    units: pa.Table | ir.Table,
    income: str,
    *,
    by: Sequence[str] = (),
    design: Design | None = None,
    weight: str = "",
    size: str = "",
) -> Sample:
    """Check the columns and put them into arrays.

    Raises
    ------
    InputError
        If a column is missing or not of numbers, an income is infinite, a weight or size is missing, negative
        or infinite, two weights are named, or nothing has weight.
    """
    import numpy as np

    by = (by,) if isinstance(by, str) else tuple(by)
    factors = name_factors(design, weight, size)
    units = _held(units, (income, *factors, *by, *_design_columns(design)))
    faults = column_faults(units, (income, *factors), by)
    if faults := faults or _value_faults(units, income, factors):
        raise InputError(faults)
    y, w = _floats(units, income), np.ones(units.num_rows)
    for column in factors:
        w *= _floats(units, column)
    if not w[np.isfinite(y)].sum():
        raise InputError([finding("money.nothing", column=income, rows=units.num_rows)])
    group, labels = group_units(units, by)
    clusters = make_clusters(units, design) if design else None
    origin = {
        "data_sha256": _fingerprint(units, (income, *factors, *by, *_design_columns(design))),
        "income": income,
        "weight": " × ".join(factors),
        "rows": str(units.num_rows),
        "missing_income": "left out",
        "left_out_missing_income": str(int(np.isnan(y).sum())),
        "without_group": str(int((group < 0).sum())),
        "negative_income": str(int((y < 0).sum())),
        "zero_income": str(int((y == 0).sum())),
    }
    return Sample(y, w, group, labels, clusters, origin)


def name_factors(design: Design | None, weight: str, size: str) -> tuple[str, ...]:
    """Name the columns whose product is the weight.

    Raises
    ------
    InputError
        If the design names another weight.
    """
    weights = tuple(dict.fromkeys(filter(None, (weight, design.weight if design else ""))))
    if len(weights) > 1:
        raise InputError([finding("money.two_weights", first=weights[0], second=weights[1])])
    return tuple(filter(None, (*weights, size)))


def refuse_incomes(sample: Sample, measures: str, *, zero: bool = False) -> None:
    """Refuse incomes that measures have no meaning for: below 0, or also 0.

    Raises
    ------
    InputError
        With how many there are and the first row.
    """
    import numpy as np

    wrong = np.flatnonzero(sample.y <= 0 if zero else sample.y < 0)
    if not len(wrong):
        return
    rule = "money.not_above_zero" if zero else "money.negative"
    column, row = sample.origin["income"], int(wrong[0]) + 1
    raise InputError([finding(rule, column=column, measures=measures, count=len(wrong), row=row)])


def column_faults(units: pa.Table, numbers: Sequence[str], others: Sequence[str]) -> list[Finding]:
    """Find columns that are missing, stand twice, or should hold numbers and do not."""
    import pyarrow as pa

    found: list[Finding] = []
    for column in (*numbers, *others):
        if units.column_names.count(column) != 1:
            known = ", ".join(units.column_names) or "–"
            found.append(finding("money.no_column", column=column, found=known))
        elif column in numbers and not _is_number(units.schema.field(column).type):
            kind = units.schema.field(column).type
            found.append(finding("money.not_number", column=column, found=kind))
        elif pa.types.is_nested(units.schema.field(column).type):
            kind = units.schema.field(column).type
            found.append(finding("money.not_plain", column=column, found=kind))
    return found


def _value_faults(units: pa.Table, income: str, factors: Sequence[str]) -> list[Finding]:
    """Find incomes too large, and weights that are missing, negative or too large."""
    import numpy as np

    found: list[Finding] = []
    if endless := int((np.abs(_floats(units, income)) > LARGEST).sum()):
        found.append(finding("money.infinite", column=income, count=endless, most=int(LARGEST)))
    for column in factors:
        weight = _floats(units, column)
        if wrong := int((~((weight >= 0) & (weight <= LARGEST))).sum()):
            found.append(finding("money.weight", column=column, count=wrong, most=int(LARGEST)))
    return found


def is_register(units: object) -> bool:
    """Whether a table is an expression of Ibis rather than held in memory."""
    return hasattr(units, "to_pyarrow")


def _held(units: pa.Table | ir.Table, columns: Sequence[str]) -> pa.Table:
    """Give a table in memory; of an Ibis table only the columns that are used."""
    import pyarrow as pa

    if not is_register(units):
        return units if isinstance(units, pa.Table) else pa.table(units)
    return units.select([column for column in units.columns if column in columns]).to_pyarrow()


def _is_number(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _floats(units: pa.Table, column: str) -> Floats:
    """Give a column in double precision; what is missing is not a number."""
    import numpy as np

    return np.asarray(units[column].cast("float64", safe=False).to_numpy(), np.float64)


def _design_columns(design: Design | None) -> tuple[str, ...]:
    return tuple(filter(None, (design.strata, design.psu))) if design else ()


def _fingerprint(units: pa.Table, columns: Sequence[str]) -> str:
    """Give the SHA-256 of what was used: names, types and values of the columns, row by row."""
    import pyarrow as pa

    used = units.select(list(dict.fromkeys(columns))).combine_chunks()
    digest = hashlib.sha256()
    for name in used.column_names:
        values = used[name]
        digest.update(f"{name}\0{values.type}\0".encode())
        digest.update(values.is_null().cast("int8").to_numpy().tobytes())
        if _is_number(values.type):
            digest.update(values.cast("float64", safe=False).fill_null(0.0).to_numpy().tobytes())
        else:
            texts = values.cast(pa.string()).fill_null("").to_pylist()
            digest.update("\0".join(texts).encode())
    return digest.hexdigest()
