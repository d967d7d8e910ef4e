"""The clean tables of a register as files, and how many questions each village has."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import Lang, Words, finding, text, words
from jiedui.registers.forms.book import HEADING, RUNS, Book, Value, Written, height, new_book, replacing
from jiedui.registers.forms.masking import masked
from jiedui.registers.register import Register
from jiedui.registers.tables import FINDINGS, REGISTERS
from jiedui.tables import CODEBOOK, Column, Table, codebook_rows, sheet_name
from jiedui.tables.cells import MINOR

if TYPE_CHECKING:
    import pyarrow as pa

VILLAGE_SUMMARY = Table(
    "village_summary",
    {"zh": "分村问题", "en": "findings by village"},
    (
        FINDINGS.column("township"),
        FINDINGS.column("village"),
        FINDINGS.column("severity"),
        FINDINGS.column("rule"),
        Column("findings", "integer", {"zh": "条数", "en": "findings"}),
    ),
    key=("township", "village", "severity", "rule"),
)
IN_EXCEL = 100_000
"""Rows of a table that still open in Excel in good time; longer ones are csv and parquet only."""
WIDTH = 14
PAGE = 180
"""Places beside each other that stay readable on landscape A4."""
ALLOWED = [column.name for column in CODEBOOK.columns].index("allowed")
CODEBOOK_WIDTHS = (12, 20, 22, 8, 8, 8, 60, 20)
WRAPPED: Mapping[str, object] = {"text_wrap": True, "valign": "top"}
PLAIN: Mapping[str, object] = {}
MONEY: Mapping[str, object] = {"num_format": "#,##0.00"}


def write_tables(
    register: Register, folder: Path, lang: Lang, *, findings: pa.Table | None = None
) -> Written:
    """Write every table that has rows as csv and parquet, and all of them as one workbook with codebook.

    These are the office's own data, whole: ID numbers are not masked, except in findings.

    Parameters
    ----------
    folder : Path
        An existing folder.
    findings : pyarrow.Table, optional
        As ``FINDINGS``: written beside the tables, with their number by village.

    Raises
    ------
    InputError
        If there is nothing to write, or a file cannot be written.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> import pyarrow as pa
    >>> from jiedui.registers import empty_register, schema_of
    >>> from jiedui.registers.tables import DEATHS
    >>> rows = pa.Table.from_pylist([{"id_number": "x", "_source": 0, "_row": 2}], schema=schema_of(DEATHS))
    >>> register = Register({**empty_register().tables, "deaths": rows}, ())
    >>> [file.name for file in write_tables(register, Path(mkdtemp()), "en").files]
    ['deaths.csv', 'deaths.parquet', 'clean.xlsx']
    """
    tables = [(one, register.tables[one.name]) for one in REGISTERS if register.tables[one.name].num_rows]
    if findings is not None and findings.num_rows:
        tables += [(FINDINGS, _masked(findings)), (VILLAGE_SUMMARY, village_summary(findings))]
    if not tables:
        raise InputError([finding("forms.no_rows", file=folder.name, form=words("form_word.clean"))])
    files = [path for declared, table in tables for path in _write_flat(folder, declared, table, lang)]
    short = [(declared, table) for declared, table in tables if table.num_rows <= IN_EXCEL]
    with new_book(folder / "clean.xlsx", title=text("form_word.clean", lang), lang=lang) as book:
        _codebook(book, [declared for declared, _ in tables])
        for declared, table in short:
            _sheet(book, declared, table)
    return Written((*files, folder / "clean.xlsx"), tuple(_too_long(tables)))


def village_summary(findings: pa.Table) -> pa.Table:
    """Count the findings of each village by severity and rule, as ``VILLAGE_SUMMARY``.

    Townships and villages stand in the order of their names; findings of no village come last.

    Examples
    --------
    >>> import pyarrow as pa
    >>> row = {"rule": "1_01_001", "severity": "question", "register": "persons", "village": "乙村"}
    >>> village_summary(pa.Table.from_pylist([row, row], schema=FINDINGS.schema()))["findings"].to_pylist()
    [2]
    """
    names = list(VILLAGE_SUMMARY.key)
    counted = findings.group_by(names).aggregate([([], "count_all")])
    counted = counted.rename_columns([*names, "findings"]).select(VILLAGE_SUMMARY.schema().names)
    order = [(name, "ascending") for name in names]
    return counted.sort_by(order).cast(VILLAGE_SUMMARY.schema())


def _masked(findings: pa.Table) -> pa.Table:
    """Give findings without ID numbers."""
    import pyarrow as pa

    for name in ("row_key", "found", "zh", "en"):
        values = [value and masked(value) for value in findings[name].to_pylist()]
        at = findings.schema.get_field_index(name)
        findings = findings.set_column(at, name, pa.array(values, pa.string()))
    return findings


def _too_long(tables: Sequence[tuple[Table, pa.Table]]) -> Iterator[Words]:
    for declared, table in tables:
        if table.num_rows > IN_EXCEL:
            yield words("form_word.too_long", table=declared.words, count=table.num_rows)


def _write_flat(folder: Path, declared: Table, table: pa.Table, lang: Lang) -> tuple[Path, Path]:
    """Write a table as csv that Excel and WPS open by a double click, and as parquet."""
    import pyarrow.parquet as pq

    paths = folder / f"{declared.name}.csv", folder / f"{declared.name}.parquet"
    columns = [_texts(table[column.name].to_pylist(), column, lang) for column in declared.columns]
    with (
        replacing(paths[0], ".csv") as part,
        part.open("w", encoding="utf-8-sig", newline="", errors="replace") as file,
    ):
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(column.heading(lang) for column in declared.columns)
        writer.writerows(zip(*columns, strict=True))
    with replacing(paths[1], ".parquet") as part:
        pq.write_table(table, part, compression="zstd")
    return paths


def _texts(values: Sequence[Value], column: Column, lang: Lang) -> list[str]:
    """Give values as a file holds them; a text that would run is led by an apostrophe."""
    if column.type == "boolean":
        said = {None: "", True: text("codebook.yes", lang), False: text("codebook.no", lang)}
        return [said[value] for value in values]  # type: ignore[index]
    if column.type == "money":
        return ["" if value is None else f"{_yuan(value):.2f}" for value in values]
    if column.is_numeric:
        return ["" if value is None else repr(value) for value in values]
    return [f"'{value}" if value and str(value).startswith(RUNS) else str(value or "") for value in values]


def _yuan(value: Value) -> float:
    return int(value or 0) / MINOR


def _codebook(book: Book, tables: Sequence[Table]) -> None:
    """Write what each column means, in front."""
    sheet = book.sheet(text("codebook.sheet", book.lang), landscape=True)
    names = {table.name: sheet_name(table, book.lang) for table in tables}
    for column, (declared, room) in enumerate(zip(CODEBOOK.columns, CODEBOOK_WIDTHS, strict=True)):
        sheet.set_column(column, column, room)
        book.put(sheet, 0, column, declared.heading(book.lang), HEADING)
    for row, entry in enumerate(codebook_rows(tables, book.lang), 1):
        entry["table"] = names[entry["table"]]
        sheet.set_row(row, height(entry["allowed"], CODEBOOK_WIDTHS[ALLOWED]))
        for column, declared in enumerate(CODEBOOK.columns):
            book.put(sheet, row, column, entry[declared.name], WRAPPED)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def _sheet(book: Book, declared: Table, table: pa.Table) -> None:
    sheet = book.sheet(sheet_name(declared, book.lang), landscape=True)
    for position, column in enumerate(declared.columns):
        sheet.set_column(position, position, WIDTH)
        book.put(sheet, 0, position, column.heading(book.lang), HEADING)
        style = MONEY if column.type == "money" else PLAIN
        for row, value in enumerate(table[column.name].to_pylist(), 1):
            book.put(sheet, row, position, _shown(value, column, book.lang), style)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(math.ceil(WIDTH * len(declared.columns) / PAGE), 0)


def _shown(value: Value, column: Column, lang: Lang) -> Value:
    if value is None:
        return None
    if column.type == "boolean":
        return text("codebook.yes" if value else "codebook.no", lang)
    return _yuan(value) if column.type == "money" else value
