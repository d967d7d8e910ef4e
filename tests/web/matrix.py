"""What the table of the matrix says, and every address that there is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from tests.web.matrix_world import ANONYMOUS, World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TABLE = Path(__file__).with_name("matrix.toml")
GIVEN = "="
"""Begins what stands in an address as it is, and names no thing."""
NOT_THERE, NOT_THIS_WAY, NOT_LET_IN, ELSEWHERE = 404, 405, 401, 302


@dataclass(frozen=True, slots=True)
class Row:
    """What holds for one address.

    Attributes
    ----------
    who
        ``public``, ``signed``, or the functions that open it.
    args
        For each argument of the address the kind of thing it names.
    answers
        For each method that is served the answers that are right.
    other
        For things of another place (``foreign``, ``parent``) the right answers, where it is not 404.
    """

    name: str
    who: str | frozenset[str]
    is_api: bool = False
    args: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[int]] = field(default_factory=dict)
    other: dict[str, list[int]] = field(default_factory=dict)

    def expected(self, actor: str, which: str, method: str) -> list[int]:
        """Give the right answers to an actor who asks for a thing of a place by a method."""
        served = method in self.answers
        if self.is_api and not served:
            return [NOT_THIS_WAY]
        if self.who != "public":
            if actor == ANONYMOUS:
                return [NOT_LET_IN if self.is_api else ELSEWHERE]
            if self.who != "signed" and actor not in self.who:
                return [NOT_THERE]
        if not served:
            return [NOT_THIS_WAY]
        if which != "own":
            return self.other.get(which, [NOT_THERE])
        return self.answers[method]

    @property
    def is_of_a_place(self) -> bool:
        """Whether its address names a thing."""
        return any(not kind.startswith(GIVEN) for kind in self.args.values())

    def cells(self) -> Iterator[tuple[str, str]]:
        """Give each place and method; a method that is not served never looks at the thing."""
        for method in METHODS:
            yield "own", method
            if self.is_of_a_place and method in self.answers and method != "HEAD":
                yield from (("foreign", method), ("parent", method))

    def address(self, world: World, actor: str, which: str) -> str:
        """Give the address of a thing."""
        named = {name: _thing(world, kind, actor, which) for name, kind in self.args.items()}
        try:
            return reverse(self.name, kwargs=named)
        except NoReverseMatch:
            return reverse(f"api:{self.name}", kwargs=named)


def _thing(world: World, kind: str, actor: str, which: str) -> str:
    """Give a thing; one's own token is one's own, the foreign one somebody else's."""
    if kind.startswith(GIVEN):
        return kind.removeprefix(GIVEN)
    if kind != "token":
        return world.things[kind][which]
    holder = actor if which == "own" and actor != ANONYMOUS else "see" if actor != "see" else "enter"
    return world.things[f"token of {holder}"]["own"]


@cache
def rows() -> dict[str, Row]:
    """Give the rows of the table by the name of the address."""
    table = tomllib.loads(TABLE.read_text("utf-8"))
    groups: dict[str, list[str]] = table.pop("groups")
    found = {}
    for section, entries in table.items():
        for name, values in entries.items():
            found[name] = _row(name, values, groups, is_api=section == "api")
    return found


def _row(name: str, values: dict[str, Any], groups: dict[str, list[str]], *, is_api: bool) -> Row:
    who = values["who"]
    functions = who if isinstance(who, list) else groups.get(who)
    told = {method: values.get(method, values.get("any")) for method in METHODS}
    answers = {method: right for method, right in told.items() if right}
    if "GET" in values and not is_api:
        answers["HEAD"] = answers["GET"]
    return Row(
        name=name,
        who=frozenset(functions) if functions else who,
        is_api=is_api,
        args=values.get("args", {}),
        query=values.get("query", {}),
        answers=answers,
        other={which: values[which] for which in ("foreign", "parent") if which in values},
    )


def patterns() -> dict[str, URLPattern]:
    """Give every address of the site by its name."""
    return {str(one.name): one for one in _walk(get_resolver().url_patterns)}


def _walk(of: list[Any]) -> Iterator[URLPattern]:
    for one in of:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from _walk(one.url_patterns)
