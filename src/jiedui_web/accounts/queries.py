"""What is read about people and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from jiedui_web.accounts.models import ApiToken, RoleAssignment

if TYPE_CHECKING:
    from jiedui_web.accounts.models import User


def roles_of(user: User) -> QuerySet[RoleAssignment]:
    """Give the roles in force of a user and of the organisation."""
    day = timezone.localdate()
    return RoleAssignment.objects.filter(
        Q(user=user) | Q(organisation__isnull=False, organisation=user.organisation_id),
        Q(expires_on__isnull=True) | Q(expires_on__gte=day),
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=day),
        valid_from__lte=day,
    ).order_by("function", "prefix", "programme")


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """Give the tokens in force of a user, the newest first."""
    return ApiToken.objects.filter(
        user=user, revoked_at__isnull=True, expires_on__gte=timezone.localdate()
    ).order_by("-made_at")
