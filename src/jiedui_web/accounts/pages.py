"""Who may open a page: every view names its policy; one without a policy is refused by a test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

from jiedui_web.accounts.access import Reach, reach_of
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User

P = ParamSpec("P")


class SignedRequest(HttpRequest):
    """A request of somebody signed in, with what he may do."""

    user: User
    reach: Reach


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may ask a view: anybody, anybody signed in (no functions), or holders of one of the functions."""

    public: bool = False
    functions: frozenset[Function] = frozenset()


def page(
    *functions: Function,
) -> Callable[
    [Callable[Concatenate[SignedRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Open a view to holders of one of the functions, or to everybody signed in; for others it is 404."""

    def decorate(
        view: Callable[Concatenate[SignedRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def opened(request: HttpRequest, /, *args: P.args, **values: P.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return redirect_to_login(request.get_full_path())
            signed = cast("SignedRequest", request)
            signed.reach = reach_of(request.user)
            if functions and not signed.reach.holds(*functions):
                raise Http404
            response = view(signed, *args, **values)
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        opened.policy = Policy(functions=frozenset(functions))  # type: ignore[attr-defined]
        return opened

    return decorate


def public(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Open a view to anybody."""
    view.policy = Policy(public=True)  # type: ignore[attr-defined]
    return view
