"""Groups: the values of the grouping columns, joined by a bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

BAR = "|"


def group_units(units: pa.Table, by: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    """Give the group of each unit, -1 where any value is empty, and the labels in order.

    Raises
    ------
    InputError
        If a value holds the bar that joins several columns.

    Examples
    --------
    >>> import pyarrow as pa
    >>> codes, labels = group_units(pa.table({"district": [10, 9, None]}), ["district"])
    >>> codes.tolist(), labels
    ([1, 0, -1], ('9', '10'))
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if not by:
        return np.full(units.num_rows, -1), ()
    texts = [_texts(units, column) for column in by]
    if len(by) > 1:
        for column, values in zip(by, texts, strict=True):
            if pc.any(pc.match_substring(values, BAR)).as_py():
                raise InputError([finding("money.bar", column=column, bar=BAR)])
    joined = pc.binary_join_element_wise(*texts, BAR) if len(texts) > 1 else texts[0]
    labels = sorted(pc.unique(joined.drop_null()).to_pylist(), key=_natural)
    codes = pc.index_in(joined, value_set=pa.array(labels, pa.string()))
    return np.asarray(pc.fill_null(codes, -1).to_numpy(), np.int64), tuple(labels)


def _texts(units: pa.Table, column: str) -> pa.ChunkedArray:
    """Give values as text: whole numbers without a point, an empty text as no value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = units[column]
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_finite(values), values, None)
        is_whole = pc.all(pc.equal(values, pc.floor(values))).as_py()
        values = values.cast("int64") if is_whole else values
    texts = values.cast("string")
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _natural(label: str) -> list[tuple[int, int, str]]:
    """Order numbers by size and before texts."""
    parts = label.split(BAR)
    return [(0, int(one), "") if one.isdecimal() and one.isascii() else (1, 0, one) for one in parts]
