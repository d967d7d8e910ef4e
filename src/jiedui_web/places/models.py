"""Places and programmes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from jiedui_web.accounts.functions import Level


class Place(models.Model):
    """A place under its code, for as long as the code is valid."""

    code = models.CharField(max_length=32, db_index=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=16, choices=Level.choices)
    parent = models.CharField(max_length=32, blank=True, db_index=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successor = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="place_code_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class Programme(models.Model):
    """One running instance of a scheme, over the places under a code."""

    key = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    scheme = models.CharField(max_length=64, blank=True)
    period = models.CharField(max_length=32, blank=True)
    place_code = models.CharField(max_length=32, blank=True)
    round_on = models.DateField(null=True, blank=True)
    settings = models.JSONField(default=dict, blank=True)
    """What its ``programme.toml`` says: asks, weights, pictures, sources."""

    def __str__(self) -> str:
        return self.name
