"""Solvings, proposals and their pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import F, Model, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from jiedui_web.accounts.access import AFTER
from jiedui_web.accounts.models import User
from jiedui_web.pairs.models import Choice, HumanDecision, Proposal, ProposedPair, Solving
from jiedui_web.registers.models import Record

M = TypeVar("M", bound=Model)
A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows, and the outer id after which the next page begins; empty on the last."""

    rows: Sequence[M]
    after: str


def paged(rows: QuerySet[M], after: str) -> Page[M]:
    """Give the rows after one, in the order in which they were made."""
    ordered = rows.order_by("pk")
    if after:
        start = rows.filter(outer_id=after).values_list("pk", flat=True).first()
        ordered = ordered.filter(pk__gt=start) if start else ordered
    found = list(ordered[: A_PAGE + 1])
    more = len(found) > A_PAGE
    return Page(found[:A_PAGE], found[A_PAGE - 1].outer_id if more else "")  # type: ignore[attr-defined]


def solvings_of(programme: str, most: int = 10) -> list[Solving]:
    """Give the latest solvings of a programme, the newest first."""
    return list(
        Solving.objects.filter(programme=programme).defer("pictures", "run").order_by("-at", "-pk")[:most]
    )


def latest_done(programme: str) -> Solving | None:
    """Give the newest solving that has proposals."""
    done = Solving.objects.filter(programme=programme, state=Solving.State.DONE)
    return done.defer("pictures").order_by("-at", "-pk").first()


def open_choice(programme: str) -> Choice | None:
    """Give the choice that waits for approval."""
    return Choice.objects.filter(
        programme=programme, approved_at__isnull=True, refused_at__isnull=True
    ).first()


def choices_of(programme: str, most: int = 10) -> list[Choice]:
    """Give the latest choices of a programme, the newest first."""
    rows = Choice.objects.filter(programme=programme).select_related("proposal")
    return list(rows.order_by("-decided_at", "-pk")[:most])


def proposals_of(solving: Solving) -> list[Proposal]:
    """Give the proposals of a solving in the order asked for."""
    return list(solving.proposals.order_by("position"))


def pairs_of(proposal: Proposal, *, helper: str = "", place: str = "") -> QuerySet[ProposedPair]:
    """Give the pairs of a proposal: of a helper, under a place code."""
    rows = proposal.pairs.all()
    if helper:
        rows = rows.filter(helper=helper)
    return rows.filter(place_code__gte=place, place_code__lt=place + AFTER) if place else rows


def changes_of(proposal: Proposal) -> tuple[list[ProposedPair], list[ProposedPair]]:
    """Give what a proposal adds to the present pairs, and the present pairs it ends.

    The latter where present pairs are of the same grain, whole units or single places, as the proposal's.
    """
    asks = {one["id"]: one for one in proposal.solving.run["settings"]["proposals"]}
    grain = asks[proposal.key].get("grain")
    whole = not any(column["name"] == "unit_name" for column in proposal.solving.run["columns"]["pairs"])
    new = list(proposal.pairs.filter(body__status="new").order_by("pk"))
    present = [key for key, ask in asks.items() if ask["method"] == "present"]
    if not present or not (whole or grain == asks[present[0]].get("grain")):
        return new, []
    held = set(proposal.pairs.values_list("helper", "recipient"))
    before = ProposedPair.objects.filter(proposal__solving=proposal.solving, proposal__key=present[0])
    return new, [one for one in before.order_by("pk") if (one.helper, one.recipient) not in held]


def map_of(proposal: Proposal, lang: str) -> str:
    """Give the SVG of a proposal's map in a language; empty without one."""
    drawing = (
        Solving.objects.filter(pk=proposal.solving_id)
        .annotate(drawing=KeyTextTransform(lang, KeyTransform(proposal.key, F("pictures"))))
        .values_list("drawing", flat=True)
        .first()
    )
    return drawing or ""


def helpers_of(programme: str) -> dict[str, dict[str, str]]:
    """Give the names of the helpers of a programme, by id."""
    rows = Record.objects.filter(programme=programme, register="helpers").order_by("name", "key")
    return {
        body["id"]: {"zh": body["name"], "en": body.get("name_en") or body["name"]}
        for body in rows.values_list("body", flat=True)
    }


def recipients_of(programme: str) -> dict[str, dict[str, str]]:
    """Give the names of the recipients of a programme, whole units and single ones, by id."""
    rows = Record.objects.filter(programme=programme, register__in=["recipients", "units"])
    return {
        body.get("id") or body["code"]: {"zh": body["name"], "en": body.get("name_en") or body["name"]}
        for body in rows.values_list("body", flat=True)
    }


def listed_pairings(programme: str, most: int = 300) -> list[dict[str, object]]:
    """Give the pairings that the register holds, for a programme in which nothing was decided here yet."""
    rows = Record.objects.filter(programme=programme, register="pairings").order_by("pk")
    helpers, recipients = helpers_of(programme), recipients_of(programme)
    return [
        {
            "helper": helpers.get(body["helper"]) or _name(body, "helper"),
            "recipient": recipients.get(body["recipient"]) or _name(body, "recipient"),
            "valid_from": body["valid_from"],
            "valid_to": body.get("valid_to"),
        }
        for body in rows.values_list("body", flat=True)[:most]
    ]


def _name(body: dict[str, str], side: str) -> dict[str, str]:
    """Give the name of a side that is in no other register."""
    return {"zh": body.get(f"{side}_name") or body[side]}


def rulings_of(programme: str) -> list[HumanDecision]:
    """Give the rulings in force, the newest first."""
    held = HumanDecision.objects.filter(programme=programme, withdrawn_at__isnull=True)
    return list(held.order_by("-at", "-pk"))


def rulings_on(pair: ProposedPair) -> list[HumanDecision]:
    """Give every ruling on a pair, withdrawn ones too, the newest first."""
    rows = HumanDecision.objects.filter(
        programme=pair.proposal.solving.programme, helper=pair.helper, recipient=pair.recipient
    )
    return list(rows.order_by("-at", "-pk"))


def names_of_people(*outer_ids: str) -> dict[str, str]:
    """Give the names of users by their outer ids."""
    return dict(User.objects.filter(outer_id__in=set(outer_ids)).values_list("outer_id", "name"))
