"""A form as a list: one row each, headings on every page, subtotals, totals, lines to sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from jiedui.language import text
from jiedui.registers.forms.book import BORDER, HEADING, LINE, TALLEST, Book, Value, lines
from jiedui.registers.forms.filling import Filling, head, number_format, sign, worded
from jiedui.registers.forms.form import TABLES, Field
from jiedui.registers.forms.rows import Line

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

TOP = 2
"""Rows above the headings: the title, and who and when."""
SERIAL_WIDTH = 5
LEAST = 20
HAND = 40
"""Points of a row, and of one with room to write by hand."""


@dataclass(slots=True)
class _Pen:
    """One sheet while it is filled: what is written, and where the next row goes."""

    book: Book
    sheet: Worksheet
    filling: Filling
    row: int = 0

    @property
    def shift(self) -> int:
        """Columns before the first field."""
        return int(self.filling.form.serial)

    @property
    def last(self) -> int:
        return self.shift + len(self.filling.form.fields) - 1


def write_list(book: Book, filling: Filling, rows: Sequence[Line]) -> None:
    """Write a list, one sheet for each of its parts."""
    for names, part in groupby(rows, key=lambda line: line.sheet):
        name = names[-1] if names else filling.form.title[book.lang]
        sheet = book.sheet(name, landscape=filling.form.landscape)
        _sheet(_Pen(book, sheet, filling), list(part), names)


def _sheet(pen: _Pen, rows: Sequence[Line], names: Sequence[str]) -> None:
    head(pen.book, pen.sheet, pen.filling, last=pen.last, names=names)
    pen.row = TOP
    _headings(pen)
    serial = 0
    for group, members in groupby(rows, key=lambda line: line.group):
        listed = list(members)
        for line in listed:
            serial += 1
            _row(pen, line, serial)
        if pen.filling.form.total and pen.filling.form.group:
            _total(pen, listed, text("form_word.subtotal", pen.book.lang, group=group))
    if pen.filling.form.total:
        _total(pen, rows, text("form_word.total", pen.book.lang))
    _foot(pen, rows)
    pen.sheet.print_area(0, 0, pen.row, pen.last)
    pen.sheet.fit_to_pages(1, 0)


def _headings(pen: _Pen) -> None:
    """Write the headings; what stands before "/" is shared by neighbours."""
    lang = pen.book.lang
    words = [tuple(field.heading[lang].split("/", 1)) for field in pen.filling.form.fields]
    widths = [field.width for field in pen.filling.form.fields]
    if pen.shift:
        words.insert(0, (text("form_word.serial", lang),))
        widths.insert(0, SERIAL_WIDTH)
    deep = any(len(parts) > 1 for parts in words)
    bottom = pen.row + deep
    for column, (parts, room) in enumerate(zip(words, widths, strict=True)):
        pen.sheet.set_column(column, column, room)
        if len(parts) == 1:
            pen.book.merge(pen.sheet, (pen.row, column, bottom, column), parts[0], HEADING)
        else:
            pen.book.put(pen.sheet, bottom, column, parts[1], HEADING)
    for first, last, shared in _shared(words):
        pen.book.merge(pen.sheet, (pen.row, first, pen.row, last), shared, HEADING)
    pen.sheet.set_row(
        bottom, LINE * max(lines(parts[-1], room) for parts, room in zip(words, widths, strict=True))
    )
    pen.sheet.repeat_rows(pen.row, bottom)
    pen.sheet.freeze_panes(bottom + 1, 0)
    pen.row = bottom + 1


def _shared(words: Sequence[tuple[str, ...]]) -> Iterator[tuple[int, int, str]]:
    """Give first column, last column and words of each shared heading."""
    for shared, columns in groupby(
        range(len(words)), key=lambda at: words[at][0] if len(words[at]) > 1 else ""
    ):
        found = list(columns)
        if shared:
            yield found[0], found[-1], shared


def _row(pen: _Pen, line: Line, serial: int) -> None:
    height, least = 1, HAND if any(field.kind == "blank" for field in pen.filling.form.fields) else LEAST
    if pen.shift:
        pen.book.put(pen.sheet, pen.row, 0, serial, {**BORDER, "align": "center"})
    for column, (field, value) in enumerate(
        zip(pen.filling.form.fields, line.values, strict=True), pen.shift
    ):
        shown = worded(field, value, pen.book.lang)
        _cell(pen, column, shown, field)
        if isinstance(shown, str):
            height = max(height, lines(shown, field.width))
    pen.sheet.set_row(pen.row, min(max(LINE * height + 3, least), TALLEST))
    pen.row += 1


def _cell(pen: _Pen, column: int, value: Value, field: Field, **style: object) -> None:
    number = not isinstance(value, str)
    form = {"num_format": number_format(field), "align": "right"} if number else {"text_wrap": True}
    pen.book.put(pen.sheet, pen.row, column, value, {**BORDER, **form, **style})


def _total(pen: _Pen, rows: Sequence[Line], label: str) -> None:
    """Write a row of sums over what is filled in."""
    fields = pen.filling.form.fields
    first = next((position for position, field in enumerate(fields) if field.total), len(fields))
    bold = {**BORDER, "bold": True, "bg_color": "#f4f6f8"}
    if first + pen.shift:
        pen.book.merge(pen.sheet, (pen.row, 0, pen.row, first + pen.shift - 1), label, bold)
    for position, field in enumerate(fields[first:], first):
        value = _sum(rows, position) if field.total else None
        _cell(pen, position + pen.shift, value, field, bold=True, bg_color="#f4f6f8")
    pen.sheet.set_row(pen.row, 20)
    pen.row += 1


def _sum(rows: Sequence[Line], position: int) -> Value:
    known = [value for line in rows if isinstance(value := line.values[position], int | float)]
    return round(sum(known), 2) if known else None


def _foot(pen: _Pen, rows: Sequence[Line]) -> None:
    """Write the notes and the lines to sign."""
    room = sum(field.width for field in pen.filling.form.fields)
    for note in (*pen.filling.notes, *_unknown(pen, rows)):
        pen.book.merge(
            pen.sheet,
            (pen.row, 0, pen.row, pen.last),
            note,
            {"text_wrap": True, "valign": "top", "font_size": 9},
        )
        pen.sheet.set_row(pen.row, LINE * lines(note, room))
        pen.row += 1
    sign(pen.book, pen.sheet, pen.filling, row=pen.row, last=pen.last)


def _unknown(pen: _Pen, rows: Sequence[Line]) -> Iterator[str]:
    """Say which sums and totals leave out rows because nothing is filled in there."""
    for position, field in enumerate(pen.filling.form.fields):
        heading = field.heading[pen.book.lang]
        missing = sum(line.values[position] is None for line in rows)
        if pen.filling.form.total and field.total and field.kind == "value" and missing:
            yield text("form_word.not_filled", pen.book.lang, heading=heading, count=missing)
        if field.kind == "sum" and (empty := sum(line.empty[position] for line in rows)):
            table = TABLES[field.table].words
            yield text("form_word.not_summed", pen.book.lang, heading=heading, count=empty, table=table)
