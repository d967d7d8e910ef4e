"""What runs in the limited process: a workbook on standard input, its cells on standard output.

The output is raw, so that this process needs none of the heavy libraries: for each sheet, one column after
the other, the byte lengths of the texts (int32), then their kinds (uint8), then the texts (UTF-8).
"""

from __future__ import annotations

import datetime as dt
import struct
import zipfile
from array import array
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO

from jiedui.registers.files.child import Refused, bind
from jiedui.registers.files.contents import OLE
from jiedui.registers.files.facts import Facts, facts_of, failed_records
from jiedui.registers.files.package import check_package
from jiedui.registers.files.sheet import DATE, FAILED, NUMBER, TEXT, TRUTH
from jiedui.tables.grid import FAILED_FORMULA, FailedFormula
from jiedui.tables.worksheet import sheet_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from python_calamine import CalamineSheet

    from jiedui.registers.files.limits import Limits

BATCH = 4096
LARGEST = 2**31 - 1
"""Bytes of text that one sheet may hold."""
PROTECTED = "EncryptedPackage".encode("utf-16-le")
BEGIN = b"\x09\x08\x10\x00\x00\x06\x05\x00"
PASSWORD, FIRST_SHEET = 0x2F, 0x85
"""Records of a workbook of the old format."""
BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook\0", "Book\0"))


def parse(file: BinaryIO, out: BinaryIO, limits: Limits) -> dict[str, Any]:
    """Write the cells of every sheet that shows; give the list of what was written."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    kind, size, blanked = _opened(file, limits)
    bind(limits, size)
    file.seek(0)
    book = CalamineWorkbook.from_filelike(file)
    sheets, hidden = [], []
    for index, about in enumerate(book.sheets_metadata):
        if about.visible != SheetVisibleEnum.Visible:
            hidden.append(about.name)
        elif about.typ == SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_index(index)
            if sheet.end and sheet.end[1] >= limits.columns:
                raise Refused("reading.columns", found=sheet.end[1] + 1, most=limits.columns)
            facts = _facts(file, index) if kind == "xlsx" and sheet.start else Facts()
            sheets.append({"name": about.name, **_write(sheet, facts, out)})
    return {"kind": kind, "sheets": sheets, "hidden": hidden, "blanked": blanked}


def _opened(file: BinaryIO, limits: Limits) -> tuple[str, int, list[tuple[int, int]]]:
    """Give what a workbook is, how many bytes it unpacks to, and failed formulas that are read as blank."""
    if file.read(len(OLE)) != OLE:
        return (*check_package(file, limits), [])
    content = OLE + file.read()
    if PROTECTED in content:
        raise Refused("reading.protected")
    if _is_locked(content):
        raise Refused("reading.protected")
    if not any(name in content for name in BOOKS):
        raise Refused("reading.is_document" if b"W\0o\0r\0d\0D\0o\0c" in content else "reading.broken")
    return "xls", len(content), failed_records(content)


def _is_locked(content: bytes) -> bool:
    """Tell whether a workbook of the old format says, before its first sheet, that it is encrypted."""
    at = content.find(BEGIN)
    while 0 <= at <= len(content) - 4:
        record, length = struct.unpack_from("<HH", content, at)
        if record in {PASSWORD, FIRST_SHEET}:
            return bool(record == PASSWORD)
        at += 4 + length
    return False


def _facts(file: BinaryIO, index: int) -> Facts:
    with zipfile.ZipFile(file) as parts:
        return facts_of(sheet_xml(parts, index))


def _write(sheet: CalamineSheet, facts: Facts, out: BinaryIO) -> dict[str, Any]:
    """Write the columns of a sheet one after the other."""
    left = sheet.start[1] if sheet.start else 0
    width = sheet.width if sheet.start else 0
    lengths = [array("i") for _ in range(width)]
    kinds, texts = ([bytearray() for _ in range(width)] for _ in range(2))
    marks = _marks(facts)
    rows, top = sheet.iter_rows(), 0
    while batch := list(islice(rows, BATCH)):
        for row, column, mark in marks.get(top // BATCH, ()):
            if row < top + len(batch) and 0 <= column - left < width:
                _mark(batch[row - top], column - left, mark)
        for place, cells in enumerate(zip(*batch, strict=True)):
            _add(cells, lengths[place], kinds[place], texts[place])
        top += len(batch)
    size = sum(map(len, texts))
    if size > LARGEST:
        raise Refused("reading.too_heavy")
    parts: tuple[array[int] | bytearray, ...] = (*lengths, *kinds, *texts)
    out.writelines(parts)
    return {
        "left": left,
        "height": top,
        "width": width,
        "size": size,
        "merges": [(*first, *last) for first, last in sheet.merged_cell_ranges or ()],
        "hidden_rows": facts.hidden_rows,
        "hidden_columns": facts.hidden_columns,
    }


def _marks(facts: Facts) -> dict[int, list[tuple[int, int, str | FailedFormula]]]:
    """Give, by batch of rows, what is put into which cells."""
    marks: dict[int, list[tuple[int, int, str | FailedFormula]]] = {}
    for (row, column), digits in facts.exact.items():
        marks.setdefault(row // BATCH, []).append((row, column, digits))
    for row, column in facts.failed:
        marks.setdefault(row // BATCH, []).append((row, column, FAILED_FORMULA))
    return marks


class Digits(str):
    """A number that the file holds with all its digits."""

    __slots__ = ()


def _mark(row: list[Any], place: int, mark: str | FailedFormula) -> None:
    """Put in what the reader does not tell."""
    if isinstance(mark, FailedFormula):
        row[place] = mark
    elif isinstance(row[place], float):
        row[place] = Digits(mark)


def _add(cells: Sequence[object], lengths: array[int], kinds: bytearray, texts: bytearray) -> None:
    """Add the cells of one column of a batch."""
    types = [type(cell) for cell in cells]
    written = [WRITERS[kind](cell) for kind, cell in zip(types, cells, strict=True)]
    lengths.extend(map(len, written))
    kinds.extend([KINDS[kind] for kind in types])
    texts += b"".join(written)


def _number(cell: float) -> bytes:
    """Write a number shortest, with the 15 digits that programs keep; minus zero is zero."""
    return b"%.15g" % (cell + 0.0)


def _moment(cell: dt.datetime) -> bytes:
    """Write a date, with its time if it has one."""
    is_day = cell.time() == dt.time()
    return (cell.date().isoformat() if is_day else cell.isoformat(" ", "seconds")).encode()


WRITERS: dict[type, Callable[[Any], bytes]] = {
    str: str.encode,
    Digits: str.encode,
    float: _number,
    int: lambda cell: b"%d" % cell,
    bool: lambda cell: b"true" if cell else b"false",
    dt.date: lambda cell: cell.isoformat().encode(),
    dt.datetime: _moment,
    dt.time: lambda cell: cell.isoformat("seconds").encode(),
    dt.timedelta: lambda cell: str(cell).encode(),
    FailedFormula: lambda cell: str(cell).encode(),
}
KINDS: dict[type, int] = {
    str: TEXT,
    Digits: NUMBER,
    float: NUMBER,
    int: NUMBER,
    bool: TRUTH,
    dt.date: DATE,
    dt.datetime: DATE,
    dt.time: DATE,
    dt.timedelta: DATE,
    FailedFormula: FAILED,
}
