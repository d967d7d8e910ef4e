"""What changes people's access and the settings of the site: each in one transaction with its event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from jiedui_web.accounts.actions import System, assign_role, make_organisation, make_user
from jiedui_web.accounts.functions import Function, Level
from jiedui_web.accounts.models import Organisation, RoleAssignment, User
from jiedui_web.audit.recording import Actor, record
from jiedui_web.language import text
from jiedui_web.office.models import SiteSettings
from jiedui_web.office.passwords import one_time_password

if TYPE_CHECKING:
    from datetime import date

WEIGHTY = (Function.ADMINISTER, Function.AUDIT, Function.DECIDE, Function.APPROVE)
"""On a site that begins without the demo their holders need a second factor."""


class StaleError(Exception):
    """Somebody else changed the settings in the meantime."""


@transaction.atomic
def make_administrator(*, username: str, name: str, organisation: str = "") -> str:
    """Make a user who administers all places; gives the one-time password.

    Raises
    ------
    ValidationError
        If there is such a user, or the name cannot be used.
    """
    unit = Organisation.objects.filter(name=organisation).first() if organisation else None
    if organisation and unit is None:
        unit = make_organisation(by=System(), name=organisation)
    password = one_time_password()
    user = make_user(
        by=System(), username=username, name=name, password=password, organisation=unit,
        must_change_password=True,
    )  # fmt: skip
    assign_role(by=System(), function=Function.ADMINISTER, level=Level.COUNTRY, user=user)
    values = {"second_factor_for": [function.value for function in WEIGHTY]}
    SiteSettings.objects.get_or_create(pk=1, defaults=values)
    return password


@transaction.atomic
def hand_user(*, by: User, username: str, name: str, organisation: Organisation) -> tuple[User, str]:
    """Make a user; gives the one-time password, which is kept nowhere."""
    password = one_time_password()
    made = make_user(
        by=by, username=username, name=name, password=password, organisation=organisation,
        must_change_password=True,
    )  # fmt: skip
    return made, password


@transaction.atomic
def hand_password(user: User, *, by: Actor) -> str:
    """Give somebody a new one-time password; what was signed in with the old one is signed out."""
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    _record("user.password_reset", user, by=by)
    return password


@transaction.atomic
def settle_password(user: User) -> None:
    """Note that somebody chose a password of his own."""
    if User.objects.filter(pk=user.pk, must_change_password=True).update(must_change_password=False):
        user.must_change_password = False
    _record("user.password_change", user, by=user)


@transaction.atomic
def note_sign_in(user: User) -> None:
    """Note that somebody signed in."""
    _record("user.sign_in", user, by=user)


@transaction.atomic
def reset_second_factor(user: User, *, by: Actor) -> None:
    """Take the second factor away from somebody who lost it."""
    if Authenticator.objects.filter(user=user).delete()[0]:
        _record("user.second_factor_reset", user, by=by)


@transaction.atomic
def set_active(user: User, *, by: User, active: bool) -> None:
    """Disable a user, or let one in again; nobody does it to himself."""
    if user.pk == by.pk:
        raise ValidationError(text("office.not_oneself"))
    if User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
        _record("user.enable" if active else "user.disable", user, by=by)


@transaction.atomic
def give_role(
    user: User,
    *,
    by: User,
    function: Function,
    level: Level,
    prefix: str,
    programme: str,
    expires_on: date | None,
) -> None:
    """Give somebody a role; nobody gives one to himself, and given again, nothing changes.

    Raises
    ------
    ValidationError
        If it clashes with one held.
    """
    if user.pk == by.pk:
        raise ValidationError(text("office.not_oneself"))
    User.objects.select_for_update().get(pk=user.pk)
    asked = {
        "function": function, "level": level, "prefix": prefix, "programme": programme,
        "expires_on": expires_on,
    }  # fmt: skip
    if not RoleAssignment.objects.filter(user=user, revoked_on__isnull=True, **asked).exists():
        assign_role(
            by=by, function=function, level=level, prefix=prefix, programme=programme, user=user,
            expires_on=expires_on,
        )  # fmt: skip


@transaction.atomic
def keep_settings(*, by: User, version: int, values: Mapping[str, object]) -> None:
    """Keep the settings if nobody changed them since the version that was looked at.

    Raises
    ------
    StaleError
        If somebody did.
    """
    was, _ = SiteSettings.objects.get_or_create(pk=1)
    changed = {name: value for name, value in values.items() if getattr(was, name) != value}
    if not SiteSettings.objects.filter(pk=1, version=version).update(**changed, version=F("version") + 1):
        raise StaleError
    before = {name: getattr(was, name) for name in changed}
    record("settings.change", by=by, kind="settings", thing="site", before=before, after=changed)


def _record(action: str, user: User, *, by: Actor) -> None:
    """Add an event about a user, at the place of the organisation."""
    place = user.organisation.place_code if user.organisation else ""
    record(action, by=by, kind="user", thing=user.outer_id, place_code=place)
