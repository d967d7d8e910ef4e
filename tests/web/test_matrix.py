"""Every address by every function, on own, foreign and higher things, by every method: no surprise."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from tests.web.matrix import Row, patterns, rows
from tests.web.matrix_world import World, built_world, fresh, taken_back

from jiedui_web.accounts.functions import Function

pytestmark = pytest.mark.matrix

WRITES = re.compile(r'^\s*(?:INSERT INTO|INSERT OR IGNORE INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
LASTING = {"audit_event", "django_session", "cache"}
"""What a read may write: that it was made, what the session shows, how often somebody tried to sign in."""
FORM = "csrfmiddlewaretoken=anything"
"""What every form sends, at the least."""
SAFE = {"GET", "HEAD", "OPTIONS"}
BROKEN = 500


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Build the world once."""
    with django_db_blocker.unblock(), built_world() as built:  # type: ignore[attr-defined]
        yield built


@contextmanager
def writing_noted() -> Iterator[set[str]]:
    """Note the tables that are written."""
    tables: set[str] = set()

    def note(execute: Callable[..., object], sql: str, *more: object) -> object:
        if found := WRITES.match(sql):
            tables.add(found[1])
        return execute(sql, *more)

    with connection.execute_wrapper(note):
        yield tables


def wrong(world: World, row: Row, actor: str, which: str, method: str) -> str:
    """Ask, and tell what is wrong with the answer; empty where nothing is."""
    browser = fresh(world.actors[actor])
    more: dict[str, Any] = {}
    if row.is_api:
        browser.cookies.clear()
        more = world.tokens[actor]
    address = row.address(world, actor, which)
    values = row.query if method in SAFE else {}
    with taken_back(), writing_noted() as tables:
        answer = browser.generic(
            method,
            address,
            FORM if method == "POST" else "",
            "application/x-www-form-urlencoded",
            QUERY_STRING=urlencode(values),
            **more,
        )
        list(getattr(answer, "streaming_content", ()))
        answer.close()
    wanted, got = row.expected(actor, which, method), answer.status_code
    told = f"{method} {row.name} {which} by {actor}: {got}"
    if got not in wanted or got >= BROKEN:
        return f"{told}, right is {wanted}"
    if method in SAFE and tables - LASTING:
        return f"{told}, and wrote {tables - LASTING}"
    return ""


def test_every_address_stands_in_the_table_and_no_other() -> None:
    """An address without a row has no rule."""
    assert set(patterns()) == set(rows())


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(rows()))
def test_every_cell_is_answered_as_the_table_says(name: str, world: World) -> None:
    """Who is not let in, and what is out of reach, is 404; a GET writes nothing but its event."""
    row = rows()[name]
    cells = ((actor, *cell) for actor in world.actors for cell in row.cells())
    assert [told for cell in cells if (told := wrong(world, row, *cell))] == []


@pytest.mark.parametrize("name", sorted(name for name, row in rows().items() if not row.is_api))
def test_the_policy_in_the_code_is_the_one_in_the_table(name: str) -> None:
    """Two who wrote it down independently agree."""
    policy = getattr(patterns()[name].callback, "policy", None)
    if policy is None:
        assert patterns()[name].callback.__module__.startswith("allauth.")
        return
    who = rows()[name].who
    assert policy.public == (who == "public")
    assert policy.functions == (frozenset() if isinstance(who, str) else frozenset(map(Function, who)))
