"""An Excel workbook as a grid; a damaged or hostile file is refused before it can do harm."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.tables.allowed import listed
from jiedui.tables.grid import FAILED_FORMULA, Grid, Place, Row
from jiedui.tables.worksheet import area, failed, sheet_xml

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 2**30
"""The bytes a workbook may unpack to."""
AREA = 30_000_000
"""Rows times columns: the reader sets the whole rectangle aside, so that one stray cell far out would
stop the program for want of memory."""


def read_workbook(path: Path, *, sheet: str | None) -> Grid:
    """Give a sheet of an .xlsx file, the first when none is named.

    Raises
    ------
    InputError
        If the file is no Excel workbook, is too large to be read, or has no such sheet.
    """
    place = Place(path.name, sheet or "")
    try:
        return _grid(path, sheet=sheet, place=place)
    # A panic of the reader, which is written in Rust, is no Exception.
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit, InputError)):
            raise
        rule = "table.file_large" if isinstance(error, MemoryError) else "table.not_xlsx"
        raise InputError([place.finding(rule)]) from None


def _grid(path: Path, *, sheet: str | None, place: Place) -> Grid:
    with zipfile.ZipFile(path) as parts:
        if sum(part.file_size for part in parts.infolist()) > LARGEST:
            raise InputError([place.finding("table.file_large")])
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        if sheet is not None and sheet not in names:
            raise InputError([place.finding("table.sheet_missing", wanted=sheet, found=listed(names))])
        name = names[0] if sheet is None else sheet
        place = Place(path.name, name)
        xml = sheet_xml(parts, names.index(name))
        if area(xml) > AREA:
            raise InputError([place.finding("table.file_large")])
        rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    _mark_failed(rows, xml)
    headings, *body = rows or [[]]
    return Grid(place, headings, [Row(number, cells) for number, cells in enumerate(body, start=2)])


def _mark_failed(rows: list[list[Any]], xml: bytes) -> None:
    """Put a mark where the reader gives an empty cell for a failed formula."""
    for row, column in failed(xml):
        if row < len(rows) and 0 <= column < len(rows[row]):
            rows[row][column] = FAILED_FORMULA
