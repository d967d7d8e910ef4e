"""The Excel template of some tables: what an office fills in, with the codebook on its first sheet."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import TYPE_CHECKING

from jiedui.language import Lang, text
from jiedui.tables.allowed import allowed
from jiedui.tables.codebook import CODEBOOK, codebook_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from jiedui.tables.declaration import Column, Table

CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Written into every template, so that the same tables give the same bytes."""
LAST_ROW = 1_048_575
FIRST_ROW = 2
"""Below the headings and the hidden row of field names, counted from 0."""
NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
SHEET_NAME_LENGTH = 31
LIST_LENGTH = 255
"""The signs that Excel takes for a list of choices, and for a message."""
TITLE_LENGTH = 32
WIDEST = 60
NARROWEST = 10


def write_template(
    path: Path, tables: Sequence[Table], *, lang: Lang, notes: Mapping[str, str] | None = None
) -> None:
    """Write a workbook with one sheet a table, to be filled in and read back by ``read_table``.

    Parameters
    ----------
    notes : mapping of str to str, optional
        Remarks above the codebook: what each is about, and its sentence.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from jiedui.tables.shared import HELPERS, RECIPIENTS
    >>> write_template(Path(mkdtemp()) / "template.xlsx", [HELPERS, RECIPIENTS], lang="zh")
    """
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED.replace(tzinfo=None)})
        styles = _styles(book)
        _notes_sheet(book, tables, lang=lang, notes=notes or {}, styles=styles)
        for table in tables:
            sheet = book.add_worksheet(sheet_name(table, lang))
            _page(sheet, heading_rows=FIRST_ROW)
            for position, column in enumerate(table.columns):
                _column(sheet, position, column, lang=lang, styles=styles)
            sheet.set_row(1, None, None, {"hidden": True})


def sheet_name(table: Table, lang: Lang) -> str:
    """Give the name of a table's sheet: its words, as far as Excel takes them.

    Examples
    --------
    >>> from jiedui.tables import Table
    >>> sheet_name(Table("a", {"zh": "甲/乙", "en": "a/b"}, ()), "en")
    'a b'
    """
    return NOT_IN_SHEET_NAME.sub(" ", table.words[lang])[:SHEET_NAME_LENGTH]


def _styles(book: Workbook) -> dict[str, Format]:
    head = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter", "font_color": "#1f2933"}
    return {
        "required": book.add_format({**head, "bg_color": "#cfe0ee"}),
        "optional": book.add_format({**head, "bold": False, "italic": True, "bg_color": "#eef1f4"}),
        "label": book.add_format({"bold": True, "valign": "top"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
        "text": book.add_format({"num_format": "@"}),
        "number": book.add_format({"num_format": "General"}),
    }


def _page(sheet: Worksheet, *, heading_rows: int) -> None:
    """Keep the headings in sight, on the screen and on A4 paper."""
    sheet.freeze_panes(heading_rows, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _column(
    sheet: Worksheet, position: int, column: Column, *, lang: Lang, styles: Mapping[str, Format]
) -> None:
    """Write the heading and the field name of a column, and say what its cells may hold."""
    heading = column.heading(lang)
    sheet.set_column(
        position,
        position,
        min(max(_width(heading) + 2, NARROWEST), WIDEST),
        # Codes keep their zeros, and dates stay as typed, only in cells of text.
        styles["number" if column.is_numeric else "text"],
    )
    sheet.write_string(0, position, heading, styles["required" if column.required else "optional"])
    sheet.write_string(1, position, column.name)
    if rule := _validation(column, lang):
        sheet.data_validation(FIRST_ROW, position, LAST_ROW, position, rule)


def _validation(column: Column, lang: Lang) -> dict[str, object]:
    """Give Excel's rule for the cells of a column; empty when Excel has nothing to check."""
    rule = _list_rule(column, lang) if column.choices or column.type == "boolean" else _bounds_rule(column)
    if not rule:
        return {}
    said = {"title": column.heading(lang)[:TITLE_LENGTH], "message": allowed(column, lang)[:LIST_LENGTH]}
    return rule | {f"{part}_{key}": value for part in ("input", "error") for key, value in said.items()}


def _list_rule(column: Column, lang: Lang) -> dict[str, object]:
    choices = list(column.choices) or [text("codebook.yes", lang), text("codebook.no", lang)]
    if len(",".join(choices)) > LIST_LENGTH or any("," in choice for choice in choices):
        return {}
    return {"validate": "list", "source": choices}


def _bounds_rule(column: Column) -> dict[str, object]:
    low, high = column.at_least, column.at_most
    if not column.is_numeric:
        return {}
    rule: dict[str, object] = {"validate": "integer" if column.type == "integer" else "decimal"}
    if low is not None and high is not None:
        return rule | {"criteria": "between", "minimum": low, "maximum": high}
    bounds = {">": column.above, ">=": low, "<=": high}
    given = {criteria: bound for criteria, bound in bounds.items() if bound is not None}
    if not given:
        return {}
    criteria, bound = next(iter(given.items()))
    return rule | {"criteria": criteria, "value": bound}


def _notes_sheet(
    book: Workbook,
    tables: Sequence[Table],
    *,
    lang: Lang,
    notes: Mapping[str, str],
    styles: Mapping[str, Format],
) -> None:
    sheet = book.add_worksheet(text("codebook.sheet", lang))
    for line, (label, sentence) in enumerate(notes.items()):
        sheet.write_string(line, 0, label, styles["label"])
        sheet.write_string(line, 1, sentence)
    top = len(notes) + 1 if notes else 0
    _page(sheet, heading_rows=top + 1)
    names = {table.name: sheet_name(table, lang) for table in tables}
    rows = [{**row, "table": names[row["table"]]} for row in codebook_rows(tables, lang)]
    for position, column in enumerate(CODEBOOK.columns):
        cells = [row[column.name] for row in rows]
        widest = max(map(_width, [column.heading(lang), *cells]))
        sheet.set_column(position, position, min(max(widest + 2, NARROWEST), WIDEST))
        sheet.write_string(top, position, column.heading(lang), styles["required"])
        for line, cell in enumerate(cells, start=top + 1):
            sheet.write_string(line, position, cell, styles["wrap"])


def _width(words: str) -> int:
    """Count how wide words stand: a Chinese sign takes two places."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)
