"""How programs are let in: by token, or by the session of somebody signed in; never beyond his reach."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.http import Http404, HttpRequest
from ninja.security import HttpBearer

from jiedui_web.accounts.access import reach_of
from jiedui_web.accounts.functions import READING
from jiedui_web.accounts.models import User
from jiedui_web.accounts.pages import SignedRequest
from jiedui_web.accounts.tokens import Scope, token_in_force

P = ParamSpec("P")
R = TypeVar("R")


class ByToken(HttpBearer):
    """``Authorization: Bearer jd_…``."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Give the user of a token in force, the request limited to the token's scopes."""
        found = token_in_force(token)
        if not found:
            return None
        request.user = found.user
        request.scopes = frozenset(found.scopes)  # type: ignore[attr-defined]
        return found.user


def by_session(request: HttpRequest) -> User | None:
    """Give who is signed in: downloads of pages come this way."""
    return request.user if isinstance(request.user, User) else None


def within(
    scope: Scope,
) -> Callable[[Callable[Concatenate[SignedRequest, P], R]], Callable[Concatenate[HttpRequest, P], R]]:
    """Open an operation to a scope; without it, or without a function that reads, there is nothing: 404."""

    def decorate(
        operation: Callable[Concatenate[SignedRequest, P], R],
    ) -> Callable[Concatenate[HttpRequest, P], R]:
        @wraps(operation)
        def opened(request: HttpRequest, /, *args: P.args, **values: P.kwargs) -> R:
            signed = cast("SignedRequest", request)
            signed.reach = reach_of(signed.user)
            scopes = getattr(request, "scopes", frozenset(Scope.values))
            if scope.value not in scopes or not signed.reach.holds(*READING):
                raise Http404
            return operation(signed, *args, **values)

        return opened

    return decorate
