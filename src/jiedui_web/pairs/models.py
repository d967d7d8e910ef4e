"""Solvings of a programme, the proposals they gave, human decisions, and pairings decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jiedui_web.accounts.models import new_outer_id
from jiedui_web.language import lazy_text


class Solving(models.Model):
    """One asking of the engine, done in the background."""

    class State(models.TextChoices):
        """States of a solving."""

        QUEUED = "queued", lazy_text("solving.queued")
        RUNNING = "running", lazy_text("solving.running")
        DONE = "done", lazy_text("solving.done")
        CANCELLED = "cancelled", lazy_text("solving.cancelled")
        FAILED = "failed", lazy_text("solving.failed")

    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    programme = models.CharField(max_length=64, db_index=True)
    place_code = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED, db_index=True)
    step = models.CharField(max_length=64, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    findings = models.JSONField(default=list)
    run = models.JSONField(default=dict)
    """Hashes of inputs, versions, objective: what the result was computed from."""
    pictures = models.JSONField(default=dict)
    """SVG by proposal and language."""
    by = models.CharField(max_length=32)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    """When its worker was last alive."""
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(state__in=["queued", "running"]),
                name="one_open_solving_a_programme",
            )
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.state}"


class Proposal(models.Model):
    """One way of pairing that a solving gave."""

    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    solving = models.ForeignKey(Solving, models.CASCADE, related_name="proposals")
    key = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField()
    name = models.JSONField()
    """In every language."""
    figures = models.JSONField()
    """The row of the comparison, as the core declares it."""
    helpers = models.JSONField(default=list)
    """What each helper carries, and the price of a place: the rows of the table ``prices``."""
    certificate = models.CharField(max_length=32, blank=True)
    gap = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["solving", "key"], name="proposal_once")]

    def __str__(self) -> str:
        return self.key


class ProposedPair(models.Model):
    """A helper and a recipient in a proposal."""

    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="pairs")
    helper = models.CharField(max_length=64)
    recipient = models.CharField(max_length=64)
    helper_name = models.JSONField()
    recipient_name = models.JSONField()
    place_code = models.CharField(max_length=32, blank=True)
    """Of the recipient."""
    score = models.FloatField(null=True)
    reasons = models.JSONField(default=list)
    """Sentences in every language."""
    body = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "helper", "recipient"], name="proposed_pair_once")
        ]

    def __str__(self) -> str:
        return f"{self.helper} → {self.recipient}"


class HumanDecision(models.Model):
    """A pair that people forced, forbade or locked, with who and why; no solving undoes it."""

    class Kind(models.TextChoices):
        """Kinds of human decisions, as the core's table ``decided`` has them."""

        FORCED = "forced", lazy_text("ruling.forced")
        FORBIDDEN = "forbidden", lazy_text("ruling.forbidden")
        LOCKED = "locked", lazy_text("ruling.locked")

    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    programme = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    helper = models.CharField(max_length=64)
    recipient = models.CharField(max_length=64)
    place_code = models.CharField(max_length=32, blank=True)
    why = models.TextField(max_length=1000)
    by = models.CharField(max_length=32)
    at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=32, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "helper", "recipient"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_decision_a_pair",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="decision_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.helper} → {self.recipient}"


class Choice(models.Model):
    """A proposal that one person decided on and another, of another unit, approved."""

    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    programme = models.CharField(max_length=64, db_index=True)
    place_code = models.CharField(max_length=32, blank=True)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="choices")
    why = models.TextField(max_length=1000)
    valid_from = models.DateField()
    decided_by = models.CharField(max_length=32)
    decided_unit = models.CharField(max_length=32)
    decided_at = models.DateTimeField()
    approved_by = models.CharField(max_length=32, blank=True)
    approved_unit = models.CharField(max_length=32, blank=True)
    approved_at = models.DateTimeField(null=True)
    refused_by = models.CharField(max_length=32, blank=True)
    refused_at = models.DateTimeField(null=True)
    refused_why = models.TextField(max_length=1000, blank=True)
    published_by = models.CharField(max_length=32, blank=True)
    published_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | (
                    ~Q(approved_by="")
                    & ~Q(approved_unit="")
                    & ~Q(decided_unit="")
                    & ~Q(approved_by=F("decided_by"))
                    & ~Q(approved_unit=F("decided_unit"))
                ),
                name="four_eyes_of_two_units",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(approved_at__isnull=False),
                name="published_after_approval",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(refused_at__isnull=True),
                name="approved_or_refused",
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True) | (~Q(refused_by="") & ~Q(refused_why="")),
                name="refusal_has_reason",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="choice_has_reason"),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(approved_at__isnull=True, refused_at__isnull=True),
                name="one_open_choice_a_programme",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.proposal_id}"


class Pairing(models.Model):
    """A pair in force from a day on, as it was decided."""

    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    programme = models.CharField(max_length=64, db_index=True)
    helper = models.CharField(max_length=64)
    recipient = models.CharField(max_length=64)
    helper_name = models.JSONField()
    recipient_name = models.JSONField()
    place_code = models.CharField(max_length=32, blank=True)
    choice = models.ForeignKey(Choice, models.PROTECT, null=True, related_name="pairings")
    reasons = models.JSONField(default=list)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "helper", "recipient", "valid_from"], name="pairing_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.helper} → {self.recipient}"
