"""Columns of tables from codes and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.ids import digit_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.tables import Table

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]


def build(table: Table, count: int, **columns: object) -> pa.Table:
    """Give a table as declared; a column not given is empty."""
    import pyarrow as pa

    return pa.table(
        [
            pa.nulls(count, field.type)
            if columns.get(field.name) is None
            else as_array(columns[field.name]).cast(field.type)
            for field in table.schema()
        ],
        schema=table.schema(),
    )


def as_array(values: object) -> pa.Array:
    """Give an array or a list as an Arrow array; a chunked column in one piece."""
    import pyarrow as pa

    if isinstance(values, (np.ndarray, list)):
        return pa.array(values)
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def choose(choices: Sequence[str], codes: Ints) -> pa.StringArray:
    """Give the choice of each code; nothing where the code is below 0."""
    import pyarrow as pa

    return pa.array(choices, pa.string()).take(pa.array(codes, mask=codes < 0))


def where(values: NDArray[np.generic], held: Truths) -> pa.Array:
    """Give the values that hold, nothing for the others."""
    import pyarrow as pa

    return pa.array(values, mask=~held)


def text_where(values: pa.StringArray, held: Truths) -> pa.StringArray:
    """Give the texts that hold, nothing for the others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pa.array(held), values, pa.scalar(None, pa.string()))


def phone_texts(numbers: Ints) -> pa.StringArray:
    """Give eleven digits each; nothing where the number is below 0."""
    return text_where(digit_texts(np.maximum(numbers, 0), 11), numbers >= 0)


def join(*parts: pa.Array | str) -> pa.StringArray:
    """Put texts together row by row; nothing where a part is nothing."""
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(*parts, "")


def texts_without_last(texts: pa.Array) -> pa.Array:
    """Give texts without their last sign."""
    import pyarrow.compute as pc

    return pc.utf8_slice_codeunits(texts, 0, -1)


def ranks(groups: Ints) -> Ints:
    """Give each row its place in its group, from 0, in their order."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    place = np.arange(len(groups))
    starts = np.r_[True, ordered[1:] != ordered[:-1]] if len(groups) else np.zeros(0, bool)
    rank = np.empty(len(groups), np.int64)
    rank[order] = place - np.maximum.accumulate(np.where(starts, place, 0))
    return rank


def set_cells(table: pa.Table, column: str, rows: Ints, values: pa.Array) -> pa.Table:
    """Give the table with other values in some rows of a column; ``rows`` ascending."""
    import pyarrow as pa
    import pyarrow.compute as pc

    mask = np.zeros(table.num_rows, bool)
    mask[rows] = True
    place = table.schema.get_field_index(column)
    changed = pc.replace_with_mask(table[column].combine_chunks(), pa.array(mask), values)
    return table.set_column(place, table.schema.field(place), changed)
