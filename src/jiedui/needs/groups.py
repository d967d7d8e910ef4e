"""Groups: the values of the grouping columns, joined by a bar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

BAR = "|"
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
EXACT = 2**53
"""Whole numbers in double precision are exact up to here."""
SHOWN = 200


def group_units(units: pa.Table, by: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    """Give the group of each unit, -1 where any value is empty, and the labels in order.

    Raises
    ------
    InputError
        If a value holds the bar that joins several columns, or is no single text.

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
    for column, values in zip(by, texts, strict=True):
        if len(by) > 1 and pc.any(pc.match_substring(values, BAR)).as_py():
            found = next(one for one in values.to_pylist() if one and BAR in one)
            raise InputError([finding("needs.bar", cell=column, found=found)])
    joined = pc.binary_join_element_wise(*texts, BAR) if len(texts) > 1 else texts[0]
    labels = sorted(pc.unique(joined.drop_null()).to_pylist(), key=_natural)
    codes = pc.index_in(joined, value_set=pa.array(labels, pa.string()))
    return np.asarray(pc.fill_null(codes, -1).to_numpy(), np.int64), tuple(labels)


def with_whole(group: Ints) -> tuple[Ints, Ints]:
    """Give rows and their domains: each unit in the whole, 0, then each that has a group in it, from 1.

    Examples
    --------
    >>> import numpy as np
    >>> [values.tolist() for values in with_whole(np.array([1, -1, 0]))]
    [[0, 1, 2, 0, 2], [0, 0, 0, 2, 1]]
    """
    import numpy as np

    members = np.flatnonzero(group >= 0)
    rows = np.concatenate([np.arange(len(group)), members])
    return rows, np.concatenate([np.zeros(len(group), np.int64), group[members] + 1])


def as_texts(column: Any, name: str) -> Any:  # noqa: ANN401
    """Give a column of keys or groups as text.

    Raises
    ------
    InputError
        If its values are lists or anything else that is no single text.
    """
    import pyarrow as pa

    try:
        return column.cast(pa.string())
    except pa.ArrowException as error:
        raise InputError([finding("needs.units", cell=name, found=str(error)[:SHOWN])]) from None


def _texts(units: pa.Table, column: str) -> pa.ChunkedArray:
    """Give values as text: whole numbers without a point, an empty text as no value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = units[column]
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_finite(values), values, None)
        is_whole = pc.and_(pc.equal(values, pc.floor(values)), pc.less_equal(pc.abs(values), EXACT))
        values = values.cast(pa.int64()) if pc.all(is_whole).as_py() else values
    texts = as_texts(values, column)
    return pc.if_else(pc.equal(texts, ""), None, texts)


def _natural(label: str) -> list[tuple[int, float, str]]:
    """Order numbers by size and before texts."""
    parts = label.split(BAR)
    return [(0, float(one), "") if NUMBER.fullmatch(one) else (1, 0.0, one) for one in parts]
