"""What a reader may read of the registers, as ranges that an index answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import merge
from itertools import groupby, islice

from django.db.models import Q, QuerySet

from jiedui_web.accounts.access import Grant, Reach
from jiedui_web.accounts.functions import READING
from jiedui_web.registers.models import Record

MOST = 1000
"""Counts stop here: beyond it they are shown as "1,000+"."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The reading functions of a reader, narrowed by places and a programme: each branch is one range."""

    branches: tuple[Reach, ...]

    def rows(self, rows: QuerySet[Record]) -> list[QuerySet[Record]]:
        """Limit rows to each branch."""
        return [branch.limit(rows) for branch in self.branches]

    @property
    def prefixes(self) -> frozenset[str]:
        """The place codes whose places are within."""
        return frozenset(grant.prefix for branch in self.branches for grant in branch.grants)

    def count(self, rows: QuerySet[Record]) -> int:
        """Count rows, up to `MOST` and one."""
        if self._is_disjoint:
            total = 0
            for branch in self.rows(rows):
                total += branch.order_by()[: MOST + 1 - total].count() if total <= MOST else 0
            return total
        found: set[int] = set()
        for branch in self.rows(rows):
            found.update(branch.order_by().values_list("pk", flat=True)[: MOST + 1])
        return min(len(found), MOST + 1)

    def count_all(self, rows: QuerySet[Record]) -> int:
        """Count every row: for what is handed out whole."""
        if self._is_disjoint:
            return sum(branch.order_by().count() for branch in self.rows(rows))
        whole = Reach(tuple(grant for branch in self.branches for grant in branch.grants))
        return whole.limit(rows).order_by().count()

    @property
    def _is_disjoint(self) -> bool:
        """Whether no row can be in two branches."""
        grants = [grant for branch in self.branches for grant in branch.grants]
        return not any(
            one.prefix.startswith(other.prefix) and (not one.programme or not other.programme)
            for one in grants
            for other in grants
            if one is not other
        )

    def first(self, rows: QuerySet[Record], count: int, *, by: str) -> list[Record]:
        """Give the first rows of all branches by a column and the id; with ``-`` from the end."""
        column, back = by.removeprefix("-"), by.startswith("-")
        order = (f"-{column}", "-pk") if back else (column, "pk")
        lists = [list(branch.order_by(*order)[:count]) for branch in self.rows(rows)]
        joined = merge(*lists, key=lambda one: (getattr(one, column), one.pk), reverse=back)
        return list(islice((next(same) for _, same in groupby(joined, key=lambda one: one.pk)), count))


def scope_of(reach: Reach, *, place: str = "", programme: str = "") -> Scope:
    """Give what a reader may read under a place and in a programme (empty: all)."""
    reading = (grant for grant in reach.grants if grant.function in READING)
    narrow = filter(None, (_narrowed(grant, place, programme) for grant in reading))
    return Scope(tuple(Reach((grant,)) for grant in _widest(narrow)))


def after(column: str, value: str, pk: int) -> Q:
    """Give the condition of the rows behind one, in the order of a column and the id.

    The first part is a range for the index; the second cuts off what stands before within equal values.
    """
    return Q(**{f"{column}__gte": value}) & (Q(**{f"{column}__gt": value}) | Q(pk__gt=pk))


def before(column: str, value: str, pk: int) -> Q:
    """Give the condition of the rows ahead of one."""
    return Q(**{f"{column}__lte": value}) & (Q(**{f"{column}__lt": value}) | Q(pk__lt=pk))


def _narrowed(grant: Grant, place: str, programme: str) -> Grant | None:
    """Give the part of a grant under a place and in a programme."""
    if programme and grant.programme not in {"", programme}:
        return None
    if not (place.startswith(grant.prefix) or grant.prefix.startswith(place)):
        return None
    return Grant(grant.function, max(place, grant.prefix, key=len), grant.programme or programme)


def _widest(grants: Iterable[Grant]) -> list[Grant]:
    """Leave out what another grant reaches as well."""
    found: list[Grant] = []
    for grant in sorted(grants, key=lambda one: (len(one.prefix), one.programme, one.prefix)):
        if not any(one.covers(grant.prefix, grant.programme) for one in found):
            found.append(grant)
    return sorted(found, key=lambda one: (one.prefix, one.programme))
