"""The WSGI application: pages for people, and a short way for programs with a token."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiedui_web.config.settings")
pages = get_wsgi_application()
from jiedui_web.config.programs import TokenHandler, is_by_token  # noqa: E402 - after the settings

programs = TokenHandler()


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request."""
    return (programs if is_by_token(environ) else pages)(environ, start_response)
