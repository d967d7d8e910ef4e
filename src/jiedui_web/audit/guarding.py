"""Triggers under the trail: on both databases a row is only ever added, whoever asks."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = {"audit_event": ("id",), "audit_seal": ("number", "event_id")}
"""Guarded tables, and their unique columns: SQLite's ``INSERT OR REPLACE`` deletes past a delete trigger."""
REFUSAL = "the audit trail is append-only"
SQLITE = {
    "{table}_no_update": "BEFORE UPDATE ON {table}",
    "{table}_no_delete": "BEFORE DELETE ON {table}",
    "{table}_no_replace": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {held})",
}
POSTGRESQL = {
    "{table}_append_only": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW",
    "{table}_no_truncate": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT",
}
FUNCTION = f"""CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"""


def guard(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers where they are missing."""
    is_sqlite = connection.vendor == "sqlite"
    start, end = (
        ("CREATE TRIGGER IF NOT EXISTS", f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")
        if is_sqlite
        else ("CREATE OR REPLACE TRIGGER", "EXECUTE FUNCTION audit_refuse()")
    )
    with connection.cursor() as cursor:
        if not is_sqlite:
            cursor.execute(FUNCTION)
        for _, name, when in _triggers(connection.vendor):
            cursor.execute(f"{start} {name} {when} {end}")


def unguard(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for undoing the migration, and for tests that empty every table."""
    with connection.cursor() as cursor:
        for table, name, _ in _triggers(connection.vendor):
            where = "" if connection.vendor == "sqlite" else f" ON {table}"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def guards_missing(connection: BaseDatabaseWrapper) -> set[str]:
    """Give the names of the triggers that are missing or switched off."""
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        found = {str(name) for (name,) in cursor.fetchall()}
    return {name for _, name, _ in _triggers(connection.vendor)} - found


def _triggers(vendor: str) -> list[tuple[str, str, str]]:
    """Give table, name and moment of every trigger."""
    return [
        (table, name.format(table=table), when.format(table=table, held=_held(columns)))
        for table, columns in TABLES.items()
        for name, when in (SQLITE if vendor == "sqlite" else POSTGRESQL).items()
    ]


def _held(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"{column} = NEW.{column}" for column in columns)
