"""One sheet as typed rows of the tables it feeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.registers.files import Sheet
from jiedui.registers.headings import HeadingMap
from jiedui.registers.intake.desk import Desk
from jiedui.registers.register import Source
from jiedui.registers.tables import FINDINGS, REGISTERS

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Rows:
    """What one sheet holds.

    Attributes
    ----------
    tables : mapping of str to pyarrow.Table
        By table, as `jiedui.registers.schema_of` declares it.
    extras : pyarrow.Table
        ``_row`` and, as text, the columns that feed nothing, under their own headings.
    findings : pyarrow.Table
        As `jiedui.registers.tables.FINDINGS` declares.
    changes : mapping of tuple to int
        By table, column and kind of tidying: how many cells were changed.
    source : Source
        The sheet.
    """

    tables: Mapping[str, pa.Table]
    extras: pa.Table
    findings: pa.Table
    changes: Mapping[tuple[str, str, str], int]
    source: Source


def read_rows(sheet: Sheet, heading_map: HeadingMap, *, source: int = 0) -> Rows:
    """Give the typed rows of a sheet.

    Each cell is tidied where that is certain and read as `jiedui.tables` reads it. A cell that does not fit
    is null, with a finding; its row stays. Rows that are wholly empty are passed over. Where rows are
    persons and repeat the values of their household, households are taken once; a value on which rows of a
    household disagree is null, with a finding.

    Parameters
    ----------
    source : int
        What ``_source`` says of each row: the number of the sheet in its register.

    Examples
    --------
    >>> import numpy as np, pyarrow as pa
    >>> from jiedui.registers.headings import match_headings
    >>> from jiedui.tables.grid import Place
    >>> cells = pa.table({"c0": ["5201", "5202"], "c1": ["甲", "乙"], "c2": ["1.2万元", "abc"]})
    >>> place, numbers = Place("户.csv"), np.array([2, 3])
    >>> headings = ["户编号", "户主姓名", "家庭纯收入"]
    >>> sheet = Sheet(place, "", headings, range(3), cells, None, numbers, 1, (), "")
    >>> rows = read_rows(sheet, match_headings(sheet))
    >>> rows.tables["households"].column("income").to_pylist(), rows.findings.column("cell").to_pylist()
    ([1200000, None], ['C3'])
    """
    import pyarrow as pa

    desk = Desk(sheet, heading_map, source)
    declared = {table.name: table for table in REGISTERS}
    for order, name in enumerate(heading_map.tables):
        desk.take(declared[name], once=order > 0)
    return Rows(
        tables=desk.tables,
        extras=desk.extras(),
        findings=pa.concat_tables([FINDINGS.schema().empty_table(), *desk.findings]),
        changes=dict(sorted(desk.changes.items())),
        source=desk.origin(),
    )
