"""A workbook returned as a copy of its values: every cell at its place, no formats of the original."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import Lang, finding, text
from jiedui.registers.forms.book import BORDER, HEADING, Book, Value, clean, height, new_book
from jiedui.registers.forms.marks import (
    HEADINGS_WITHIN,
    LINK,
    LISTED,
    SAID,
    WIDTHS,
    Findings,
    Marks,
    heading_row,
    numbered,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

DELIMITED = (".csv", ".tsv", ".txt")
MARKED: Mapping[str, object] = {"bg_color": "#fff2cc"}
PLAIN: Mapping[str, object] = {}
WRAPPED: Mapping[str, object] = {"text_wrap": True, "valign": "top"}
LINKED: Mapping[str, object] = {**BORDER, **WRAPPED, "font_color": "#0563c1", "underline": 1}
AUTHOR = "jiedui"
ISSUES_WIDTH = 60
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_383
"""What a sheet holds, one column left for the issues."""
MOST_LINKS = 65_000
"""Excel opens no sheet with more than 65,530."""
COMMENT_LONGEST = 2_000
Grid = Sequence[Sequence[object]]


def read_values(path: Path) -> dict[str, Grid]:
    """Give the rows of each sheet of a file, from its first cell on.

    Raises
    ------
    InputError
        If the file cannot be opened, or has more rows or columns than a sheet holds.
    """
    sheets = _delimited(path) if path.suffix.lower() in DELIMITED else _workbook(path)
    tall = any(len(rows) > MOST_ROWS for rows in sheets.values())
    if tall or any(len(row) > MOST_COLUMNS for rows in sheets.values() for row in rows):
        raise InputError([finding("forms.large", file=path.name)])
    return sheets


def write_copy(
    sheets: Mapping[str, Grid], found: Findings, target: Path, lang: Lang, *, headings: Mapping[str, int]
) -> None:
    """Write the values with the column of issues, the marks and the sheet of findings."""
    with new_book(target, title=text("form_word.findings", lang), lang=lang) as book:
        names = {name: book.sheet(name).name for name in sheets}
        for sheet, (name, rows) in zip(book.book.worksheets(), sheets.items(), strict=True):
            _sheet(
                book,
                sheet,
                rows,
                found.sheets[name],
                top=headings.get(name) or headings.get("") or heading_row(rows),
            )
        _list(book, found, names)


def _sheet(book: Book, sheet: Worksheet, rows: Grid, marks: Marks, *, top: int) -> None:
    last = max((len(row) for row in rows), default=0)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row, 1):
            style = MARKED if (number, column) in marks.cells else PLAIN
            if style or cell not in ("", None):
                book.put(sheet, number - 1, column - 1, _value(cell, book.lang), style)
    for (number, column), sentences in marks.cells.items():
        comment = clean(numbered(sentences))[:COMMENT_LONGEST]
        sheet.write_comment(number - 1, column - 1, comment, {"author": AUTHOR, "x_scale": 2})
    book.put(sheet, top - 1, last, text("form_word.issues", book.lang), HEADING)
    sheet.set_column(last, last, ISSUES_WIDTH)
    for number, sentences in marks.rows.items():
        words = numbered(sentences)
        book.put(sheet, number - 1, last, words, WRAPPED)
        sheet.set_row(number - 1, height(words, ISSUES_WIDTH))


def _list(book: Book, found: Findings, names: Mapping[str, str]) -> None:
    """Write the sheet of findings, each leading to its cell."""
    sheet = book.sheet(text("form_word.findings", book.lang), landscape=True)
    sheet.write_string(0, 0, text("form_word.findings_note", book.lang), book.style(PLAIN))
    for column, (name, room) in enumerate(zip(LISTED, WIDTHS, strict=True)):
        sheet.set_column(column, column, room)
        book.put(sheet, 1, column, text(f"form_word.{name}", book.lang), HEADING)
    for row, listed in enumerate(found.listed, 2):
        sheet.set_row(row, height(str(listed.values[SAID]), WIDTHS[SAID]))
        for column, value in enumerate(listed.values):
            book.put(sheet, row, column, value, {**BORDER, **WRAPPED})
        if listed.cell and row < MOST_LINKS:
            place = f"internal:'{names[listed.sheet].replace(chr(39), chr(39) * 2)}'!{listed.cell}"
            sheet.write_url(row, LINK, place, book.style(LINKED), string=listed.cell)
    sheet.repeat_rows(1)
    sheet.fit_to_pages(1, 0)


def _value(cell: object, lang: Lang) -> Value:
    """Give what a reader found as a number or a text."""
    if isinstance(cell, bool):
        return text("codebook.yes" if cell else "codebook.no", lang)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return cell if isinstance(cell, str | int | float) else str(cell)


def _workbook(path: Path) -> dict[str, Grid]:
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
    # A panic of the reader, which is written in Rust, is no Exception.
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise InputError([finding("forms.unreadable", file=path.name)]) from None


def _delimited(path: Path) -> dict[str, Grid]:
    words = _decoded(path)
    top = "".join(words.splitlines(keepends=True)[:HEADINGS_WITHIN])
    delimiter = max(",\t;", key=top.count)
    try:
        return {path.stem: list(csv.reader(io.StringIO(words, newline=""), delimiter=delimiter))}
    except csv.Error:
        raise InputError([finding("forms.unreadable", file=path.name)]) from None


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    marked = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    for encoding in (marked, "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError([finding("forms.unreadable", file=path.name)])
