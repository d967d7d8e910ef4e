"""Deciding: an import is merged, refused or, once merged, undone; each in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from jiedui.errors import InputError
from jiedui.language import LANGUAGES, finding, text, words
from jiedui.registers.imports.books import TABLES, names, open_books, quoted
from jiedui.registers.imports.comparison import spoken

if TYPE_CHECKING:
    import duckdb


def commit(db: duckdb.DuckDBPyConnection, number: int, *, reviewed: int, by: str, on: str) -> None:
    """Put the new and changed rows of a reviewed import in force; merging it again changes nothing.

    Parameters
    ----------
    reviewed
        The ``version`` of the `Review` that was looked at.

    Raises
    ------
    InputError
        If nobody is named, there is no such import, it is not in review, or rows it touches were changed
        since it was reviewed, or a later review showed something else: it must be reviewed anew.
    """
    with _transaction(db, number, by) as state:
        if state == "merged":
            return
        _expect(number, state, "in_review")
        ((last,),) = db.execute("SELECT reviews FROM imports WHERE id = ?", [number]).fetchall()
        if reviewed != last:
            raise InputError([finding("imports.not_last", number=number, found=reviewed, last=last)])
        for name, columns in spoken(db, number).items():
            _refuse_stale(db, number, name)
            _merge(db, number, name, columns)
        db.execute(
            "UPDATE imports SET state = 'merged', decided_by = ?, decided_on = ? WHERE id = ?",
            [by, on, number],
        )


def refuse(db: duckdb.DuckDBPyConnection, number: int, *, by: str, on: str) -> None:
    """Put an import aside for good: its staged rows go, nothing in force changes.

    Raises
    ------
    InputError
        If nobody is named, there is no such import, or it is merged or undone.
    """
    with _transaction(db, number, by) as state:
        _expect(number, state, "loaded", "in_review")
        for name in spoken(db, number):
            db.execute(f"DELETE FROM staged.{quoted(name)} WHERE _import = ?", [number])  # noqa: S608
        db.execute(
            "UPDATE imports SET state = 'refused', decided_by = ?, decided_on = ? WHERE id = ?",
            [by, on, number],
        )


def undo(db: duckdb.DuckDBPyConnection, number: int, *, by: str, on: str) -> None:
    """Give every row that a merged import touched its state from before.

    Raises
    ------
    InputError
        If nobody is named, there is no such import, it is not merged, or a later import changed the same
        rows: that one must be undone first.
    """
    with _transaction(db, number, by) as state:
        _expect(number, state, "merged")
        for name in spoken(db, number):
            _refuse_built_upon(db, number, name)
            _restore(db, number, name)
        db.execute(
            "UPDATE imports SET state = 'undone', undone_by = ?, undone_on = ? WHERE id = ?", [by, on, number]
        )


@contextmanager
def _transaction(db: duckdb.DuckDBPyConnection, number: int, by: str) -> Iterator[str]:
    """Give the state of an import inside a transaction that is kept whole or not at all."""
    if not by.strip():
        raise InputError([finding("imports.nobody")])
    open_books(db)
    db.execute("BEGIN")
    try:
        yield state_of(db, number)
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def state_of(db: duckdb.DuckDBPyConnection, number: int) -> str:
    """Give the state of an import; InputError when there is none of the number."""
    found = db.execute("SELECT state FROM imports WHERE id = ?", [number]).fetchall()
    if not found:
        raise InputError([finding("imports.unknown", found=number)])
    return str(found[0][0])


def _expect(number: int, state: str, *allowed: str) -> None:
    """Refuse a step that an import's state does not allow."""
    if state not in allowed:
        told = {lang: " | ".join(text(f"imports_word.{one}", lang) for one in allowed) for lang in LANGUAGES}
        found = words(f"imports_word.{state}")
        raise InputError([finding("imports.state", number=number, found=found, allowed=told)])


def _stale(number: int) -> NoReturn:
    """Say that what was reviewed is no longer what would be merged."""
    raise InputError([finding("imports.stale", number=number)])


def _refuse_stale(db: duckdb.DuckDBPyConnection, number: int, name: str) -> None:
    """Refuse an import whose rows in force are no longer those it was reviewed against."""
    ((stale,),) = db.execute(
        f"SELECT count(*) FROM staged.{quoted(name)} s LEFT JOIN {quoted(name)} r ON r._key = s._key"  # noqa: S608
        " WHERE s._import = ? AND s._state IN ('new', 'same', 'changed')"
        " AND s._against IS DISTINCT FROM r._import",
        [number],
    ).fetchall()
    if stale:
        _stale(number)


def _merge(db: duckdb.DuckDBPyConnection, number: int, name: str, columns: list[str]) -> None:
    """Keep the rows that will be replaced, then put the staged ones in force."""
    table, staged, past = quoted(name), f"staged.{quoted(name)}", f"past.{quoted(name)}"
    everything = ", ".join(names(TABLES[name]))
    changed = f"(SELECT * FROM {staged} WHERE _import = {number} AND _state = 'changed')"  # noqa: S608
    new = f"{staged} WHERE _import = {number} AND _state = 'new'"
    db.execute(
        f"INSERT INTO {past} SELECT {number}, _id, _key, _import, {everything} FROM {table}"  # noqa: S608
        f" SEMI JOIN {changed} AS s USING (_key);"
        f"INSERT INTO {past} (_by, _key) SELECT {number}, _key FROM {new};"
        f"UPDATE {table} AS r SET _import = {number},"
        f" {', '.join(f'{quoted(c)} = coalesce(s.{quoted(c)}, r.{quoted(c)})' for c in columns)}"
        f" FROM {changed} AS s WHERE r._key = s._key;"
        f"INSERT INTO {table} SELECT nextval('row_ids'), _key, {number}, {everything} FROM {new}"
        f" ORDER BY _source, _row"
    )


def _refuse_built_upon(db: duckdb.DuckDBPyConnection, number: int, name: str) -> None:
    """Refuse to undo an import whose rows a later one changed."""
    later = db.execute(
        f"SELECT DISTINCT r._import FROM past.{quoted(name)} p JOIN {quoted(name)} r ON r._key = p._key"  # noqa: S608
        " WHERE p._by = ? AND r._import <> ? ORDER BY 1",
        [number, number],
    ).fetchall()
    if later:
        told = ", ".join(str(row[0]) for row in later)
        raise InputError([finding("imports.built_upon", number=number, found=told)])


def _restore(db: duckdb.DuckDBPyConnection, number: int, name: str) -> None:
    """Take the rows of an import out of force and put the ones it replaced back."""
    table, past = quoted(name), f"past.{quoted(name)}"
    everything = ", ".join(names(TABLES[name]))
    db.execute(
        f"DELETE FROM {table} WHERE _import = {number};"  # noqa: S608
        f"INSERT INTO {table} SELECT _id, _key, _import, {everything} FROM {past}"
        f" WHERE _by = {number} AND _id IS NOT NULL ORDER BY _id;"
        f"DELETE FROM {past} WHERE _by = {number}"
    )
