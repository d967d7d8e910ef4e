"""What the auditor asks of the trail: within reach, filtered, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils import timezone

from jiedui_web.accounts.access import AFTER
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import Organisation, User
from jiedui_web.audit.keeping import last_checkpoint
from jiedui_web.audit.models import Event, Seal
from jiedui_web.audit.sealing import count_unsealed, head_of_chain
from jiedui_web.language import catalogue, text, this_language

if TYPE_CHECKING:
    from datetime import date

    from jiedui_web.accounts.access import Reach

SHOWN = 50
MOST = 10_000
"""Events in one file."""
MOST_PEOPLE = 200
SECTION = "event."


@dataclass(frozen=True, slots=True)
class Row:
    """One event as a page shows it; ``number`` is empty until it is sealed."""

    number: int | None
    at: datetime
    actor: str
    actor_id: str
    organisation: str
    action: str
    kind: str
    thing: str
    place_code: str
    programme: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def action_word(action: str) -> str:
    """Name an action in the reader's language; one without a word as it is kept."""
    return catalogue(this_language()).get(f"event.{action}", action)


def known_actions() -> list[tuple[str, str]]:
    """Give every action that has a word, with it."""
    words = catalogue(this_language())
    return [(key.removeprefix(SECTION), word) for key, word in words.items() if key.startswith(SECTION)]


def asked_events(reach: Reach, asked: Mapping[str, Any]) -> QuerySet[Event]:
    """Give the events within reach that meet what was asked, the newest first."""
    rows = reach.limit(Event.objects.all(), Function.AUDIT)
    if who := asked.get("who"):
        rows = rows.filter(actor__in=_people(who))
    if asked.get("thing"):
        rows = rows.filter(thing=asked["thing"])
    if asked.get("place"):
        rows = rows.filter(place_code__gte=asked["place"], place_code__lt=asked["place"] + AFTER)
    if asked.get("action"):
        rows = rows.filter(action=asked["action"])
    if asked.get("from_day"):
        rows = rows.filter(at__gte=_moment(asked["from_day"], time.min))
    if asked.get("to_day"):
        rows = rows.filter(at__lte=_moment(asked["to_day"], time.max))
    return rows.order_by("-id")


def page_of_events(rows: QuerySet[Event], after: str) -> tuple[list[Row], str]:
    """Give one page of events and the mark of the next; the mark is empty at the end."""
    if after:
        rows = rows.filter(pk__lt=_marked(after))
    found = list(rows[: SHOWN + 1])
    more = signing.dumps(found[SHOWN - 1].pk, salt="trail") if len(found) > SHOWN else ""
    return shown(found[:SHOWN]), more


def shown(events: Iterable[Event]) -> list[Row]:
    """Give events with names of people and organisations, and their numbers in the chain."""
    found = list(events)
    numbers = dict(
        Seal.objects.filter(event_id__in=[one.pk for one in found]).values_list("event_id", "number")
    )
    people = dict(
        User.objects.filter(outer_id__in={one.actor for one in found}).values_list("outer_id", "name")
    )
    units = dict(
        Organisation.objects.filter(outer_id__in={one.organisation for one in found}).values_list(
            "outer_id", "name"
        )
    )
    people["system"] = text("audit.system")
    return [
        Row(
            number=numbers.get(one.pk),
            at=one.at,
            actor=people.get(one.actor, one.actor),
            actor_id=one.actor,
            organisation=units.get(one.organisation, one.organisation),
            action=action_word(one.action),
            kind=one.kind,
            thing=one.thing,
            place_code=one.place_code,
            programme=one.programme,
            before=one.before or {},
            after={**(one.after or {}), **one.detail},
        )
        for one in found
    ]


def all_shown(rows: QuerySet[Event], chunk: int = 500) -> Iterator[Row]:
    """Give at most `MOST` events, a chunk at a time."""
    last: int | None = None
    for _ in range(0, MOST, chunk):
        found = list((rows if last is None else rows.filter(pk__lt=last))[:chunk])
        yield from shown(found)
        if len(found) < chunk:
            return
        last = found[-1].pk


def state_of_trail() -> dict[str, Any]:
    """Give how much is sealed, the head of the chain, and the latest checkpoint."""
    number, head = head_of_chain()
    return {
        "number": number, "head": head, "waiting": count_unsealed(), "checkpoint": last_checkpoint(),
    }  # fmt: skip


def _people(who: str) -> list[str]:
    """Give the outer ids of whoever may be meant, what was typed among them."""
    found = User.objects.filter(Q(name__icontains=who) | Q(username__icontains=who))
    return [who, *found.values_list("outer_id", flat=True)[:MOST_PEOPLE]]


def _marked(mark: str) -> int:
    """Read a mark that a page gave; one that was changed begins anew."""
    try:
        return int(signing.loads(mark, salt="trail"))
    except (signing.BadSignature, ValueError, TypeError):
        return 2**62


def _moment(day: date, clock: time) -> datetime:
    """Give a moment of a day of the office."""
    return timezone.make_aware(datetime.combine(day, clock))
