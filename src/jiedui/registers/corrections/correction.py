"""One correction, understood or not, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jiedui.errors import Finding
from jiedui.language import finding
from jiedui.registers.damaged.changes import masked
from jiedui.registers.tables import REGISTERS
from jiedui.tables import Column, Table
from jiedui.tables.cells import MINOR, Refusal, Value, read_cell, shown

if TYPE_CHECKING:
    import pyarrow as pa

ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+?\d+", re.ASCII)
"""A long number as a spreadsheet writes it into a csv that it saves: its digits are lost."""
Entry = Mapping[str, str | None]
"""A row of `jiedui.registers.tables.CORRECTIONS`."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction, understood."""

    at: int
    table: Table
    key: str
    column: Column
    was: Value
    now: Value
    when: str

    @property
    def cell(self) -> tuple[str, str, str]:
        """What it corrects."""
        return self.table.name, self.column.name, self.key


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one correction, and what its cell holds."""

    at: int
    kind: str
    found: str = ""


def understand(entries: Sequence[Entry]) -> tuple[list[Correction], list[Outcome]]:
    """Give the corrections whose table, column and values are known, and what is wrong with the others."""
    understood: list[Correction] = []
    wrong: list[Outcome] = []
    for at, entry in enumerate(entries):
        table = _TABLES.get(entry["register"] or "")
        column = _columns(table).get(entry["column"] or "") if table else None
        if not table or not column:
            wrong.append(Outcome(at, "no_column" if table else "no_table"))
            continue
        try:
            was, now = _values(entry, column)
        except Refusal:
            wrong.append(Outcome(at, "unreadable"))
            continue
        key, when = entry["row_key"] or "", entry["when"] or ""
        understood.append(Correction(at, table, key, column, was, now, when))
    return understood, wrong


def _values(entry: Entry, column: Column) -> tuple[Value, Value]:
    """Give what a cell held and what it is to hold; Refusal where that cannot be."""
    free = replace(column, required=False, choices=(), at_least=None, at_most=None, above=None)
    was, now = read_cell(entry["was"], free), read_cell(entry["is"], column)
    if isinstance(now, str) and ROUNDED.fullmatch(now):
        raise Refusal("table.code_spoiled")
    return was, now


def written(value: Value, column: Column) -> str:
    """Give a value as a correction writes it."""
    if value is None:
        return ""
    if column.type == "money" and isinstance(value, int):
        return f"{value / MINOR:.2f}"
    return str(value)


def with_names(corrections: pa.Table) -> pa.Table:
    """Give corrections with tables and columns by their names, where people wrote other words for them."""
    import pyarrow as pa

    rows = corrections.to_pylist()
    for row in rows:
        table = _TABLES.get(row["register"] or "")
        column = _columns(table).get(row["column"] or "") if table else None
        row["register"] = table.name if table else row["register"]
        row["column"] = column.name if column else row["column"]
    return pa.Table.from_pylist(rows, corrections.schema)


def finding_of(entry: Entry, outcome: Outcome) -> Finding:
    """Say why a correction was not applied."""
    words = {
        name: shown(masked(entry[name] or "–")) for name in ("register", "row_key", "column", "was", "is")
    }
    found = shown(masked(outcome.found or "–"))
    return finding(f"corrections.{outcome.kind}", number=outcome.at + 1, found=found, **words)


def _columns(table: Table) -> Mapping[str, Column]:
    """Give the columns of a table by every word they go by."""
    return {word: column for column in reversed(table.columns) for word in column.headings}


_TABLES = {word: table for table in REGISTERS for word in (table.name, *table.words.values())}
