"""Pages of one user, as the administrator sees him: roles, password, second factor, access."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from jiedui_web.accounts.actions import revoke_role
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.language import text
from jiedui_web.office.actions import give_role, hand_password, reset_second_factor, set_active
from jiedui_web.office.forms import RoleForm
from jiedui_web.office.queries import has_second_factor, people_in_reach, roles_in_reach, roles_to_show


@page(Function.ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Show a user within reach; sent, give him a role."""
    found = _person(request, outer_id)
    form = RoleForm(request.POST or None, reach=request.reach)
    if request.method == "POST" and form.is_valid():
        try:
            give_role(found, by=request.user, **form.values())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, text("office.role_given"))
            return redirect("person", outer_id)
    values = {
        "person": found,
        "form": form,
        "roles": roles_to_show(found),
        "revocable": set(roles_in_reach(request.reach).filter(user=found).values_list("pk", flat=True)),
        "has_second_factor": has_second_factor(found),
        "is_oneself": found.pk == request.user.pk,
        "section": "office",
    }
    return render(request, "office/person.html", values)


@page(Function.ADMINISTER)
@require_POST
def revoke(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Revoke a role of a user within reach."""
    role = get_object_or_404(roles_in_reach(request.reach), outer_id=outer_id)
    if role.user is None or not people_in_reach(request.reach).filter(pk=role.user.pk).exists():
        raise Http404
    if role.user.pk == request.user.pk:
        messages.error(request, text("office.not_oneself"))
    else:
        revoke_role(role, by=request.user)
        messages.success(request, text("office.role_revoked"))
    return redirect("person", role.user.outer_id)


@page(Function.ADMINISTER)
@require_POST
def new_password(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Give a user a new one-time password; the answer shows it, once."""
    found = _other(request, outer_id)
    password = hand_password(found, by=request.user)
    return render(request, "office/handed.html", {"person": found, "password": password, "section": "office"})


@page(Function.ADMINISTER)
@require_POST
def no_second_factor(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Take the second factor away from a user who lost it."""
    reset_second_factor(_other(request, outer_id), by=request.user)
    messages.success(request, text("office.second_factor_gone"))
    return redirect("person", outer_id)


@page(Function.ADMINISTER)
@require_POST
def access(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Disable a user, or let one in again."""
    active = request.POST.get("active") == "1"
    set_active(_other(request, outer_id), by=request.user, active=active)
    messages.success(request, text("office.enabled" if active else "office.disabled"))
    return redirect("person", outer_id)


def _person(request: SignedRequest, outer_id: str) -> User:
    """Find a user within reach; 404 for others."""
    return get_object_or_404(people_in_reach(request.reach), outer_id=outer_id)


def _other(request: SignedRequest, outer_id: str) -> User:
    """Find somebody else within reach: nobody changes his own access here."""
    found = _person(request, outer_id)
    if found.pk == request.user.pk:
        raise Http404
    return found
