"""A whole column of a sheet, typed: each distinct cell is read once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jiedui.registers.files import NUMBER, TEXT
from jiedui.registers.intake.tidying import CODES, tidy
from jiedui.registers.intake.wording import wording
from jiedui.tables import Column, Table
from jiedui.tables.cells import Refusal, Value, read_cell

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

KINDS = 8
"""More than there are kinds of cells."""
PLAIN_CODE = "^[0-9A-Z]+$"
PLAIN_WORDS = "^[\\p{Han}a-zA-Z0-9（）()，。、；：·]+$"
PLAIN_DIGITS = "^[0-9]{1,15}$"
PLAIN_MONEY = "^[0-9]{1,13}(\\.[0-9]{1,2})?$"
PLAIN_NUMBER = "^[0-9]{1,15}(\\.[0-9]{1,6})?$"
"""Cells that need no tidying and that `read_cell` takes as they are (RE2)."""
MINOR = 100
LONG = 1000
"""Longer texts are looked at one by one."""


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """A column of a sheet as its declaration wants it.

    Attributes
    ----------
    values : pyarrow.Array
        One for each row; null where the cell is blank or refused.
    refused : array of int64
        The rows that were refused, counted from 0, ascending.
    causes : array of int64
        For each refused row the index of its refusal.
    refusals : tuple of Refusal
        One for each distinct cell that was refused.
    changes : Counter
        How many cells each kind of tidying changed.
    filled : int
        How many cells are not blank.
    """

    values: pa.Array
    refused: NDArray[np.int64]
    causes: NDArray[np.int64]
    refusals: tuple[Refusal, ...]
    changes: Counter[str]
    filled: int


def read_column(
    cells: pa.ChunkedArray, kinds: pa.ChunkedArray | None, column: Column, factor: int = 1
) -> TypedColumn:
    """Give the typed values of a column, with what was refused.

    Equal to `read_tidied` cell by cell; blank cells of a required column are null, not refused.

    Parameters
    ----------
    cells, kinds
        One column of `Sheet.cells` and `Sheet.kinds`.
    factor : int
        By what a number is multiplied, from the unit of the heading.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.registers.tables import PERSONS
    >>> typed = read_column(pa.chunked_array([["女性", "男", "?"]]), None, PERSONS.column("sex"))
    >>> typed.values.to_pylist(), typed.refused.tolist(), typed.refusals[0].rule
    (['女', '男', None], [2], 'table.not_a_choice')
    """
    import numpy as np
    import pyarrow.compute as pc

    texts, told, indices = _distinct(cells, kinds)
    plain = _is_plain(texts, told, column, factor)
    values, changes, refusals = _read_others(texts, told, ~plain, column=column, factor=factor)
    typed = pc.replace_with_mask(_cast(texts, plain, column), ~plain, values)
    counts = np.bincount(indices, minlength=len(texts) + 1)[: len(texts)]
    counted: Counter[str] = Counter()
    for which, names in changes:
        for name in names:
            counted[name] += int(counts[which])
    cause = np.full(len(texts) + 1, -1, dtype=np.int64)
    cause[[which for which, _ in refusals]] = range(len(refusals))
    causes = cause[indices]
    refused = np.flatnonzero(causes >= 0)
    taken = _taken(typed, indices)
    filled = len(taken) - taken.null_count + len(refused)
    return TypedColumn(
        taken, refused, causes[refused], tuple(refusal for _, refusal in refusals), counted, filled
    )


def _distinct(
    cells: pa.ChunkedArray, kinds: pa.ChunkedArray | None
) -> tuple[pa.Array, NDArray[np.int64], NDArray[np.int64]]:
    """Give the distinct texts, how each was stored (-1 where unknown), and for each row its index.

    A blank cell has the index after the last.
    """
    import numpy as np
    import pyarrow as pa

    encoded = cells.cast(pa.string()).combine_chunks().dictionary_encode()
    texts = encoded.dictionary
    indices = encoded.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False).astype(np.int64)
    if kinds is None:
        return texts, np.full(len(texts), -1), indices
    stored = kinds.combine_chunks().fill_null(TEXT).to_numpy(zero_copy_only=False).astype(np.int64)
    pairs, joint = np.unique(indices * KINDS + np.where(indices < len(texts), stored, 0), return_inverse=True)
    if len(pairs) and pairs[-1] >= len(texts) * KINDS:
        pairs = pairs[:-1]
    return texts.take(pa.array(pairs // KINDS)), pairs % KINDS, joint


def _is_plain(texts: pa.Array, kinds: NDArray[np.int64], column: Column, factor: int) -> NDArray[np.bool_]:
    """Tell which texts need no tidying and are read without a check."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    pattern = _plain_pattern(column, factor)
    if not pattern:
        return np.zeros(len(texts), dtype=np.bool_)
    blank = pa.array(sorted(wording().blank))
    plain = pc.and_(pc.match_substring_regex(texts, pattern), pc.less(pc.binary_length(texts), LONG))
    plain = pc.and_not(plain, pc.is_in(pc.utf8_lower(texts), value_set=blank)).to_numpy(zero_copy_only=False)
    as_text = kinds <= TEXT
    if as_text.all():
        certain: NDArray[np.bool_] = plain
    elif column.is_numeric:
        certain = plain & (as_text | (kinds == NUMBER))
    else:
        digits = pc.match_substring_regex(texts, PLAIN_DIGITS).to_numpy(zero_copy_only=False)
        certain = plain & (as_text | ((kinds == NUMBER) & digits))
    return certain


def _plain_pattern(column: Column, factor: int) -> str:
    """Give the form of texts that a column takes as they are; empty where each must be looked at."""
    if column.type == "text":
        if column.choices:
            return ""
        return PLAIN_CODE if column.name in CODES else PLAIN_WORDS
    bounded = column.above is not None or column.at_most is not None or (column.at_least or 0) > 0
    if bounded or column.choices or factor != 1:
        return ""
    return {"integer": PLAIN_DIGITS, "number": PLAIN_NUMBER, "money": PLAIN_MONEY}.get(column.type, "")


def _cast(texts: pa.Array, plain: NDArray[np.bool_], column: Column) -> pa.Array:
    """Give the values of plain texts, null for the others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kept = pc.if_else(pa.array(plain), texts, pa.scalar(None, pa.string()))
    if column.type == "money":
        exact = pc.multiply(kept.cast(pa.decimal128(16, 2)), pa.scalar(MINOR, pa.decimal128(3, 0)))
        return exact.cast(pa.int64())
    return kept.cast(_type(column))


def _type(column: Column) -> pa.DataType:
    return Table("", {}, (column,)).schema().field(0).type


def _read_others(
    texts: pa.Array, kinds: NDArray[np.int64], which: NDArray[np.bool_], *, column: Column, factor: int
) -> tuple[pa.Array, list[tuple[int, tuple[str, ...]]], list[tuple[int, Refusal]]]:
    """Tidy and read, one by one, the texts that are not plain."""
    import numpy as np
    import pyarrow as pa

    optional = replace(column, required=False)
    values: list[Value] = []
    changes: list[tuple[int, tuple[str, ...]]] = []
    refusals: list[tuple[int, Refusal]] = []
    others = np.flatnonzero(which)
    for index, text in zip(others.tolist(), texts.filter(pa.array(which)).to_pylist(), strict=True):
        kind = int(kinds[index])
        value: Value = None
        try:
            tidied = tidy(text, kind if kind >= 0 else None, column, factor)
            value = read_cell(tidied.cell, optional)
        except Refusal as refusal:
            refusals.append((index, refusal))
        else:
            changes.append((index, tidied.changes))
        values.append(value)
    return pa.array(values, _type(column)), changes, refusals


def _taken(typed: pa.Array, indices: NDArray[np.int64]) -> pa.Array:
    """Give the value of each row."""
    import pyarrow as pa

    return typed.take(pa.array(indices, mask=indices == len(typed)))
