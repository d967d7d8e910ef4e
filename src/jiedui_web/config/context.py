"""What every page knows: the main menu as far as the user reaches, the languages, the footer."""

from __future__ import annotations

from django.http import HttpRequest

from jiedui_web.accounts.access import Reach, reach_of
from jiedui_web.accounts.functions import READING, Function
from jiedui_web.accounts.models import User
from jiedui_web.language import languages, text, this_language
from jiedui_web.office.queries import site_settings

MENU: tuple[tuple[str, str, frozenset[Function]], ...] = (
    ("today", "nav.today", frozenset(Function)),
    ("registers", "nav.registers", READING),
    ("pairs", "nav.pairs", READING),
    ("public", "nav.public", frozenset(Function)),
    ("audit", "nav.audit", frozenset({Function.AUDIT})),
    ("office", "nav.office", frozenset({Function.ADMINISTER})),
)
"""Name of the address, key of the text, and whose functions see it."""


def site(request: HttpRequest) -> dict[str, object]:
    """Give what the base template shows."""
    reach = getattr(request, "reach", None)
    if reach is None:
        user = getattr(request, "user", None)
        reach = reach_of(user) if isinstance(user, User) else Reach()
    return {
        "lang": this_language(),
        "lang_tag": {"zh": "zh-CN"}.get(this_language(), this_language()),
        "languages": languages(),
        "foot": getattr(request, "site_settings", None) or site_settings(),
        "menu": [(name, text(key)) for name, key, functions in MENU if reach.holds(*functions)],
    }
