"""The trail of reads where helpers or recipients are persons."""

from __future__ import annotations

from jiedui_web.audit.reading import record_read
from jiedui_web.audit.recording import Actor
from jiedui_web.bridge.pairing import names_people
from jiedui_web.places.models import Programme


def note_read(
    *, by: Actor, programme: Programme, kind: str, thing: str, count: int | None = None, **asked: str
) -> None:
    """Record that names of persons were shown; where a scheme pairs units and places there are none.

    Parameters
    ----------
    count
        Of a list, how many rows it has.
    asked
        What the list was narrowed to.
    """
    if not names_people(programme.scheme):
        return
    narrowed = {key: value for key, value in asked.items() if value}
    record_read(
        action="record.read" if count is None else "record.list",
        by=by,
        kind=kind,
        thing=thing,
        place_code=programme.place_code,
        programme=programme.key,
        detail={} if count is None else {"count": count, "filter": narrowed},
    )
