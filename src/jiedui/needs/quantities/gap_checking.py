"""Gaps as they must be: every one given, none negative."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jiedui.language import finding
from jiedui.needs.expressions import read_quantity
from jiedui.tables.shared import MOST

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.errors import Finding
    from jiedui.needs.quantities.catalogue import Catalogue
    from jiedui.tables import Column


def columns_read(catalogue: Catalogue) -> tuple[Column, ...]:
    """Give the columns that the rules in force read, the recipient first."""
    numbers = [column.name for column in catalogue.gaps.columns if column.is_numeric]
    values = dict.fromkeys(catalogue.values, 1.0)
    used = {"recipient"}
    for rule in catalogue.rules:
        used |= {rule.kind_from}
        for formula in (rule.quantity, *(when for when, _ in rule.priority if when)):
            used |= set(read_quantity(formula, numbers, values).columns)
    return tuple(column for column in catalogue.gaps.columns if column.name in used)


def check_gaps(gaps: pa.Table, catalogue: Catalogue) -> list[Finding]:
    """Find columns that are missing, and gaps that are missing, negative or not numbers."""
    found: list[Finding] = []
    for column in columns_read(catalogue):
        if gaps.column_names.count(column.name) != 1:
            known = ", ".join(gaps.column_names) or "–"
            found.append(finding("quantities.no_column", column=column.name, words=column.words, found=known))
        else:
            found += _faults(gaps, column)
    return found


def _faults(gaps: pa.Table, column: Column) -> Iterator[Finding]:
    """Find what is wrong in one column, with the first recipient where it is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = gaps.schema.field(column.name).type
    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    if column.is_numeric and not is_number and not pa.types.is_null(kind):
        yield finding("quantities.not_number", words=column.words, found=kind)
        return
    if pa.types.is_nested(kind):
        yield finding("quantities.not_plain", words=column.words, found=kind)
        return
    values = gaps[column.name].cast("float64" if column.is_numeric else "string", safe=False)
    yield from _finding("quantities.missing", gaps, column, pc.is_null(values, nan_is_null=True))
    if not column.is_numeric:
        if column.choices:
            known = pc.is_in(values, value_set=pa.array(column.choices))
            unknown = pc.and_(pc.is_valid(values), pc.invert(known))
            yield from _finding("quantities.choice", gaps, column, unknown)
        return
    yield from _finding("quantities.negative", gaps, column, pc.less(values, 0))
    yield from _finding("quantities.large", gaps, column, pc.greater(values, MOST))
    if column.type == "integer":
        parts = pc.and_(pc.is_finite(values), pc.not_equal(values, pc.floor(values)))
        yield from _finding("quantities.not_whole", gaps, column, parts)


def _finding(rule: str, gaps: pa.Table, column: Column, marked: pa.ChunkedArray) -> Iterator[Finding]:
    """Give the finding of a rule where any row is marked."""
    import pyarrow.compute as pc

    rows = pc.indices_nonzero(pc.fill_null(marked, fill_value=False))
    if not len(rows):
        return
    row = rows[0].as_py()
    first = gaps["recipient"][row].as_py() if "recipient" in gaps.column_names else None
    yield finding(
        rule,
        words=column.words,
        count=len(rows),
        row=row + 1,
        first="–" if first is None else first,
        allowed=", ".join(column.choices),
        most=MOST,
    )
