"""What is read about places and programmes: always within reach."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import Http404

from jiedui_web.accounts.access import AFTER
from jiedui_web.accounts.functions import READING, Level
from jiedui_web.language import this_language
from jiedui_web.places.models import Place, Programme

if TYPE_CHECKING:
    from jiedui_web.accounts.access import Reach

A_PAGE = 50
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
MOST = 1000
NAMED = 20


@dataclass(frozen=True, slots=True)
class PlacePage:
    """One page of places, how many there are up to `MOST`, and the code behind which the next begins."""

    rows: Sequence[Place]
    count: int
    after: str = ""

    @property
    def is_capped(self) -> bool:
        """Whether there are more than the count says."""
        return self.count > MOST


def places_within(reach: Reach) -> QuerySet[Place]:
    """Give the places within reach."""
    return reach.limit(Place.objects.all(), place="code", programme=None)


def programmes_in_reach(reach: Reach) -> QuerySet[Programme]:
    """Give the programmes that touch somebody's reach: over his places, or over places around them."""
    found = Q()
    for grant in reach.grants:
        if grant.function in READING:
            around = [grant.prefix[:size] for size in range(len(grant.prefix) + 1)]
            touches = Q(place_code__gte=grant.prefix, place_code__lt=grant.prefix + AFTER)
            own = Q(key=grant.programme) if grant.programme else Q()
            found |= (touches | Q(place_code__in=around)) & own
    return Programme.objects.filter(found).order_by("name") if found else Programme.objects.none()


def page_of_places(reach: Reach, *, query: str = "", level: str = "", after: str = "") -> PlacePage:
    """Give one page of places, by a beginning of the code or by a part of the name."""
    rows = places_within(reach)
    if query:
        rows = rows.filter(_fits(query))
    if level in Level.values:
        rows = rows.filter(level=level)
    count = len(rows.order_by().values_list("pk")[: MOST + 1])
    if is_code(after):
        rows = rows.filter(code__gt=after)
    found = list(rows.order_by("code", "valid_from")[: A_PAGE + 1])
    if len(found) <= A_PAGE:
        return PlacePage(found, count)
    shown = [place for place in found if place.code != found[-1].code]
    return PlacePage(shown, count, shown[-1].code)


def place_versions(reach: Reach, code: str) -> list[Place]:
    """Give a place at each time of its validity, the latest first.

    Raises
    ------
    Http404
        If there is none, or not within reach.
    """
    found = list(places_within(reach).filter(code=code).order_by("-valid_from"))
    if not found:
        raise Http404
    return found


def places_under(reach: Reach, code: str) -> list[Place]:
    """Give the places directly under one, at most `MOST`."""
    return list(places_within(reach).filter(parent=code).order_by("code")[:MOST])


def places_replaced_by(reach: Reach, code: str) -> list[Place]:
    """Give the places whose successor one is."""
    under = places_within(reach).filter(successor=code).exclude(code=code)
    return list(under.order_by("code")[:NAMED])


def names_of(codes: Sequence[str]) -> dict[str, Place]:
    """Give places by their codes, each at its latest time."""
    rows = Place.objects.filter(code__in=set(codes)).order_by("valid_from")
    return {place.code: place for place in rows}


def own_name(place: Place) -> str:
    """Give the name of a place in the reader's language, as far as it has one."""
    return (place.name_en if this_language() == "en" else "") or place.name


def places_named(reach: Reach, typed: str) -> list[Place]:
    """Give the places that somebody may mean: the one with a code, or those with a name."""
    rows = places_within(reach).order_by("code")
    if is_code(typed):
        return list(rows.filter(code=typed)[:1])
    exact = list(rows.filter(name=typed)[:NAMED])
    return exact or list(rows.filter(name__contains=typed)[:NAMED])


def is_code(typed: str) -> bool:
    """Whether something looks like a place code or its beginning."""
    return bool(CODE.fullmatch(typed))


def is_known(code: str) -> bool:
    """Whether there is a place with this code."""
    return Place.objects.filter(code=code).exists()


def _fits(query: str) -> Q:
    if is_code(query) and any(map(str.isdigit, query)):
        return Q(code__gte=query, code__lt=query + AFTER)
    return Q(name__contains=query) | Q(name_en__icontains=query)
