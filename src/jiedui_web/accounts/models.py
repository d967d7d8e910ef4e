"""Organisations, users and their role assignments."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from jiedui_web.accounts.functions import Function, Level


def new_outer_id() -> str:
    """Make an id that outsiders may know: random, so that nobody can count or guess."""
    return secrets.token_urlsafe(12)


class Organisation(models.Model):
    """A unit that people work for: four eyes look from two of them."""

    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    name = models.CharField(max_length=200, unique=True)
    name_en = models.CharField(max_length=200, blank=True)
    place_code = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who signs in."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    name = models.CharField(max_length=100)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="users"
    )
    language = models.CharField(max_length=8, default="zh")
    must_change_password = models.BooleanField(default=False)
    """Somebody else knows the password: whoever made the account handed it over."""

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def organisation_id_outer(self) -> str:
        """The outer id of the organisation; empty without one."""
        return self.organisation.outer_id if self.organisation else ""


class RoleAssignment(models.Model):
    """Somebody's function, at a level, over the places under a code prefix, in a programme, until a day."""

    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="roles")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="roles"
    )
    function = models.CharField(max_length=16, choices=Function.choices)
    level = models.CharField(max_length=16, choices=Level.choices)
    prefix = models.CharField(max_length=32, blank=True)
    programme = models.CharField(max_length=64, blank=True)
    valid_from = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    revoked_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(organisation__isnull=True), name="role_has_one_holder"
            ),
            models.CheckConstraint(condition=Q(function__in=Function.values), name="role_function_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.function} {self.level} {self.prefix or '*'} {self.programme or '*'}"


class ApiToken(models.Model):
    """A key by which a program reads for a user, in a scope, until a day; only its hash is kept."""

    outer_id = models.CharField(max_length=32, unique=True, default=new_outer_id, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
