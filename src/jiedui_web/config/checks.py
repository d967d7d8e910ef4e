"""Checks of the ground the site stands on: the database's order and signs, the guards of the trail."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from jiedui_web.audit.guarding import TABLES, guards_missing
from jiedui_web.language import text
from jiedui_web.registers.sealing import open_sealed

RECORDS = "registers_record"
SEALED = "SELECT sealed FROM registers_record WHERE NOT index_of_id = '' AND sealed IS NOT NULL LIMIT 1"
PLAIN_ORDER = frozenset({"C", "POSIX", "C.UTF-8", "C.UTF8", "C.utf8", "ucs_basic"})
"""Orders by the sign itself: only in them do the codes under a prefix stand together."""
ORDER = """
SELECT pg_encoding_to_char(encoding), datlocprovider::text, datcollate,
    coalesce(to_jsonb(d) ->> 'datlocale', '')
FROM pg_database d WHERE datname = current_database()
"""


@register(Tags.database)
def check_databases(databases: Sequence[str] | None = None, **_: object) -> list[CheckMessage]:
    """Refuse a PostgreSQL database that sorts by a language or cannot hold every sign; a trail unguarded."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor == "postgresql":
            found += _order(connection)
        found += _guards(connection)
        found += _seals(connection)
    return found


def _order(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """Check encoding and collation of PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(ORDER)
        encoding, provider, collation, locale = cursor.fetchone()
    found: list[CheckMessage] = []
    if encoding != "UTF8":
        found.append(Error(text("checks.encoding", found=encoding), id="jiedui.E001"))
    kept = locale if provider in {"i", "b"} and locale else collation
    if provider == "i" or kept not in PLAIN_ORDER:
        found.append(Error(text("checks.order", found=kept), id="jiedui.E002"))
    return found


def _guards(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """Check that the trail, once it stands, is guarded."""
    if not set(TABLES) <= set(connection.introspection.table_names()):
        return []
    missing = guards_missing(connection)
    return (
        [Error(text("checks.guards", names=", ".join(sorted(missing))), id="jiedui.E003")] if missing else []
    )


def _seals(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """Check that the key opens what is sealed: with another, new numbers would stand beside the old."""
    if RECORDS not in connection.introspection.table_names():
        return []
    with connection.cursor() as cursor:
        cursor.execute(SEALED)
        row = cursor.fetchone()
    try:
        open_sealed(row and row[0])
    except InvalidTag:
        return [Error(text("checks.seals"), id="jiedui.E004")]
    return []
