"""Small registers made by hand, for the tests of forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa

from jiedui.registers import Register, Source, empty_register, schema_of
from jiedui.registers.tables import CORRECTIONS, FINDINGS, REGISTERS

TABLES = {table.name: table for table in REGISTERS}
ID_NUMBER = "990101198001011234"
"""No place has the code 990101."""


def register_of(sources: tuple[Source, ...] = (), **rows: Sequence[Mapping[str, Any]]) -> Register:
    """Make a register of rows by table; each row counted from 2 as in a file with one heading row."""
    tables = dict(empty_register().tables)
    for name, given in rows.items():
        numbered = [{"_source": 0, "_row": number, **row} for number, row in enumerate(given, 2)]
        tables[name] = pa.Table.from_pylist(numbered, schema=schema_of(TABLES[name]))
    return Register(tables, sources)


def findings_of(*rows: Mapping[str, Any]) -> pa.Table:
    """Make findings; what is not given is a question about a household."""
    given = {
        "rule": "1_01_001",
        "severity": "question",
        "register": "households",
        "zh": "人口数与成员数不一致，请核实。",
        "en": "The size differs from the members listed.",
    }
    return pa.Table.from_pylist([{**given, **row} for row in rows], schema=FINDINGS.schema())


def corrections_of(*rows: Mapping[str, Any]) -> pa.Table:
    """Make corrections; what is not given is the size of a household."""
    given = {
        "register": "households",
        "row_key": "1001",
        "column": "size",
        "was": "3",
        "is": "4",
        "reason": "户口簿",
        "who": "甲",
        "when": "2026-11-03",
    }
    return pa.Table.from_pylist([{**given, **row} for row in rows], schema=CORRECTIONS.schema())


def cells_of(path: Path, sheet: str | None = None) -> list[list[Any]]:
    """Give the values of a sheet of a workbook, the first when none is named."""
    book = openpyxl.load_workbook(path)
    return [list(row) for row in book[sheet or book.sheetnames[0]].iter_rows(values_only=True)]


def texts_of(path: Path) -> str:
    """Give everything that stands in the cells of a workbook."""
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    return "\n".join(str(cell) for cell in cells if cell is not None)
