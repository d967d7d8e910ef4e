"""A file as a grid: comma-separated text, Excel, Parquet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.tables.grid import Grid, Place, Row
from jiedui.tables.workbook import read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pyarrow as pa

BOM = b"\xef\xbb\xbf"


def read_grid(path: Path, *, sheet: str | None = None) -> Grid:
    """Give the headings and rows of a file, by its ending.

    Raises
    ------
    InputError
        If there is no such file, or it cannot be read as what its ending says.
    """
    place = Place(path.name)
    if rule := _unusable(path):
        raise InputError([place.finding(rule, ending=path.suffix)])
    if path.suffix.lower() == ".xlsx":
        return read_workbook(path, sheet=sheet)
    return READERS[path.suffix.lower()](path)


def _unusable(path: Path) -> str:
    """Give the rule that a path breaks before it is opened."""
    if path.is_dir():
        return "table.file_is_folder"
    if path.suffix.lower() not in (*READERS, ".xlsx"):
        return "table.file_ending"
    if not path.is_file():
        return "table.not_a_file" if path.exists() else "table.file_missing"
    try:
        with path.open("rb") as file:
            return "" if file.read(1) else "table.file_empty"
    except OSError:
        return "table.file_unreadable"


def _read_csv(path: Path) -> Grid:
    place = Place(path.name)
    records = csv.reader(io.StringIO(_decoded(path.read_bytes(), place), newline=""), strict=True)
    rows: list[Row] = []
    try:
        rows.extend(Row(number, cells) for number, cells in enumerate(records, start=1))
    except csv.Error:
        cell = place.cell(len(rows) + 1, 0)
        raise InputError([place.finding("table.csv_quotes", cell=cell, line=records.line_num)]) from None
    return Grid(place, rows[0].cells if rows else [], rows[1:])


def _decoded(data: bytes, place: Place) -> str:
    """Read bytes as UTF-8, or else as GB18030."""
    offsets = []
    for encoding in ("utf-8-sig",) if data.startswith(BOM) else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            offsets.append(error.start + 1)
    raise InputError([place.finding("table.encoding", offset=offsets[0])])


def _read_parquet(path: Path) -> Grid:
    import pyarrow as pa
    from pyarrow import parquet

    place = Place(path.name, lettered=False)
    try:
        with parquet.ParquetFile(path) as file:
            table = file.read()
        columns = [_cells(column) for column in table.columns]
    except (pa.ArrowException, ArithmeticError, MemoryError, OSError, TypeError, ValueError):
        raise InputError([place.finding("table.not_parquet")]) from None
    rows = [Row(number, cells) for number, cells in enumerate(zip(*columns, strict=True), start=1)]
    return Grid(place, table.column_names, rows)


def _cells(column: pa.ChunkedArray) -> list[object]:
    """Give the values of a column as Python holds them; decimals as text, so that no digit is lost."""
    import pyarrow as pa

    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", tz=column.type.tz))
    elif pa.types.is_decimal(column.type):
        column = column.cast(pa.string())
    cells: list[object] = column.to_pylist()
    return cells


READERS: Mapping[str, Callable[[Path], Grid]] = {".csv": _read_csv, ".parquet": _read_parquet}
