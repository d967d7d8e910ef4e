"""Deciding with four eyes: choose, approve or refuse, publish."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiedui_web.accounts.functions import READING, Function
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.bridge.pairing import names_people
from jiedui_web.language import text
from jiedui_web.pairs.actions import (
    approve_choice,
    choose_proposal,
    publish_choice,
    refuse_choice,
    withdraw_choice,
)
from jiedui_web.pairs.forms import ChoiceForm, ReasonForm, VersionForm
from jiedui_web.pairs.models import Choice
from jiedui_web.pairs.queries.proposals import changes_of, latest_done, names_of_people, open_choice
from jiedui_web.pairs.queries.reached import (
    PUBLISHERS,
    choice_in_reach,
    programme_of,
    proposal_in_reach,
)


@page(Function.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Decide on a proposal with a reason and a first day."""
    proposal = proposal_in_reach(request.reach, outer_id, Function.DECIDE)
    form = ChoiceForm(request.POST or None, initial={"valid_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            made = choose_proposal(
                by=request.user,
                proposal=proposal,
                why=form.cleaned_data["why"],
                valid_from=form.cleaned_data["valid_from"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, text("pairs.chosen"))
            return redirect("choice", made.outer_id)
    values = {
        "form": form,
        "proposal": proposal,
        "programme": programme_of(proposal.solving.programme),
        "waits": open_choice(proposal.solving.programme),
        "section": "pairs",
    }
    return render(request, "pairs/choose.html", values, status=422 if form.errors else 200)


@page(*READING)
@require_safe
def choice(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Show what was decided, by whom, and what may be done with it."""
    return _show(request, choice_in_reach(request.reach, outer_id))


@page(Function.APPROVE)
@require_POST
def approve(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Approve what somebody of another unit decided."""
    found = choice_in_reach(request.reach, outer_id, Function.APPROVE)
    form = VersionForm(request.POST)

    def act() -> None:
        approve_choice(found, by=request.user, version=form.cleaned_data["version"])

    return _settle(request, found, form, act, done="pairs.approved_now")


@page(Function.APPROVE)
@require_POST
def refuse(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Refuse with a reason."""
    found = choice_in_reach(request.reach, outer_id, Function.APPROVE)
    form = ReasonForm(request.POST, auto_id="refuse_%s")

    def act() -> None:
        refuse_choice(found, by=request.user, **form.cleaned_data)

    return _settle(request, found, form, act, done="pairs.refused_now", name="refusal")


@page(Function.DECIDE)
@require_POST
def withdraw(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Take one's own choice back."""
    found = choice_in_reach(request.reach, outer_id, Function.DECIDE)
    form = ReasonForm(request.POST, auto_id="withdraw_%s")

    def act() -> None:
        withdraw_choice(found, by=request.user, **form.cleaned_data)

    return _settle(request, found, form, act, done="pairs.withdrawn_now", name="withdrawal")


@page(*PUBLISHERS)
@require_POST
def publish(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Make the pairings public."""
    found = choice_in_reach(request.reach, outer_id, *PUBLISHERS)
    try:
        done = publish_choice(found, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, text("pairs.published_now" if done else "pairs.published_before"))
    return redirect("choice", outer_id)


def _settle(
    request: SignedRequest,
    found: Choice,
    form: ReasonForm | VersionForm,
    act: Callable[[], None],
    *,
    done: str,
    name: str = "form",
) -> HttpResponse:
    """Do what a form asks; where it cannot be, show why and what others did in the meantime."""
    status = 422
    if form.is_valid():
        try:
            act()
        except ValidationError as error:
            form.add_error(None, error)
            status = 409 if error.code == "settled" else 422
        else:
            messages.success(request, text(done))
            return redirect("choice", found.outer_id)
    return _show(
        request, choice_in_reach(request.reach, found.outer_id), status=status, **{name: form}, wrong=form
    )


def _show(request: SignedRequest, found: Choice, status: int = 200, **forms: object) -> HttpResponse:
    """Render the page of a choice."""
    reach, user = request.reach, request.user
    place = (found.place_code, found.programme)
    is_open = found.approved_at is None and found.refused_at is None
    first = {"version": found.version}
    is_other = found.decided_by != user.outer_id and user.organisation_id_outer not in {
        "",
        found.decided_unit,
    }
    people = names_of_people(found.decided_by, found.approved_by, found.refused_by, found.published_by)
    new, ended = changes_of(found.proposal)
    latest = latest_done(found.programme)
    may_approve = is_open and reach.covers(*place, Function.APPROVE)
    values = {
        "choice": found,
        "proposal": found.proposal,
        "programme": programme_of(found.programme),
        "decided_by": people.get(found.decided_by),
        "approved_by": people.get(found.approved_by),
        "refused_by": people.get(found.refused_by),
        "published_by": people.get(found.published_by),
        "is_open": is_open,
        "new": len(new),
        "ended": len(ended),
        "is_latest": latest is not None and latest.pk == found.proposal.solving_id,
        "may_approve": may_approve and is_other,
        "is_barred": may_approve and not is_other,
        "may_withdraw": is_open
        and found.decided_by == user.outer_id
        and reach.covers(*place, Function.DECIDE),
        "may_publish": bool(found.approved_at and not found.published_at)
        and not names_people(programme_of(found.programme).scheme)
        and reach.covers(*place, *PUBLISHERS),
        "refusal": ReasonForm(initial=first, auto_id="refuse_%s"),
        "withdrawal": ReasonForm(initial=first, auto_id="withdraw_%s"),
        "section": "pairs",
    }
    return render(request, "pairs/choice.html", values | forms, status=status)
