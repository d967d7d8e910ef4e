"""Records of every register, what they were before, and the imports that brought them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jiedui_web.accounts.models import new_outer_id


class State(models.TextChoices):
    """States of an import."""

    RECEIVED = "received"
    READING = "reading"
    MAPPING = "mapping"
    IN_REVIEW = "in_review"
    COMMITTING = "committing"
    COMMITTED = "committed"
    UNDONE = "undone"
    REFUSED = "refused"
    FAILED = "failed"


LIVE = (
    State.RECEIVED,
    State.READING,
    State.MAPPING,
    State.IN_REVIEW,
    State.COMMITTING,
    State.COMMITTED,
)
"""States in which a file is on its way or in force: the same one again would say nothing new."""


class Import(models.Model):
    """One uploaded file on its way into the registers of a programme, for the places under a code."""

    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    programme = models.CharField(max_length=64)
    place_code = models.CharField(max_length=32, db_index=True)
    file_name = models.CharField(max_length=255)
    stored = models.CharField(max_length=64)
    """Name of the file in the upload folder: random, the user's name is only data."""
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RECEIVED, db_index=True)
    step = models.CharField(max_length=64, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=list)
    """The headings: sheet, heading, register, column, how it was known, whether a person confirmed it."""
    counts = models.JSONField(default=dict)
    """By register and state of row: how many."""
    findings = models.JSONField(default=list)
    """At most a few hundred for the page; all are in the returned workbook."""
    version = models.PositiveIntegerField(default=0)
    """Counts the reviews: a commit names the one that was looked at."""
    by = models.CharField(max_length=32)
    at = models.DateTimeField()
    decided_by = models.CharField(max_length=32, blank=True)
    decided_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=32, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    """Counts the runs of its task: one that was overtaken writes nothing more."""
    worked_at = models.DateTimeField(null=True)
    """When its task last gave a sign of life."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme", "place_code", "sha256"],
                condition=Q(state__in=LIVE),
                name="import_file_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.state}"


class Record(models.Model):
    """One row in force of a declared register: a household, person, village, helper, recipient and so on.

    ``body`` holds the declared columns but ID numbers, which are sealed in ``sealed``; ``index_of_id`` finds
    a whole number again without showing it. ``key`` is the declared key; where that holds an ID number,
    its index.
    """

    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    programme = models.CharField(max_length=64)
    register = models.CharField(max_length=32)
    key = models.CharField(max_length=200)
    place_code = models.CharField(max_length=32)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=64, blank=True)
    parent = models.CharField(max_length=200, blank=True)
    """The key of the household a person belongs to."""
    body = models.JSONField()
    sealed = models.BinaryField(null=True)
    index_of_id = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)
    brought_by = models.ForeignKey(Import, models.PROTECT, null=True, related_name="records")
    changed_at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    """From this day on it is no longer in force; it stays, with its history."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "register", "key"], name="record_key_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["register", "place_code", "id"], name="record_by_place"),
            models.Index(fields=["register", "name", "id"], name="record_by_name"),
            models.Index(fields=["programme", "register", "parent"], name="record_by_parent"),
            models.Index(fields=["register", "key", "place_code"], name="record_by_key"),
            models.Index(
                fields=["register", "kind", "place_code", "id"], condition=~Q(kind=""), name="record_by_kind"
            ),
            models.Index(fields=["index_of_id"], condition=~Q(index_of_id=""), name="record_by_id_number"),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.key}"


class PastRecord(models.Model):
    """What a change replaced; a row that an import added has none of its own."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="past")
    version = models.PositiveIntegerField()
    body = models.JSONField()
    sealed = models.BinaryField(null=True)
    index_of_id = models.CharField(max_length=64, blank=True)
    place_code = models.CharField(max_length=32)
    brought_by = models.ForeignKey(Import, models.PROTECT, null=True, related_name="+")
    replaced_by = models.ForeignKey(Import, models.PROTECT, null=True, related_name="replaced")
    by = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record", "version"], name="past_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.record_id} v{self.version}"


class StagedRow(models.Model):
    """One row of an import before it is decided.

    States: ``new``, ``changed``, ``same``, ``repeated``, ``needs_adjudication``, ``refused``.
    """

    brought_by = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    register = models.CharField(max_length=32)
    key = models.CharField(max_length=200, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField()
    state = models.CharField(max_length=24)
    against = models.PositiveIntegerField(default=0)
    """The version of the record in force that it was reviewed against; 0 where there is none."""
    place_code = models.CharField(max_length=32)
    name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=64, blank=True)
    parent = models.CharField(max_length=200, blank=True)
    body = models.JSONField()
    sealed = models.BinaryField(null=True)
    index_of_id = models.CharField(max_length=64, blank=True)
    was = models.JSONField(null=True)
    """Of a changed row: the values in force of the columns that differ."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["brought_by", "state", "id"], name="staged_by_state")]

    def __str__(self) -> str:
        return f"{self.register} {self.key} {self.state}"


class SavedMapping(models.Model):
    """The headings that an organisation confirmed in a programme: proposed again for next month's files."""

    programme = models.CharField(max_length=64)
    organisation = models.CharField(max_length=32)
    lines = models.JSONField(default=list)
    """file, sheet, heading, nth, register, column, who, when: the later line holds."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "organisation"], name="mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.organisation}"
