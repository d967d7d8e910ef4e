"""The access layer: functions by place, programme and day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.web.conftest import FOREIGN, OWN, PARENT

from jiedui_web.accounts.access import AFTER, Grant, Reach, reach_of
from jiedui_web.accounts.actions import System, assign_role, revoke_role
from jiedui_web.accounts.functions import READING, Function, Level
from jiedui_web.accounts.models import User
from jiedui_web.places.models import Place

CODES = st.text("0123456789", max_size=6)


@given(prefix=CODES, place=CODES)
def test_a_grant_covers_exactly_the_codes_that_its_range_holds(prefix: str, place: str) -> None:
    """The range that an index answers is the same as the prefix."""
    in_range = prefix <= place < prefix + AFTER if prefix else True
    assert Grant(Function.SEE, prefix, "").covers(place, "") == in_range


def test_a_county_user_sees_own_places_but_neither_neighbour_nor_parent(
    programme: object, person: Callable[..., User]
) -> None:
    """Below and equal, never beside or above."""
    reach = reach_of(person(Function.ENTER))
    assert [place.code for place in reach.limit(Place.objects.all(), place="code", programme=None)] == [OWN]
    assert reach.covers(OWN + "101", "county", Function.ENTER)
    assert not reach.covers(FOREIGN, "county")
    assert not reach.covers(PARENT, "county")
    assert not reach.covers(OWN, "county", Function.DECIDE)


def test_an_administrator_reads_no_register(person: Callable[..., User]) -> None:
    """Administration is no business function."""
    assert not reach_of(person(Function.ADMINISTER, "")).covers(OWN, "county")
    assert Function.ADMINISTER not in READING


def test_a_role_ends_on_its_day_and_at_once_when_revoked(person: Callable[..., User]) -> None:
    """Expiry and revocation hold from that day on."""
    user = person(Function.SEE)
    role = user.roles.get()
    role.expires_on = date(2026, 12, 31)
    role.save()
    assert reach_of(user, on=date(2026, 12, 31)).holds(Function.SEE)
    assert not reach_of(user, on=date(2027, 1, 1)).holds(Function.SEE)
    revoke_role(role, by=System())
    assert not reach_of(user).holds(Function.SEE)


def test_whoever_enters_cannot_examine_the_same_places(person: Callable[..., User]) -> None:
    """Nobody checks his own work; elsewhere he may."""
    user = person(Function.ENTER)
    with pytest.raises(ValidationError):
        assign_role(by=System(), function=Function.EXAMINE, level=Level.PREFECTURE, prefix=PARENT, user=user)
    assign_role(by=System(), function=Function.EXAMINE, level=Level.COUNTY, prefix=FOREIGN, user=user)
    assert reach_of(user).covers(FOREIGN, "", Function.EXAMINE)


def test_an_empty_reach_finds_nothing(programme: object) -> None:
    """Without a role there is nothing."""
    assert not Reach().limit(Place.objects.all(), place="code", programme=None).exists()


def test_a_disabled_user_reaches_nothing(person: Callable[..., User]) -> None:
    """A user who left keeps no role."""
    user = person(Function.SEE)
    user.is_active = False
    assert reach_of(user) == Reach()


def test_a_role_of_tomorrow_is_not_held_today(person: Callable[..., User]) -> None:
    """Roles begin on their day."""
    user = person(Function.SEE)
    user.roles.update(valid_from=timezone.localdate() + timedelta(days=1))
    assert not reach_of(user).holds(Function.SEE)


def test_a_page_out_of_function_does_not_exist(signed_in: Callable[..., Client]) -> None:
    """404, as for an address that nobody ever made."""
    assert signed_in(Function.SEE).get("/office/").status_code == 404
    assert signed_in(Function.ADMINISTER, "").get("/office/").status_code == 200


def test_the_site_itself_hashes_passwords_with_argon2() -> None:
    """The quick hasher is of the tests alone."""
    from jiedui_web.config import settings as own

    assert own.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
