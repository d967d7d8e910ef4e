"""The trail of reads where helpers or recipients are persons."""

from __future__ import annotations

from django.db import transaction

from jiedui_web.accounts.models import User
from jiedui_web.audit.recording import record
from jiedui_web.bridge.pairing import names_people
from jiedui_web.places.models import Programme


@transaction.atomic
def note_read(*, by: User, programme: Programme, kind: str, thing: str, count: int, **asked: str) -> None:
    """Record that names of persons were shown; where a scheme pairs units and places there are none."""
    if names_people(programme.scheme):
        record(
            "record.read",
            by=by,
            kind=kind,
            thing=thing,
            place_code=programme.place_code,
            programme=programme.key,
            detail={"count": count, "filter": {key: value for key, value in asked.items() if value}},
        )
