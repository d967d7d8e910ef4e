"""Pairings in force, published ones, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from jiedui_web.accounts.access import AFTER, Reach
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.accounts.waiting import Waiting
from jiedui_web.bridge.pairing import names_people
from jiedui_web.language import text, this_language
from jiedui_web.pairs.models import Choice, Pairing, Solving
from jiedui_web.pairs.queries.reached import ASKERS, PUBLISHERS
from jiedui_web.places.models import Programme


def pairings_in_force(
    reach: Reach, programme: Programme, *, on: date | None = None, helper: str = "", place: str = ""
) -> QuerySet[Pairing]:
    """Give the pairings of a programme within reach that are in force on a day or begin later."""
    rows = reach.limit(_lasting(programme.key, on or timezone.localdate()))
    if helper:
        rows = rows.filter(helper=helper)
    return rows.filter(place_code__gte=place, place_code__lt=place + AFTER) if place else rows


def helpers_in_force(reach: Reach, programme: Programme) -> dict[str, dict[str, str]]:
    """Give the names of the helpers of the pairings within reach, by id."""
    rows = pairings_in_force(reach, programme).order_by("helper", "pk")
    return dict(rows.values_list("helper", "helper_name"))


def published_pairings(programme: Programme, *, on: date | None = None) -> QuerySet[Pairing]:
    """Give the pairings of a programme that everybody may see: published, and not ended on a day."""
    rows = _lasting(programme.key, on or timezone.localdate()).filter(choice__published_at__isnull=False)
    return rows.order_by("helper", "recipient")


def waiting_for(user: User, reach: Reach) -> Iterator[Waiting]:
    """Give what waits for a user: proposals to decide on, choices to approve, decisions to publish."""
    names = {one.key: one for one in Programme.objects.all()}
    yield from _to_decide(reach, names)
    yield from _to_approve(user, reach, names)
    yield from _to_publish(reach, names)
    yield from _to_mend(user, reach, names)


def _lasting(programme: str, day: date) -> QuerySet[Pairing]:
    return Pairing.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), programme=programme)


def _to_decide(reach: Reach, names: dict[str, Programme]) -> Iterator[Waiting]:
    """Give the newest proposals of each programme on which nobody has decided."""
    done = reach.limit(Solving.objects.filter(state=Solving.State.DONE), Function.DECIDE)
    busy = set(
        Choice.objects.filter(approved_at__isnull=True, refused_at__isnull=True).values_list(
            "programme", flat=True
        )
    )
    seen: set[str] = set()
    for one in done.defer("pictures", "run").order_by("-at", "-pk"):
        if one.programme in seen or one.programme in busy or one.programme not in names:
            continue
        seen.add(one.programme)
        if not Choice.objects.filter(proposal__solving=one, refused_at__isnull=True).exists():
            yield _waiting(
                "decide",
                names[one.programme],
                reverse("solving", args=[one.outer_id]),
                one.ended_at or one.at,
            )


def _to_approve(user: User, reach: Reach, names: dict[str, Programme]) -> Iterator[Waiting]:
    """Give the choices of people of other units."""
    waiting = Choice.objects.filter(approved_at__isnull=True, refused_at__isnull=True)
    for one in reach.limit(waiting, Function.APPROVE):
        if user.outer_id != one.decided_by and user.organisation_id_outer not in {"", one.decided_unit}:
            address = reverse("choice", args=[one.outer_id])
            yield _waiting("approve", names[one.programme], address, one.decided_at, due=one.valid_from)


def _to_publish(reach: Reach, names: dict[str, Programme]) -> Iterator[Waiting]:
    """Give what is approved, not public, and names no people."""
    waiting = Choice.objects.filter(approved_at__isnull=False, published_at__isnull=True)
    for one in reach.limit(waiting, *PUBLISHERS):
        is_public_matter = not names_people(names[one.programme].scheme)
        if is_public_matter and one.pairings.filter(valid_to__isnull=True).exists():
            address = reverse("choice", args=[one.outer_id])
            yield _waiting("publish", names[one.programme], address, one.approved_at or one.decided_at)


def _to_mend(user: User, reach: Reach, names: dict[str, Programme]) -> Iterator[Waiting]:
    """Give the programmes whose last solving, asked by the user, failed."""
    for one in reach.limit(Solving.objects.filter(by=user.outer_id, state=Solving.State.FAILED), *ASKERS):
        later = Solving.objects.filter(programme=one.programme, at__gt=one.at)
        if not later.exists() and one.programme in names:
            address = reverse("solving", args=[one.outer_id])
            yield _waiting("mend", names[one.programme], address, one.ended_at or one.at, tag="problem")


def _waiting(
    key: str,
    programme: Programme,
    url: str,
    since: datetime,
    *,
    due: date | None = None,
    tag: str = "waiting",
) -> Waiting:

    name = programme.name_en if this_language() == "en" and programme.name_en else programme.name
    return Waiting(
        what=text(f"pairs_waiting.{key}", name=name),
        url=url,
        since=since,
        due=due,
        tag=tag,
        state=text(f"pairs_waiting.{key}_state"),
    )
