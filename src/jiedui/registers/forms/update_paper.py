"""The update list on paper, and in the layout of the workbooks that the corrected rows came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import Lang, Words, finding, text, words
from jiedui.registers.forms.book import BORDER, HEADING, Book, Value, Written, new_book
from jiedui.registers.forms.filling import Filling
from jiedui.registers.forms.form import Field, Form
from jiedui.registers.forms.lists import write_list
from jiedui.registers.forms.masking import ID_COLUMNS, hidden, masked
from jiedui.registers.forms.rows import Line
from jiedui.registers.forms.updates import TABLES, find_rows, typed, update_list
from jiedui.registers.register import Register, Source
from jiedui.registers.tables import CORRECTIONS
from jiedui.tables import Column
from jiedui.tables.cells import MINOR

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = {
    "household": 14, "name": 12, "township": 10, "village": 10, "register": 8, "column": 16, "was": 18,
    "is": 18, "reason": 24, "who": 9, "when": 11,
}  # fmt: skip
"""What is printed of each line, and its width."""
WORDS = {"name": "member", "reason": "proof", "who": "by", "when": "when"}
"""Columns whose heading on paper is not that of the table."""
WIDTH, TEXT_WIDTH = 12, 20
BOX = "□"
NEW: Mapping[str, object] = {**BORDER, "bg_color": "#fff2cc", "bold": True}


@dataclass(frozen=True, slots=True)
class _Row:
    """One corrected row as its workbook has it, and its new values by column."""

    values: Mapping[str, Any]
    new: dict[str, str | None] = field(default_factory=dict)


def write_update_list(
    corrections: pa.Table, register: Register, target: Path, lang: Lang, *, on: str = "", unit: str = ""
) -> Written:
    """Write what has to be entered into the national system: a list to print and sign, then the rows anew.

    The list shows the last four signs of ID numbers. The sheets after it hold the corrected rows whole, in
    the columns of the workbook they came from, for data entry.

    Parameters
    ----------
    corrections : pyarrow.Table
        As ``CORRECTIONS``, each confirmed.

    Raises
    ------
    InputError
        If there are no corrections, or the target cannot be written.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from tempfile import mkdtemp
    >>> from jiedui.registers import empty_register
    >>> row = {"register": "households", "row_key": "1001", "column": "size", "was": "3", "is": "4",
    ...        "reason": "户口簿", "who": "甲", "when": "2026-11-03"}
    >>> corrections = pa.Table.from_pylist([row], schema=CORRECTIONS.schema())
    >>> target = Path(mkdtemp()) / "updates.xlsx"
    >>> write_update_list(corrections, empty_register(), target, "zh").files[0].name
    'updates.xlsx'
    """
    updates = update_list(corrections, register)
    if not updates.num_rows:
        title = words("form_word.update_list")
        raise InputError([finding("forms.no_rows", file=target.name, form=title)])
    lines = updates.to_pylist()
    notes = tuple(text(f"form_word.{key}", lang) for key in ("update_note", "masked_note"))
    with new_book(target, title=text("form_word.update_list", lang), lang=lang) as book:
        printed = [Line((), "", (), (*_printed(line, lang), BOX)) for line in lines]
        write_list(book, Filling(_form(), on, unit, notes), printed)
        grouped = _by_source(lines, find_rows(updates, register), register)
        for number, ((at, name), rows) in enumerate(sorted(grouped.items()), 1):
            _as_sent(book, register.sources[at], name, rows, number)
    return Written((target,))


def _form() -> Form:
    """Give the form of the printed list."""
    fields = [Field(_heading(name), "text", width=width) for name, width in COLUMNS.items()]
    return Form(
        id="updates",
        title=words("form_word.update_list"),
        rows="households",
        fields=(*fields, Field(words("form_word.done"), "text", width=7)),
        signatures=tuple(words(f"form_word.{key}") for key in ("signed_by", "checked_by", "approved_by")),
    )


def _heading(name: str) -> Words:
    if name in WORDS:
        return words(f"form_word.{WORDS[name]}")
    columns = {column.name: column.words for column in (*TABLES["households"].columns, *CORRECTIONS.columns)}
    return columns[name]


def _printed(line: Mapping[str, Any], lang: Lang) -> tuple[Value, ...]:
    """Give a line in words, ID numbers hidden but for four signs."""
    table = TABLES.get(line["register"])
    named = {column.name: column.words for column in table.columns} if table else {}
    column = named.get(line["column"], {}).get(lang, line["column"])
    said = dict(line) | {"register": table.words[lang] if table else line["register"], "column": column}
    for name in ("was", "is"):
        value = line[name] or ""
        said[name] = hidden(value) if line["column"] in ID_COLUMNS else masked(value)
    return tuple(said[name] for name in COLUMNS)


def _by_source(
    lines: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any] | None], register: Register
) -> dict[tuple[int, str], list[_Row]]:
    """Give the corrected rows of each sheet and table, in the order of the lines, each once."""
    first = {source.place: at for at, source in reversed(list(enumerate(register.sources)))}
    rows: dict[tuple[int, str], dict[int, _Row]] = {}
    for line, values in zip(lines, found, strict=True):
        if values is None or not 0 <= values["_source"] < len(register.sources):
            continue
        sheet = first[register.sources[values["_source"]].place]
        known = rows.setdefault((sheet, line["register"]), {})
        row = known.setdefault(values["_row"], _Row(values))
        row.new[line["column"]] = line["is"]
    return {place: list(known.values()) for place, known in rows.items()}


def _as_sent(book: Book, source: Source, name: str, rows: Sequence[_Row], number: int) -> None:
    """Write corrected rows with every column where its workbook has it."""
    sheet = book.sheet(text("form_word.update_sheet", book.lang, number=number), landscape=True)
    place = f"{source.place.file} {source.place.sheet}".strip()
    book.put(sheet, 0, 0, place, {"bold": True})
    for column in TABLES[name].columns:
        at = source.positions.get(name, {}).get(column.name)
        if at is not None:
            sheet.set_column(at, at, TEXT_WIDTH if column.type == "text" else WIDTH)
            book.put(sheet, 1, at, column.heading(book.lang), HEADING)
            for line, row in enumerate(rows, 2):
                changed = column.name in row.new
                value = typed(row.new[column.name], column) if changed else row.values[column.name]
                book.put(sheet, line, at, _cell(value, column, book.lang), NEW if changed else BORDER)
    sheet.repeat_rows(1)
    sheet.fit_to_pages(1, 0)


def _cell(value: Any, column: Column, lang: Lang) -> Value:  # noqa: ANN401 - as the register holds it
    if isinstance(value, bool):
        return text("codebook.yes" if value else "codebook.no", lang)
    if column.type == "money" and isinstance(value, int):
        return value / MINOR
    return value  # type: ignore[no-any-return]
