"""Parquet files: their columns as text, with how each was stored; parsed in a process of their own."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING, Any, BinaryIO

from jiedui.registers.files.child import Refused, bind
from jiedui.registers.files.confinement import parse_confined
from jiedui.registers.files.limits import MIB
from jiedui.registers.files.raw import Raw, trimmed
from jiedui.registers.files.sheet import DATE, NUMBER, TEXT, TRUTH

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from jiedui.registers.files.limits import Limits
    from jiedui.tables.grid import Place

LIBRARY = 320 * MIB
"""Address space that Arrow takes for itself; little of it is memory in use."""
IMPORTING = 4 * MIB
"""As if a file were so much larger, for the time that loading Arrow takes."""


def read_columnar(path: Path, place: Place, limits: Limits) -> tuple[list[str], Raw]:
    """Give the names of the columns of a .parquet file, and their cells.

    Raises
    ------
    InputError
        If it cannot be read within the limits, or a column holds lists or other things that are no cells.
    """
    import numpy as np
    import pyarrow as pa

    parsed = parse_confined(path, place.file, "columnar", limits)
    with pa.ipc.open_stream(pa.py_buffer(parsed.content)) as stream:
        table = stream.read_all()
    table.validate(full=True)
    kinds = [
        pa.chunked_array([pa.array(np.full(len(table), kind, np.uint8))]) for kind in parsed.told["kinds"]
    ]
    return table.column_names, Raw(place, table.columns, kinds)


class WithoutPandas(MetaPathFinder):
    """Arrow would load it, where there is one, for a second and never use it."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """Say that there is no pandas."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def parse(file: BinaryIO, out: BinaryIO, limits: Limits) -> dict[str, Any]:
    """Write the columns as text, as an Arrow stream; give how each was stored."""
    bind(limits, IMPORTING, LIBRARY)
    sys.meta_path.insert(0, WithoutPandas())
    import pyarrow as pa
    from pyarrow import parquet

    pa.set_cpu_count(1)
    pa.set_memory_pool(pa.system_memory_pool())
    with parquet.ParquetFile(file) as source:
        bind(limits, IMPORTING + _size(source.metadata, limits), LIBRARY)
        table = source.read(use_threads=False)
    table.validate(full=True)
    if not table.num_columns:
        raise Refused("reading.empty")
    texts = pa.table([_texts(column) for column in table.columns], table.column_names)
    with pa.ipc.new_stream(out, texts.schema) as stream:
        stream.write_table(texts)
    return {"kinds": [_kind(column.type) for column in table.columns]}


def _size(about: pa.FileMetaData, limits: Limits) -> int:
    """Give how many bytes a file unpacks to, by its own account."""
    if about.num_columns > limits.columns:
        raise Refused("reading.columns", found=about.num_columns, most=limits.columns)
    unpacked = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
    if not 0 <= unpacked <= limits.unpacked:
        raise Refused("reading.bomb", found=unpacked // MIB)
    return int(unpacked)


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
    """Give moments as dates where all are at midnight, else to the second."""
    import pyarrow as pa
    from pyarrow import compute

    plain = column.cast(pa.timestamp("us"))
    days = plain.cast(pa.date32(), safe=False)
    same = compute.all(compute.equal(days.cast(pa.timestamp("us")), plain)).as_py()
    return days if same in {True, None} else plain.cast(pa.timestamp("s"), safe=False)


def _kind(of: pa.DataType) -> int:
    """Say how a column is stored."""
    import pyarrow as pa

    if pa.types.is_boolean(of):
        return TRUTH
    if pa.types.is_temporal(of):
        return DATE
    is_number = pa.types.is_integer(of) or pa.types.is_floating(of) or pa.types.is_decimal(of)
    return NUMBER if is_number else TEXT
