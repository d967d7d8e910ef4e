"""The language of each answer: the cookie's, else the browser's, else Chinese."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from jiedui_web.language import languages

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
