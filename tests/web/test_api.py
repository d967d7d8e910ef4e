"""The API: tokens with scope and day, the reach of their user, exports that a spreadsheet cannot misread."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from tests.web.conftest import FOREIGN, OWN

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import ApiToken, User
from jiedui_web.accounts.tokens import Scope, make_token, revoke_token
from jiedui_web.audit.models import Event
from jiedui_web.pairs.models import Pairing
from jiedui_web.places.models import Programme
from jiedui_web.registers.models import Record

Ask = Callable[..., object]


@pytest.fixture
def reader(person: Callable[..., User]) -> User:
    """Who may see the own county."""
    return person(Function.SEE)


@pytest.fixture
def households(programme: Programme) -> dict[str, Record]:
    """A household in each county, one with a name that looks like a formula."""
    return {
        code: Record.objects.create(
            programme=programme.key, register="households", key=f"{code}-1", place_code=f"{code}101",
            name="=1+1", changed_at=timezone.now(),
            body={"household": f"{code}-1", "head": "=1+1", "size": 3, "phone": "13900000000"},
        )
        for code in (OWN, FOREIGN)
    }  # fmt: skip


def token(user: User, *scopes: Scope) -> dict[str, str]:
    """Give the header of a new token."""
    _, made = make_token(by=user, name="test", scopes=scopes or list(Scope), expires_on=timezone.localdate())
    return {"authorization": f"Bearer {made}"}


def test_a_token_reads_what_its_user_reaches_and_no_more(reader: User, households: dict[str, Record]) -> None:
    """Own county 200, neighbour 404, in list and export alike."""
    browser = Client(headers=token(reader))
    assert browser.get(f"/api/v1/records/{households[OWN].outer_id}").json()["body"]["size"] == 3
    assert browser.get(f"/api/v1/records/{households[FOREIGN].outer_id}").status_code == 404
    listed = browser.get("/api/v1/records", {"register": "households"}).json()
    assert [row["outer_id"] for row in listed] == [households[OWN].outer_id]
    lines = b"".join(browser.get("/api/v1/exports/records.csv?register=households")).decode().splitlines()
    assert len(lines) == 2


def test_no_export_holds_a_phone_or_a_formula(reader: User, households: dict[str, Record]) -> None:
    """Cells that begin like a formula are text in csv and xlsx; phones are not exported."""
    import python_calamine

    browser = Client(headers=token(reader))
    told = b"".join(browser.get("/api/v1/exports/records.csv?register=households")).decode()
    assert '"\'=1+1"' in told
    assert "139" not in told
    book = b"".join(browser.get("/api/v1/exports/records.xlsx?register=households"))
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert "=1+1" in rows[1]
    assert not any("139" in str(cell) for cell in rows[1])


@pytest.mark.parametrize("form", ["parquet", "geojson"])
def test_every_format_holds_the_same_rows(form: str, reader: User, households: dict[str, Record]) -> None:
    """Parquet and GeoJSON too."""
    import json

    from pyarrow import parquet

    told = b"".join(Client(headers=token(reader)).get(f"/api/v1/exports/records.{form}?register=households"))
    if form == "parquet":
        rows = parquet.read_table(io.BytesIO(told)).to_pylist()
    else:
        rows = [one["properties"] for one in json.loads(told)["features"]]
    assert [row["size"] for row in rows] == [3]
    assert "phone" not in rows[0]


def test_a_token_without_the_scope_finds_nothing(reader: User, households: dict[str, Record]) -> None:
    """The scope of pairs reads no record."""
    browser = Client(headers=token(reader, Scope.PAIRS))
    assert browser.get("/api/v1/records", {"register": "households"}).status_code == 404
    assert browser.get("/api/v1/pairings").json() == []


@pytest.mark.parametrize("end", ["revoked", "expired", "left", "tampered", "none"])
def test_a_token_that_ended_opens_nothing(end: str, reader: User, households: dict[str, Record]) -> None:
    """401 at the next request."""
    header = token(reader)
    found = ApiToken.objects.get()
    if end == "revoked":
        revoke_token(found, by=reader)
    elif end == "expired":
        ApiToken.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    elif end == "left":
        User.objects.update(is_active=False)
    elif end == "tampered":
        header = {"authorization": header["authorization"][:-1] + "!"}
    else:
        header = {}
    assert Client(headers=header).get(f"/api/v1/records/{households[OWN].outer_id}").status_code == 401


def test_a_token_lives_a_year_at_most(reader: User) -> None:
    """And not backwards."""
    for days in (-1, 400):
        with pytest.raises(ValidationError):
            make_token(by=reader, name="x", scopes=[], expires_on=timezone.localdate() + timedelta(days=days))


def test_every_read_of_a_record_is_an_event(reader: User, households: dict[str, Record]) -> None:
    """One for a record, one for a list or an export with its count."""
    browser = Client(headers=token(reader))
    browser.get(f"/api/v1/records/{households[OWN].outer_id}")
    browser.get("/api/v1/records", {"register": "households"})
    browser.get("/api/v1/exports/records.csv?register=households")
    events = Event.objects.filter(action__startswith="record.").order_by("id")
    assert [event.action for event in events] == ["record.read", "record.list", "record.export"]
    assert events[2].detail["rows"] == 1


def test_no_database_id_is_in_an_answer(reader: User, households: dict[str, Record]) -> None:
    """Outer ids only."""
    told = Client(headers=token(reader)).get("/api/v1/records", {"register": "households"}).json()[0]
    assert "id" not in told


def test_a_token_is_made_and_revoked_on_its_page(reader: User) -> None:
    """Shown once."""
    browser = Client()
    browser.force_login(reader)
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    page = browser.post(
        "/accounts/me/tokens/", {"name": "statistics", "scopes": ["pairs"], "expires_on": day}
    ).content.decode()
    assert "jd_" in page
    assert "jd_" not in browser.get("/accounts/me/tokens/").content.decode()
    browser.post(f"/accounts/me/tokens/{ApiToken.objects.get().outer_id}/revoke/")
    assert ApiToken.objects.get().revoked_at


def test_reading_pairings_of_people_is_an_event_and_never_public(reader: User, programme: Programme) -> None:
    """Where helpers are persons the trail tells who read; no public page shows them."""
    programme.scheme = "first_secretary_people"
    programme.save()
    Pairing.objects.create(
        programme=programme.key, helper="h", recipient="r", helper_name={"zh": "甲"},
        recipient_name={"zh": "乙村"}, place_code=f"{OWN}101", valid_from=timezone.localdate(),
    )  # fmt: skip
    told = Client(headers=token(reader)).get("/api/v1/pairings").json()
    assert [one["helper"] for one in told] == ["h"]
    event = Event.objects.get(action="record.list")
    assert event.detail["count"] == 1
    assert Client().get(f"/published/{programme.key}/").status_code == 404


def test_an_export_of_no_register_is_empty_whatever_signs_its_name_holds(reader: User) -> None:
    """What was asked for stands in no header."""
    browser = Client(headers=token(reader))
    answer = browser.get("/api/v1/exports/records.geojson", {"register": "a\x0c\r\nb"})
    assert answer["Content-Disposition"] == 'attachment; filename="records.geojson"'
