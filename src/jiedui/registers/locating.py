"""The cell that a value of a merged row came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.registers.merging import Merged
from jiedui.registers.register import Register
from jiedui.registers.tables import FINDINGS, REGISTERS

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def locate_findings(findings: pa.Table, before: Register, merged: Merged) -> pa.Table:
    """Point findings about merged rows at the sheet that each value came from.

    Parameters
    ----------
    findings : pyarrow.Table
        As ``FINDINGS``, of ``merged.register``: they name the sheet of the first row.
    before : Register
        What was merged.
    """
    import duckdb
    import pyarrow as pa

    rows, settled = findings.to_pylist(), set[int]()
    with duckdb.connect() as db:
        db.register("findings", findings.append_column("place", pa.array(range(findings.num_rows))))
        for table in REGISTERS:
            if table.name in merged.origins:
                db.register("merged", merged.register.tables[table.name])
                db.register("origins", merged.origins[table.name])
                db.register("before", before.tables[table.name])
                for place, column, source, row in _found(db, table.name):
                    at = before.sources[source]
                    if place in settled or column not in at.columns(table.name):
                        continue
                    settled.add(place)
                    rows[place] |= {
                        "file": at.place.file,
                        "sheet": at.place.sheet,
                        "cell": at.cell(table.name, row, column),
                    }
    return pa.Table.from_pylist(rows, FINDINGS.schema())


def _found(db: duckdb.DuckDBPyConnection, name: str) -> list[tuple[int, str, int, int]]:
    """Give, for the findings of a table, the rows that the value may come from, those that hold one first."""
    table = next(one for one in REGISTERS if one.name == name)
    first, *others = (f'm."{part}"' for part in table.key)
    key = " || '|' || ".join([first, *(f"coalesce({part}, '')" for part in others)])
    asked = db.execute('SELECT DISTINCT "column" FROM findings WHERE register = ?', [name]).fetchall()
    known = {column.name for column in table.columns}
    found: list[tuple[int, str, int, int]] = []
    for column in sorted(column for (column,) in asked if column in known):
        found += db.execute(
            f"SELECT place, '{column}', o.source, o.row FROM findings f"  # noqa: S608
            f" JOIN merged m ON {key} = f.row_key"
            " JOIN origins o ON o._source = m._source AND o._row = m._row"
            " JOIN before b ON b._source = o.source AND b._row = o.row"
            f' WHERE f.register = ? AND f."column" = ?'
            f' ORDER BY place, b."{column}" IS NULL, o.source, o.row',
            [name, column],
        ).fetchall()
    return found
