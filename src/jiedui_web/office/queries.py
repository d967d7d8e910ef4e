"""What the pages of the office read: people and organisations within an administrator's reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet
from django.utils import timezone

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import Organisation, RoleAssignment, User
from jiedui_web.office.models import SiteSettings

if TYPE_CHECKING:
    from jiedui_web.accounts.access import Reach


def site_settings() -> SiteSettings:
    """Give the settings of the site; those of a new site where nobody kept any."""
    return SiteSettings.objects.filter(pk=1).first() or SiteSettings(pk=1)


def second_factor_for() -> list[str]:
    """Give the functions whose holders need a second factor."""
    return list(site_settings().second_factor_for)


def organisations_in_reach(reach: Reach) -> QuerySet[Organisation]:
    """Give the organisations of the places that an administrator reaches."""
    rows = reach.limit(Organisation.objects.all(), Function.ADMINISTER, programme=None)
    return rows.order_by("place_code", "name", "id")


def people_in_reach(reach: Reach, *, named: str = "") -> QuerySet[User]:
    """Give the users whom an administrator may administer.

    They belong to an organisation within reach, and hold no role beyond it: whoever could give a new
    password to somebody with a wider reach would have that reach.
    """
    rows = reach.limit(
        User.objects.all(), Function.ADMINISTER, place="organisation__place_code", programme=None
    )
    if reach.covers("", "", Function.ADMINISTER):
        rows = User.objects.all()
    in_force = _in_force()
    within = reach.limit(in_force, Function.ADMINISTER, place="prefix")
    beyond = in_force.exclude(pk__in=within.values("pk"))
    rows = rows.exclude(pk__in=beyond.filter(user__isnull=False).values("user_id")).exclude(
        Q(organisation__isnull=False)
        & Q(organisation__in=beyond.filter(organisation__isnull=False).values("organisation_id"))
    )
    if named:
        rows = rows.filter(Q(name__icontains=named) | Q(username__icontains=named))
    return rows.select_related("organisation").order_by("username")


def roles_to_show(user: User) -> QuerySet[RoleAssignment]:
    """Give the roles of a user, those in force and those to come."""
    return _in_force().filter(Q(user=user) | Q(organisation__isnull=False, organisation=user.organisation_id))


def roles_in_reach(reach: Reach) -> QuerySet[RoleAssignment]:
    """Give the roles that an administrator may revoke."""
    return reach.limit(_in_force(), Function.ADMINISTER, place="prefix").filter(user__isnull=False)


def has_second_factor(user: User) -> bool:
    """Whether a user set up a second factor."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def _in_force() -> QuerySet[RoleAssignment]:
    """Give the roles that are held, or will be."""
    day = timezone.localdate()
    return RoleAssignment.objects.filter(
        Q(expires_on__isnull=True) | Q(expires_on__gte=day),
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=day),
    ).order_by("function", "prefix", "programme")
