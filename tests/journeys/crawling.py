"""Every page that somebody can come to by links, once for each kind of page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver
from tests.journeys.site import Visitor

FILES = frozenset(
    {"proposal_map", "published_map", "published_csv", "robots", "import_returned", "export_trail"}
)
"""Addresses that give no page."""


def pages_of(visitor: Visitor, *starts: str) -> dict[str, str]:
    """Give one address of each kind of page to which links lead, by the name of the kind."""
    found: dict[str, str] = {}
    waiting = list(starts)
    while waiting:
        path = waiting.pop(0)
        name = name_of(path)
        if not name or name in found or name in FILES:
            continue
        found[name] = path
        visitor.go(path)
        links = visitor.page.eval_on_selector_all(
            "a[href], option[data-href]", "all => all.map(one => one.href)"
        )
        waiting += [urlsplit(link).path for link in links if link.startswith(visitor.site.url)]
    return found


def name_of(path: str) -> str:
    """Give the name of the kind of page at an address; none for what the site does not know."""
    try:
        return resolve(path).url_name or ""
    except Resolver404:
        return ""


def kinds(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[str]:
    """Give the name of every address that can be asked for by GET and gives a page."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            if one.namespace is None:
                yield from kinds(one.url_patterns)
        elif one.name and one.name not in FILES and not _is_posted(one.name):
            yield one.name


def _is_posted(name: str) -> bool:
    return bool(re.match(r"(revoke|approve|refuse|withdraw|publish|cancel|ask|rule)_", name))
