"""What holds for every answer: its language, what is refused before it, what is kept after it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import translation

from jiedui_web.accounts.models import User
from jiedui_web.config.faults import not_found
from jiedui_web.language import languages, text

CODES = {"zh": "zh-hans"}
"""What Django calls a language that we call otherwise."""


def language_of_user(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer in the language that the user chose, or that the browser asks for."""

    def answered(request: HttpRequest) -> HttpResponse:
        lang = _chosen(request)
        with translation.override(CODES.get(lang, lang)):
            request.LANGUAGE_CODE = translation.get_language()
            response = answer(request)
        response.headers.setdefault("Content-Language", {"zh": "zh-CN"}.get(lang, lang))
        response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary"), "Accept-Language"]))
        return response

    return answered


def refuse_nul(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer that nothing has a name with NUL in it: no page takes it, and PostgreSQL refuses it."""

    def answered(request: HttpRequest) -> HttpResponseBase:
        if "\0" not in request.path and "%00" not in request.META.get("QUERY_STRING", ""):
            return answer(request)
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": text("site.not_found")}, status=404)
        return not_found(request)

    return answered


def keep_nothing(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Let no browser and no office proxy keep what was shown to somebody signed in."""

    def answered(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if isinstance(request.user, User):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answered


def _chosen(request: HttpRequest) -> str:
    """Give the language of a request."""
    known = languages()
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if cookie in known:
        return cookie
    for part in request.headers.get("Accept-Language", "").split(","):
        lang = part.split(";")[0].strip().split("-")[0].lower()
        if lang in known:
            return lang
    return next(iter(known))
