"""Sealing: events get their numbers and hashes in batches, beside the acts, so that acts need not queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from jiedui_web.audit.models import Event, Seal
from jiedui_web.audit.turns import in_turn
from jiedui_web.audit.verifying import START, Link, digest

BATCH = 1000
LATE = 5000
"""On PostgreSQL an event may appear after later ones: so far back a quick pass looks."""
LOCK = 0x6A696564
"""Number of the lock that lets one sealer work at a time on PostgreSQL."""
FIELDS = (
    "id", "actor", "organisation", "action", "kind", "thing", "place_code", "programme", "before", "after",
    "detail",
)  # fmt: skip


def said(event: Event) -> dict[str, Any]:
    """Give all that an event says, as it is sealed and exported."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return {"at": at} | {name: getattr(event, name) for name in FIELDS}


def seal_events(*, most: int = BATCH, whole: bool = False) -> int:
    """Seal events that have no seal; gives how many. Two at once do no harm.

    Parameters
    ----------
    whole
        Look through the whole trail, not only through its end.
    """
    if not _unsealed(whole=whole).exists():
        return 0
    with in_turn(), transaction.atomic():
        _alone()
        last = Seal.objects.order_by("-number").first()
        number, head = (last.number, last.hash) if last else (0, START)
        seals = []
        for event in _unsealed(whole=whole).order_by("pk")[:most]:
            number += 1
            previous, head = head, digest(number, head, said(event))
            seals.append(Seal(number=number, event_id=event.pk, previous=previous, hash=head))
        Seal.objects.bulk_create(seals)
    return len(seals)


def seal_all() -> int:
    """Seal everything that has no seal yet; gives how many."""
    total = 0
    while done := seal_events(whole=True):
        total += done
    return total


def head_of_chain() -> tuple[int, str]:
    """Give the number and the hash of the last seal."""
    last = Seal.objects.order_by("-number").first()
    return (last.number, last.hash) if last else (0, START)


def count_unsealed() -> int:
    """Count the events that wait for their seal, as far back as a quick pass looks."""
    return _unsealed(whole=False).count()


def read_chain(*, to: int | None = None, chunk: int = 2000) -> Iterator[Link]:
    """Read the chain in order, each seal with its event, up to a number."""
    seals = Seal.objects.order_by("number")
    number = 0
    while rows := list(
        seals.filter(number__gt=number, **({} if to is None else {"number__lte": to}))[:chunk]
    ):
        events: Mapping[int, Event] = Event.objects.in_bulk([row.event_id for row in rows])
        for row in rows:
            event = events.get(row.event_id)
            yield Link(row.number, row.previous, row.hash, said(event) if event else None)
        number = rows[-1].number


def _unsealed(*, whole: bool) -> QuerySet[Event]:
    """Give the events without a seal."""
    events = Event.objects.filter(~Exists(Seal.objects.filter(event_id=OuterRef("pk"))))
    if whole:
        return events
    latest = Seal.objects.aggregate(latest=Max("event_id"))["latest"] or 0
    return events.filter(pk__gt=latest - LATE)


def _alone() -> None:
    """Wait until no other sealer is at work; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
