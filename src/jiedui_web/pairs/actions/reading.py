"""The trail of reads where helpers or recipients are persons."""

from __future__ import annotations

from jiedui_web.accounts.models import User
from jiedui_web.audit.reading import record_read
from jiedui_web.bridge.pairing import names_people
from jiedui_web.places.models import Programme


def note_read(*, by: User, programme: Programme, kind: str, thing: str, count: int, **asked: str) -> None:
    """Record that names of persons were shown; where a scheme pairs units and places there are none."""
    if names_people(programme.scheme):
        record_read(
            by=by,
            kind=kind,
            thing=thing,
            place_code=programme.place_code,
            programme=programme.key,
            detail={"count": count, "filter": {key: value for key, value in asked.items() if value}},
        )
