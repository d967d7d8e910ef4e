"""A register: the tables that offices sent, typed, each row with the way back to its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jiedui.registers.tables import REGISTERS
from jiedui.tables import Column, Table
from jiedui.tables.grid import Place

if TYPE_CHECKING:
    import pyarrow as pa

SOURCE = Column("source", "integer", {"zh": "来源序号", "en": "source"})
ROW = Column("row", "integer", {"zh": "原文件行号", "en": "row in the file"})
OWN = {"_source": SOURCE, "_row": ROW}
"""Columns that every table of a register carries beside its declared ones (int64)."""


@dataclass(frozen=True, slots=True)
class Source:
    """One sheet that rows came from.

    Attributes
    ----------
    positions : mapping of str to mapping of str to int
        By table and column: where the column stands in the sheet, counted from 0.
    sha256 : str
        Of the file.
    others : mapping of str to frozenset of str
        By table: the columns that other sheets had for these rows.
    """

    place: Place
    positions: Mapping[str, Mapping[str, int]]
    sha256: str
    others: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def columns(self, table: str) -> frozenset[str]:
        """Name the columns that were sent for the rows of a table, filled or not."""
        return frozenset(self.positions.get(table, ())) | self.others.get(table, frozenset())

    def cell(self, table: str, row: int, column: str) -> str:
        """Give the address, such as ``C17``; ``row`` as its file counts."""
        return self.place.cell(row, self.positions.get(table, {}).get(column), column)


@dataclass(frozen=True, slots=True)
class Register:
    """Tables by name, as `jiedui.registers.tables` declares them.

    Attributes
    ----------
    tables : mapping of str to pyarrow.Table
        The declared columns with their types, and the columns ``_source`` (index in `sources`) and ``_row``
        (number in its file). A table that nobody sent is empty.
    sources : tuple of Source
        The sheets, in the order they were read.
    """

    tables: Mapping[str, pa.Table]
    sources: tuple[Source, ...]


def schema_of(table: Table) -> pa.Schema:
    """Give the Arrow schema of a table in a register: declared columns, then `OWN`."""
    import pyarrow as pa

    return pa.schema([*table.schema(), *(pa.field(name, pa.int64()) for name in OWN)])


def empty_register() -> Register:
    """Give a register without rows.

    Examples
    --------
    >>> empty_register().tables["persons"].num_rows
    0
    """
    return Register({table.name: schema_of(table).empty_table() for table in REGISTERS}, ())
