"""The API's answers about records: without the columns that no export holds, each record as one JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.http import Http404

from jiedui_web.bridge.exporting import KEPT
from jiedui_web.registers.sealing import covered

if TYPE_CHECKING:
    from jiedui_web.accounts.access import Reach

COLUMNS = (
    "outer_id", "programme", "register", "place_code", "name", "kind", "body", "version", "changed_at",
)  # fmt: skip
FIND = f"SELECT {', '.join(COLUMNS)} FROM registers_record WHERE outer_id = %s"  # noqa: S608 - names above
SHORTEST = 15
"""No number of a person is shorter."""
Answer = dict[str, Any]


def record_answered(reach: Reach, outer_id: str) -> Answer:
    """Give one record within reach, by one statement.

    Raises
    ------
    Http404
        If there is none, or not within reach.
    """
    with connection.cursor() as cursor:
        cursor.execute(FIND, [outer_id])
        row = cursor.fetchone()
    if row is None or not reach.covers(row[3], row[1]):
        raise Http404
    return answer(row)


def answer(row: Iterable[Any]) -> Answer:
    """Give a row of `COLUMNS` as it is told: no telephone or ID number, nor one hidden in a text."""
    found = dict(zip(COLUMNS, row, strict=True))
    body = found["body"]
    values = json.loads(body) if isinstance(body, str) else body
    found["body"] = {name: _told(value) for name, value in values.items() if name not in KEPT}
    found["changed_at"] = _moment(found["changed_at"])
    return found


def spelled(told: Answer | list[Answer]) -> bytes:
    """Give an answer as JSON."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _told(value: object) -> object:
    return covered(value) if isinstance(value, str) and len(value) >= SHORTEST else value


def _moment(at: datetime | str) -> str:
    """Spell a moment in UTC: SQLite keeps it so already, as a text."""
    found = datetime.fromisoformat(at).replace(tzinfo=UTC) if isinstance(at, str) else at.astimezone(UTC)
    return found.isoformat().replace("+00:00", "Z")
