"""The database of a backup: copied out while the site runs, put back, read past the site to be verified."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jiedui_web.audit.verifying import START, Link
from jiedui_web.commands.backup.contents import BadBackupError
from jiedui_web.commands.words import both

NAMES = (
    "id", "at", "actor", "organisation", "action", "kind", "thing", "place_code", "programme", "before",
    "after", "detail",
)  # fmt: skip
CHAIN = (
    "SELECT s.number, s.previous, s.hash, " + ", ".join(f"e.{name}" for name in NAMES)  # noqa: S608 - ours
    + " FROM audit_seal s LEFT JOIN audit_event e ON e.id = s.event_id ORDER BY s.number"
)  # fmt: skip
HEAD = "SELECT number, hash FROM audit_seal ORDER BY number DESC LIMIT 1"


def tool(name: str) -> str:
    """Find a program of PostgreSQL.

    Raises
    ------
    BadBackupError
        If it is not installed.
    """
    found = shutil.which(name)
    if not found:
        raise BadBackupError(both("commands.no_tool", tool=name))
    return found


def run_tool(name: str, *arguments: str, database: Mapping[str, Any]) -> None:
    """Run a program of PostgreSQL on a database; the password goes by the environment."""
    named = {
        "HOST": "PGHOST",
        "PORT": "PGPORT",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",
        "NAME": "PGDATABASE",
    }
    own = {variable: str(database[key]) for key, variable in named.items() if database.get(key)}
    done = subprocess.run(  # noqa: S603 - the program is PostgreSQL's
        [tool(name), "--no-password", *arguments], env=os.environ | own, capture_output=True, check=False
    )
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise BadBackupError(
            both("commands.tool_failed", tool=name, told=told[-1] if told else done.returncode)
        )


def sqlite_facts(path: Path) -> tuple[dict[str, int], int, str]:
    """Give the rows of each table of an SQLite file, and the end of its trail."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as held:
        asked = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        names = [name for (name,) in held.execute(asked) if not _is_shadow(name)]
        counts = {name: held.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
        number, head = held.execute(HEAD).fetchone() or (0, START)
    return counts, number, head


def _is_shadow(name: str) -> bool:
    """Whether a table is one that the search index keeps for itself."""
    return name.startswith("registers_search")


def postgresql_facts(cursor: Any) -> tuple[dict[str, int], int, str]:  # noqa: ANN401 - Django's or psycopg's
    """Give the rows of each table that a cursor sees, and the end of the trail."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    counts = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608 - a name of ours
        counts[name] = cursor.fetchone()[0]
    cursor.execute(HEAD)
    number, head = cursor.fetchone() or (0, START)
    return counts, number, head


def check_sqlite(path: Path) -> None:
    """Check that an SQLite file is whole.

    Raises
    ------
    BadBackupError
        With what SQLite says.
    """
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as held:
        try:
            told = held.execute("PRAGMA integrity_check").fetchone()[0]
            broken = held.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            told, broken = str(error), None
    if told != "ok" or broken:
        raise BadBackupError(
            both("commands.bad_database", told=told if told != "ok" else f"{broken[0]} {broken[1]}")
        )


def sqlite_chain(path: Path) -> Iterator[Link]:
    """Read the chain of an SQLite file."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as held:
        yield from _links(held.execute(CHAIN))


def postgresql_chain(connection: Any) -> Iterator[Link]:  # noqa: ANN401 - psycopg's
    """Read the chain of a PostgreSQL database."""
    with connection.cursor(name="chain") as cursor:
        cursor.execute(CHAIN)
        yield from _links(cursor)


def _links(rows: Iterable[Any]) -> Iterator[Link]:
    """Give rows as links, their values as they were sealed."""
    for number, previous, own, *values in rows:
        event = dict(zip(NAMES, values, strict=True))
        if event["id"] is None:
            yield Link(number, previous, own, None)
            continue
        event["at"] = _moment(event["at"])
        for name in ("before", "after", "detail"):
            if isinstance(event[name], str):
                event[name] = json.loads(event[name])
        yield Link(number, previous, own, event)


def _moment(at: str | datetime) -> str:
    """Spell a moment as it was sealed; SQLite keeps UTC without saying so."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
