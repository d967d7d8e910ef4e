"""What a person looks at before deciding: counts by state, every changed cell, rows to be adjudicated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.registers.imports.books import open_books, quoted
from jiedui.registers.imports.comparison import compare, speaks, spoken
from jiedui.registers.imports.deciding import state_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

STATES = ("new", "same", "changed", "repeated", "needs_adjudication", "refused")


@dataclass(frozen=True, slots=True)
class Review:
    """What an import would do.

    Attributes
    ----------
    number : int
        The import.
    version : int
        Counts the reviews that showed something new: what `commit` is told, so that nobody merges what
        he did not see.
    state : str
        ``loaded``, ``in_review``, ``merged``, ``undone`` or ``refused``.
    counts : pyarrow.Table
        ``register, state, rows``.
    changes : pyarrow.Table
        ``register, key, column, was, is, row``: each cell that would change or, once merged, did.
    open_rows : pyarrow.Table
        ``register, key, state, row``: rows that are not merged, because they carry no key, or one key with
        different contents.
    """

    number: int
    file: str
    sheet: str
    state: str
    version: int
    counts: pa.Table
    changes: pa.Table
    open_rows: pa.Table


def review(db: duckdb.DuckDBPyConnection, number: int) -> Review:
    """Show what an import would do, set against the rows in force anew, or what it did.

    Raises
    ------
    InputError
        If there is no such import.
    """
    open_books(db)
    if state_of(db, number) == "in_review":
        compare(db, number)
    columns = spoken(db, number)
    head = "SELECT file, sheet, state, reviews FROM imports WHERE id = ?"
    ((file, sheet, state, version),) = db.execute(head, [number]).fetchall()
    counts = [
        f"SELECT '{name}' AS register, _state AS state, count(*) AS rows FROM staged.{quoted(name)}"  # noqa: S608
        f" WHERE _import = {number} GROUP BY _state"
        for name in columns
    ]
    held = [
        f"SELECT '{name}' AS register, _key AS key, _state AS state, _row AS row FROM staged.{quoted(name)}"  # noqa: S608
        f" WHERE _import = {number} AND _state IN ('needs_adjudication', 'refused')"
        for name in columns
    ]
    changed = [_changes(name, number, columns[name], state) for name in columns]
    return Review(
        number,
        file,
        sheet,
        state,
        version,
        counts=_all(db, counts, "register VARCHAR, state VARCHAR, rows BIGINT", "register, state"),
        changes=_all(
            db,
            changed,
            "register VARCHAR, key VARCHAR, column VARCHAR, was VARCHAR, is VARCHAR, row BIGINT",
            'register, row, key, "column"',
        ),
        open_rows=_all(
            db, held, "register VARCHAR, key VARCHAR, state VARCHAR, row BIGINT", "register, row, key"
        ),
    )


def _all(db: duckdb.DuckDBPyConnection, queries: list[str], columns: str, order: str) -> pa.Table:
    """Give the rows of several queries of the same columns, in order."""
    typed = ", ".join(f"NULL::{kind} AS {quoted(name)}" for name, kind in map(str.split, columns.split(", ")))
    union = " UNION ALL ".join([*queries, f"(SELECT {typed} WHERE false)"])
    return db.sql(f"SELECT * FROM ({union}) ORDER BY {order}").to_arrow_table()  # noqa: S608


def _changes(name: str, number: int, columns: list[str], state: str) -> str:
    """Write the query for the cells that differ: against the rows in force, or those an import replaced."""
    before = f"{quoted(name)} AS r" if state != "merged" else f"past.{quoted(name)} AS r"
    when = "" if state != "merged" else f" AND r._by = {number} AND r._id IS NOT NULL"
    cells = [
        f"SELECT '{name}' AS register, s._key AS key, '{column}' AS \"column\","  # noqa: S608
        f' r.{quoted(column)}::VARCHAR AS was, s.{quoted(column)}::VARCHAR AS "is", s._row AS row'
        f" FROM staged.{quoted(name)} AS s JOIN {before} ON r._key = s._key{when}"
        f" WHERE s._import = {number} AND s._state = 'changed'"
        f" AND {speaks(column)}"
        for column in columns
    ]
    return " UNION ALL ".join(cells)
