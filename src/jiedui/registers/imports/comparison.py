"""What an import would change: each staged row is new, same, changed, repeated, disputed or refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from jiedui.registers.imports.books import TABLES, quoted

if TYPE_CHECKING:
    import duckdb


def spoken(db: duckdb.DuckDBPyConnection, number: int) -> dict[str, list[str]]:
    """Give, by table, the columns that the sheet of an import has: of the others it says nothing."""
    ((positions,),) = db.execute("SELECT positions FROM imports WHERE id = ?", [number]).fetchall()
    return {
        name: [column.name for column in TABLES[name].columns if column.name in columns]
        for name, columns in sorted(json.loads(positions).items())
    }


def speaks(column: str) -> str:
    """Write as SQL whether a staged cell changes the one in force: blank or unreadable, it says nothing."""
    name = quoted(column)
    return f"(s.{name} IS NOT NULL AND s.{name} IS DISTINCT FROM r.{name})"


def compare(db: duckdb.DuckDBPyConnection, number: int) -> None:
    """Mark every staged row of an import against the rows in force; what looks anew is a new review."""
    marked = [_mark(db, number, name, columns) for name, columns in spoken(db, number).items()]
    db.execute(
        "UPDATE imports SET state = 'in_review', reviews = reviews + 1 WHERE id = ? AND (? OR reviews = 0)",
        [number, any(marked)],
    )


def _mark(db: duckdb.DuckDBPyConnection, number: int, name: str, columns: list[str]) -> bool:
    """Mark the rows of one table; tell whether any mark changed."""
    staged = f"staged.{quoted(name)}"
    content = f"md5(to_json(struct_pack({', '.join(f'{quoted(c)} := {quoted(c)}' for c in columns)})))"
    differs = " OR ".join(speaks(c) for c in columns)
    ((marked,),) = db.execute(
        f"""
        UPDATE {staged} AS t SET _state = m.state, _against = m.version FROM (
            SELECT s.row_id, CASE
                WHEN s._key IS NULL THEN 'refused'
                WHEN s.contents > 1 THEN 'needs_adjudication'
                WHEN s.copy > 1 THEN 'repeated'
                WHEN r._key IS NULL THEN 'new'
                WHEN {differs} THEN 'changed'
                ELSE 'same' END AS state, r._import AS version
            FROM (
                SELECT *, rowid AS row_id,
                    count(DISTINCT {content}) OVER (PARTITION BY _key) AS contents,
                    row_number() OVER (PARTITION BY _key ORDER BY _row, rowid) AS copy
                FROM {staged} WHERE _import = ?
            ) AS s LEFT JOIN {quoted(name)} AS r ON r._key = s._key
        ) AS m WHERE t.rowid = m.row_id
            AND (t._state IS DISTINCT FROM m.state OR t._against IS DISTINCT FROM m.version)
        """,  # noqa: S608
        [number],
    ).fetchall()
    return bool(marked)
