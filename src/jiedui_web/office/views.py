"""Pages of the administrator: organisations, people, their roles, settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from jiedui_web.accounts.actions import make_organisation
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.language import text
from jiedui_web.office.actions import StaleError, hand_user, keep_settings
from jiedui_web.office.forms import OrganisationForm, SettingsForm, UserForm
from jiedui_web.office.queries import organisations_in_reach, people_in_reach, site_settings

SHOWN = 50


@page(Function.ADMINISTER)
@require_safe
def home(request: SignedRequest) -> HttpResponse:
    """Show what there is to administer."""
    values = {
        "people": people_in_reach(request.reach).count(),
        "organisations": organisations_in_reach(request.reach).count(),
        "may_set": request.reach.covers("", "", Function.ADMINISTER),
    }
    return render(request, "office/home.html", values | {"section": "office"})


@page(Function.ADMINISTER)
@require_safe
def people(request: SignedRequest) -> HttpResponse:
    """List the users within reach, a page at a time by user name."""
    named, after = request.GET.get("named", "")[:100], request.GET.get("after", "")[:150]
    rows = people_in_reach(request.reach, named=named)
    found = list((rows.filter(username__gt=after) if after else rows)[: SHOWN + 1])
    more = found[SHOWN - 1].username if len(found) > SHOWN else ""
    values = {"people": found[:SHOWN], "named": named, "more": more, "section": "office"}
    return render(request, "office/people.html", values)


@page(Function.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def new_user(request: SignedRequest) -> HttpResponse:
    """Make a user; the answer shows the one-time password, once."""
    form = UserForm(request.POST or None, organisations=organisations_in_reach(request.reach))
    if request.method == "POST" and form.is_valid():
        user, password = hand_user(by=request.user, **form.cleaned_data)
        return render(
            request, "office/handed.html", {"person": user, "password": password, "section": "office"}
        )
    return render(request, "office/new_user.html", {"form": form, "section": "office"})


@page(Function.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: SignedRequest) -> HttpResponse:
    """List the organisations within reach, and add one."""
    form = OrganisationForm(request.POST or None, reach=request.reach)
    if request.method == "POST" and form.is_valid():
        make_organisation(by=request.user, **form.cleaned_data)
        messages.success(request, text("office.organisation_made"))
        return redirect("organisations")
    values = {"form": form, "organisations": organisations_in_reach(request.reach), "section": "office"}
    return render(request, "office/organisations.html", values)


@page(Function.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: SignedRequest) -> HttpResponse:
    """Keep the settings of the site: for whoever administers all places."""
    if not request.reach.covers("", "", Function.ADMINISTER):
        raise Http404
    kept = site_settings()
    form = SettingsForm(request.POST or None, instance=kept, initial={"version": kept.version})
    is_stale = False
    if request.method == "POST" and form.is_valid():
        try:
            keep_settings(by=request.user, version=form.cleaned_data["version"], values=form.values())
        except StaleError:
            is_stale, kept = True, site_settings()
            form.add_error(None, text("office.stale"))
        else:
            messages.success(request, text("office.settings_kept"))
            return redirect("settings")
    values = {"form": form, "kept": kept, "is_stale": is_stale, "section": "office"}
    return render(request, "office/settings.html", values, status=409 if is_stale else 200)
