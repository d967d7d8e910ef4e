"""The API's answers about records: numbers of persons covered as on pages, each record as one JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.http import Http404

from jiedui_web.bridge.declarations import declarations
from jiedui_web.registers.facts import masked_further
from jiedui_web.registers.queries import PHONES_OPEN
from jiedui_web.registers.sealing import covered, masked_phone

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
    return answer(row, phone_open=reach.covers(row[3], row[1], *PHONES_OPEN))


def answer(row: Iterable[Any], *, phone_open: bool = False) -> Answer:
    """Give a row of `COLUMNS` as it is told: phones and further numbers covered, ID numbers never there."""
    found = dict(zip(COLUMNS, row, strict=True))
    body = found["body"]
    body = json.loads(body) if isinstance(body, str) else body
    for name, privacy in _private(found["register"]):
        if name in body:
            body[name] = _told(privacy, str(body[name] or ""), phone_open=phone_open)
    for name, value in body.items():
        if isinstance(value, str) and len(value) >= SHORTEST:
            body[name] = covered(value)
    found["body"] = body
    found["changed_at"] = _moment(found["changed_at"])
    return found


def spelled(told: Answer | list[Answer]) -> bytes:
    """Give an answer as JSON."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


@cache
def _private(register: str) -> tuple[tuple[str, str], ...]:
    """Give the columns of a register that hold numbers of persons; none for a register nobody declares."""
    one = declarations().get(register)
    return tuple((field.name, field.privacy) for field in one.fields if field.privacy) if one else ()


def _told(privacy: str, value: str, *, phone_open: bool) -> str:
    if privacy == "phone":
        return value if phone_open else masked_phone(value)
    return masked_further(value) if privacy == "further_id" else ""


def _moment(at: datetime | str) -> str:
    """Spell a moment in UTC: SQLite keeps it so already, as a text."""
    found = datetime.fromisoformat(at).replace(tzinfo=UTC) if isinstance(at, str) else at.astimezone(UTC)
    return found.isoformat().replace("+00:00", "Z")
