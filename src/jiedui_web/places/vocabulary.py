"""What a programme calls the functions of its people: the words of its scheme, else ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jiedui_web.accounts.models import RoleAssignment
from jiedui_web.bridge.pairing import words_of_scheme
from jiedui_web.language import text, this_language
from jiedui_web.places.models import Place, Programme
from jiedui_web.places.queries import names_of


@dataclass(frozen=True, slots=True)
class NamedRole:
    """A role and what it is called where it is held."""

    role: RoleAssignment
    name: str
    where: str


def named_roles(roles: Iterable[RoleAssignment]) -> list[NamedRole]:
    """Name roles as the schemes of their programmes do."""
    held = list(roles)
    keys = {role.programme for role in held if role.programme}
    schemes = dict(Programme.objects.filter(key__in=keys).values_list("key", "scheme"))
    places = names_of([role.prefix for role in held if role.prefix])
    return [
        NamedRole(
            role, _name(role.function, schemes.get(role.programme, "")), _where(role, places.get(role.prefix))
        )
        for role in held
    ]


def _where(role: RoleAssignment, place: Place | None) -> str:
    """Name the place of a role; its code where the place is not known."""
    if not role.prefix:
        return text("accounts.all_places")
    translated = getattr(place, f"name_{this_language()}", "")
    return str(translated or getattr(place, "name", role.prefix))


def _name(function: str, scheme: str) -> str:
    own = words_of_scheme(scheme).get(f"function_{function}") if scheme else None
    return str(own[this_language()]) if own and this_language() in own else text(f"function.{function}")
