"""Public pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiedui_web.accounts.pages import public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is new."""
    return render(request, "square/home.html")
