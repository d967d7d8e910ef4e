"""Pages of those who write and publish articles."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jiedui_web.accounts.pages import SignedRequest, page
from jiedui_web.language import text
from jiedui_web.square.actions import (
    StaleError,
    change_article,
    publish_article,
    withdraw_article,
    write_article,
)
from jiedui_web.square.forms import ArticleForm
from jiedui_web.square.markup import markup
from jiedui_web.square.models import Article
from jiedui_web.square.queries import PUBLISHERS, WRITERS, articles_in_reach

SHOWN = 200
MOST_DIGITS = 9
"""Of a version: beyond it there is none."""


@page(*WRITERS, *PUBLISHERS)
@require_safe
def desk(request: SignedRequest) -> HttpResponse:
    """List the articles within reach."""
    values = {"articles": articles_in_reach(request.reach)[:SHOWN], "section": "public"}
    return render(request, "square/desk.html", values | {"may_write": request.reach.holds(*WRITERS)})


@page(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedRequest) -> HttpResponse:
    """Write a new article."""
    form = ArticleForm(request.POST or None, reach=request.reach)
    if request.method == "POST" and form.is_valid():
        try:
            made = write_article(by=request.user, values=form.values())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("draft", made.outer_id)
    return render(request, "square/write.html", {"form": form, "section": "public"})


@page(*WRITERS, *PUBLISHERS)
@require_safe
def draft(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Show an article as it is or will be, with what may be done with it."""
    found = _article(request, outer_id)
    reach, place = request.reach, (found.place_code, found.programme)
    is_open = found.published_at is None and found.withdrawn_at is None
    values = {
        "article": found,
        "body": markup(found.body),
        "body_en": markup(found.body_en),
        "may_change": is_open and reach.covers(*place, *WRITERS),
        "may_publish": is_open
        and found.written_by != request.user.outer_id
        and reach.covers(*place, *PUBLISHERS),
        "may_withdraw": found.published_at and not found.withdrawn_at and reach.covers(*place, *PUBLISHERS),
        "section": "public",
    }
    return render(request, "square/draft.html", values)


@page(*WRITERS)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Change a draft; what somebody else changed in the meantime is shown, and nothing is lost."""
    found = get_object_or_404(
        request.reach.limit(Article.objects.filter(published_at=None), *WRITERS), outer_id=outer_id
    )
    form = ArticleForm(
        request.POST or None, instance=found, reach=request.reach, initial={"version": found.version}
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        current = Article.objects.get(pk=found.pk)
        try:
            change_article(
                current, by=request.user, version=form.cleaned_data["version"] or 0, values=form.values()
            )
        except ValidationError as error:
            form.add_error(None, error)
        except StaleError:
            form.add_error(None, text("square.stale"))
            status = 409
        else:
            return redirect("draft", outer_id)
    current = Article.objects.get(pk=found.pk)
    values = {"form": form, "article": current, "is_stale": status != 200, "section": "public"}  # noqa: PLR2004
    return render(request, "square/write.html", values, status=status)


@page(*PUBLISHERS)
@require_POST
def publish(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Publish a draft of somebody else."""
    return _act(request, outer_id, publish_article, "square.published")


@page(*PUBLISHERS)
@require_POST
def withdraw(request: SignedRequest, outer_id: str) -> HttpResponse:
    """Take an article down."""
    return _act(request, outer_id, withdraw_article, "square.withdrawn")


def _article(request: SignedRequest, outer_id: str) -> Article:
    return get_object_or_404(articles_in_reach(request.reach), outer_id=outer_id)


def _act(request: SignedRequest, outer_id: str, act: Callable[..., None], done: str) -> HttpResponse:
    """Do what a button asks and say how it went."""
    found = get_object_or_404(request.reach.limit(Article.objects.all(), *PUBLISHERS), outer_id=outer_id)
    version = request.POST.get("version", "")
    try:
        act(found, by=request.user, version=int(version[:MOST_DIGITS]) if version.isdecimal() else 0)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
    except StaleError:
        messages.warning(request, text("square.stale"))
    else:
        messages.success(request, text(done))
    return redirect("draft", outer_id)
