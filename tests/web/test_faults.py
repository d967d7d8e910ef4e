"""What goes wrong is told on a page, and nothing is half done."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from tests.web.conftest import OWN
from tests.web.matrix import Row, rows
from tests.web.matrix_things import NUMBER, PHONE
from tests.web.matrix_world import World, built_world, fresh, taken_back

from jiedui_web.language import text_in
from jiedui_web.registers.import_runs import upload_folder

NUMBERS = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")
BROKEN, REFUSED, TOO_LARGE, NOT_THERE = 500, 403, 413, 404
FLEETING = {"audit.event", "audit.seal", "sessions.session", "django_tasks_database.dbtaskresult"}
"""Tables that tell what was tried, not what holds."""
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
WRITTEN = sorted(name for name, row in rows().items() if "POST" in row.answers and not row.is_api)
NOT_OURS = "account_", "mfa_"
TWICE = {
    "record_end": {"version": "1"},
    "import_commit": {"version": "1"},
    "import_refuse": {"version": "1"},
    "import_undo": {},
    "import_review": {},
    "import_repeat": {},
    "import_return": {},
    "ask_solving": {},
    "cancel_solving": {},
    "withdraw_ruling": {},
    "rule_pair": {"kind": "forbidden", "why": "依据"},
    "approve_choice": {"version": "1"},
    "refuse_choice": {"version": "1", "why": "依据"},
    "withdraw_choice": {"version": "1", "why": "依据"},
    "publish_choice": {},
    "publish_article": {"version": "1"},
    "withdraw_article": {"version": "1"},
    "revoke_token": {},
    "revoke_role": {},
    "no_second_factor": {},
    "access": {},
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Build the world once."""
    with django_db_blocker.unblock(), built_world() as built:  # type: ignore[attr-defined]
        yield built


def line_of(record: logging.LogRecord) -> str:
    """Give what the site's settings make of it."""
    (handler,) = (one for one in logging.getLogger().handlers if one.name == "console")
    return handler.format(record)


@pytest.fixture(autouse=True)
def nothing_of_persons_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Find no ID number and no telephone number in anything that was logged."""
    with caplog.at_level(logging.DEBUG):
        yield
    written = [line_of(one) for one in caplog.get_records("call")]
    assert [one for one in written if NUMBERS.search(one)] == []


def one_of(row: Row) -> str:
    """Give somebody who is let in."""
    return "see" if isinstance(row.who, str) else min(row.who)


def state() -> dict[str, list[object]]:
    """Give all that holds."""
    return {
        model._meta.label_lower: list(model._default_manager.order_by("pk").values())  # noqa: SLF001
        for model in apps.get_models()
        if model._meta.label_lower not in FLEETING  # noqa: SLF001
    }


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TWICE))
def test_a_double_click_does_the_same_as_one(name: str, world: World) -> None:
    """The second finds everything as the first left it."""
    row, actor = rows()[name], one_of(rows()[name])
    address = row.address(world, actor, "own")
    with taken_back():
        first = fresh(world.actors[actor]).post(address, TWICE[name])
        between = state()
        second = fresh(world.actors[actor]).post(address, TWICE[name])
        assert state() == between
    assert max(first.status_code, second.status_code) < BROKEN


@pytest.mark.django_db
@pytest.mark.parametrize("name", WRITTEN)
def test_a_form_that_was_open_too_long_changes_nothing(name: str, world: World) -> None:
    """The page says so."""
    row, actor = rows()[name], one_of(rows()[name])
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = fresh(world.actors[actor]).cookies
    before = state()
    with taken_back():
        answer = strict.post(row.address(world, actor, "own"), {"csrfmiddlewaretoken": "x" * 64})
        assert state() == before
    assert answer.status_code == REFUSED
    assert text_in("zh", "site.stale_form") in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, row in rows().items() if "GET" in row.answers))
def test_odd_addresses_and_questions_break_no_page(name: str, world: World) -> None:
    """NUL, signs of no alphabet, ways out of the folder, thousands of signs: never 500."""
    row, actor = rows()[name], one_of(rows()[name])
    headers = world.tokens[actor] if row.is_api else {}
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
@pytest.mark.parametrize("name", [name for name in WRITTEN if not name.startswith(NOT_OURS)])
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
    assert answer.status_code == 400  # noqa: PLR2004


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
def test_a_file_over_the_limit_is_told_and_not_kept(world: World, settings: LazySettings) -> None:
    """413 with words."""
    settings.UPLOAD_MOST_MB = 0
    before = set(upload_folder().iterdir())
    values = {"programme": "programme-own", "place_code": OWN, "files": SimpleUploadedFile("x.csv", b"1" * 9)}
    with taken_back():
        answer = fresh(world.actors["enter"]).post("/registers/imports/new/", values)
    assert answer.status_code == TOO_LARGE
    assert set(upload_folder().iterdir()) == before


@pytest.mark.django_db
def test_a_body_that_was_cut_off_changes_nothing(world: World) -> None:
    """Half an upload is none."""
    fields = {"programme": "programme-own", "place_code": OWN, 'files"; filename="a.csv': "户编号\n1"}
    parts = (f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{it}' for key, it in fields.items())
    body = "\r\n".join(parts).encode()
    before, folder = state(), set(upload_folder().iterdir())
    with taken_back():
        answer = fresh(world.actors["enter"]).generic(
            "POST",
            "/registers/imports/new/",
            body,
            "multipart/form-data; boundary=x",
            CONTENT_LENGTH=len(body) + 999,
            **{"wsgi.input": io.BytesIO(body)},
        )
        assert state() == before
    assert answer.status_code < BROKEN
    assert set(upload_folder().iterdir()) == folder


def full(execute: Callable[..., object], sql: str, *more: object) -> object:
    """Be a disk that holds no further row."""
    if sql.startswith(("INSERT", "UPDATE")) and "django_session" not in sql:
        raise OperationalError("database or disk is full")
    return execute(sql, *more)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(TWICE))
def test_a_full_disk_is_a_page_and_nothing_is_half_done(name: str, world: World) -> None:
    """The plain page of a fault; all as before."""
    row, actor = rows()[name], one_of(rows()[name])
    before = state()
    with taken_back():
        with connection.execute_wrapper(full):  # type: ignore[arg-type]
            answer = fresh(world.actors[actor]).post(row.address(world, actor, "own"), TWICE[name])
        assert state() == before
    assert answer.status_code <= BROKEN
    assert "Traceback" not in answer.content.decode()


@pytest.mark.django_db
def test_no_number_typed_into_an_address_is_logged(world: World) -> None:
    """Nor into a search; the fixture looks at the log."""
    browser = fresh(world.actors["see"])
    with taken_back():
        for number in (NUMBER, PHONE):
            browser.post("/registers/search/", {"q": number})
            browser.get("/registers/found/", {"q": number})
            assert browser.get(f"/registers/record/{number}/").status_code == NOT_THERE
