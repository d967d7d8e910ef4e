"""How programs are let in: by token, or by the session of somebody signed in; never beyond his reach."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.http import Http404, HttpRequest
from ninja.security import HttpBearer

from jiedui_web.accounts.access import Reach
from jiedui_web.accounts.callers import Caller, caller_by_token, caller_of
from jiedui_web.accounts.functions import READING
from jiedui_web.accounts.models import User
from jiedui_web.accounts.tokens import Scope

P = ParamSpec("P")
R = TypeVar("R")


class AskedRequest(HttpRequest):
    """A request to the API, with whoever asks and what he may do."""

    auth: Caller
    """Set by ninja: what `ByToken` or `by_session` gave."""
    caller: Caller
    reach: Reach


class ByToken(HttpBearer):
    """``Authorization: Bearer jd_…``."""

    def authenticate(self, _: HttpRequest, token: str) -> Caller | None:
        """Give whose token it is, limited to the token's scopes."""
        return caller_by_token(token)


def by_session(request: HttpRequest) -> Caller | None:
    """Give who is signed in: downloads of pages come this way."""
    user = getattr(request, "user", None)
    return caller_of(user) if isinstance(user, User) else None


def within(
    scope: Scope,
) -> Callable[[Callable[Concatenate[AskedRequest, P], R]], Callable[Concatenate[HttpRequest, P], R]]:
    """Open an operation to a scope; without it, or without a function that reads, there is nothing: 404."""

    def decorate(
        operation: Callable[Concatenate[AskedRequest, P], R],
    ) -> Callable[Concatenate[HttpRequest, P], R]:
        @wraps(operation)
        def opened(request: HttpRequest, /, *args: P.args, **values: P.kwargs) -> R:
            asked = cast("AskedRequest", request)
            asked.caller, asked.reach = asked.auth, asked.auth.reach
            if scope.value not in asked.caller.scopes or not asked.reach.holds(*READING):
                raise Http404
            return operation(asked, *args, **values)

        return opened

    return decorate
