"""Programmes and their pairings in force."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from jiedui_web.accounts.access import Reach
from jiedui_web.accounts.functions import READING
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.language import this_language
from jiedui_web.pairs.actions import note_read
from jiedui_web.pairs.forms import FilterForm
from jiedui_web.pairs.models import Choice, HumanDecision, Pairing
from jiedui_web.pairs.queries.pairings import helpers_in_force, pairings_in_force
from jiedui_web.pairs.queries.proposals import (
    choices_of,
    helpers_of,
    latest_done,
    listed_pairings,
    map_of,
    open_choice,
    paged,
    recipients_of,
    rulings_of,
    solvings_of,
)
from jiedui_web.pairs.queries.reached import ASKERS, programme_in_reach
from jiedui_web.pairs.queries.words import vocabulary
from jiedui_web.places.models import Programme
from jiedui_web.places.queries import programmes_in_reach


@page(*READING)
@require_safe
def home(request: SignedRequest) -> HttpResponse:
    """List the programmes within reach; the only one opens at once."""
    found = list(programmes_in_reach(request.reach))
    if len(found) == 1:
        return redirect("pairs_programme", found[0].key)
    rows = [(one, pairings_in_force(request.reach, one).count(), open_choice(one.key)) for one in found]
    return render(request, "pairs/home.html", {"programmes": rows, "section": "pairs"})


@page(*READING)
@require_safe
def programme(request: SignedRequest, key: str) -> HttpResponse:
    """Show the pairings in force on a map and as a list, and what is under way."""
    found = programme_in_reach(request.reach, key)
    is_whole = request.reach.covers(found.place_code, key)
    names = helpers_of(key) if is_whole else helpers_in_force(request.reach, found)
    form = FilterForm(request.GET or None, names=names)
    asked = form.asked()
    rows = pairings_in_force(request.reach, found, helper=asked["helper"], place=asked["place"])
    count = rows.count()
    shown = paged(rows, request.GET.get("after", ""))
    note_read(by=request.user, programme=found, kind="pairings", thing=key, count=count, **asked)
    values = {
        "programme": found,
        "words": vocabulary(found),
        "form": form,
        "page": shown,
        "count": count,
        "section": "pairs",
    }
    return render(request, "pairs/programme.html", values | _under_way(request.reach, found))


def _named_rulings(key: str) -> list[tuple[HumanDecision, object, object]]:
    """Give the rulings in force with the names of both sides."""
    rulings = rulings_of(key)
    if not rulings:
        return []
    helpers, recipients = helpers_of(key), recipients_of(key)
    return [
        (
            one,
            helpers.get(one.helper, {"zh": one.helper}),
            recipients.get(one.recipient, {"zh": one.recipient}),
        )
        for one in rulings
    ]


def _under_way(reach: Reach, found: Programme) -> dict[str, object]:
    """Give proposals, choices and rulings, for those who reach the whole programme."""
    if not reach.covers(found.place_code, found.key):
        return {"is_whole": False}
    has_decided = Pairing.objects.filter(programme=found.key).exists()
    latest = latest_done(found.key)
    in_force = Choice.objects.filter(programme=found.key, approved_at__isnull=False)
    shown = in_force.select_related("proposal").order_by("-approved_at", "-pk").first()
    present = latest.proposals.order_by("position").first() if latest else None
    drawn = shown.proposal if shown else present
    return {
        "is_whole": True,
        "listed": [] if has_decided else listed_pairings(found.key),
        "drawn": drawn if drawn and map_of(drawn, this_language()) else None,
        "is_decided": bool(shown),
        "latest": latest,
        "solvings": solvings_of(found.key),
        "choices": choices_of(found.key),
        "waits": open_choice(found.key),
        "rulings": _named_rulings(found.key),
        "may_ask": reach.covers(found.place_code, found.key, *ASKERS),
    }
