"""Groups: the values of the grouping columns, joined by a bar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.multidimensional.gathering import as_texts

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

BAR = "|"
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


def group_units(table: pa.Table, by: Sequence[str]) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Give the group of each row, -1 where a value is empty, and the labels of the groups, in order.

    Raises
    ------
    InputError
        If a value holds the bar that joins several columns.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if not by:
        return np.full(table.num_rows, -1, np.int64), ()
    texts = [_texts(table, name) for name in by]
    if len(by) > 1:
        for name, column in zip(by, texts, strict=True):
            if pc.any(pc.match_substring(column, BAR)).as_py():
                found = next(one for one in column.to_pylist() if one and BAR in one)
                raise InputError([finding("needs.bar", cell=name, found=found)])
    joined = texts[0] if len(by) == 1 else pc.binary_join_element_wise(*texts, BAR)
    coded = joined.dictionary_encode().combine_chunks()
    labels = coded.dictionary.to_pylist()
    order = sorted(range(len(labels)), key=lambda place: _natural(labels[place]))
    ranks = np.empty(len(labels) + 1, np.int64)
    ranks[order] = np.arange(len(labels))
    ranks[-1] = -1
    codes = pc.fill_null(coded.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
    return ranks[codes], tuple(labels[place] for place in order)


def _texts(table: pa.Table, name: str) -> pa.ChunkedArray:
    """Give the values of a column as text; whole numbers without a point, empty text as no value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = table[name]
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
        whole = pc.all(pc.equal(column, pc.floor(column))).as_py()
        column = column.cast(pa.int64()) if whole else column
    texts = as_texts(column, name)
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _natural(label: str) -> list[tuple[int, float, str]]:
    """Order numbers by size and before texts."""
    parts = label.split(BAR)
    return [(0, float(one), "") if NUMBER.fullmatch(one) else (1, 0.0, one) for one in parts]
