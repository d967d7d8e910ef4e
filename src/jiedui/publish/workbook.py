"""The workbook: what it says in words first, then one sheet a table, ready to print."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiedui.language import Lang, text
from jiedui.publish.cells import UNKNOWN, Value, decimal_places, shown, width
from jiedui.publish.publication import Publication
from jiedui.tables import Column, Table, sheet_name

if TYPE_CHECKING:
    import pyarrow as pa
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the same bytes on every day; Excel knows no zones
A4 = 9
WRAPPED = ("reason", "notice", "target", "unserved_names")
NAMED = 2
"""The first columns name the proposal: they stay in view, and stand on every printed page."""
PAGE = 200
"""Signs beside each other that stay readable on landscape A4, at about two thirds of full size."""
WIDEST = 60
HEADING_WIDEST = 18


def write_workbook(path: Path, publication: Publication, lang: Lang) -> None:
    """Write the workbook of a publication; the same publication gives the same bytes."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": publication.title[lang], "created": CREATED})
        _write_words(book, publication, lang)
        for name, table in publication.tables.items():
            declaration = publication.declarations[name]
            sheet = book.add_worksheet(sheet_name(declaration, lang))
            _write_table(book, sheet, table, declaration=declaration, lang=lang)


def _write_words(book: Workbook, publication: Publication, lang: Lang) -> None:
    """Fill the first sheet: title, lead, then each part under its heading."""
    sheet = book.add_worksheet(text("publish.words", lang))
    sheet.set_column(0, 0, 100)
    sheet.hide_gridlines(2)
    _set_page(sheet)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    heading = book.add_format({"bold": True, "font_color": "#0b5d5a", "top": 1, "top_color": "#d9dedc"})
    sheet.write_string(0, 0, publication.title[lang], book.add_format({"bold": True, "font_size": 16}))
    sheet.write_string(1, 0, publication.lead[lang], wrapped)
    row = 2
    for name, sentences in _parts(publication, lang).items():
        sheet.write_string(row + 1, 0, text(f"publish.{name}", lang), heading)
        for row, sentence in enumerate(sentences, start=row + 2):  # noqa: B020 - counts on
            sheet.write_string(row, 0, sentence, wrapped)
        row += 1


def _parts(publication: Publication, lang: Lang) -> dict[str, list[str]]:
    """Give the sentences of each part of the first sheet."""
    return {
        "notices": [words[lang] for words in publication.notices],
        "limits": [words[lang] for words in publication.limits],
        "proposals": [f"{name}  {words[lang]}" for name, words in publication.proposals.items()],
        "sources": [words[lang] for words in publication.sources],
    }


def _write_table(
    book: Workbook, sheet: Worksheet, table: pa.Table, *, declaration: Table, lang: Lang
) -> None:
    """Fill one sheet: heading row that stays, a filter, columns that fit, landscape A4."""
    sheet.repeat_rows(0)
    sheet.repeat_columns(0, NAMED - 1)
    sheet.freeze_panes(1, NAMED)
    sheet.autofilter(0, 0, table.num_rows, len(declaration.columns) - 1)
    sheet.set_landscape()
    heading = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#e3efed", "bottom": 1}
    )
    signs = 0
    for index, column in enumerate(declaration.columns):
        values = table.column(column.name).to_pylist()
        sheet.write_string(0, index, column.heading(lang), heading)
        signs += _write_column(book, sheet, index, column=column, values=values, lang=lang)
    _set_page(sheet, across=math.ceil(signs / PAGE))


def _write_column(
    book: Workbook, sheet: Worksheet, index: int, *, column: Column, values: Sequence[Value], lang: Lang
) -> int:
    """Fill one column; a text is never taken for a formula, what is not known is a dash. Give its width."""
    places = decimal_places(values, column)
    number = {"num_format": "#,##0" + ("." + "0" * places if places else "")}
    formats = {True: book.add_format(number | {"valign": "top"}), False: _text_format(book, column)}
    unknown = book.add_format({"align": "right" if column.is_numeric else "left"})
    texts = [shown(value, column, lang, places=places) for value in values]
    for row, (value, words) in enumerate(zip(values, texts, strict=True), start=1):
        if words == UNKNOWN:
            sheet.write_string(row, index, words, unknown)
        elif isinstance(value, bool | str) or value is None:
            sheet.write_string(row, index, words, formats[False])
        else:
            sheet.write_number(row, index, round(value, 6), formats[True])
    fitting = max([min(width(column.heading(lang)), HEADING_WIDEST), *map(width, texts)])
    signs = min(fitting + 2, WIDEST)
    sheet.set_column(index, index, signs)
    return signs


def _text_format(book: Workbook, column: Column) -> Any:  # noqa: ANN401 - a Format of XlsxWriter
    return book.add_format({"valign": "top", "text_wrap": column.name in WRAPPED})


def _set_page(sheet: Worksheet, *, across: int = 1) -> None:
    """Print on A4, as few pages wide as stay readable, with page numbers."""
    sheet.set_paper(A4)
    sheet.fit_to_pages(across, 0)
    sheet.set_footer("&C&P / &N")
