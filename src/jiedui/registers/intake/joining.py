"""Sheets of many offices as one register."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.registers.files import Sheet
from jiedui.registers.headings import HeadingMap
from jiedui.registers.intake.reports import general_rows
from jiedui.registers.intake.rows import Rows, read_rows
from jiedui.registers.register import Register, schema_of
from jiedui.registers.tables import FINDINGS, REGISTERS
from jiedui.tables import Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

TIDYING = Table(
    "tidying",
    {"zh": "整理情况", "en": "tidying"},
    (
        Column("source", "integer", {"zh": "来源序号", "en": "source"}),
        Column("table", "text", {"zh": "表", "en": "table"}),
        Column("column", "text", {"zh": "字段", "en": "column"}),
        Column("change", "text", {"zh": "整理方式", "en": "change"}),
        Column("cells", "integer", {"zh": "单元格数", "en": "cells"}),
    ),
    key=("source", "table", "column", "change"),
)
"""How many cells were tidied, and how: ``apostrophe``, ``blank``, ``case``, ``choice``, ``commas``, ``date``,
``spaces``, ``truth``, ``unit``, ``width``."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Sheets taken into one register.

    Attributes
    ----------
    findings : pyarrow.Table
        As `jiedui.registers.tables.FINDINGS` declares: first what the sheets left aside and what their
        headings leave open, then their cells, sheet by sheet.
    extras : tuple of pyarrow.Table
        For each source ``_row`` and the columns that feed nothing, as text under their own headings.
    changes : pyarrow.Table
        As `TIDYING` declares.
    """

    register: Register
    findings: pa.Table
    extras: tuple[pa.Table, ...]
    changes: pa.Table


def take_in(sheets: Sequence[Sheet], maps: Sequence[HeadingMap]) -> Taken:
    """Give one register of many sheets, with everything that does not fit or is not known beside it.

    Rows stand in the order of the sheets. A household that two sheets tell of has two rows: linking decides.

    Parameters
    ----------
    maps : sequence of HeadingMap
        The map of each sheet, in the same order.

    Examples
    --------
    >>> take_in([], []).register.tables["households"].num_rows
    0
    """
    import pyarrow as pa

    pairs = list(zip(sheets, maps, strict=True))
    found = [
        read_rows(sheet, heading_map, source=source) for source, (sheet, heading_map) in enumerate(pairs)
    ]
    tables = {
        table.name: pa.concat_tables(
            [
                schema_of(table).empty_table(),
                *(rows.tables[table.name] for rows in found if table.name in rows.tables),
            ]
        )
        for table in REGISTERS
    }
    findings = [
        part
        for (sheet, heading_map), rows in zip(pairs, found, strict=True)
        for part in (*_before(sheet, heading_map), rows.findings)
    ]
    return Taken(
        register=Register(tables, tuple(rows.source for rows in found)),
        findings=pa.concat_tables([FINDINGS.schema().empty_table(), *findings]),
        extras=tuple(rows.extras for rows in found),
        changes=_changes(found),
    )


def _before(sheet: Sheet, heading_map: HeadingMap) -> Iterator[pa.Table]:
    """Give what the sheet left aside and what its headings leave open."""
    table = heading_map.tables[0] if heading_map.tables else ""
    yield general_rows(sheet.notes, "note", table)
    yield general_rows(heading_map.questions, "question", table)
    yield general_rows(heading_map.notes, "note", table)


def _changes(found: Sequence[Rows]) -> pa.Table:
    """Count what was tidied."""
    import pyarrow as pa

    counted = [
        {"source": source, "table": table, "column": column, "change": change, "cells": count}
        for source, rows in enumerate(found)
        for (table, column, change), count in rows.changes.items()
    ]
    return pa.Table.from_pylist(counted, schema=TIDYING.schema())
