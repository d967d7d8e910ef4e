"""Whatever is put into an address, a form, a file name or a header: no page breaks."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.conftest import OWN
from tests.web.matrix import rows
from tests.web.matrix_asking import numbers_in, one_of
from tests.web.matrix_things import NUMBER, PHONE
from tests.web.matrix_world import World, built_world, fresh, taken_back

from jiedui_web.registers.import_runs import upload_folder

BROKEN, NOT_THERE, BAD = 500, 404, 400
ODD = ("%00", "a%00b", "..%2F..%2Fetc%2Fpasswd", "%F0%9F%90%BC", "%E2%80%AE", "x" * 3000, "9" * 5000, "%FF")
QUERIES = (
    "q",
    "after",
    "before",
    "place",
    "programme",
    "kind",
    "order",
    "page",
    "state",
    "helper",
    "register",
)
NOT_OURS = "account_", "mfa_"
FORMS = sorted(
    name
    for name, row in rows().items()
    if "POST" in row.answers and not row.is_api and not name.startswith(NOT_OURS)
)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Build the world once."""
    with django_db_blocker.unblock(), built_world() as built:  # type: ignore[attr-defined]
        yield built


@pytest.fixture(autouse=True)
def nothing_of_persons_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Find no ID number and no telephone number in anything that was logged."""
    with caplog.at_level(logging.DEBUG):
        yield
    assert numbers_in(caplog.get_records("call")) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, row in rows().items() if "GET" in row.answers))
def test_odd_addresses_and_questions_break_no_page(name: str, world: World) -> None:
    """NUL, signs of no alphabet, ways out of the folder, thousands of signs: never 500."""
    row, actor = rows()[name], one_of(rows()[name])
    headers: dict[str, Any] = dict(world.tokens[actor]) if row.is_api else {}
    address = row.address(world, actor, "own")
    asked = [f"{address}?" + "&".join(f"{key}={odd}" for key in QUERIES) for odd in ODD]
    for kind in row.args.values():
        thing = world.things.get(kind, {}).get("own")
        asked += [address.replace(thing, odd) for odd in ODD] if thing else []
    with taken_back():
        for one in asked:
            answer = fresh(world.actors[actor]).generic("GET", one, **headers)
            answer.close()
            assert answer.status_code < BROKEN, one


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_odd_values_in_forms_break_no_page(name: str, world: World) -> None:
    """In every field that any form has."""
    row, actor = rows()[name], one_of(rows()[name])
    fields = (
        "q",
        "register",
        "programme",
        "version",
        "why",
        "kind",
        "place_code",
        "name",
        "language",
        "next",
    )
    with taken_back():
        for odd in (
            "\0",
            "9" * 5000,
            "-1",
            "9" * 30,
            "²",
            "\ud83d\udc3c".encode("utf-16", "surrogatepass").decode("utf-16"),
        ):
            answer = fresh(world.actors[actor]).post(
                row.address(world, actor, "own"), dict.fromkeys(fields, odd)
            )
            assert answer.status_code < BROKEN, odd


@pytest.mark.django_db
def test_a_tampered_session_is_nobody_s(world: World) -> None:
    """The reader is asked to sign in."""
    browser = fresh(world.actors["see"])
    browser.cookies["sessionid"] = browser.cookies["sessionid"].value[:-1] + "!"
    assert browser.get("/registers/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_an_unknown_host_is_refused(world: World) -> None:
    """Nobody lends the site another name."""
    answer = fresh(world.actors["see"]).get("/today/", headers={"host": "evil.example"})
    assert answer.status_code == BAD


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["../../../etc/passwd.csv", "..\\..\\x.csv", "CON.csv", "/root/x.csv", "a\0b.csv"]
)
def test_the_name_of_a_file_leads_nowhere(name: str, world: World) -> None:
    """What is kept has a random name in the folder of uploads."""
    sent = SimpleUploadedFile("x.csv", "户编号\n1\n".encode())
    sent._name = name  # type: ignore[attr-defined] # noqa: SLF001 - Django would clean it here
    values = {"programme": "programme-own", "place_code": OWN, "files": sent}
    before = set(upload_folder().iterdir())
    with taken_back():
        answer = fresh(world.actors["enter"]).post("/registers/imports/new/", values)
    assert answer.status_code < BROKEN
    for made in set(upload_folder().iterdir()) - before:
        assert re.fullmatch(r"[0-9a-f]{32}\.csv", made.name)
        made.unlink()


@pytest.mark.django_db
def test_no_number_typed_into_an_address_is_logged(world: World) -> None:
    """Nor into a search; the fixture looks at the log."""
    browser = fresh(world.actors["see"])
    with taken_back():
        for number in (NUMBER, PHONE):
            browser.post("/registers/search/", {"q": number})
            browser.get("/registers/found/", {"q": number})
            assert browser.get(f"/registers/record/{number}/").status_code == NOT_THERE
