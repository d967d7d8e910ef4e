"""One proposal, its map, and one of its pairs."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from jiedui_web.accounts.functions import READING, Function
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.language import text, this_language
from jiedui_web.pairs.actions import note_read, rule_pair, withdraw_ruling
from jiedui_web.pairs.drawings import drawing
from jiedui_web.pairs.forms import FilterForm, RulingForm, WhyNotForm
from jiedui_web.pairs.models import ProposedPair
from jiedui_web.pairs.queries.answers import ask_why_not
from jiedui_web.pairs.queries.proposals import (
    changes_of,
    helpers_of,
    map_of,
    names_of_people,
    open_choice,
    paged,
    pairs_of,
    rulings_on,
)
from jiedui_web.pairs.queries.reached import (
    ASKERS,
    pair_in_reach,
    programme_of,
    proposal_in_reach,
    ruling_in_reach,
)
from jiedui_web.pairs.queries.words import vocabulary


@page(*READING)
@require_safe
def proposal(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Show a proposal: map, what each helper carries, changes, pairs, who stays without help."""
    found = proposal_in_reach(request.reach, outer_id)
    solving = found.solving
    programme = programme_of(solving.programme)
    form = FilterForm(request.GET or None, names=helpers_of(programme.key))
    rows = pairs_of(found, **form.asked())
    count = rows.count()
    note_read(
        by=request.user, programme=programme, kind="proposal", thing=outer_id, count=count, **form.asked()
    )
    new, ended = changes_of(found)
    values = {
        "proposal": found,
        "solving": solving,
        "programme": programme,
        "words": vocabulary(programme),
        "columns": {one["name"]: one for one in solving.run["columns"].get("prices", ())},
        "has_map": bool(map_of(found, this_language())),
        "form": form,
        "page": paged(rows, request.GET.get("after", "")),
        "count": count,
        "new": new,
        "ended": ended,
        "waits": open_choice(programme.key),
        "may_decide": request.reach.covers(solving.place_code, solving.programme, Function.DECIDE),
        "section": "pairs",
    }
    return render(request, "pairs/proposal.html", values)


@page(*READING)
@require_safe
def proposal_map(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Give the map as a picture of its own; only its own styles may apply."""
    found = map_of(proposal_in_reach(request.reach, outer_id), this_language())
    if not found:
        raise Http404
    return drawing(found)


@page(*READING)
@require_safe
def pair(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Show one pair: its reasons, why not another, and what people ruled."""
    found = pair_in_reach(request.reach, outer_id)
    return _show_pair(request, found, RulingForm(is_present=_is_present(found)))


@page(*ASKERS)
@require_POST
def rule(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Lock, forbid or demand a pair."""
    found = pair_in_reach(request.reach, outer_id, *ASKERS)
    form = RulingForm(request.POST, is_present=_is_present(found))
    if form.is_valid():
        try:
            rule_pair(
                by=request.user,
                programme=programme_of(found.proposal.solving.programme),
                kind=form.cleaned_data["kind"],
                helper=found.helper,
                recipient=found.recipient,
                why=form.cleaned_data["why"],
                place_code=found.place_code,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, text("pairs.ruled"))
            return redirect("proposed_pair", outer_id)
    return _show_pair(request, found, form, status=422)


@page(*ASKERS)
@require_POST
def withdraw(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Withdraw a ruling."""
    found = ruling_in_reach(request.reach, outer_id, *ASKERS)
    done = withdraw_ruling(found, by=request.user)
    messages.success(request, text("pairs.ruling_withdrawn" if done else "pairs.ruling_withdrawn_before"))
    return redirect("pairs_programme", found.programme)


def _is_present(found: ProposedPair) -> bool:
    return bool(found.body.get("status") == "kept")


def _show_pair(
    request: SignedRequest, found: ProposedPair, form: RulingForm, status: int = 200
) -> HttpResponse:
    """Render the page of a pair, with the answer to a question where one is asked."""
    solving = found.proposal.solving
    programme = programme_of(solving.programme)
    names = helpers_of(programme.key)
    question = WhyNotForm(request.GET if "helper" in request.GET else None, names=names, without=found.helper)
    told = ask_why_not(found, question.cleaned_data["helper"], names) if question.is_valid() else None
    note_read(by=request.user, programme=programme, kind="pair", thing=found.outer_id)
    rulings = rulings_on(found)
    people = names_of_people(*(one.by for one in rulings), *(one.withdrawn_by for one in rulings))
    weights = {one["id"]: one["words"] for one in solving.run["parts"]}
    values = {
        "pair": found,
        "proposal": found.proposal,
        "programme": programme,
        "words": vocabulary(programme),
        "parts": [(words, found.body[key]) for key, words in weights.items() if key in found.body],
        "form": form,
        "question": question,
        "told": told,
        "rulings": [(one, people.get(one.by), people.get(one.withdrawn_by)) for one in rulings],
        "in_force": next((one for one in rulings if one.withdrawn_at is None), None),
        "may_rule": request.reach.covers(solving.place_code, solving.programme, *ASKERS),
        "section": "pairs",
    }
    return render(request, "pairs/pair.html", values, status=status)
