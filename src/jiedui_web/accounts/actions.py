"""What changes people and roles: each in one transaction with its event."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from jiedui_web.accounts.functions import Function, Level, clash
from jiedui_web.accounts.models import Organisation, RoleAssignment, User
from jiedui_web.audit.recording import Actor, record
from jiedui_web.language import text


class System:
    """The system itself, where no person acts."""

    outer_id = "system"
    organisation_id_outer = ""


@transaction.atomic
def choose_own_language(*, by: User, language: str) -> None:
    """Keep the language a user chose."""
    if by.language != language:
        record("user.language", by=by, kind="user", thing=by.outer_id, after={"language": language})
        User.objects.filter(pk=by.pk).update(language=language)


@transaction.atomic
def make_organisation(*, by: Actor, name: str, name_en: str = "", place_code: str = "") -> Organisation:
    """Add an organisation."""
    made = Organisation.objects.create(name=name, name_en=name_en, place_code=place_code)
    record(
        "organisation.make", by=by, kind="organisation", thing=made.outer_id, place_code=place_code,
        after={"name": name},
    )  # fmt: skip
    return made


@transaction.atomic
def make_user(
    *,
    by: Actor,
    username: str,
    name: str,
    password: str,
    organisation: Organisation | None = None,
    must_change_password: bool = False,
) -> User:
    """Add a person who may sign in; with a password that others know, only to change it first."""
    made = User(
        username=username, name=name, organisation=organisation, must_change_password=must_change_password
    )
    made.set_password(password)
    made.full_clean(exclude=["password"])
    made.save()
    after = {"username": username, "organisation": made.organisation_id_outer}
    place = organisation.place_code if organisation else ""
    record("user.make", by=by, kind="user", thing=made.outer_id, place_code=place, after=after)
    return made


@transaction.atomic
def assign_role(
    *,
    by: Actor,
    function: Function,
    level: Level,
    prefix: str = "",
    programme: str = "",
    user: User | None = None,
    organisation: Organisation | None = None,
    expires_on: date | None = None,
) -> RoleAssignment:
    """Give a user or an organisation a function over places in a programme.

    Raises
    ------
    ValidationError
        If somebody would hold two functions over the same places that one person must not hold together.
    """
    _refuse_clash(function, prefix, programme, user=user, organisation=organisation)
    made = RoleAssignment.objects.create(
        user=user,
        organisation=organisation,
        function=function,
        level=level,
        prefix=prefix,
        programme=programme,
        valid_from=timezone.localdate(),
        expires_on=expires_on,
    )
    holder = user or organisation
    after = {
        "function": function.value,
        "level": level.value,
        "programme": programme,
        "holder": holder.outer_id if holder else "",
        "expires_on": expires_on and expires_on.isoformat(),
    }
    record("role.assign", by=by, kind="role", thing=made.outer_id, place_code=prefix, after=after)
    return made


@transaction.atomic
def revoke_role(role: RoleAssignment, *, by: Actor) -> None:
    """End a role from today on; revoked again, nothing changes."""
    today = timezone.localdate()
    if RoleAssignment.objects.filter(pk=role.pk, revoked_on__isnull=True).update(revoked_on=today):
        record("role.revoke", by=by, kind="role", thing=role.outer_id, place_code=role.prefix)


def _refuse_clash(
    function: Function, prefix: str, programme: str, *, user: User | None, organisation: Organisation | None
) -> None:
    """Refuse a role that somebody must not hold beside one in force over the same places."""
    holders = User.objects.filter(organisation=organisation) if organisation else [user]
    for holder in holders:
        if holder is None:
            continue
        own = Q(user=holder) | Q(organisation__isnull=False, organisation=holder.organisation_id)
        if organisation:
            own |= Q(organisation=organisation)
        day = timezone.localdate()
        held = RoleAssignment.objects.filter(
            own, Q(expires_on__isnull=True) | Q(expires_on__gte=day), revoked_on__isnull=True
        )
        for role in held:
            overlaps = role.prefix.startswith(prefix) or prefix.startswith(role.prefix)
            shared = not role.programme or not programme or role.programme == programme
            if overlaps and shared and clash(Function(role.function), function):
                names = {"held": text(f"function.{role.function}"), "asked": text(f"function.{function}")}
                raise ValidationError(text("accounts.clash", name=holder.name, **names))
