"""Registers: lists, search, one record, its timeline and its change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.web.conftest import FOREIGN, OWN, PARENT
from tests.web.records import NUMBER, add_household, add_person

from jiedui_web.accounts.functions import READING, Function
from jiedui_web.audit.models import Event
from jiedui_web.registers.models import Record

pytestmark = pytest.mark.usefixtures("programme")


@pytest.fixture
def household() -> Record:
    """A household of the own county."""
    return add_household("H0001", "王小明", village="红星村")


def test_the_home_counts_only_what_is_within_reach(
    household: Record, signed_in: Callable[..., Client]
) -> None:
    """A foreign county's rows are neither listed nor counted."""
    add_household("H0002", "李四", place_code=FOREIGN)
    page = signed_in(Function.SEE).get("/registers/").content.decode()
    assert "/registers/list/households/" in page
    assert "共 1 条" in page
    assert "/registers/list/persons/" not in page


def test_a_list_shows_own_rows_and_no_foreign_ones(
    household: Record, signed_in: Callable[..., Client]
) -> None:
    """The reach stands under every list."""
    add_household("H0002", "李四", place_code=FOREIGN)
    page = signed_in(Function.SEE).get("/registers/list/households/").content.decode()
    assert "王小明" in page
    assert "李四" not in page


@pytest.mark.parametrize("function", sorted(Function))
def test_a_foreign_record_does_not_exist(function: Function, signed_in: Callable[..., Client]) -> None:
    """The same answer as for an id that nobody ever made."""
    foreign = add_household("H0002", "李四", place_code=FOREIGN)
    browser = signed_in(function)
    for path in ("", "change/", "end/"):
        address = f"/registers/record/{foreign.outer_id}/{path}"
        answer = browser.post(address) if path == "end/" else browser.get(address)
        assert answer.status_code == 404


def test_only_whoever_enters_may_change(household: Record, signed_in: Callable[..., Client]) -> None:
    """Other functions read, administrators and auditors do not even that."""
    for function in Function:
        browser = signed_in(function)
        address = f"/registers/record/{household.outer_id}/"
        assert browser.get(address).status_code == (200 if function in READING else 404)
        assert browser.get(f"{address}change/").status_code == (200 if function is Function.ENTER else 404)
        end = browser.post(f"{address}end/", {"version": 99})
        assert end.status_code == (302 if function is Function.ENTER else 404)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_record_shows_members_and_covers_numbers(
    household: Record, signed_in: Callable[..., Client], language: str
) -> None:
    """At most the last four signs of an ID number, a masked phone."""
    add_person("H0001", "王大山", number=NUMBER)
    browser = signed_in(Function.SEE)
    browser.cookies["jiedui_language"] = language
    page = browser.get(f"/registers/record/{household.outer_id}/").content.decode()
    assert "王大山" in page
    assert "**************1234" in page
    assert NUMBER not in page
    assert NUMBER[:14] not in page
    assert "139****0001" in page
    assert "13900000001" not in page


def test_every_read_is_an_event(household: Record, signed_in: Callable[..., Client]) -> None:
    """One of a record, one of a list with its filter and count."""
    browser = signed_in(Function.SEE)
    browser.get(f"/registers/record/{household.outer_id}/")
    browser.get("/registers/list/households/", {"q": "小明"})
    read, listed = Event.objects.filter(action__in=("record.read", "record.list")).order_by("pk")
    assert (read.action, read.thing, read.place_code) == ("record.read", household.outer_id, OWN)
    assert listed.detail == {
        "count": 1,
        "filter": {"register": "households", "query": "小明", "order": "place_code"},
    }


@pytest.mark.parametrize("typed", ["王", "小明", "王小明", "红星", "H0001", "0001"])
def test_a_record_is_found_by_parts_of_what_names_it(
    household: Record, signed_in: Callable[..., Client], typed: str
) -> None:
    """Names of two characters, villages, beginnings and ends of numbers."""
    add_household("H9992", "李四", village="前进村")
    answer = signed_in(Function.SEE).post("/registers/search/", {"q": typed}, follow=True)
    assert household.outer_id in answer.content.decode()
    assert "李四" not in answer.content.decode()


def test_search_finds_nothing_out_of_reach(signed_in: Callable[..., Client]) -> None:
    """Neither by words nor by the whole number."""
    foreign = add_household("H0002", "李四", place_code=FOREIGN, number=NUMBER)
    browser = signed_in(Function.SEE)
    for typed in ("李四", "H0002", NUMBER):
        answer = browser.post("/registers/search/", {"q": typed}, follow=True)
        assert answer.status_code == 200
        assert foreign.outer_id not in answer.content.decode()
    assert (
        foreign.outer_id
        in signed_in(Function.SEE, PARENT)
        .post("/registers/search/", {"q": "李四"}, follow=True)
        .content.decode()
    )


def test_a_whole_number_leads_to_its_record_and_stands_nowhere(
    household: Record, signed_in: Callable[..., Client]
) -> None:
    """Not in an address, a page, an event or the session."""
    person = add_person("H0001", "王大山", number=NUMBER)
    browser = signed_in(Function.SEE)
    one = browser.post("/registers/search/", {"q": f" {NUMBER} "})
    assert one["Location"] == f"/registers/record/{person.outer_id}/"
    add_household("H0005", "王大山", number=NUMBER)
    two = browser.post("/registers/search/", {"q": NUMBER}, follow=True)
    assert two.redirect_chain == [("/registers/found/", 302)]
    assert two.content.decode().count("王大山") == 2
    assert NUMBER not in two.content.decode()
    assert NUMBER not in str(dict(browser.session))
    assert not [event for event in Event.objects.values() if NUMBER in str(event)]
    assert NUMBER not in browser.get("/registers/found/", {"q": NUMBER}).content.decode().replace(
        f"q={NUMBER}", ""
    )


def test_pages_lead_through_every_row_once_and_back(signed_in: Callable[..., Client]) -> None:
    """Keyset pages by place: forward to the end, back to the first."""
    for number in range(70):
        add_household(f"H{number:04d}", f"王{number}", place_code=f"{OWN}{100 + number % 7}")
    browser = signed_in(Function.SEE)
    seen: list[str] = []
    pages = []
    page = browser.get("/registers/list/households/")
    while True:
        rows = [line.record.outer_id for line in page.context["lines"]]
        pages.append(rows)
        seen += rows
        if not page.context["next"]:
            break
        page = browser.get(f"/registers/list/households/{page.context['next']}")
    assert [len(page) for page in pages] == [30, 30, 10]
    assert len(set(seen)) == 70
    back = page.context["previous"]
    before = browser.get(f"/registers/list/households/{back}")
    assert [line.record.outer_id for line in before.context["lines"]] == pages[1]
    first = browser.get(f"/registers/list/households/{before.context['previous']}")
    assert [line.record.outer_id for line in first.context["lines"]] == pages[0]
    assert not first.context["previous"]


def test_a_list_is_narrowed_by_kind_and_place(household: Record, signed_in: Callable[..., Client]) -> None:
    """A place by its name or code; names that several places have are asked back."""
    add_household("H0002", "李四", kind="脱贫户", place_code=FOREIGN)
    browser = signed_in(Function.SEE, PARENT)

    def names(**asked: str) -> list[str]:
        page = browser.get("/registers/list/households/", asked)
        return sorted(line.record.name for line in page.context["lines"])

    assert names() == ["李四", "王小明"]
    assert names(kind="脱贫户") == ["李四"]
    assert names(place="邻县") == ["李四"]
    assert names(place=OWN) == ["王小明"]
    assert names(place="没有的县") == []
    assert names(q="李四", place=OWN) == []
    assert names(order="name") == ["李四", "王小明"]
