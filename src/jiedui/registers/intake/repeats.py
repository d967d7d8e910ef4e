"""Values of a household that stand on each of its persons' rows, taken once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Repeated:
    """The rows of a table, one for each key.

    Attributes
    ----------
    table : pyarrow.Table
        In the order in which the keys first appear; a value on which rows disagree is null.
    rows : array of int64
        For each, the first row of the sheet that has the key.
    differing : mapping of str to array of int64, shape (n, 2)
        By column: the first row with a value and the first that disagrees, one pair for each key.
    compared : mapping of str to int
        By column with differing values: how many keys have more than one value.
    """

    table: pa.Table
    rows: NDArray[np.int64]
    differing: dict[str, NDArray[np.int64]]
    compared: dict[str, int]


def take_once(table: pa.Table, key: str, endings: Mapping[str, str] | None = None) -> Repeated:
    """Give one row for each value of a key: of each column the first value that is not blank.

    Rows whose key is blank are left out.

    Parameters
    ----------
    endings : mapping of str to str, optional
        By column, endings (a pattern) that make no difference between two values.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"household": ["1", "1", "2"], "size": [None, 3, 2]})
    >>> take_once(table, "household").table.to_pylist()
    [{'household': '1', 'size': 3}, {'household': '2', 'size': 2}]
    """
    import numpy as np
    import pyarrow as pa

    codes, names = _codes(table.column(key))
    count = len(names)
    first = _first(codes, np.flatnonzero(codes >= 0), count)
    columns: dict[str, pa.Array] = {}
    differing: dict[str, NDArray[np.int64]] = {}
    compared: dict[str, int] = {}
    for name in table.column_names:
        values = table.column(name)
        if name == key:
            columns[name] = names
            continue
        at, pairs = _agreed(_without(values, (endings or {}).get(name)), codes, count)
        columns[name] = values.combine_chunks().take(pa.array(at, mask=at < 0))
        if len(pairs):
            differing[name] = pairs
            filled = codes[(codes >= 0) & values.is_valid().to_numpy()]
            compared[name] = int((np.bincount(filled, minlength=count) > 1).sum())
    return Repeated(pa.table(columns), first, differing, compared)


def _agreed(
    values: pa.ChunkedArray, codes: NDArray[np.int64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give for each key the row of its value, -1 where there is none or rows disagree, and those rows."""
    import numpy as np

    told, _ = _codes(values)
    filled = np.flatnonzero((codes >= 0) & (told >= 0))
    first = _first(codes, filled, count)
    other = filled[told[filled] != told[first[codes[filled]]]]
    against = _first(codes, other, count)
    keys = np.flatnonzero(against >= 0)
    pairs = np.stack([first[keys], against[keys]], axis=1)
    first[keys] = -1
    return first, pairs


def _without(values: pa.ChunkedArray, ending: str | None) -> pa.ChunkedArray:
    """Give texts without an ending."""
    import pyarrow.compute as pc

    return pc.replace_substring_regex(values, f"(?:{ending})$", "") if ending else values


def _first(codes: NDArray[np.int64], rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Give for each key the first of some rows, -1 where there is none."""
    import numpy as np

    first = np.full(count, -1, dtype=np.int64)
    first[codes[rows[::-1]]] = rows[::-1]
    return first


def _codes(values: pa.ChunkedArray) -> tuple[NDArray[np.int64], pa.Array]:
    """Give for each row the number of its value, -1 where blank, and the values as they first appear."""
    import numpy as np

    encoded = values.combine_chunks().dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes, encoded.dictionary
