"""An Excel workbook as a grid; a damaged or hostile file is refused before it can do harm."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.tables.allowed import listed
from jiedui.tables.grid import FAILED_FORMULA, Grid, Place, Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 2**30
"""The bytes a workbook may unpack to."""
AREA = 30_000_000
"""Rows times columns: the reader sets the whole rectangle aside, so that one stray cell far out would
stop the program for want of memory."""
SHEET_IDS = re.compile(rb"<(?:\w+:)?sheet\s[^<>]*?:id=[\"']([^\"'<>]+)")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]*>")
ATTRIBUTE = re.compile(rb"\s(Id|Target)=[\"']([^\"']*)")
REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{0,7})[A-Za-z]*(\d+)")
ROW = re.compile(rb"<(?:\w+:)?row\b")
LOOSE_CELL = re.compile(rb"<(?:\w+:)?c\b(?![^<>]*\br\s*=)")
"""A cell without an address stands after the one before it."""
FAILED = re.compile(rb"<(?:\w+:)?c(?=\s[^<>]*\bt=[\"']e[\"'])([^<>]*)>")
UNCOMPUTED = re.compile(
    rb"<(?:\w+:)?c(?![^<>]*\bt=[\"']str[\"'])(\s[^<>]*)>\s?<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<>]*</(?:\w+:)?f>)"
    rb"\s?(?:<(?:\w+:)?v\s?/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s?</(?:\w+:)?c>"
)
"""A formula without a result; one whose result is the empty text says so by its type."""


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
        xml = _sheet_xml(parts, names.index(name))
        if _area(xml) > AREA:
            raise InputError([place.finding("table.file_large")])
        rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    _mark_failed(rows, xml)
    headings, *body = rows or [[]]
    return Grid(place, headings, [Row(number, cells) for number, cells in enumerate(body, start=2)])


def _sheet_xml(parts: zipfile.ZipFile, index: int) -> bytes:
    """Give the part of a workbook that holds a sheet."""
    wanted = SHEET_IDS.findall(parts.read("xl/workbook.xml"))[index]
    for relation in RELATION.findall(parts.read("xl/_rels/workbook.xml.rels")):
        attributes = dict(ATTRIBUTE.findall(relation))
        if attributes.get(b"Id") == wanted:
            target = attributes[b"Target"].decode()
            return parts.read(target[1:] if target.startswith("/") else f"xl/{target}")
    raise KeyError(wanted)


def _area(xml: bytes) -> int:
    """Give the rectangle from A1 that the reader will set aside, or a larger one."""
    height, columns = 0, set()
    for reference in REFERENCE.finditer(xml):
        height = max(height, int(reference[2]))
        columns.add(reference[1])
    rows = ROW.split(xml)
    width = max((_position(name) + 1 for name in columns), default=0)
    return (max(height, len(rows)) + 1) * (width + max(len(LOOSE_CELL.findall(row)) for row in rows))


def _position(name: bytes) -> int:
    """Count a column from 0 by its letters."""
    position = 0
    for letter in name.upper():
        position = position * 26 + letter - 64
    return position - 1


def _failed(xml: bytes) -> Iterator[tuple[int, int]]:
    """Give row and column, from 0, of each cell whose formula failed or was never computed."""
    for pattern in (FAILED, UNCOMPUTED):
        for cell in pattern.finditer(xml):
            reference = REFERENCE.search(cell[1])
            if reference:
                yield int(reference[2]) - 1, _position(reference[1])


def _mark_failed(rows: list[list[Any]], xml: bytes) -> None:
    """Put a mark where the reader gives an empty cell for a failed formula."""
    for row, column in _failed(xml):
        if row < len(rows) and 0 <= column < len(rows[row]):
            rows[row][column] = FAILED_FORMULA
