"""Deciding with four eyes, held by the database; publishing; races."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.web.pairs_cast import load_example, proposal_of, solved

from jiedui_web.accounts.access import reach_of
from jiedui_web.accounts.actions import System, make_organisation
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import Organisation, User
from jiedui_web.audit.models import Event
from jiedui_web.pairs.actions import (
    approve_choice,
    choose_proposal,
    publish_choice,
    refuse_choice,
    rule_pair,
    withdraw_choice,
    withdraw_ruling,
)
from jiedui_web.pairs.models import Choice, Pairing, Proposal
from jiedui_web.pairs.queries.inputs import inputs_of
from jiedui_web.pairs.queries.pairings import published_pairings, waiting_for
from jiedui_web.places.models import Programme

GANSU = "62"
FIRST = date(2027, 1, 1)


@pytest.fixture
def counties(db: None) -> Programme:
    """Sixteen counties of Gansu and twelve units that help them."""
    return load_example("fixed_point", place_code=GANSU)


@pytest.fixture
def other_unit(db: None) -> Organisation:
    """The unit that approves."""
    return make_organisation(by=System(), name="示例省委组织部", place_code=GANSU)


@pytest.fixture
def decider(person: Callable[..., User]) -> User:
    """Who decides."""
    return person(Function.DECIDE, GANSU)


@pytest.fixture
def approver(person: Callable[..., User], other_unit: Organisation) -> User:
    """Who approves."""
    return person(Function.APPROVE, GANSU, unit=other_unit)


@pytest.fixture
def share(counties: Programme, decider: User) -> Proposal:
    """A proposal."""
    return proposal_of(solved(counties, decider), "share")


@pytest.fixture
def choice(share: Proposal, decider: User) -> Choice:
    """A decision that waits."""
    return choose_proposal(by=decider, proposal=share, why="负担最均衡", valid_from=FIRST)


def refused_by_database(sql: str, *values: str | int | date | datetime) -> bool:
    """Whether the database refuses a statement."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError:
        return True
    return False


def test_an_approved_choice_makes_pairings_and_publishing_makes_them_public(
    choice: Choice, counties: Programme, decider: User, approver: User
) -> None:
    """Decide, approve, publish; each is an event."""
    assert not Pairing.objects.exists()
    approve_choice(choice, by=approver, version=1)
    assert Pairing.objects.filter(valid_from=FIRST, valid_to=None, choice=choice).count() == 16
    assert not published_pairings(counties).exists()
    choice.refresh_from_db()
    assert publish_choice(choice, by=decider)
    assert not publish_choice(choice, by=approver)
    assert published_pairings(counties).count() == 16
    assert list(Event.objects.filter(kind="choice").values_list("action", flat=True)) == [
        "choice.decide",
        "choice.approve",
        "choice.publish",
    ]


def test_the_next_choice_ends_the_pairings_before(
    choice: Choice, share: Proposal, counties: Programme, decider: User, approver: User
) -> None:
    """Earlier pairings end on the first day of the new ones, which must be later."""
    approve_choice(choice, by=approver, version=1)
    with pytest.raises(ValidationError, match="2027-01-01"):
        choose_proposal(by=decider, proposal=share, why="调整", valid_from=FIRST)
    later = FIRST + timedelta(days=365)
    second = choose_proposal(by=decider, proposal=share, why="调整", valid_from=later)
    approve_choice(second, by=approver, version=1)
    assert Pairing.objects.filter(choice=choice, valid_to=later).count() == 16
    assert Pairing.objects.filter(choice=second, valid_to=None).count() == 16
    rows = inputs_of(counties).inputs.rows["pairings"]
    held = [row for row in rows if not row.get("valid_to") or row["valid_to"] > later.isoformat()]
    assert len(held) == 16


def test_nobody_approves_his_own_or_his_units_choice(
    choice: Choice, decider: User, person: Callable[..., User]
) -> None:
    """Two persons of two units."""
    with pytest.raises(ValidationError):
        approve_choice(choice, by=decider, version=1)
    with pytest.raises(ValidationError):
        approve_choice(choice, by=person(Function.APPROVE, GANSU), version=1)
    homeless = person(Function.APPROVE, GANSU)
    User.objects.filter(pk=homeless.pk).update(organisation=None)
    with pytest.raises(ValidationError):
        approve_choice(choice, by=User.objects.get(pk=homeless.pk), version=1)
    assert not Pairing.objects.exists()


def test_the_database_refuses_what_the_actions_would_not_do(
    choice: Choice, decider: User, approver: User, person: Callable[..., User]
) -> None:
    """Raw SQL gets around neither the four eyes nor the two units."""
    colleague = person(Function.APPROVE, GANSU)
    now = timezone.now()
    approve = "UPDATE pairs_choice SET approved_by = %s, approved_unit = %s, approved_at = %s"
    unit, other = decider.organisation_id_outer, approver.organisation_id_outer
    assert refused_by_database(approve, decider.outer_id, unit, now)
    assert refused_by_database(approve, decider.outer_id, other, now)
    assert refused_by_database(approve, colleague.outer_id, unit, now)
    assert refused_by_database(approve, colleague.outer_id, other, now)
    assert refused_by_database("UPDATE pairs_choice SET decided_by = %s", colleague.outer_id)
    assert refused_by_database("UPDATE pairs_choice SET decided_unit = %s", other)
    assert refused_by_database("UPDATE pairs_choice SET valid_from = %s", date(2020, 1, 1))
    assert refused_by_database("UPDATE pairs_choice SET published_at = %s", now)
    copied = (
        "INSERT INTO pairs_pairing (outer_id, programme, helper, recipient, helper_name, recipient_name,"
        " place_code, choice_id, reasons, valid_from) VALUES (%s, %s, 'U01', '621102', '{}', '{}', '', %s,"
        " '[]', %s)"
    )
    assert refused_by_database(copied, "planted", choice.programme, choice.pk, FIRST)
    approve_choice(choice, by=approver, version=1)
    assert refused_by_database("UPDATE pairs_choice SET approved_by = %s", colleague.outer_id)
    assert refused_by_database("UPDATE pairs_choice SET approved_at = NULL")
    assert refused_by_database("UPDATE pairs_choice SET proposal_id = proposal_id + 1")
    assert refused_by_database("UPDATE pairs_pairing SET helper = 'U02' WHERE helper = 'U01'")
    assert not refused_by_database("UPDATE pairs_choice SET version = version + 1")


def test_the_database_keeps_rulings_as_they_were_made(counties: Programme, decider: User) -> None:
    """Withdrawn, never rewritten."""
    rule_pair(by=decider, programme=counties, kind="forced", helper="U03", recipient="621102", why="旧约")
    assert refused_by_database("UPDATE pairs_humandecision SET why = 'x'")
    assert refused_by_database("UPDATE pairs_humandecision SET kind = 'forbidden'")
    withdraw = "UPDATE pairs_humandecision SET withdrawn_at = %s, withdrawn_by = 'a'"
    assert not refused_by_database(withdraw, timezone.now())
    assert refused_by_database("UPDATE pairs_humandecision SET withdrawn_at = NULL")


def test_one_choice_a_programme_waits(choice: Choice, share: Proposal, decider: User) -> None:
    """A second one is refused until the first is settled."""
    with pytest.raises(ValidationError):
        choose_proposal(by=decider, proposal=share, why="又一次", valid_from=FIRST)
    withdraw_choice(choice, by=decider, version=1, why="日期有误")
    choose_proposal(by=decider, proposal=share, why="又一次", valid_from=FIRST)


def test_whoever_comes_second_loses(choice: Choice, approver: User) -> None:
    """Approved against a version that is no longer so: nothing happens."""
    refuse_choice(choice, by=approver, version=1, why="请先征求意见")
    with pytest.raises(ValidationError) as told:
        approve_choice(choice, by=approver, version=1)
    assert told.value.code == "settled"
    assert not Pairing.objects.exists()


def test_a_proposal_against_a_ruling_in_force_is_neither_chosen_nor_approved(
    choice: Choice, counties: Programme, decider: User, approver: User
) -> None:
    """No choice undoes what people ruled after the proposal was computed."""
    pair = choice.proposal.pairs.get(recipient="621102")
    rule = partial(rule_pair, by=decider, programme=counties, recipient="621102", helper=pair.helper)
    made = rule(kind="forbidden", why="已另有安排")
    with pytest.raises(ValidationError, match="已另有安排"):
        approve_choice(choice, by=approver, version=1)
    assert not Pairing.objects.exists()
    withdraw_choice(choice, by=decider, version=1, why="重算")
    with pytest.raises(ValidationError, match="已另有安排"):
        choose_proposal(by=decider, proposal=choice.proposal, why="均衡", valid_from=FIRST)
    withdraw_ruling(made, by=decider)
    rule(kind="forced", why="正合适")
    choose_proposal(by=decider, proposal=choice.proposal, why="均衡", valid_from=FIRST)


def test_a_choice_needs_a_reason_and_a_unit(share: Proposal, decider: User) -> None:
    """Neither is guessed."""
    with pytest.raises(ValidationError):
        choose_proposal(by=decider, proposal=share, why="  ", valid_from=FIRST)
    User.objects.filter(pk=decider.pk).update(organisation=None)
    with pytest.raises(ValidationError):
        choose_proposal(by=User.objects.get(pk=decider.pk), proposal=share, why="好", valid_from=FIRST)


def test_today_tells_each_what_waits_for_him(
    share: Proposal, decider: User, approver: User, person: Callable[..., User]
) -> None:
    """Decide, then approve, then publish; a neighbour hears nothing."""

    def waits(user: User) -> list[str]:
        return [one.state for one in waiting_for(user, reach_of(user))]

    assert (waits(decider), waits(approver)) == (["待决定"], [])
    choice = choose_proposal(by=decider, proposal=share, why="负担最均衡", valid_from=FIRST)
    assert (waits(decider), waits(approver)) == ([], ["待批准"])
    assert waits(person(Function.APPROVE, GANSU)) == []
    approve_choice(choice, by=approver, version=1)
    assert (waits(decider), waits(approver)) == (["待公开"], ["待公开"])
    assert waits(person(Function.APPROVE, "63")) == []
    choice.refresh_from_db()
    publish_choice(choice, by=approver)
    assert (waits(decider), waits(approver)) == ([], [])
