"""What somebody must do before anything else: choose a password of his own, set up a second factor."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from jiedui_web.accounts.access import reach_of
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.office.queries import site_settings

OPEN = ("account_logout", "language", "account_reauthenticate", "account_login")
"""Addresses that stay open to whoever has a step to do."""
SECOND_FACTOR = ("mfa_activate_totp", "mfa_reauthenticate")


def first_steps(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Lead users to the steps that come first."""

    def answered(request: HttpRequest) -> HttpResponse:
        user = request.user
        step = _step(request, user) if isinstance(user, User) else None
        request.first_step = step is not None  # type: ignore[attr-defined]
        if step and request.path not in {reverse(name) for name in (*step, *OPEN)}:
            return HttpResponseRedirect(reverse(step[0]))
        return answer(request)

    return answered


def _step(request: HttpRequest, user: User) -> tuple[str, ...] | None:
    """Give the addresses of the step that comes first; None when there is none."""
    if user.must_change_password:
        return ("account_change_password",)
    if _signed_in_with_second_factor(request):
        return None
    request.site_settings = site_settings()  # type: ignore[attr-defined]
    needing = list(request.site_settings.second_factor_for)  # type: ignore[attr-defined]
    if needing and reach_of(user).holds(*map(Function, needing)):
        has_one = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
        return None if has_one else SECOND_FACTOR
    return None


def _signed_in_with_second_factor(request: HttpRequest) -> bool:
    """Whether this session began with a second factor: then nothing need be looked up."""
    methods = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    return any(one.get("method") == "mfa" for one in methods)
