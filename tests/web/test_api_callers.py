"""Callers of the API: one statement and the short way let in and tell no more than the long way."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web.conftest import FOREIGN, OWN, PARENT
from tests.web.records import add_household

from jiedui_web.accounts.access import Grant, Reach, reach_of
from jiedui_web.accounts.callers import caller_by_token
from jiedui_web.accounts.functions import Function, Level
from jiedui_web.accounts.models import ApiToken, Organisation, RoleAssignment, User
from jiedui_web.accounts.tokens import Scope, make_token, token_in_force
from jiedui_web.audit.models import Event
from jiedui_web.places.models import Programme
from jiedui_web.registers.models import Record

TODAY = date.today()  # noqa: DTZ011 - near enough: the days are drawn around it
DAYS = st.integers(-2, 2).map(lambda days: TODAY + timedelta(days=days))
ROLES = st.fixed_dictionaries(
    {
        "function": st.sampled_from(Function.values),
        "prefix": st.sampled_from(["", PARENT, OWN, FOREIGN]),
        "programme": st.sampled_from(["", "county", "other"]),
        "valid_from": DAYS,
        "expires_on": st.none() | DAYS,
        "revoked_on": st.none() | DAYS,
        "of_organisation": st.booleans(),
    }
)
GRANTS = st.builds(
    Grant,
    st.sampled_from(list(Function)),
    st.sampled_from(["", "64", PARENT, OWN, FOREIGN, f"{OWN}101"]),
    st.sampled_from(["", "county", "other"]),
)
REPEATED = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def token_of(user: User, *scopes: Scope) -> str:
    """Make a token."""
    day = timezone.localdate() + timedelta(days=3)
    return make_token(by=user, name="test", scopes=scopes or list(Scope), expires_on=day)[1]


@REPEATED
@given(roles=st.lists(ROLES, max_size=5), is_active=st.booleans(), has_unit=st.booleans())
def test_one_statement_finds_the_roles_that_the_long_way_finds(
    organisation: Organisation, roles: list[dict[str, object]], *, is_active: bool, has_unit: bool
) -> None:
    """Whatever roles, days, revocations: equal reach, equal scopes, equal refusal."""
    number = User.objects.count()
    user = User.objects.create(
        username=f"u{number}", name="u", organisation=organisation if has_unit else None
    )
    token = token_of(user, Scope.RECORDS)
    RoleAssignment.objects.all().delete()
    for role in roles:
        values = {name: value for name, value in role.items() if name != "of_organisation"}
        holder = {"organisation": organisation} if role["of_organisation"] else {"user": user}
        RoleAssignment.objects.create(level=Level.COUNTY, **values, **holder)
    User.objects.filter(pk=user.pk).update(is_active=is_active)
    found, kept = caller_by_token(token), token_in_force(token)
    assert (found is None) == (kept is None)
    if found and kept:
        assert found.reach == reach_of(kept.user)
        assert found.scopes == frozenset(kept.scopes)
        assert found.outer_id == kept.user.outer_id
        assert found.organisation_id_outer == kept.user.organisation_id_outer


@REPEATED
@given(grants=st.lists(GRANTS, max_size=4), functions=st.lists(st.sampled_from(list(Function)), max_size=2))
def test_covering_one_row_and_limiting_many_agree(
    programme: Programme, grants: list[Grant], functions: list[Function]
) -> None:
    """A record read by its id alone is let through exactly where a list would show it."""
    if not Record.objects.exists():
        for place in (OWN, FOREIGN, PARENT, f"{OWN}101", "65", "640"):
            for key in ("county", "other"):
                Record.objects.create(
                    programme=key, register="households", key=place, place_code=place, body={},
                    changed_at=timezone.now(),
                )  # fmt: skip
    reach = Reach(tuple(grants))
    limited = set(reach.limit(Record.objects.all(), *functions).values_list("pk", flat=True))
    covered = {
        row.pk for row in Record.objects.all() if reach.covers(row.place_code, row.programme, *functions)
    }
    assert limited == covered


def ask(path: str, token: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask the application as a server does."""
    from jiedui_web.config.wsgi import application

    told: list[tuple[str, list[tuple[str, str]]]] = []
    environ = RequestFactory().get(path, headers={"authorization": f"Bearer {token}", **headers}).environ
    environ["wsgi.input"] = io.BytesIO()
    # Between requests a server closes old connections; the one of a test holds its transaction.
    request_started.disconnect(close_old_connections)
    try:
        answer = application(environ, lambda status, fields, *_: told.append((status, fields)))  # type: ignore[arg-type]
    finally:
        request_started.connect(close_old_connections)
    body = b"".join(answer)
    return int(told[0][0][:3]), dict(told[0][1]), body


def test_the_short_way_is_taken_by_the_api_with_a_token_alone() -> None:
    """Pages, and requests without a token, go the long way with sessions and forms."""
    from jiedui_web.config.programs import is_by_token

    token = {"HTTP_AUTHORIZATION": "Bearer jd_x"}
    assert is_by_token({"PATH_INFO": "/api/v1/records", **token})
    assert not is_by_token({"PATH_INFO": "/registers/", **token})
    assert not is_by_token({"PATH_INFO": "/api/v1/records"})
    assert not is_by_token({"PATH_INFO": "/api/v1/records", "HTTP_AUTHORIZATION": "Basic x"})


def test_the_short_way_tells_own_records_and_sends_safe_headers(
    person: Callable[..., User], programme: Programme
) -> None:
    """200 for the own county, 404 for the neighbour's, 401 for a wrong token, each never kept."""
    own, foreign = add_household("1", "王小明"), add_household("2", "李小红", place_code=FOREIGN)
    token = token_of(person(Function.SEE))
    status, headers, body = ask(f"/api/v1/records/{own.outer_id}", token)
    assert (status, json.loads(body)["name"]) == (200, "王小明")
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers
    assert ask(f"/api/v1/records/{foreign.outer_id}", token)[0] == 404
    assert ask(f"/api/v1/records/{own.outer_id}", f"{token}x")[0] == 401
    assert ask(f"/api/v1/records/{own.outer_id}", token, host="evil.example")[0] == 400
    assert ask("/api/v1/records/a%00b", token)[0] == 404


def test_a_session_beside_a_wrong_token_opens_nothing(
    person: Callable[..., User], programme: Programme
) -> None:
    """Whoever sends a token is known by it, or not at all."""
    from django.test import Client

    own = add_household("1", "王小明")
    browser = Client()
    browser.force_login(person(Function.SEE))
    cookie = "; ".join(f"{name}={one.value}" for name, one in browser.cookies.items())
    assert ask(f"/api/v1/records/{own.outer_id}", "jd_wrong", cookie=cookie)[0] == 401


def test_a_role_revoked_is_refused_at_the_next_request(
    person: Callable[..., User], programme: Programme
) -> None:
    """Nothing of a reach is kept from one request to the next."""
    own, user = add_household("1", "王小明"), person(Function.SEE)
    token = token_of(user)
    assert ask(f"/api/v1/records/{own.outer_id}", token)[0] == 200
    RoleAssignment.objects.filter(user=user).update(revoked_on=timezone.localdate())
    assert ask(f"/api/v1/records/{own.outer_id}", token)[0] == 404


def test_a_read_by_token_is_recorded_under_its_user(
    person: Callable[..., User], programme: Programme
) -> None:
    """With record, place, and organisation."""
    own, user = add_household("1", "王小明"), person(Function.SEE)
    ask(f"/api/v1/records/{own.outer_id}", token_of(user))
    event = Event.objects.get(action="record.read")
    assert (event.actor, event.thing, event.place_code) == (user.outer_id, own.outer_id, OWN)
    assert event.organisation == user.organisation_id_outer
    assert ApiToken.objects.get().user == user


@pytest.mark.parametrize("function", [Function.SEE, Function.ENTER])
def test_no_answer_holds_a_phone(
    function: Function, person: Callable[..., User], programme: Programme
) -> None:
    """Neither of one record nor in a list, whoever asks."""
    own = add_household("1", "王小明")
    token = token_of(person(function))
    assert "phone" not in json.loads(ask(f"/api/v1/records/{own.outer_id}", token)[2])["body"]
    assert b"0001" not in ask("/api/v1/records?register=households", token)[2]


def test_numbers_of_persons_leave_by_no_answer(person: Callable[..., User], programme: Programme) -> None:
    """Neither sealed, nor hidden in another column's text."""
    own = add_household("1", "王小明", village="红星村990101199001011234", number="990101199001011234")
    _, _, body = ask(f"/api/v1/records/{own.outer_id}", token_of(person(Function.ENTER)))
    assert b"990101199001011234" not in body
    assert "红星村**************1234" in body.decode()
    assert "id_number" not in json.loads(body)["body"]


def test_lists_go_on_behind_the_last_row_of_the_page_before(
    person: Callable[..., User], programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each row once, whatever their places."""
    monkeypatch.setattr("jiedui_web.registers.api.A_PAGE", 2)
    rows = [add_household(str(number), "王小明", place_code=OWN) for number in range(5)]
    token, seen, after = token_of(person(Function.SEE)), [], ""
    while page := json.loads(ask(f"/api/v1/records?register=households&after={after}", token)[2]):
        seen += [row["outer_id"] for row in page]
        after = seen[-1]
    assert sorted(seen) == sorted(row.outer_id for row in rows)
