"""What waits for me."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiedui_web.accounts.pages import SignedRequest, page


@page()
@require_safe
def today(request: SignedRequest) -> HttpResponse:
    """List what waits for the user, the nearest deadline first."""
    return render(request, "today/today.html", {"waiting": ()})
