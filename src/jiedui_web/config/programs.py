"""Programs with a token: let in by a short way, without sessions, forms, pages."""

from __future__ import annotations

from collections.abc import Callable

from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

CHAIN = (
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "jiedui_web.config.middleware.language_of_user",
    "jiedui_web.config.programs.for_programs",
)
SCHEME = "bearer "
ADDRESSES = "/api/"


class TokenHandler(WSGIHandler):
    """Answers requests that carry a token; it knows no cookie, so that no form can be forged to it."""

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Put the short chain together."""
        if is_async:
            raise NotImplementedError
        for hooks in ("view", "template_response", "exception"):
            setattr(self, f"_{hooks}_middleware", [])
        handler = convert_exception_to_response(getattr(self, "_get_response"))  # noqa: B009 - not in the stubs
        for path in reversed(CHAIN):
            handler = convert_exception_to_response(import_string(path)(handler))
        self._middleware_chain = handler


def for_programs(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer only to the site's own host names; nothing is kept on the way, framed or run."""

    def answered(request: HttpRequest) -> HttpResponse:
        request.get_host()
        response = answer(request)
        for name, value in (
            ("Cache-Control", "no-store"),
            ("X-Frame-Options", "DENY"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ):
            response.headers.setdefault(name, value)
        return response

    return answered


def is_by_token(environ: dict[str, object]) -> bool:
    """Whether a request goes to the API and carries a token."""
    by_token = str(environ.get("HTTP_AUTHORIZATION", ""))[: len(SCHEME)].lower() == SCHEME
    return by_token and str(environ.get("PATH_INFO", "")).startswith(ADDRESSES)
