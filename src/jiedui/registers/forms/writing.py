"""A form written: rows computed, laid out, with its notes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import Lang, finding, text
from jiedui.registers.forms.book import Book, Written, new_book
from jiedui.registers.forms.filling import Filling
from jiedui.registers.forms.form import TABLES, Form
from jiedui.registers.forms.lists import write_list
from jiedui.registers.forms.pages import page_fields, write_pages
from jiedui.registers.forms.rows import Line, Rows, open_rows
from jiedui.registers.register import Register
from jiedui.tables.allowed import listed

if TYPE_CHECKING:
    import pyarrow as pa

MOST = {"list": 100_000, "page": 5_000}
"""Rows of a list, pages: more than that nobody prints in one go."""
DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?", re.ASCII)


def write_form(
    form: Form,
    register: Register,
    target: Path,
    lang: Lang,
    *,
    findings: pa.Table | None = None,
    on: str = "",
    unit: str = "",
    only: Mapping[str, str] | None = None,
) -> Written:
    """Write a form as an Excel workbook to be printed on A4.

    Parameters
    ----------
    findings : pyarrow.Table, optional
        As ``FINDINGS``, for forms with questions.
    on : str, optional
        The day of the form, ``YYYY-MM-DD``; forms that count by month or year need it.
    unit : str, optional
        The office that fills it in; a line to write on when empty.
    only : mapping of str to str, optional
        Columns of the rows with the value to take: ``{"village": "…"}``.

    Raises
    ------
    InputError
        If nothing is left to write, if it is too much, if the day is missing, or if the target cannot be
        written.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from tempfile import mkdtemp
    >>> from jiedui.registers import empty_register, schema_of
    >>> from jiedui.registers.forms import shipped_forms
    >>> from jiedui.registers.tables import VILLAGES
    >>> rows = [{"township": "甲镇", "village": "乙村", "households": 300, "_source": 0, "_row": 4}]
    >>> villages = pa.Table.from_pylist(rows, schema=schema_of(VILLAGES))
    >>> register = Register({**empty_register().tables, "villages": villages}, ())
    >>> form = shipped_forms()["village_monthly"]
    >>> write_form(form, register, Path(mkdtemp()) / "month.xlsx", "zh", on="2026-11-30").files[0].name
    'month.xlsx'
    """
    _check(form, on, only or {})
    with closing(open_rows(register, findings=findings, lang=lang, on=on)) as rows:
        return _write(form, rows, target, lang, on=on, unit=unit, only=only or {})


def _write(
    form: Form, rows: Rows, target: Path, lang: Lang, *, on: str, unit: str, only: Mapping[str, str]
) -> Written:
    fields = form.fields if form.layout == "list" else page_fields(form)
    lines = rows.lines(form, fields=fields, only=only)
    if not lines or len(lines) > MOST[form.layout]:
        rule = "forms.many" if lines else "forms.no_rows"
        found = finding(rule, file=target.name, form=form.title, count=len(lines), most=MOST[form.layout])
        raise InputError([found])
    filling = Filling(form, on, unit, _notes(form, rows, lang, whole=not only))
    with new_book(target, title=form.title[lang], lang=lang) as book:
        _lay_out(book, filling, lines, rows)
    return Written((target,))


def _check(form: Form, on: str, only: Mapping[str, str]) -> None:
    """Refuse a day that is none, or missing though asked for, and columns that the rows do not have."""
    asked = [one for field in form.fields for one in field.where] + list(form.where)
    asked += [one for part in form.parts for field in part.fields for one in field.where]
    asked += [one for part in form.parts for one in part.where]
    needed = any(condition.test == "period" for condition in asked)
    if (on and not DAY.fullmatch(on)) or (needed and not on):
        raise InputError([finding("forms.day", form=form.title, found=on or "–")])
    names = [column.name for column in form.table.columns if column.type == "text"]
    wrong = [name for name in only if name not in names]
    if wrong:
        near = listed(names)
        raise InputError([finding("forms.column", cell="only", found=wrong[0], table=form.rows, near=near)])


def _lay_out(book: Book, filling: Filling, lines: Sequence[Line], rows: Rows) -> None:
    form = filling.form
    if form.layout == "list":
        write_list(book, filling, lines)
    else:
        key = form.table.key
        listed = [rows.listed(part, key=key) if part.table else {} for part in form.parts]
        write_pages(book, filling, lines, listed)


def _notes(form: Form, rows: Rows, lang: Lang, *, whole: bool) -> tuple[str, ...]:
    """Give the form's own note, and say which rows of other tables no row of the form counts."""
    notes = [form.note[lang]] if form.note else []
    counted = {field.table for field in form.fields if field.kind in ("count", "sum")} - {form.rows}
    if whole and not form.where and not form.only_with:
        strays = {table: rows.strays(form, table) for table in sorted(counted)}
        notes += [
            text("form_word.strays", lang, count=count, table=TABLES[table].words)
            for table, count in strays.items()
            if count
        ]
    return tuple(notes)
