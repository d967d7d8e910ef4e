"""Texts of the catalogues in templates: ``{% t "site.save" %}``, ``{{ key|in_words:"nav" }}``."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from jiedui_web.language import text, this_language

register = template.Library()


@register.simple_tag(name="t")
def say(key: str, **values: object) -> str:
    """Give the text of a key."""
    return text(key, **values)


@register.filter
def in_words(key: str, section: str = "") -> str:
    """Give the text of a key that a value holds: ``{{ role.function|in_words:"function" }}``."""
    return text(f"{section}.{key}" if section else key)


@register.filter
def own(value: object, name: str = "name") -> str:
    """Give a name in the reader's language, as far as there is one; of words in all languages, its own."""
    if isinstance(value, Mapping):
        return str(value.get(this_language()) or value.get("zh") or "")
    translated = getattr(value, f"{name}_{this_language()}", "")
    return str(translated or getattr(value, name))
