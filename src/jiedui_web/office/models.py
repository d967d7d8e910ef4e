"""Settings of the site that its administrator keeps: one row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class SiteSettings(models.Model):
    """What stands at the foot of every page, and who must sign in with a second factor."""

    organisation = models.CharField(max_length=200, blank=True)
    organisation_en = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    complaints = models.CharField(max_length=200, blank=True)
    """Where to complain: a telephone number, an address."""
    icp_number = models.CharField(max_length=64, blank=True)
    police_number = models.CharField(max_length=64, blank=True)
    second_factor_for = models.JSONField(default=list, blank=True)
    """Functions whose holders need a second factor."""
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="one_row_of_settings")]

    def __str__(self) -> str:
        return f"{self.organisation} v{self.version}"
