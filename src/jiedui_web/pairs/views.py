"""Pages of the app `pairs`."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiedui_web.accounts.functions import READING
from jiedui_web.accounts.pages import SignedRequest, page


@page(*READING)
@require_safe
def home(request: SignedRequest) -> HttpResponse:
    """Show the first page."""
    return render(request, "pairs/home.html", {"section": "pairs"})
