"""A form as pages: one household, village or project on one A4 page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from jiedui.registers.forms.book import BORDER, HEADING, Book, Value
from jiedui.registers.forms.filling import Filling, head, number_format, sign, worded
from jiedui.registers.forms.form import Field, Form, Part
from jiedui.registers.forms.rows import Line

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

COLUMNS = 24
"""Narrow columns that every cell of a page spans some of: 2, 3, 4 or 6 of them side by side fit."""
PIXELS = 23
SCALE = 90
"""Percent. A fixed scale, not "fit to pages": Excel may pass over page breaks set by hand when it fits. The
columns stay within A4 even where the font that Excel measures by is missing and a wider one stands in."""
HEIGHT = 720
"""Points for the rows between the head and the lines to sign; at this scale A4 holds some 40 more."""
TALLEST = 21.5
PER_SHEET = 500
"""Excel takes 1,023 page breaks a sheet, and grows slow with merged cells long before."""
HEAD_ROWS = 2
KEPT = 2
"""Lines to write on that stay when another part needs room."""

Listed = Mapping[tuple[Value, ...], Sequence[tuple[Value, ...]]]


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell of a page, in narrow columns; `down` rows tall."""

    left: int
    right: int
    value: Value
    style: Mapping[str, object]
    down: int = 1


def page_fields(form: Form) -> tuple[Field, ...]:
    """Give everything that a page shows of its own row, part by part: cells, then boxes."""
    return tuple(field for part in form.parts for field in (*_own(part), *_boxes(part, form)))


def write_pages(book: Book, filling: Filling, rows: Sequence[Line], listed: Sequence[Listed]) -> None:
    """Write one page each, one sheet for each part; of `listed` one for each part of the form."""
    for names, members in groupby(rows, key=lambda line: line.sheet):
        part = list(members)
        for first in range(0, len(part), PER_SHEET):
            sheet = book.sheet(
                names[-1] if names else filling.form.title[book.lang], landscape=filling.form.landscape
            )
            sheet.set_column_pixels(0, COLUMNS - 1, PIXELS)
            sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.7)
            sheet.set_print_scale(SCALE)
            _sheet(book, sheet, filling, part[first : first + PER_SHEET], listed)


def _sheet(
    book: Book, sheet: Worksheet, filling: Filling, rows: Sequence[Line], listed: Sequence[Listed]
) -> None:
    top, breaks = 0, []
    for line in rows:
        top = _page(book, sheet, filling, line=line, listed=listed, top=top)
        breaks.append(top)
    sheet.set_h_pagebreaks(breaks[:-1])
    sheet.print_area(0, 0, top - 1, COLUMNS - 1)


def _page(
    book: Book, sheet: Worksheet, filling: Filling, *, line: Line, listed: Sequence[Listed], top: int
) -> int:
    """Write a page from row `top` on and give the row after it."""
    body = list(_body(book, filling.form, line, [found.get(line.key, ()) for found in listed]))
    head(book, sheet, filling, last=COLUMNS - 1, row=top)
    row = top + HEAD_ROWS
    height = min(TALLEST, HEIGHT / len(body))
    for cells in body:
        sheet.set_row(row, height)
        for cell in cells:
            book.merge(sheet, (row, cell.left, row + cell.down - 1, cell.right), cell.value, cell.style)
        row += 1
    sign(book, sheet, filling, row=row, last=COLUMNS - 1)
    return row + 1


def _body(
    book: Book, form: Form, line: Line, listed: Sequence[Sequence[tuple[Value, ...]]]
) -> Iterator[list[_Cell]]:
    """Give the rows of a page between its head and the lines to sign."""
    values = list(line.values)
    more = sum(
        max(len(rows) - part.lines, 0) for part, rows in zip(form.parts, listed, strict=True) if part.table
    )
    for part, rows in zip(form.parts, listed, strict=True):
        yield [_Cell(0, COLUMNS - 1, part.heading[book.lang], {**HEADING, "align": "left"})]
        own, boxes = _own(part), _boxes(part, form)
        yield from _labelled(book, own, values[: len(own)], part.across)
        yield from _ticked(book, boxes, values[len(own) : len(own) + len(boxes)], part.across)
        del values[: len(own) + len(boxes)]
        if part.table:
            yield from _table(book, part, rows)
        elif not part.fields and not part.ticks:
            yield from _lines(max(part.lines - more, KEPT))


def _own(part: Part) -> tuple[Field, ...]:
    return () if part.table else part.fields


def _boxes(part: Part, form: Form) -> tuple[Field, ...]:
    columns = [form.table.column(name) for name in part.ticks]
    return tuple(Field(column.words, "value", form.rows, column.name) for column in columns)


def _labelled(
    book: Book, fields: Sequence[Field], values: Sequence[Value], across: int
) -> Iterator[list[_Cell]]:
    """Give labels and values, so many pairs a row; the last pair of a short row is as wide as is left."""
    label = {**HEADING, "bold": False, "text_wrap": False, "shrink": True}
    room = COLUMNS // across
    for first in range(0, len(fields), across):
        cells = []
        pairs = list(zip(fields[first : first + across], values[first : first + across], strict=True))
        for position, (field, value) in enumerate(pairs):
            left, right = position * room, COLUMNS if position == len(pairs) - 1 else (position + 1) * room
            middle = left + max(room // 2, 1)
            cells.append(_Cell(left, middle - 1, field.heading[book.lang], label))
            cells.append(_Cell(middle, right - 1, worded(field, value, book.lang), _style(field)))
        yield cells


def _ticked(
    book: Book, fields: Sequence[Field], values: Sequence[Value], across: int
) -> Iterator[list[_Cell]]:
    """Give boxes: ticked where true, empty where false or not known."""
    room = COLUMNS // across
    style = {**BORDER, "shrink": True}
    for first in range(0, len(fields), across):
        pairs = zip(fields[first : first + across], values[first : first + across], strict=True)
        words = [f"{'☑' if value else '□'} {field.heading[book.lang]}" for field, value in pairs]
        words += [""] * (across - len(words))
        yield [_Cell(at * room, (at + 1) * room - 1, word, style) for at, word in enumerate(words)]


def _table(book: Book, part: Part, rows: Sequence[tuple[Value, ...]]) -> Iterator[list[_Cell]]:
    """Give the rows of another table under their headings, and empty ones up to the least number."""
    spans = list(_spans([field.width for field in part.fields]))
    headings = [field.heading[book.lang] for field in part.fields]
    style = {**HEADING, "bold": False, "text_wrap": False, "shrink": True}
    yield [_Cell(left, right, word, style) for (left, right), word in zip(spans, headings, strict=True)]
    empty: tuple[Value, ...] = (None,) * len(spans)
    for values in [*rows, *[empty] * (part.lines - len(rows))]:
        yield [
            _Cell(left, right, worded(field, value, book.lang), _style(field))
            for (left, right), field, value in zip(spans, part.fields, values, strict=True)
        ]


def _spans(widths: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Share the narrow columns out by the widths asked for; each gets one at least."""
    left, done, whole = 0, 0.0, sum(widths)
    for position, one in enumerate(widths):
        done += one
        right = min(max(round(COLUMNS * done / whole), left + 1), COLUMNS - (len(widths) - 1 - position))
        yield left, right - 1
        left = right


def _lines(count: int) -> Iterator[list[_Cell]]:
    yield [_Cell(0, COLUMNS - 1, None, BORDER, down=count)]
    for _ in range(count - 1):
        yield []


def _style(field: Field) -> Mapping[str, object]:
    return {**BORDER, "shrink": True, "align": "left", "num_format": number_format(field)}
