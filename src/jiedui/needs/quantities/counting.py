"""Gaps of places as sums over their households."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.tables.shared import MOST

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.errors import Finding


def count_gaps(units: pa.Table, place: str, columns: Mapping[str, str]) -> pa.Table:
    """Sum deprivations (1 or 0, true or false) or counts of households over the place they lie in.

    Parameters
    ----------
    units
        One row a household.
    place
        The column that holds the recipient: a village, a school.
    columns
        For each gap the column of units that is summed.

    Raises
    ------
    InputError
        If a column is missing or not of numbers, or a place or value is missing or negative: a household of
        which nothing is known is not one without need.

    Examples
    --------
    >>> import pyarrow as pa
    >>> units = pa.table({"village": ["v", "v"], "g_housing": [1, 1]})
    >>> count_gaps(units, "village", {"dwellings_d": "g_housing"}).to_pylist()
    [{'recipient': 'v', 'dwellings_d': 2}]
    """
    import pyarrow as pa

    if faults := _faults(units, place, columns):
        raise InputError(faults)
    wanted = units.select([place]).rename_columns(["recipient"])
    for gap, column in columns.items():
        values = units[column]
        counted = values.cast("int64") if pa.types.is_boolean(values.type) else values
        wanted = wanted.append_column(gap, counted)
    sums = wanted.group_by("recipient").aggregate([(gap, "sum") for gap in columns])
    named = sums.select(["recipient", *(f"{gap}_sum" for gap in columns)])
    return named.rename_columns(["recipient", *columns]).sort_by("recipient")


def _faults(units: pa.Table, place: str, columns: Mapping[str, str]) -> list[Finding]:
    """Find columns that cannot be summed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found: list[Finding] = []
    for column in (place, *columns.values()):
        words = {"zh": column, "en": column}
        if units.column_names.count(column) != 1:
            known = ", ".join(units.column_names) or "–"
            found.append(finding("quantities.no_column", column=column, words=words, found=known))
            continue
        kind = units.schema.field(column).type
        is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)
        if column != place and not is_number:
            found.append(finding("quantities.not_number", words=words, found=kind))
            continue
        if pa.types.is_nested(kind):
            found.append(finding("quantities.not_plain", words=words, found=kind))
            continue
        wrong = pc.is_null(units[column], nan_is_null=True)
        if column != place:
            values = units[column].cast("float64", safe=False)
            wrong = pc.or_kleene(wrong, pc.or_(pc.less(values, 0), pc.greater(values, MOST)))
        if count := pc.sum(pc.fill_null(wrong, fill_value=True)).as_py():
            found.append(finding("quantities.unit", words=words, count=count))
    return found
