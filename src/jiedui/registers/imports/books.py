"""The books of a store: imports and their states, staged rows, rows in force, what each import replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.registers.tables import REGISTERS
from jiedui.tables import Table

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

SQL_TYPES = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "money": "BIGINT",
    "date": "VARCHAR",
    "boolean": "BOOLEAN",
}
TABLES = {table.name: table for table in REGISTERS}
IMPORTS = """
CREATE SEQUENCE import_ids;
CREATE SEQUENCE row_ids;
CREATE TABLE imports (
    id BIGINT PRIMARY KEY, file VARCHAR, sheet VARCHAR, sha256 VARCHAR, positions VARCHAR, state VARCHAR,
    staged_by VARCHAR, staged_on VARCHAR, decided_by VARCHAR, decided_on VARCHAR, undone_by VARCHAR,
    undone_on VARCHAR, reviews BIGINT
);
CREATE TABLE chunks (
    import BIGINT, register VARCHAR, chunk BIGINT, PRIMARY KEY (import, register, chunk)
);
"""
"""States of an import: loaded → in_review → merged → undone; a loaded or reviewed one may be refused.

A row in force has a number that stays (``_id``), its key, and the import that put it there (``_import``),
which is its version: a staged row remembers the version it was reviewed against (``_against``)."""


def quoted(name: str) -> str:
    """Write a name as SQL takes it.

    Examples
    --------
    >>> quoted("group")
    '"group"'
    """
    return '"' + name.replace('"', '""') + '"'


def names(table: Table) -> list[str]:
    """Give the declared columns of a table, quoted."""
    return [quoted(column.name) for column in table.columns]


def key_of(table: Table) -> str:
    """Give the SQL expression of a row's key: its parts joined by ``|``; null where the first is missing."""
    first, *others = (quoted(name) for name in table.key)
    return " || '|' || ".join([first, *(f"coalesce({part}, '')" for part in others)])


def open_books(db: duckdb.DuckDBPyConnection) -> None:
    """Make the books in a store that has none yet."""
    if db.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'imports'").fetchall():
        return
    db.execute("BEGIN")
    db.execute(IMPORTS)
    for schema in ("staged", "past"):
        db.execute(f"CREATE SCHEMA {schema}")
    for table in REGISTERS:
        columns = ", ".join(f"{quoted(column.name)} {SQL_TYPES[column.type]}" for column in table.columns)
        name = quoted(table.name)
        db.execute(
            f"CREATE TABLE {name} (_id BIGINT, _key VARCHAR, _import BIGINT, {columns});"
            f"CREATE TABLE staged.{name} (_import BIGINT, _source BIGINT, _row BIGINT,"
            f" _key VARCHAR, _state VARCHAR, _against BIGINT, {columns});"
            f"CREATE TABLE past.{name}"
            f" (_by BIGINT, _id BIGINT, _key VARCHAR, _import BIGINT, {columns})"
        )
    db.execute("COMMIT")


def rows_in_force(db: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    """Give the rows of a table in force, as declared, in the order they came in.

    Examples
    --------
    >>> import duckdb
    >>> rows_in_force(duckdb.connect(), "households").num_rows
    0
    """
    open_books(db)
    columns = ", ".join(names(TABLES[name]))
    return db.sql(f"SELECT {columns} FROM {quoted(name)} ORDER BY _id").to_arrow_table()  # noqa: S608


@dataclass(frozen=True, slots=True)
class Import:
    """One import: a sheet, its state, and who did what when."""

    number: int
    file: str
    sheet: str
    state: str
    staged_by: str
    staged_on: str
    decided_by: str | None
    decided_on: str | None
    undone_by: str | None
    undone_on: str | None


def history(db: duckdb.DuckDBPyConnection) -> tuple[Import, ...]:
    """List the imports of a store, oldest first."""
    open_books(db)
    columns = "id, file, sheet, state, staged_by, staged_on, decided_by, decided_on, undone_by, undone_on"
    return tuple(Import(*row) for row in db.execute(f"SELECT {columns} FROM imports ORDER BY id").fetchall())  # noqa: S608
