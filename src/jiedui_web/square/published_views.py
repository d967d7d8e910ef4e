"""Public pages of pairings: list, map, table, open table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiedui_web.accounts.pages import public
from jiedui_web.language import text, this_language
from jiedui_web.pairs.drawings import drawing
from jiedui_web.square.published import Published, csv_rows, published, published_programmes

A_PAGE = 100
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")
"""Signs that a spreadsheet takes for the start of a formula (ASVS 1.2.10)."""


@public
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """List the programmes with published pairings."""
    found = [(one, one.counts()) for one in published_programmes()]
    return render(request, "square/programmes.html", {"programmes": found, "section": "public"})


@public
@require_safe
def programme(request: HttpRequest, key: str) -> HttpResponse:
    """Show the published pairings of a programme: map, figures, table."""
    of = _published(key)
    values = {
        "of": of,
        "counts": of.counts(),
        "has_map": bool(of.map(this_language())),
        "page": Paginator(of.pairings, A_PAGE).get_page(request.GET.get("page")),
        "section": "public",
    }
    return render(request, "square/programme.html", values)


@public
@require_safe
def programme_map(request: HttpRequest, key: str, lang: str) -> HttpResponse:  # noqa: ARG001
    """Give the map as a picture of its own; only its own styles may apply."""
    found = _published(key).map(lang)
    if not found:
        raise Http404
    response = drawing(found)
    response["Cache-Control"] = "public, max-age=300"
    return response


@public
@require_safe
def programme_csv(request: HttpRequest, key: str) -> HttpResponseBase:  # noqa: ARG001
    """Give the pairings as an open table (UTF-8 with a mark, so that spreadsheets read it)."""
    of = _published(key)
    heads = ["helper", text("square.helper"), "recipient", text("square.recipient"), text("square.since")]
    rows = _lines(heads, of)
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{key}.csv"'
    return response


@public
@require_safe
def archived(request: HttpRequest, key: str) -> HttpResponse:
    """Show the published pairings of a programme as text, all of them."""
    of = _published(key)
    return render(request, "square/archived_programme.html", {"of": of, "counts": of.counts()})


def _published(key: str) -> Published:
    found = published(key)
    if not found:
        raise Http404
    return found


def _lines(heads: list[str], of: Published) -> Iterator[str]:
    """Write rows as lines of CSV; what a spreadsheet would take for a formula stays text."""
    yield "\ufeff"
    for row in (heads, *csv_rows(of, this_language())):
        out = io.StringIO()
        csv.writer(out).writerow(["'" + cell if cell.startswith(FORMULA) else cell for cell in row])
        yield out.getvalue()
