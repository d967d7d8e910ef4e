"""Public pages."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from jiedui_web.accounts.access import Reach, reach_of
from jiedui_web.accounts.models import User
from jiedui_web.accounts.pages import public
from jiedui_web.square.markup import markup
from jiedui_web.square.models import Section
from jiedui_web.square.queries import PUBLISHERS, WRITERS, public_articles

LATEST, A_PAGE = 5, 20


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is new, by section."""
    sections = [(one, public_articles(one)[:LATEST]) for one in Section]
    reach = reach_of(request.user) if isinstance(request.user, User) else Reach()
    values = {"sections": sections, "section": "public", "has_desk": reach.holds(*WRITERS, *PUBLISHERS)}
    return render(request, "square/home.html", values)


@public
@require_safe
def articles(request: HttpRequest, name: str) -> HttpResponse:
    """List the articles of a section, the newest first."""
    if name not in Section.values:
        raise Http404
    pages = Paginator(public_articles(name), A_PAGE)
    found = pages.get_page(request.GET.get("page"))
    return render(
        request, "square/articles.html", {"name": Section(name), "page": found, "section": "public"}
    )


@public
@require_safe
def article(request: HttpRequest, outer_id: str) -> HttpResponse:
    """Show an article in the reader's language, where it has it."""
    found = get_object_or_404(public_articles(), outer_id=outer_id)
    in_english = request.LANGUAGE_CODE == "en" and bool(found.body_en)
    values = {
        "article": found,
        "body": markup(found.body_en if in_english else found.body),
        "body_lang": "en" if in_english else "zh-CN",
        "section": "public",
    }
    return render(request, "square/article.html", values)


@public
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers where to go: the archive holds every public page."""
    return render(request, "square/robots.txt", content_type="text/plain; charset=utf-8")
