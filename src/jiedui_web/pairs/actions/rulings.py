"""Pairs that people lock, forbid or demand: kept with who and why, withdrawn but never deleted."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from jiedui_web.accounts.models import User
from jiedui_web.audit.recording import record
from jiedui_web.language import text
from jiedui_web.pairs.models import HumanDecision
from jiedui_web.places.models import Programme


@transaction.atomic
def rule_pair(
    *,
    by: User,
    programme: Programme,
    kind: str,
    helper: str,
    recipient: str,
    why: str,
    place_code: str = "",
) -> HumanDecision:
    """Lock, forbid or demand a pair; the next solving keeps to it.

    Raises
    ------
    ValidationError
        If no reason is given, or a ruling on the pair is in force: it tells whose and why.
    """
    if not why.strip():
        raise ValidationError(text("pairs.why_missing"))
    try:
        with transaction.atomic():
            made = HumanDecision.objects.create(
                programme=programme.key,
                kind=HumanDecision.Kind(kind),
                helper=helper,
                recipient=recipient,
                place_code=place_code,
                why=why.strip(),
                by=by.outer_id,
                at=timezone.now(),
            )
    except IntegrityError:
        held = HumanDecision.objects.filter(
            programme=programme.key, helper=helper, recipient=recipient, withdrawn_at__isnull=True
        ).first()
        if held is None:
            raise
        word = text(f"ruling.{held.kind}")
        raise ValidationError(text("pairs.ruled_already", kind=word, why=held.why)) from None
    record(
        "pair.rule",
        by=by,
        kind="ruling",
        thing=made.outer_id,
        place_code=place_code or programme.place_code,
        programme=programme.key,
        after={"kind": made.kind, "helper": helper, "recipient": recipient, "why": made.why},
    )
    return made


@transaction.atomic
def withdraw_ruling(ruling: HumanDecision, *, by: User) -> bool:
    """Withdraw a ruling; False where somebody did so before."""
    done = HumanDecision.objects.filter(pk=ruling.pk, withdrawn_at__isnull=True).update(
        withdrawn_by=by.outer_id, withdrawn_at=timezone.now()
    )
    if done:
        record(
            "pair.withdraw_ruling",
            by=by,
            kind="ruling",
            thing=ruling.outer_id,
            place_code=ruling.place_code,
            programme=ruling.programme,
            before={"kind": ruling.kind, "helper": ruling.helper, "recipient": ruling.recipient},
        )
    return bool(done)
