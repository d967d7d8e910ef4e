"""Opening a store's file: made whole or not at all, and refused when it is not one."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from glob import escape
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import duckdb

FORMAT = 1
"""The format that this program writes, and the newest that it reads."""
SOFTWARE = "jiedui"
CATALOGUE = "jiedui_store"
"""The name under which a file is attached: its own could be that of a schema in it."""
MAGIC, MAGIC_AT = b"DUCK", 8
TOKEN = 8
"""Bytes in the name of a file that is being made: of two who make a store at once each makes its own."""
HOLDER = re.compile(r"PID (\d+)")


def make_file(path: Path) -> None:
    """Make an empty store; a kill leaves either none or a whole one."""
    import duckdb

    if not path.parent.is_dir():
        raise refusal("folder_missing", path)
    if log_of(path).exists():
        raise refusal("log_left", path, log=log_of(path).name)
    part = path.with_name(f".{path.name}.{token_hex(TOKEN)}.part")
    try:
        with duckdb.connect() as db:
            attach(db, part, "made")
            db.execute("CREATE TABLE made.meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
            mark = [("software", SOFTWARE), ("format", str(FORMAT))]
            db.executemany("INSERT INTO made.meta VALUES (?, ?)", mark)
            db.execute("DETACH made")
        os.link(part, path)
    except (OSError, duckdb.Error):
        if not path.exists():
            raise refusal("not_writable", path) from None
    finally:
        for left in _parts_of(path) if path.exists() else [part]:
            _remove(left)


def log_of(path: Path) -> Path:
    """Give the file in which DuckDB keeps what is not in a store's file yet."""
    return path.with_name(f"{path.name}.wal")


def _parts_of(path: Path) -> list[Path]:
    """Give what all who made a store left beside it: once it is there, nobody needs it."""
    return list(path.parent.glob(f".{escape(path.name)}.{'?' * 2 * TOKEN}.part"))


def _remove(part: Path) -> None:
    """Remove what is left of making a store."""
    for file in (part, log_of(part)):
        with suppress(OSError):
            file.unlink()


def open_file(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Attach a store for writing, after it was looked at without changing it.

    Raises
    ------
    InputError
        If it is missing, not a store, of a newer format, damaged, or open elsewhere.
    """
    import duckdb

    if not path.is_file():
        raise refusal("file_missing", path)
    try:
        with path.open("rb") as file:
            if file.read(MAGIC_AT + len(MAGIC))[MAGIC_AT:] != MAGIC:
                raise refusal("not_a_store", path)
        attach(db, path, CATALOGUE, "READ_ONLY")
        _check_format(db, path)
        db.execute(f"DETACH {CATALOGUE}")
        attach(db, path, CATALOGUE)
    except (duckdb.Error, OSError) as error:
        raise _unusable(error, path) from None


def attach(db: duckdb.DuckDBPyConnection, path: Path, catalogue: str, mode: str = "READ_WRITE") -> None:
    """Attach a file under a name."""
    quoted = str(path).replace("'", "''")
    db.execute(f"ATTACH '{quoted}' AS {catalogue} ({mode})")


def refusal(rule: str, path: Path, **values: str) -> InputError:
    """Give the error of a rule about a store."""
    return InputError([finding(f"store.{rule}", file=path.name, **values)])


def _check_format(db: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuse a file without the mark of a store, or with that of a newer one."""
    meta = (
        "SELECT 1 FROM duckdb_columns() WHERE database_name = ? AND schema_name = 'main'"
        " AND table_name = 'meta' AND column_name IN ('key', 'value')"
        " AND table_oid IN (SELECT table_oid FROM duckdb_tables() WHERE database_name = ?)"
    )
    if len(db.execute(meta, [CATALOGUE, CATALOGUE]).fetchall()) != len(("key", "value")):
        raise refusal("not_a_store", path)
    values = dict(db.execute(f"SELECT key, value FROM {CATALOGUE}.meta").fetchall())  # noqa: S608
    number = str(values.get("format", ""))
    if values.get("software") != SOFTWARE or not number.isdecimal():
        raise refusal("not_a_store", path)
    if int(number) > FORMAT:
        raise refusal("newer", path, found=number, known=str(FORMAT))


def _unusable(error: Exception, path: Path) -> InputError:
    """Say why a file cannot be opened."""
    import duckdb

    said = str(error)
    holder = HOLDER.search(said)
    if holder or isinstance(error, duckdb.ResourceInUseException) or "Could not set lock" in said:
        return refusal("in_use", path, process=holder[1] if holder else str(os.getpid()))
    if isinstance(error, PermissionError) or "Permission denied" in said:
        return refusal("not_writable", path)
    return refusal("damaged", path)
