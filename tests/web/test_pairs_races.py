"""Two at once, in real threads: exactly one wins, and nothing is half done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from tests.web.pairs_cast import load_example, proposal_of, solved

from jiedui_web.accounts.actions import System, make_organisation
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.audit.models import Event
from jiedui_web.pairs.actions import approve_choice, ask_solving, choose_proposal, refuse_choice, rule_pair
from jiedui_web.pairs.models import Choice, HumanDecision, Pairing, Solving
from jiedui_web.places.models import Programme

GANSU = "62"
AT_ONCE = 4

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> int:
    """Run acts in threads that start together; give how many were refused."""
    ready, refused = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        ready.wait(timeout=30)
        try:
            act()
        except (ValidationError, OperationalError) as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return len(refused)


@pytest.fixture
def counties(transactional_db: None) -> Programme:
    """Sixteen counties of Gansu and twelve units that help them."""
    return load_example("fixed_point", place_code=GANSU)


def test_of_many_who_settle_a_choice_exactly_one_wins(
    counties: Programme, person: Callable[..., User]
) -> None:
    """Some approve, some refuse, all at once."""
    decider = person(Function.DECIDE, GANSU)
    unit = make_organisation(by=System(), name="示例省委组织部", place_code=GANSU)
    approvers = [person(Function.APPROVE, GANSU, unit=unit) for _ in range(AT_ONCE)]
    share = proposal_of(solved(counties, decider), "share")
    choice = choose_proposal(by=decider, proposal=share, why="均衡", valid_from=date(2027, 1, 1))

    def settle(user: User, place: int) -> None:
        if place % 2:
            refuse_choice(choice, by=user, version=1, why="再议")
        else:
            approve_choice(choice, by=user, version=1)

    acts = [lambda user=user, place=place: settle(user, place) for place, user in enumerate(approvers)]
    assert at_once(*acts) == AT_ONCE - 1
    settled = Choice.objects.get()
    assert bool(settled.approved_at) != bool(settled.refused_at)
    assert Pairing.objects.count() == (16 if settled.approved_at else 0)
    assert Event.objects.filter(action__in=["choice.approve", "choice.refuse"]).count() == 1


def test_of_many_who_decide_or_ask_at_once_exactly_one_is_heard(
    counties: Programme, person: Callable[..., User]
) -> None:
    """One open choice, one open solving, one ruling on a pair."""
    users = [person(Function.DECIDE, GANSU) for _ in range(AT_ONCE)]
    share = proposal_of(solved(counties, users[0]), "share")
    day = date(2027, 1, 1)
    deciding = [
        lambda user=user: choose_proposal(by=user, proposal=share, why="均衡", valid_from=day)
        for user in users
    ]
    asking = [lambda user=user: ask_solving(by=user, programme=counties) for user in users]
    ruling = [
        lambda user=user: rule_pair(
            by=user, programme=counties, kind="forced", helper="U03", recipient="621102", why="对口医院"
        )
        for user in users
    ]
    for acts in (deciding, asking, ruling):
        assert at_once(*acts) == AT_ONCE - 1
    assert Choice.objects.count() == 1
    assert Solving.objects.filter(state=Solving.State.QUEUED).count() == 1
    assert HumanDecision.objects.count() == 1
    assert Event.objects.filter(action="pair.rule").count() == 1
