"""Pages for what went wrong: nothing is lost, nothing is told that is not the reader's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from jiedui_web.accounts.pages import public
from jiedui_web.language import this_language


def _fault(request: HttpRequest, status: int, name: str) -> HttpResponse:
    """Render the page of a fault."""
    return render(
        request, "fault.html", {"title": f"site.{name}_title", "told": f"site.{name}"}, status=status
    )


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that there is no such page, or not for the reader."""
    return _fault(request, 404, "not_found")


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that the reader's function does not include this."""
    return _fault(request, 403, "forbidden")


@public
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Say that the form was open for too long."""
    values = {"title": "site.forbidden_title", "told": "site.stale_form"}
    return render(request, "fault.html", values, status=403)


@public
def fault(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say that the system failed; without menu or user, which may be the fault."""
    lang = this_language()
    return HttpResponse(
        render_to_string("failed.html", {"lang_tag": {"zh": "zh-CN"}.get(lang, lang)}), status=500
    )
