"""Pairings and proposals for programs."""

# Annotations stand as they are: ninja reads them through the decorator `within`.
from datetime import date

from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from jiedui_web.accounts.api import AskedRequest, within
from jiedui_web.accounts.tokens import Scope
from jiedui_web.pairs.actions.reading import note_read
from jiedui_web.pairs.models import Pairing, Proposal
from jiedui_web.places.models import Programme

router = Router(tags=["pairs"])
A_PAGE = 500


class PairingOut(Schema):
    """A pair in force from a day on."""

    outer_id: str
    programme: str
    helper: str
    recipient: str
    helper_name: dict[str, str]
    recipient_name: dict[str, str]
    place_code: str
    valid_from: date
    valid_to: date | None


class ProposalOut(Schema):
    """One way of pairing, with its figures and its proof."""

    outer_id: str
    key: str
    name: dict[str, str]
    figures: dict[str, object]
    certificate: str
    gap: float | None


@router.get("/pairings", response=list[PairingOut])
@within(Scope.PAIRS)
def list_pairings(request: AskedRequest, programme: str = "", after: str = "") -> object:
    """List the pairings within reach by id, 500 at a time: ``after`` is the last id of the page before."""
    rows = request.reach.limit(Pairing.objects.all()).filter(outer_id__gt=after)
    found = list((rows.filter(programme=programme) if programme else rows).order_by("outer_id")[:A_PAGE])
    for one in Programme.objects.filter(key__in={row.programme for row in found}):
        count = sum(row.programme == one.key for row in found)
        note_read(by=request.caller, programme=one, kind="pairing", thing="", count=count)
    return found


@router.get("/proposals", response=list[ProposalOut])
@within(Scope.PAIRS)
def list_proposals(request: AskedRequest, programme: str) -> object:
    """List the proposals of the latest finished solving of a programme within reach."""
    rows = request.reach.limit(
        Proposal.objects.filter(solving__state="done"),
        place="solving__place_code",
        programme="solving__programme",
    ).filter(solving__programme=programme)
    latest = rows.order_by("-solving__at", "-solving_id").first()
    return list(rows.filter(solving=latest.solving).order_by("position")) if latest else []


@router.get("/pairings/{outer_id}", response=PairingOut)
@within(Scope.PAIRS)
def one_pairing(request: AskedRequest, outer_id: str) -> object:
    """Give one pairing within reach."""
    found = get_object_or_404(request.reach.limit(Pairing.objects.all()), outer_id=outer_id)
    for one in Programme.objects.filter(key=found.programme):
        note_read(by=request.caller, programme=one, kind="pairing", thing=found.outer_id)
    return found
