"""A proposal chosen by one person and approved by another of another unit, then published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from jiedui_web.accounts.models import User
from jiedui_web.audit.recording import record
from jiedui_web.bridge.pairing import names_people
from jiedui_web.language import text
from jiedui_web.pairs.models import Choice, HumanDecision, Pairing, Proposal, ProposedPair, Solving
from jiedui_web.places.models import Programme


@transaction.atomic
def choose_proposal(*, by: User, proposal: Proposal, why: str, valid_from: date) -> Choice:
    """Decide on a proposal; it waits for somebody of another unit to approve it.

    Raises
    ------
    ValidationError
        If there is no reason, no unit of the decider, a day not after pairings in force began, a ruling in
        force against it, or another choice of the programme waits.
    """
    solving = proposal.solving
    if not why.strip():
        raise ValidationError(text("pairs.why_missing"))
    if not by.organisation_id_outer:
        raise ValidationError(text("pairs.no_unit"))
    if solving.state != Solving.State.DONE:
        raise ValidationError(text("pairs.not_done"))
    _check_day(solving.programme, valid_from)
    _check_rulings(solving.programme, proposal.pk)
    try:
        with transaction.atomic():
            made = Choice.objects.create(
                programme=solving.programme,
                place_code=solving.place_code,
                proposal=proposal,
                why=why.strip(),
                valid_from=valid_from,
                decided_by=by.outer_id,
                decided_unit=by.organisation_id_outer,
                decided_at=timezone.now(),
            )
    except IntegrityError:
        raise ValidationError(text("pairs.choice_waits")) from None
    after = {"proposal": proposal.outer_id, "why": made.why, "valid_from": valid_from.isoformat()}
    _record("choice.decide", made, by=by, after=after)
    return made


@transaction.atomic
def approve_choice(choice: Choice, *, by: User, version: int) -> None:
    """Approve a choice: its pairs are in force from its day on, the earlier ones of the programme end.

    Raises
    ------
    ValidationError
        If the approver decided it himself or is of the same unit, or somebody was faster.
    """
    if by.outer_id == choice.decided_by:
        raise ValidationError(text("pairs.own_choice"))
    if not by.organisation_id_outer or by.organisation_id_outer == choice.decided_unit:
        raise ValidationError(text("pairs.same_unit"))
    _settle(
        choice,
        version,
        approved_by=by.outer_id,
        approved_unit=by.organisation_id_outer,
        approved_at=timezone.now(),
    )
    _check_day(choice.programme, choice.valid_from)
    _check_rulings(choice.programme, choice.proposal_id)
    ended = _in_force(choice.programme, choice.valid_from).update(valid_to=choice.valid_from)
    made = Pairing.objects.bulk_create(
        [_pairing(choice, pair) for pair in ProposedPair.objects.filter(proposal=choice.proposal_id)],
        batch_size=500,
    )
    _record("choice.approve", choice, by=by, after={"pairings": len(made), "ended": ended})


@transaction.atomic
def refuse_choice(choice: Choice, *, by: User, version: int, why: str) -> None:
    """Refuse a choice with a reason.

    Raises
    ------
    ValidationError
        If there is no reason, the person decided it himself, or somebody was faster.
    """
    if by.outer_id == choice.decided_by:
        raise ValidationError(text("pairs.own_choice"))
    _close(choice, "choice.refuse", by=by, version=version, why=why)


@transaction.atomic
def withdraw_choice(choice: Choice, *, by: User, version: int, why: str) -> None:
    """Take one's own choice back before anybody approved it.

    Raises
    ------
    ValidationError
        If there is no reason, somebody else decided it, or somebody was faster.
    """
    if by.outer_id != choice.decided_by:
        raise ValidationError(text("pairs.not_own_choice"))
    _close(choice, "choice.withdraw", by=by, version=version, why=why)


@transaction.atomic
def publish_choice(choice: Choice, *, by: User) -> bool:
    """Make the pairings of an approved choice public; False where somebody did so before.

    Raises
    ------
    ValidationError
        If nobody approved it, or the programme names people: their pairings are nobody else's business.
    """
    if choice.approved_at is None:
        raise ValidationError(text("pairs.not_approved"))
    if names_people(Programme.objects.get(key=choice.programme).scheme):
        raise ValidationError(text("pairs.names_people"))
    done = Choice.objects.filter(pk=choice.pk, approved_at__isnull=False, published_at__isnull=True).update(
        published_by=by.outer_id, published_at=timezone.now(), version=F("version") + 1
    )
    if done:
        _record("choice.publish", choice, by=by)
    return bool(done)


def _close(choice: Choice, action: str, *, by: User, version: int, why: str) -> None:
    """End a choice that is not to be."""
    if not why.strip():
        raise ValidationError(text("pairs.why_missing"))
    _settle(choice, version, refused_by=by.outer_id, refused_at=timezone.now(), refused_why=why.strip())
    _record(action, choice, by=by, after={"why": why.strip()})


def _settle(choice: Choice, version: int, **fields: object) -> None:
    """Settle an open choice, compare and set: exactly one wins."""
    still = Choice.objects.filter(
        pk=choice.pk, version=version, approved_at__isnull=True, refused_at__isnull=True
    )
    if not still.update(version=F("version") + 1, **fields):
        raise ValidationError(text("pairs.choice_settled"), code="settled")


def _in_force(programme: str, day: date) -> QuerySet[Pairing]:
    """Give the pairings of a programme that hold on a day or later."""
    return Pairing.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), programme=programme)


def _check_day(programme: str, day: date) -> None:
    """Refuse a first day on which pairings of the programme only begin, or have begun later."""
    latest = Pairing.objects.filter(programme=programme, valid_from__gte=day).order_by("-valid_from").first()
    if latest:
        raise ValidationError(text("pairs.day_too_early", day=latest.valid_from.isoformat()))


def _check_rulings(programme: str, proposal: int) -> None:
    """Refuse a proposal that goes against rulings in force: they came after it was computed."""
    held = HumanDecision.objects.filter(programme=programme, withdrawn_at__isnull=True)
    pairs = ProposedPair.objects.filter(proposal=proposal, recipient__in=held.values("recipient"))
    found: dict[str, set[str]] = {}
    for recipient, helper in pairs.values_list("recipient", "helper"):
        found.setdefault(recipient, set()).add(helper)
    for one in held:
        helpers = found.get(one.recipient, set())
        if helpers and (one.helper in helpers) == (one.kind == HumanDecision.Kind.FORBIDDEN):
            word = text(f"ruling.{one.kind}")
            raise ValidationError(text("pairs.against_ruling", kind=word, why=one.why))


def _pairing(choice: Choice, pair: ProposedPair) -> Pairing:
    """Make a pair one in force."""
    return Pairing(
        programme=choice.programme,
        helper=pair.helper,
        recipient=pair.recipient,
        helper_name=pair.helper_name,
        recipient_name=pair.recipient_name,
        place_code=pair.place_code,
        choice=choice,
        reasons=pair.reasons,
        valid_from=choice.valid_from,
    )


def _record(action: str, choice: Choice, *, by: User, after: Mapping[str, object] | None = None) -> None:
    record(
        action,
        by=by,
        kind="choice",
        thing=choice.outer_id,
        place_code=choice.place_code,
        programme=choice.programme,
        after=after,
    )
