"""Events of reading: each is kept before the answer is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui_web.audit.reading import record_read

if TYPE_CHECKING:
    from jiedui_web.accounts.models import User
    from jiedui_web.registers.models import Record
    from jiedui_web.registers.queries import Asked

READ, LISTED = "record.read", "record.list"


def note_read(record: Record, *, by: User, members: int = 0) -> None:
    """Keep that somebody read a record, and of how many members of the household."""
    record_read(
        by=by,
        kind="record",
        thing=record.outer_id,
        place_code=record.place_code,
        programme=record.programme,
        detail={"register": record.register} | ({"members": members} if members else {}),
    )


def note_list(asked: Asked, *, by: User, count: int) -> None:
    """Keep that somebody read a list: what was asked for, how many rows were shown."""
    named = ("register", "programme", "place", "kind", "query", "order")
    filters = {name: value for name in named if (value := getattr(asked, name))}
    record_read(
        action=LISTED,
        by=by,
        kind="register",
        thing=asked.register or "all",
        place_code=asked.place,
        programme=asked.programme,
        detail={"count": count, "filter": filters},
    )


def note_number_search(*, by: User, found: int) -> None:
    """Keep that somebody looked for a whole ID number; the number itself is kept nowhere."""
    record_read(
        action=LISTED, by=by, kind="register", thing="all", detail={"count": found, "by": "id_number"}
    )
