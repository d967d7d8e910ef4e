"""What waits for me."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiedui_web.accounts.functions import READING
from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.accounts.queries import roles_of
from jiedui_web.places.vocabulary import named_roles
from jiedui_web.today.queries import waiting_for


@page()
@require_safe
def today(request: SignedRequest) -> HttpResponse:
    """List what waits for the user, the nearest deadline first."""
    values = {
        "waiting": waiting_for(request.user, request.reach),
        "roles": named_roles(roles_of(request.user)),
        "day": timezone.localdate(),
        "section": "today",
    }
    return render(request, "today/today.html", values)


@page()
@require_safe
def my_account(request: SignedRequest) -> HttpResponse:
    """Show who I am and what I may do where."""
    values = {"roles": named_roles(roles_of(request.user)), "has_tokens": request.reach.holds(*READING)}
    return render(request, "today/me.html", values)
