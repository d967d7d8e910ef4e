"""A workbook returned with its own formats: fonts, widths, merged cells stay as the office made them."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiedui.language import Lang, text
from jiedui.registers.forms.book import A4, RUNS, clean, free_name, height, replacing
from jiedui.registers.forms.copies import AUTHOR, COMMENT_LONGEST, ISSUES_WIDTH, MARKED
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
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
CHANGED = b"2000-01-01T00:00:00Z"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
ROW_HEIGHT = 15
"""Points of a row that nobody set."""
COLOUR = str(MARKED["bg_color"])[1:].upper()


def open_original(data: bytes) -> tuple[Workbook, bool]:
    """Give a workbook with its formats and the last values of its formulas; whether parts of it are lost."""
    import openpyxl

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False, rich_text=True)
    return book, bool(said)


def sheet_names(book: Workbook) -> list[str]:
    """Give the names of the sheets of cells, a sheet of findings from an earlier return left out."""
    return [sheet.title for sheet in book.worksheets if not _is_ours(sheet)]


def write_original(
    book: Workbook, found: Findings, target: Path, lang: Lang, *, headings: Mapping[str, int], keep: Path
) -> None:
    """Write the workbook with the column of issues, the marks and the sheet of findings."""
    for sheet in list(book.worksheets):
        if sheet.title not in found.sheets:
            book.remove(sheet)
    for name, marks in found.sheets.items():
        _mark(book[name], marks, lang, top=headings.get(name))
    _list(book, found, lang)
    with replacing(target, ".xlsx", keep=(keep,)) as part:
        buffer = io.BytesIO()
        book.save(buffer)
        _repack(buffer, part)


def _is_ours(sheet: Worksheet) -> bool:
    return sheet["A1"].value in {text("form_word.findings_note", lang) for lang in ("zh", "en")}


def _mark(sheet: Worksheet, marks: Marks, lang: Lang, *, top: int | None) -> None:
    from openpyxl.cell import MergedCell

    filled = [cell for cell in sheet._cells.values() if cell.value is not None]  # noqa: SLF001 - asking makes cells
    _secure(filled)
    head = top or heading_row(
        [[cell.value for cell in row] for row in sheet.iter_rows(max_row=min(HEADINGS_WITHIN, sheet.max_row))]
    )
    column = _issues_column(sheet, filled, head)
    for (line, at), sentences in marks.cells.items():
        _mark_cell(_top_left(sheet, line, at), numbered(sentences))
    _put(sheet, head, column, text("form_word.issues", lang))._style = copy(  # noqa: SLF001 - as its neighbour
        sheet.cell(head, max(column - 1, 1))._style  # noqa: SLF001
    )
    for line, sentences in marks.rows.items():
        if not isinstance(sheet.cell(line, column), MergedCell):
            _wrap(_put(sheet, line, column, numbered(sentences)))
            row = sheet.row_dimensions[line]
            row.height = max(row.height or ROW_HEIGHT, height(numbered(sentences), ISSUES_WIDTH))
    sheet.column_dimensions[sheet.cell(head, column).column_letter].width = ISSUES_WIDTH


def _secure(cells: list[Cell]) -> None:
    """Make texts that look like formulas, and errors, plain texts that stay texts when typed again."""
    for cell in cells:
        if cell.data_type == "e" or (cell.data_type == "s" and str(cell.value).startswith(RUNS)):
            cell.data_type = "s"
            cell.quotePrefix = True


def _issues_column(sheet: Worksheet, filled: list[Cell], head: int) -> int:
    """Give the column beside the last one in use; that of an earlier return is emptied and used again."""
    ours = {text("form_word.issues", lang) for lang in ("zh", "en")}
    wide = [area.max_col for area in sheet.merged_cells.ranges if area.min_row <= head <= area.max_row]
    last = max([*wide, *(cell.column for cell in filled if cell.row >= head)], default=0)
    if last and sheet.cell(head, last).value in ours:
        for cell in filled:
            if cell.column == last and cell.row >= head:
                cell.value = None
        _unmark(sheet)
        return last
    return last + 1


def _unmark(sheet: Worksheet) -> None:
    """Take off the marks of an earlier return."""
    from openpyxl.styles import PatternFill

    for cell in sheet._cells.values():  # noqa: SLF001 - asking makes cells
        if cell.comment and cell.comment.author == AUTHOR:
            cell.comment = None
            cell.fill = PatternFill()


def _top_left(sheet: Worksheet, line: int, column: int) -> Cell:
    """Give a cell, or of merged ones the one that holds their value."""
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= line <= merged.max_row and merged.min_col <= column <= merged.max_col:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet.cell(line, column)


def _mark_cell(cell: Cell, words: str) -> None:
    """Colour a cell and say why; a comment of the office stays."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", fgColor=COLOUR)
    if not cell.comment:
        cell.comment = Comment(clean(words)[:COMMENT_LONGEST], AUTHOR, height=110, width=320)


def _put(sheet: Worksheet, line: int, column: int, value: Any) -> Cell:  # noqa: ANN401 - text or number
    """Write a number as a number, all else as text."""
    cell = sheet.cell(line, column)
    if isinstance(value, int):
        cell.value = value
        return cell
    cell.value = clean(value)
    cell.data_type = "s"
    if clean(value).startswith(RUNS):
        cell.quotePrefix = True
    return cell


def _wrap(cell: Cell) -> None:
    from openpyxl.styles import Alignment

    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _list(book: Workbook, found: Findings, lang: Lang) -> None:
    """Add the sheet of findings, each leading to its cell."""
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet = book.create_sheet(free_name(text("form_word.findings", lang), book.sheetnames))
    _put(sheet, 1, 1, text("form_word.findings_note", lang))
    for column, (name, room) in enumerate(zip(LISTED, WIDTHS, strict=True), 1):
        _put(sheet, 2, column, text(f"form_word.{name}", lang)).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(2, column).column_letter].width = room
    for line, listed in enumerate(found.listed, 3):
        sheet.row_dimensions[line].height = height(str(listed.values[SAID]), WIDTHS[SAID])
        for column, value in enumerate(listed.values, 1):
            _wrap(_put(sheet, line, column, value))
        if listed.cell:
            cell = sheet.cell(line, LINK + 1)
            quoted = listed.sheet.replace("'", "''")
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{listed.cell}")
            cell.font = Font(cell.font.name, cell.font.size, color="0563C1", underline="single")
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = "2:2"


def _repack(buffer: io.BytesIO, target: Path) -> None:
    """Write a workbook without the time of writing, so that the same input gives the same bytes."""
    with zipfile.ZipFile(buffer) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in parts.namelist():
            data = parts.read(name)
            if name == "docProps/core.xml":
                data = MODIFIED.sub(rb"\g<1>" + CHANGED, data)
            entry = zipfile.ZipInfo(name, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, data)
