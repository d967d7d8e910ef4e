"""Reading one clean file: a table exactly as declared, or every reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import Finding, InputError
from jiedui.tables.checking import check, findings
from jiedui.tables.formats import read_grid

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from jiedui.tables.declaration import Table
    from jiedui.tables.grid import Place


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read, and the way back from a value to its cell.

    Attributes
    ----------
    table : pyarrow.Table
        The columns as declared, in this order; an optional column that the file lacks is null.
    notes : tuple of Finding
        What was seen and left aside, such as columns that are not known.
    rows : sequence of int
        The number, in the file, of each row of the table.
    positions : mapping of str to int
        Where each column stands in the file, counted from 0.
    """

    table: pa.Table
    notes: tuple[Finding, ...]
    rows: Sequence[int]
    positions: Mapping[str, int]
    place: Place

    def cell(self, row: int, column: str) -> str:
        """Give the address, such as ``C17``, of a value; ``row`` counts the table's rows from 0."""
        return self.place.cell(self.rows[row], self.positions.get(column), column)

    def finding(self, rule: str, row: int, column: str, **values: object) -> Finding:
        """Give the finding of a rule at one value."""
        return self.place.finding(rule, cell=self.cell(row, column), **values)


def read_table(
    path: Path, table: Table, *, sheet: str | None = None, needed: Collection[str] = ()
) -> Reading:
    r"""Give the rows of a .csv, .xlsx or .parquet file as a table declares them.

    Cells are taken as they stand, without the spaces around them. Empty rows are passed over. Nothing is
    guessed: what does not fit is refused.

    Parameters
    ----------
    path : Path
        The first row holds the headings: of each column its name, or its words in Chinese or English with
        or without the unit. The second may repeat the names, as the template does.
    sheet : str, optional
        The sheet of a workbook; the first when not given.
    needed : collection of str
        Columns that must stand in the file though their cells may be empty.

    Raises
    ------
    InputError
        If anything does not fit: all findings of the file, the first hundred written out.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from jiedui.tables.shared import ADJACENCY
    >>> path = Path(mkdtemp()) / "adjacency.csv"
    >>> _ = path.write_text("code_a,区划代码乙\n110101,110102\n", encoding="utf-8")
    >>> reading = read_table(path, ADJACENCY)
    >>> reading.table.to_pylist(), reading.cell(0, "code_b")
    ([{'code_a': '110101', 'code_b': '110102'}], 'B2')
    """
    import pyarrow as pa

    grid = read_grid(path, sheet=sheet)
    checked = check(grid, table, needed=needed)
    if checked.problems:
        raise InputError(findings(checked.problems, grid, table))
    schema = table.schema()
    arrays = [pa.array(checked.values[field.name], field.type) for field in schema]
    return Reading(
        table=pa.Table.from_arrays(arrays, schema=schema),
        notes=tuple(findings(checked.notes, grid, table)),
        rows=checked.rows,
        positions=checked.positions,
        place=grid.place,
    )
