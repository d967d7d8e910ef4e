"""What a form needs beside its rows: the day, the office, the notes; and what every layout shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.language import Lang, text
from jiedui.registers.forms.book import Book, Value
from jiedui.registers.forms.form import Field, Form

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FORMATS = {"money": "#,##0.00", "number": "0.##"}
GAP = 14
"""Places left to sign in."""


@dataclass(frozen=True, slots=True)
class Filling:
    """A form about to be written.

    Attributes
    ----------
    on : str
        The day, ``YYYY-MM-DD``; empty to be filled in by hand.
    unit : str
        The office that fills the form in.
    notes : tuple of str
        Sentences below the rows.
    """

    form: Form
    on: str = ""
    unit: str = ""
    notes: tuple[str, ...] = ()


def worded(field: Field, value: Value, lang: Lang) -> Value:
    """Give a value as the form shows it: yes or no in words, fixed words as they are."""
    if field.words:
        return field.words[lang]
    if isinstance(value, bool):
        return text("codebook.yes" if value else "codebook.no", lang)
    if field.kind == "list" and isinstance(value, str) and "\n" in value:
        return "\n".join(f"{number}. {line}" for number, line in enumerate(value.split("\n"), 1))
    return value


def number_format(field: Field) -> str:
    """Give how Excel shows the numbers of a field."""
    return FORMATS.get(field.declared.type, "0") if field.declared else "0"


def head(
    book: Book, sheet: Worksheet, filling: Filling, *, last: int, names: Sequence[str] = (), row: int = 0
) -> None:
    """Write the title, and below it the office on the left and the day on the right."""
    lang = book.lang
    title = {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
    title["font_name"] = text("form_word.title_font", lang)
    place = text("form_word.place_mark", lang).join(names)
    words = text("form_word.titled", lang, place=place, title=filling.form.title[lang]).strip()
    book.merge(sheet, (row, 0, row, last), words, title)
    sheet.set_row(row, 30)
    middle = max(last // 2, 0)
    office = text("form_word.unit", lang, unit=filling.unit or "＿" * GAP)
    day = text("form_word.on", lang, on=filling.on or "＿" * (GAP // 2))
    book.merge(sheet, (row + 1, 0, row + 1, middle), office, {"valign": "vcenter"})
    if last > middle:
        book.merge(sheet, (row + 1, middle + 1, row + 1, last), day, {"align": "right", "valign": "vcenter"})
    sheet.set_row(row + 1, 18)


def sign(book: Book, sheet: Worksheet, filling: Filling, *, row: int, last: int) -> None:
    """Write the lines to sign, side by side over the whole width."""
    lang = book.lang
    mark = text("form_word.colon", lang)
    words = ("　" * GAP).join(f"{words[lang]}{mark}" for words in filling.form.signatures)
    book.merge(sheet, (row, 0, row, last), words, {"valign": "vcenter"})
    sheet.set_row(row, 28)
