"""Pages of places."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiedui_web.accounts.functions import READING
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.places.forms import PlaceFilter
from jiedui_web.places.queries import (
    MOST,
    names_of,
    page_of_places,
    place_versions,
    places_replaced_by,
    places_under,
    places_within,
)


@page(*READING)
@require_safe
def places(request: SignedRequest) -> HttpResponse:
    """List the places within reach, by code."""
    form = PlaceFilter(request.GET)
    found = page_of_places(
        request.reach, query=form.asked("q"), level=form.asked("level"), after=request.GET.get("after", "")
    )
    values = request.GET.copy()
    values["after"] = found.after
    return render(
        request,
        "places/list.html",
        {
            "section": "registers",
            "form": form,
            "page": found,
            "count": min(found.count, MOST),
            "next": f"?{values.urlencode()}" if found.after else "",
            "is_further": "after" in request.GET,
        },
    )


@page(*READING)
@require_safe
def place(request: SignedRequest, code: str) -> HttpResponse:
    """Show one place: its code over time, what lies above and below it, what followed."""
    versions = place_versions(request.reach, code)
    latest = versions[0]
    near = names_of([latest.parent, latest.successor])
    return render(
        request,
        "places/place.html",
        {
            "section": "registers",
            "place": latest,
            "versions": versions,
            "parent": near.get(latest.parent),
            "parent_open": places_within(request.reach).filter(code=latest.parent).exists(),
            "under": places_under(request.reach, code),
            "replaced": places_replaced_by(request.reach, code),
        },
    )
