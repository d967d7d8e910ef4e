"""A sheet as its office made it, its layout understood: headings in one row, every cell as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.tables.grid import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.errors import Finding

TEXT, NUMBER, DATE, TRUTH, FAILED = range(5)
"""How a cell was stored: `Sheet.kinds`. FAILED is a formula that failed or was never computed."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, read and understood, nothing yet matched or checked.

    Attributes
    ----------
    title : str
        The title row or rows above the headings, joined by a space; empty when there is none.
    headings : sequence of str
        One a column, levels of merged headings joined by "/": ``收入/工资性收入（元）``. May repeat.
    positions : sequence of int
        Where each column stands in the file, counted from 0.
    cells : pyarrow.Table
        One string column for each heading, named ``c0``, ``c1``…: the text of each cell without spaces
        around it; null where it is blank. A number is written shortest (``8612.5``, ``530102``), with more
        than 15 digits only where the file holds them exactly; a date as ``YYYY-MM-DD``, a truth value as
        ``true`` or ``false``, a failed formula as ``#``.
    kinds : pyarrow.Table or None
        As `cells`, of uint8: how each cell was stored. None where a file stores text only (csv).
    rows : array of int64
        The number of each row in the file, counted from 1.
    bottom : int
        The number of the last row that belongs to the headings.
    notes : tuple of Finding
        What was left aside: rows of totals, hidden rows, sign-off lines, empty columns.
    sha256 : str
        Of the file.
    """

    place: Place
    title: str
    headings: Sequence[str]
    positions: Sequence[int]
    cells: pa.Table
    kinds: pa.Table | None
    rows: NDArray[np.int64]
    bottom: int
    notes: tuple[Finding, ...]
    sha256: str

    def cell(self, row: int, column: int) -> str:
        """Give the address, such as ``C17``; both counted from 0 in `cells`."""
        return self.place.cell(int(self.rows[row]), self.positions[column], self.headings[column])
