"""The archive: every public page as plain text, without script or style, every page reached by links."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from jiedui_web.accounts.pages import public
from jiedui_web.square.published import published_programmes
from jiedui_web.square.queries import public_articles

A_PAGE = 100


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List every public page, the newest first."""
    page = Paginator(public_articles(), A_PAGE).get_page(request.GET.get("page"))
    programmes = [one.programme for one in published_programmes()]
    return render(request, "square/archive.html", {"page": page, "programmes": programmes})


@public
@require_safe
def article(request: HttpRequest, outer_id: str) -> HttpResponse:
    """Show an article as text, in every language it has."""
    found = get_object_or_404(public_articles(), outer_id=outer_id)
    return render(request, "square/archived_article.html", {"article": found})
