"""Recording an event, in the transaction of the act itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from django.db import transaction
from django.utils import timezone

from jiedui_web.audit.models import Event

MOST, MOST_KIND, MOST_PLACE = 64, 32, 32
"""Signs that an event keeps of what a reader asked for: PostgreSQL refuses a longer text."""


class Actor(Protocol):
    """Whoever acts: a user, or a part of the system."""

    @property
    def outer_id(self) -> str:
        """The id that outsiders may know."""

    @property
    def organisation_id_outer(self) -> str:
        """The outer id of the organisation; empty without one."""


def record(
    action: str,
    *,
    by: Actor,
    kind: str,
    thing: str,
    place_code: str = "",
    programme: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    detail: Mapping[str, object] | None = None,
) -> Event:
    """Add an event to the trail.

    Parameters
    ----------
    action
        What was done, such as ``record.change``: a key of the catalogue section ``event``.
    kind, thing
        What it was done to: the kind, and the outer id.
    before, after
        The fields that changed.

    Raises
    ------
    TransactionManagementError
        Outside a transaction: then the act and its event could part.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            f"{action}: an event belongs to the transaction of its act"
        )
    event = new_event(
        action, by=by, kind=kind, thing=thing, place_code=place_code, programme=programme, detail=detail
    )
    event.before = dict(before) if before is not None else None
    event.after = dict(after) if after is not None else None
    event.save(force_insert=True)
    return event


def new_event(
    action: str,
    *,
    by: Actor,
    kind: str,
    thing: str,
    place_code: str = "",
    programme: str = "",
    detail: Mapping[str, object] | None = None,
) -> Event:
    """Make an event of now, not yet kept."""
    return Event(
        at=timezone.now(),
        actor=by.outer_id,
        organisation=by.organisation_id_outer,
        action=action,
        kind=kind[:MOST_KIND],
        thing=thing[:MOST],
        place_code=place_code[:MOST_PLACE],
        programme=programme[:MOST],
        detail=dict(detail or {}),
    )
