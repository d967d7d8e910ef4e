"""Staging: the rows of a sheet set beside the rows in force, in chunks that survive a kill."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.registers.imports.books import TABLES, key_of, names, open_books, quoted
from jiedui.registers.imports.comparison import compare
from jiedui.registers.register import Register, Source

if TYPE_CHECKING:
    import duckdb

CHUNK = 100_000
"""Rows of one transaction: what a kill can cost."""


def stage(
    db: duckdb.DuckDBPyConnection,
    register: Register,
    *,
    by: str,
    on: str,
    chunk: int = CHUNK,
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> tuple[int, ...]:
    """Set the rows of each sheet of a register beside the rows in force; nothing in force changes.

    A sheet that was staged before goes on where it stopped; one that is merged already is passed over.

    Parameters
    ----------
    db
        The connection of a store, written by nobody else meanwhile.
    by, on
        Who stages, and the day (``YYYY-MM-DD``).
    on_progress
        Hears after each chunk how many rows are staged, and how many there are.

    Returns
    -------
    tuple of int
        The import of each sheet that feeds a table, in order; the same number for the same sheet given twice.

    Raises
    ------
    InputError
        If nobody is named, or no sheet of a file feeds a table: nothing is staged then.

    Examples
    --------
    >>> import duckdb
    >>> from jiedui.registers import empty_register
    >>> stage(duckdb.connect(), empty_register(), by="county office", on="2026-10-31")
    ()
    """
    if not by.strip():
        raise InputError([finding("imports.nobody")])
    if strangers := _strangers(register):
        raise InputError(finding("imports.no_columns", file=file) for file in strangers)
    open_books(db)
    total = sum(table.num_rows for table in register.tables.values())
    done = 0
    imports: list[int] = []
    for order, source in enumerate(register.sources):
        if not source.positions:
            continue
        number, state = _enter(db, source, by=by, on=on)
        imports.append(number)
        if state != "loaded":
            continue
        for name in sorted(source.positions):
            for rows in _stage_table(db, register, name, order=order, number=number, chunk=chunk):
                done += rows
                on_progress(done, total)
        compare(db, number)
    return tuple(imports)


def _strangers(register: Register) -> list[str]:
    """Name the files of which no sheet feeds a table."""
    fed: dict[str, bool] = {}
    for source in register.sources:
        fed[source.place.file] = fed.get(source.place.file, False) or bool(source.positions)
    return [file for file, is_fed in fed.items() if not is_fed]


def _enter(db: duckdb.DuckDBPyConnection, source: Source, *, by: str, on: str) -> tuple[int, str]:
    """Give the import of a sheet and its state: the one under way or merged, or a new one."""
    positions = json.dumps(source.positions, sort_keys=True, ensure_ascii=False)
    place = [source.sha256, source.place.sheet, positions]
    known = db.execute(
        "SELECT id, state FROM imports WHERE sha256 = ? AND sheet = ? AND positions = ?"
        " AND state NOT IN ('undone', 'refused') ORDER BY id DESC LIMIT 1",
        place,
    ).fetchall()
    if known:
        return int(known[0][0]), str(known[0][1])
    ((number,),) = db.execute(
        "INSERT INTO imports (id, file, sheet, sha256, positions, state, staged_by, staged_on,"
        " reviews) VALUES (nextval('import_ids'), ?, ?, ?, ?, 'loaded', ?, ?, 0) RETURNING id",
        [source.place.file, source.place.sheet, source.sha256, positions, by, on],
    ).fetchall()
    return number, "loaded"


def _stage_table(
    db: duckdb.DuckDBPyConnection, register: Register, name: str, *, order: int, number: int, chunk: int
) -> Iterator[int]:
    """Stage the rows of one table that come from one sheet; yields the rows of each chunk."""
    import pyarrow.compute as pc

    rows = register.tables[name]
    own = rows.filter(pc.equal(rows["_source"], order)) if len(register.sources) > 1 else rows
    staged = {
        row[0]
        for row in db.execute(
            "SELECT chunk FROM chunks WHERE import = ? AND register = ?", [number, name]
        ).fetchall()
    }
    columns = ", ".join(names(TABLES[name]))
    for index, start in enumerate(range(0, own.num_rows, chunk)):
        part = own.slice(start, chunk)
        if index not in staged:
            db.register("incoming", part)
            db.execute("BEGIN")
            db.execute(
                f"INSERT INTO staged.{quoted(name)} SELECT ?, _source, _row, {key_of(TABLES[name])}, NULL,"  # noqa: S608
                f" NULL, {columns} FROM incoming",
                [number],
            )
            db.execute("INSERT INTO chunks VALUES (?, ?, ?)", [number, name, index])
            db.execute("COMMIT")
            db.unregister("incoming")
        yield part.num_rows
