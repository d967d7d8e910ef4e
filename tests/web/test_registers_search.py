"""The search index beside a search without one, and what people type into it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web.conftest import FOREIGN, OWN, PARENT
from tests.web.records import NUMBER, add_household, add_person

from jiedui_web.accounts.access import Grant, Reach
from jiedui_web.accounts.functions import Function
from jiedui_web.registers.models import Record
from jiedui_web.registers.queries import Asked, page_of
from jiedui_web.registers.scope import scope_of
from jiedui_web.registers.search import LEVELS, add_to_index, candidates, place_tokens, remove

NAMES = ("王小明", "小明王", "王明", "欧阳娜娜", "Ma Long", "阿依古丽·买买提", "李", "王小花")
PLACES = (OWN, f"{OWN}101", f"{OWN}101203", FOREIGN, PARENT, "65")


@pytest.fixture
def rows(programme: object) -> list[Record]:
    """A household of each name in turn over several places."""
    return [
        add_household(f"H{order:04d}", name, place_code=PLACES[order % len(PLACES)])
        for order, name in enumerate(NAMES * 2)
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(NAMES),
    start=st.integers(0, 6),
    length=st.integers(2, 4),
    prefixes=st.sets(
        st.sampled_from(("", "6", "64", PARENT, OWN, f"{OWN}1", FOREIGN)), min_size=1, max_size=3
    ),
)
def test_the_index_finds_what_a_look_at_every_row_finds(
    rows: list[Record], name: str, start: int, length: int, prefixes: set[str]
) -> None:
    """Two or more signs of a name, under any places, also those of odd lengths."""
    query = name[start : start + length].strip("· ")
    if len(query) < 2 or "·" in query or " " in query:
        return
    expected = {
        row.pk
        for row in rows
        if query in row.name and any(row.place_code.startswith(prefix) for prefix in prefixes)
    }
    assert set(candidates(query, prefixes=prefixes)) == expected


def test_the_index_follows_and_forgets(rows: list[Record]) -> None:
    """Put in again a record is found once; taken out, no more."""
    first = rows[0]
    add_to_index([first.pk, first.pk])
    assert candidates("王小明", prefixes=[OWN]).count(first.pk) == 1
    remove([first.pk])
    assert first.pk not in candidates("王小明", prefixes=[""])


@pytest.mark.parametrize(
    "typed",
    [
        '"', "'", "王小明\x00", "* OR *", "NEAR(a b)", "rowid:1", "%", "_", "\\", "-王", "王小明 AND", "😀😀",
        "ཀརྨ", "1\x002345", "9" * 100, "' & ''", "!王明", "()",
    ],
)  # fmt: skip
def test_nothing_that_is_typed_breaks_a_search(
    rows: list[Record], signed_in: Callable[..., Client], typed: str
) -> None:
    """Signs with a meaning in the languages of the indexes are only signs."""
    browser = signed_in(Function.SEE, PARENT)
    allowed = 404 if "\x00" in typed else 200
    every = ("place", "after", "before", "kind", "level", "programme", "order")
    for address in ("/registers/found/", "/registers/list/households/", "/places/"):
        assert browser.get(address, {"q": typed, "place": PARENT}).status_code == allowed
        assert browser.get(address, dict.fromkeys(every, typed) | {"q": "王"}).status_code == allowed
    assert browser.post("/registers/search/", {"q": typed}, follow=True).status_code == 200


def test_a_number_of_a_household_as_long_as_an_id_number_is_found(
    programme: object, signed_in: Callable[..., Client]
) -> None:
    """It may be either: both are looked up, and neither stands in the address."""
    made = add_household("640422101201000001", "王小明")
    answer = signed_in(Function.SEE).post("/registers/search/", {"q": made.key})
    assert answer["Location"] == f"/registers/record/{made.outer_id}/"


def test_a_search_is_narrowed_by_register_and_kind(programme: object) -> None:
    """Within the index itself: the most that is looked at is of what was asked for."""
    add_household("H1", "王小明", kind="脱贫户")
    add_person("H1", "王小明", number=NUMBER)
    reach = Reach((Grant(Function.SEE, PARENT, ""),))

    def found(**asked: str) -> list[str]:
        return [row.register for row in page_of(reach, Asked(query="小明", **asked)).rows]

    assert sorted(found()) == ["households", "persons"]
    assert found(register="persons") == ["persons"]
    assert found(kind="脱贫户") == ["households"]
    assert found(programme="other") == []


def test_grants_that_overlap_give_each_row_once(rows: list[Record]) -> None:
    """A prefecture in one programme and a county in all of them."""
    reach = Reach(
        (
            Grant(Function.SEE, PARENT, "county"),
            Grant(Function.HELP, OWN, ""),
            Grant(Function.AUDIT, "65", ""),
        )
    )
    page = page_of(reach, Asked(register="households"))
    mine = sorted(row.outer_id for row in rows if row.place_code.startswith(PARENT))
    assert sorted(row.outer_id for row in page.rows) == mine
    assert page.count == len(mine)


def test_a_reach_is_narrowed_by_a_place_never_widened() -> None:
    """Above the own place is the own place, beside it nothing."""
    reach = Reach((Grant(Function.SEE, OWN, "county"),))
    assert scope_of(reach, place=PARENT).prefixes == {OWN}
    assert scope_of(reach, place=f"{OWN}101").prefixes == {f"{OWN}101"}
    assert not scope_of(reach, place=FOREIGN).branches
    assert not scope_of(reach, programme="other").branches
    assert not scope_of(Reach((Grant(Function.ADMINISTER, "", ""),))).branches


def test_every_level_above_a_place_is_a_token() -> None:
    """And the place itself, of whatever length."""
    assert place_tokens(f"{OWN}101203") == [f"p{OWN}101203"[: 1 + length] for length in LEVELS]
    assert place_tokens("64-1") == ["p64", "p641"]


@pytest.mark.sqlite
def test_lists_and_searches_are_answered_by_indexes(rows: list[Record]) -> None:
    """No list, count or look-up reads a whole register."""
    reach = Reach((Grant(Function.SEE, OWN, ""),))
    plans: list[str] = []

    def explain(
        execute: Callable[..., object], sql: str, params: object, many: object, context: object
    ) -> object:
        with connection.cursor() as cursor:
            if sql.startswith("SELECT") and "registers_record" in sql:
                raw = cursor.connection.execute(f"EXPLAIN QUERY PLAN {sql.replace('%s', '?')}", params)
                plans.extend(row[3] for row in raw)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        for asked in (
            {},
            {"kind": "脱贫户"},
            {"after": rows[0].outer_id},
            {"query": "王明"},
            {"query": "0001"},
        ):
            page_of(reach, Asked(register="households", **asked))
    assert plans
    assert not [plan for plan in plans if plan.startswith("SCAN registers_record")]
    assert any("record_by_kind" in plan for plan in plans)
