"""Events: what was done, by whom, to what; no foreign keys, so that live data never touch the trail."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One act: a write, or a read of a person. Rows are only ever added.

    ``actor``, ``thing`` hold outer ids; ``before`` and ``after`` the changed fields, never a whole ID number.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=64, db_index=True)
    organisation = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=32)
    thing = models.CharField(max_length=64, db_index=True)
    place_code = models.CharField(max_length=32, blank=True, db_index=True)
    programme = models.CharField(max_length=64, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.action} {self.kind} {self.thing}"


class Seal(models.Model):
    """The place of an event in the chain: a hash over its number, the seal before, and all it says."""

    number = models.PositiveBigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"
