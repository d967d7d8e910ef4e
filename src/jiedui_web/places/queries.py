"""What is read about places and programmes."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jiedui_web.accounts.access import AFTER, Reach
from jiedui_web.accounts.functions import READING
from jiedui_web.places.models import Place, Programme


def places_in_reach(reach: Reach) -> QuerySet[Place]:
    """Give the places that any reading function reaches."""
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
