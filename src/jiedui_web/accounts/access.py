"""The one access layer: pages, lists, counts, exports, completion, API and tasks all ask here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from jiedui_web.accounts.functions import READING, Function
from jiedui_web.accounts.models import RoleAssignment

if TYPE_CHECKING:
    from datetime import date

    from jiedui_web.accounts.models import User

M = TypeVar("M", bound=Model)
AFTER = "~"
"""Sorts after every sign of a place code: with it a prefix is a range, which an index answers."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One function over the places under a prefix, in one programme or (empty) in all."""

    function: Function
    prefix: str
    programme: str

    def covers(self, place_code: str, programme: str) -> bool:
        """Whether it reaches a place in a programme."""
        return place_code.startswith(self.prefix) and self.programme in {"", programme}


@dataclass(frozen=True, slots=True)
class Reach:
    """All that a user may do, where, today."""

    grants: tuple[Grant, ...] = ()

    def holds(self, *functions: Function) -> bool:
        """Whether any of the functions is held anywhere."""
        return any(grant.function in functions for grant in self.grants)

    def covers(self, place_code: str, programme: str, *functions: Function) -> bool:
        """Whether any of the functions (without one: of those that read) reaches a place in a programme."""
        return any(grant.covers(place_code, programme) for grant in self._of(functions))

    def limit(
        self,
        rows: QuerySet[M],
        *functions: Function,
        place: str = "place_code",
        programme: str | None = "programme",
    ) -> QuerySet[M]:
        """Keep the rows that any of the functions (without one: of those that read) reaches.

        Parameters
        ----------
        place, programme
            The columns of the place code and of the programme's key; ``None`` where rows have no programme.
        """
        conditions = {self._condition(grant, place, programme) for grant in self._of(functions)}
        if not conditions:
            return rows.none()
        if () in conditions:
            return rows
        found = Q()
        for condition in sorted(conditions):
            found |= Q(**dict(condition))
        return rows.filter(found)

    def _of(self, functions: Iterable[Function]) -> list[Grant]:
        wanted = frozenset(functions) or READING
        return [grant for grant in self.grants if grant.function in wanted]

    @staticmethod
    def _condition(grant: Grant, place: str, programme: str | None) -> tuple[tuple[str, str], ...]:
        """Give the lookups of a grant."""
        found: dict[str, str] = {}
        if grant.prefix:
            found |= {f"{place}__gte": grant.prefix, f"{place}__lt": grant.prefix + AFTER}
        if grant.programme and programme:
            found[programme] = grant.programme
        return tuple(sorted(found.items()))


def reach_of(user: User, *, on: date | None = None) -> Reach:
    """Give what a user may do on a day, own roles and those of the organisation together."""
    if not user.is_active:
        return Reach()
    day = on or timezone.localdate()
    holder = Q(user=user)
    if user.organisation_id is not None:
        holder |= Q(organisation=user.organisation_id)
    rows: QuerySet[RoleAssignment, Any] = RoleAssignment.objects.filter(
        holder,
        Q(expires_on__isnull=True) | Q(expires_on__gte=day),
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=day),
        valid_from__lte=day,
    ).values_list("function", "prefix", "programme")
    return Reach(
        tuple(Grant(Function(name), prefix, programme) for name, prefix, programme in sorted(set(rows)))
    )
