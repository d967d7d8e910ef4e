"""Asking for proposals, how far they are, and proposals side by side."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from jiedui_web.accounts.functions import READING, Function
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.pairs.actions import ask_solving, cancel_solving, is_lost
from jiedui_web.pairs.models import Solving
from jiedui_web.pairs.queries.comparison import compare
from jiedui_web.pairs.queries.proposals import latest_done, names_of_people, open_choice, proposals_of
from jiedui_web.pairs.queries.reached import ASKERS, programme_of, solving_in_reach, whole_programme


@page(*ASKERS)
@require_POST
def ask(request: SignedRequest, key: str) -> HttpResponse:
    """Ask for proposals; where some are under way, show those."""
    programme = whole_programme(request.reach, key, *ASKERS)
    try:
        made = ask_solving(by=request.user, programme=programme)
    except ValidationError as error:
        messages.warning(request, error.messages[0])
        return redirect("pairs_programme", key)
    return redirect("solving", made.outer_id)


@page(*ASKERS)
@require_POST
def cancel(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Stop a solving."""
    cancel_solving(solving_in_reach(request.reach, outer_id, *ASKERS), by=request.user)
    return redirect("solving", outer_id)


@page(*READING)
@require_safe
def solving(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Show how far a solving is, or its proposals compared."""
    found = solving_in_reach(request.reach, outer_id)
    reach = request.reach
    values = {
        "solving": found,
        "programme": programme_of(found.programme),
        "asked_by": names_of_people(found.by).get(found.by, ""),
        "is_open": found.state in {Solving.State.QUEUED, Solving.State.RUNNING},
        "may_ask": reach.covers(found.place_code, found.programme, *ASKERS),
        "section": "pairs",
    }
    if is_lost(found):
        values |= {"is_open": False, "is_lost": True}
    if found.state != Solving.State.DONE:
        return render(request, "pairs/solving.html", values)
    latest = latest_done(found.programme)
    values |= {
        "comparison": compare(proposals_of(found), found.run["columns"]["comparison"]),
        "notice": found.run.get("notice"),
        "limits": found.run.get("limits", []),
        "is_latest": latest is not None and latest.pk == found.pk,
        "waits": open_choice(found.programme),
        "may_decide": reach.covers(found.place_code, found.programme, Function.DECIDE),
    }
    return render(request, "pairs/comparison.html", values)
