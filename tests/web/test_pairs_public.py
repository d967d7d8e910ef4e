"""What of pairings everybody may see: never who of the people is paired with whom."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from tests.web.pairs_cast import load_example, proposal_of, solved

from jiedui_web.accounts.access import reach_of
from jiedui_web.accounts.actions import System, make_organisation
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.pairs.actions import approve_choice, choose_proposal, publish_choice
from jiedui_web.pairs.models import Choice
from jiedui_web.pairs.queries.pairings import waiting_for
from jiedui_web.places.models import Programme

GANSU = "62"
PEOPLE = "first_secretary_people"


@pytest.fixture
def decider(person: Callable[..., User]) -> User:
    """Who decides."""
    return person(Function.DECIDE, GANSU)


@pytest.fixture
def approved(db: None, decider: User, person: Callable[..., User]) -> Choice:
    """An approved choice of a programme whose pairings name people."""
    made = load_example("fixed_point", place_code=GANSU)
    proposal = proposal_of(solved(made, decider), "share")
    choice = choose_proposal(by=decider, proposal=proposal, why="负担最均衡", valid_from=date(2027, 1, 1))
    unit = make_organisation(by=System(), name="示例省委组织部", place_code=GANSU)
    approve_choice(choice, by=person(Function.APPROVE, GANSU, unit=unit), version=1)
    Programme.objects.filter(pk=made.pk).update(scheme=PEOPLE)
    return Choice.objects.get(pk=choice.pk)


def test_pairings_that_name_people_cannot_be_published(approved: Choice, decider: User) -> None:
    with pytest.raises(ValidationError):
        publish_choice(approved, by=decider)
    browser = Client()
    browser.force_login(decider)
    address = f"/pairs/choices/{approved.outer_id}/"
    assert f"{address}publish/" not in browser.get(address).content.decode()
    assert browser.post(f"{address}publish/").status_code == 302
    approved.refresh_from_db()
    assert approved.published_at is None
    assert not [one for one in waiting_for(decider, reach_of(decider)) if one.url == address]


def test_what_was_published_before_is_shown_no_more(approved: Choice, client: Client) -> None:
    """Published while the programme was of another scheme: the public pages ask again."""
    Programme.objects.update(scheme="fixed_point")
    publish_choice(approved, by=System())  # type: ignore[arg-type]
    pages = [
        "/published/fixed_point/",
        "/published/fixed_point/pairings.csv",
        "/published/fixed_point/map.zh.svg",
        "/archiver/published/fixed_point/",
    ]
    assert [client.get(page).status_code for page in pages] == [200] * 4
    Programme.objects.update(scheme=PEOPLE)
    assert [client.get(page).status_code for page in pages] == [404] * 4
    assert "fixed_point" not in client.get("/published/").content.decode()
    assert "fixed_point" not in client.get("/archiver/").content.decode()
