"""One's own account and language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from jiedui_web.accounts.actions import choose_own_language
from jiedui_web.accounts.models import User
from jiedui_web.accounts.pages import public
from jiedui_web.language import languages

YEAR = 365 * 24 * 3600


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language chosen: for a user with the account, for others in a cookie."""
    lang = request.POST.get("language", "")
    if lang not in languages():
        return HttpResponseBadRequest()
    if isinstance(request.user, User):
        choose_own_language(by=request.user, language=lang)
    to = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(to, allowed_hosts={request.get_host()}):
        to = "/"
    response = HttpResponseRedirect(to)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        lang,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response
