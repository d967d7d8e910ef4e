"""The one way this room writes a workbook: texts stay texts, A4, whole or not at all, the same bytes."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from jiedui.errors import InputError
from jiedui.language import Lang, Words, finding, text
from jiedui.tables.allowed import listed

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Value = str | int | float | bool | None

CREATED = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the same bytes on every day; Excel knows no zones
A4 = 9
LINE = 14.5
"""Points that one line of text takes."""
TALLEST = 400
"""Points: no row of Excel is taller than 409."""
EXACT = 10**15
"""Excel keeps 15 digits of a number: longer ones are written as text."""
LONGEST = 32_767
NAME_LONGEST = 31
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A text that begins so would run as a formula if it were ever typed again."""
NOT_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
MEASURE = {"font_name": "宋体", "font_size": 11}
"""Column widths are measured by this font; Chinese offices all have it."""
BORDER: Mapping[str, object] = {"border": 1, "valign": "vcenter"}
HEADING: Mapping[str, object] = {
    **BORDER, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#e8eef2",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes
    ----------
    files : tuple of Path
        In the order of writing.
    notes : tuple of Words
        What was left out, and why.
    """

    files: tuple[Path, ...]
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook being written: its formats and the names of its sheets."""

    book: Workbook
    lang: Lang
    formats: dict[tuple[tuple[str, object], ...], Format] = field(default_factory=dict)

    def style(self, properties: Mapping[str, object]) -> Format:
        """Give a format; the same properties give the same one."""
        known = tuple(sorted(properties.items()))
        if known not in self.formats:
            font = {"font_name": text("form_word.font", self.lang), "font_size": 10}
            self.formats[known] = self.book.add_format(font | dict(properties))
        return self.formats[known]

    def sheet(self, name: str, *, landscape: bool = False) -> Worksheet:
        """Add a sheet for A4, named as far as Excel takes it and not yet used."""
        sheet = self.book.add_worksheet(free_name(name, [one.name for one in self.book.worksheets()]))
        sheet.set_paper(A4)
        sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.set_footer(f"&C{text('form_word.page', self.lang)}")
        if landscape:
            sheet.set_landscape()
        return sheet

    def put(self, sheet: Worksheet, row: int, column: int, value: Value, style: Mapping[str, object]) -> None:
        """Write one cell: a number as a number, all else as text that cannot run."""
        if is_number(value):
            sheet.write_number(row, column, value, self.style(style))
        elif value is None or value == "":
            sheet.write_blank(row, column, None, self.style(style))
        else:
            words = clean(value)
            guarded = {**style, "quote_prefix": True} if words.startswith(RUNS) else style
            sheet.write_string(row, column, words, self.style(guarded))

    def merge(
        self,
        sheet: Worksheet,
        box: tuple[int, int, int, int],
        value: Value,
        style: Mapping[str, object],
    ) -> None:
        """Write one value over a box of cells: top, left, bottom, right, counted from 0."""
        top, left, bottom, right = box
        if (top, left) != (bottom, right):
            sheet.merge_range(top, left, bottom, right, "", self.style(style))
        self.put(sheet, top, left, value, style)


def is_number(value: Value) -> bool:
    """Tell whether a value can stand in a cell as a number without loss."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value) and abs(value) < EXACT  # type: ignore[arg-type]


def clean(value: object) -> str:
    """Give a value as a text that a workbook can hold."""
    words = NOT_IN_XML.sub("\ufffd", str(value))
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def free_name(name: str, taken: Iterable[str]) -> str:
    """Give a name for a sheet that Excel takes and that is not in use.

    Examples
    --------
    >>> free_name("a/b", ["A b"])
    'a b 2'
    """
    used = {one.casefold() for one in taken}
    stem = NOT_IN_NAME.sub(" ", NOT_IN_XML.sub(" ", name)).strip(" '")[:NAME_LONGEST] or "1"
    found, number = stem, 2
    while found.casefold() in used or found.casefold() == "history":
        found, number = f"{stem[: NAME_LONGEST - 1 - len(str(number))]} {number}", number + 1
    return found


def width(words: str) -> int:
    """Count how wide words stand: a Chinese sign takes two places."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in words)


def lines(words: str, room: float) -> int:
    """Count the lines that words take in a column of so many places, of Excel's font, a little larger."""
    return sum(max(1, math.ceil((width(line) + 1) / max(room * 1.05, 1))) for line in words.split("\n"))


def height(words: str, room: float) -> float:
    """Give the points of a row that shows all of some words in a column of so many places."""
    return min(LINE * lines(words, room) + 3, TALLEST)


@contextmanager
def new_book(target: Path, *, title: str, lang: Lang) -> Iterator[Book]:
    """Open a workbook that appears under its name only when it is whole."""
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    with replacing(target, ".xlsx") as part:
        # XlsxWriter writes into the mapping that it is given.
        book = xlsxwriter.Workbook(part, OPTIONS | {"default_format_properties": dict(MEASURE)})
        book.set_properties({"title": title, "created": CREATED})
        yield Book(book, lang)
        try:
            book.close()
        except FileCreateError as error:
            raise OSError(str(error)) from error


@contextmanager
def replacing(target: Path, *endings: str, keep: Sequence[Path] = ()) -> Iterator[Path]:
    """Give a path to write to; it takes the name of the target when all went well.

    Raises
    ------
    InputError
        As `check_target`, or if another program holds the target open.
    """
    check_target(target, *endings, keep=keep)
    part = target.with_name(f".{target.name}.part")
    try:
        yield part
        part.replace(target)
    except OSError as error:
        raise InputError([finding("forms.locked", file=target.name)]) from error
    finally:
        part.unlink(missing_ok=True)


def check_target(target: Path, *endings: str, keep: Sequence[Path] = ()) -> None:
    """Refuse a target with another ending, without a folder, or among the files to keep.

    Raises
    ------
    InputError
        If it is refused.
    """
    if target.suffix.lower() not in endings:
        raise InputError([finding("forms.ending", file=target.name, endings=listed(endings))])
    if any(target.resolve() == one.resolve() for one in keep):
        raise InputError([finding("forms.original", file=target.name)])
    if not target.parent.is_dir():
        raise InputError([finding("forms.folder", file=target.name, folder=target.parent.name)])
