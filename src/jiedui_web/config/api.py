"""The API: routers of the apps put together; description at ``/api/v1/openapi.json``."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from jiedui_web.accounts.api import ByToken, by_session
from jiedui_web.language import text
from jiedui_web.pairs.api import router as pairs
from jiedui_web.places.api import router as places
from jiedui_web.registers.api import router as registers

api = NinjaAPI(
    title="jiedui",
    version="1",
    description="Registers, proposals and pairings within the reach of the token's user. Ids are outer ids.",
    docs_url=None,
    auth=[ByToken(), by_session],
    urls_namespace="api",
)
for router in (places, registers, pairs):
    api.add_router("", router)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, _: Exception) -> HttpResponse:
    """Say that there is no such thing, or not within reach: the same words for both."""
    return api.create_response(request, {"detail": text("site.not_found")}, status=404)


@api.exception_handler(AuthenticationError)
def not_let_in(request: HttpRequest, _: Exception) -> HttpResponse:
    """Say that a token is needed."""
    return api.create_response(request, {"detail": text("accounts.token_needed")}, status=401)


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Say what of the question was not understood, without repeating what was sent."""
    told = [{"where": list(one["loc"]), "what": one["msg"]} for one in error.errors]
    return api.create_response(request, {"detail": told}, status=422)
