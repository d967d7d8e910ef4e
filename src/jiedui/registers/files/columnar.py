"""Parquet files: their columns as text, with how each was stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.registers.files.raw import Raw, trimmed
from jiedui.registers.files.sheet import DATE, NUMBER, TEXT, TRUTH

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from jiedui.registers.files.limits import Limits
    from jiedui.tables.grid import Place

CELLS_PER_BYTE = 1000
SPARE = 1_000_000
"""Cells that a file may say it has for each of its bytes, and beyond; repeats are packed very small."""


def read_columnar(path: Path, place: Place, limits: Limits) -> tuple[list[str], Raw]:
    """Give the names of the columns of a .parquet file, and their cells.

    Raises
    ------
    InputError
        If it cannot be read, or a column holds lists or other things that are no cells.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            _check_size(file.metadata, path.stat().st_size, limits, place)
            table = file.read()
        table.validate(full=True)
        columns = [_texts(column) for column in table.columns]
    except (pa.ArrowException, ArithmeticError, MemoryError, OSError, TypeError, ValueError):
        raise InputError([place.finding("reading.broken")]) from None
    kinds = [_kinds(column) for column in table.columns]
    return list(table.column_names), Raw(place, columns, kinds)


def _check_size(about: pa.FileMetaData, size: int, limits: Limits, place: Place) -> None:
    if about.num_columns > limits.columns:
        raise InputError([place.finding("reading.columns", found=about.num_columns, most=limits.columns)])
    unpacked = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
    if unpacked > limits.unpacked or about.num_rows * about.num_columns > CELLS_PER_BYTE * size + SPARE:
        raise InputError([place.finding("reading.bomb", found=unpacked // 2**20)])


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Write every value as text; what cannot be is an error."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_timestamp(column.type):
        column = _moments(column)
    texts = column.cast(pa.string())
    return pa.chunked_array([trimmed(chunk) for chunk in texts.chunks], pa.string())


def _moments(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give moments as dates where all are at midnight."""
    import pyarrow as pa
    from pyarrow import compute

    plain = column.cast(pa.timestamp("us"))
    days = plain.cast(pa.date32(), safe=False)
    same = compute.all(compute.equal(days.cast(pa.timestamp("us")), plain)).as_py()
    return days if same in (True, None) else plain.cast(pa.timestamp("s"), safe=False)


def _kinds(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Say how a column is stored, for each of its cells."""
    import numpy as np
    import pyarrow as pa

    of = column.type
    if pa.types.is_boolean(of):
        kind = TRUTH
    elif pa.types.is_temporal(of):
        kind = DATE
    else:
        is_number = pa.types.is_integer(of) or pa.types.is_floating(of) or pa.types.is_decimal(of)
        kind = NUMBER if is_number else TEXT
    return pa.chunked_array([pa.array(np.full(len(column), kind, np.uint8))])
