"""Pages of the app `office`."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.pages import SignedRequest, page


@page(Function.ADMINISTER)
@require_safe
def home(request: SignedRequest) -> HttpResponse:
    """Show the first page."""
    return render(request, "office/home.html", {"section": "office"})


@page(Function.AUDIT)
@require_safe
def audit(request: SignedRequest) -> HttpResponse:
    """Show the trail."""
    return render(request, "office/audit.html", {"section": "audit"})
