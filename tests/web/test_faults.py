"""What goes wrong is told on a page, and nothing is half done."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from tests.web.conftest import OWN
from tests.web.matrix import rows
from tests.web.matrix_asking import numbers_in, one_of
from tests.web.matrix_world import World, built_world, fresh, taken_back

from jiedui_web.language import text_in
from jiedui_web.registers.import_runs import upload_folder

BROKEN, REFUSED, TOO_LARGE, NOT_THERE = 500, 403, 413, 404
FLEETING = {"audit.event", "audit.seal", "sessions.session", "django_tasks_database.dbtaskresult"}
"""Tables that tell what was tried, not what holds."""
WRITTEN = sorted(name for name, row in rows().items() if "POST" in row.answers and not row.is_api)
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


@pytest.fixture(autouse=True)
def nothing_of_persons_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Find no ID number and no telephone number in anything that was logged."""
    with caplog.at_level(logging.DEBUG):
        yield
    assert numbers_in(caplog.get_records("call")) == []


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
    cut: dict[str, Any] = {"wsgi.input": io.BytesIO(body)}
    before, folder = state(), set(upload_folder().iterdir())
    with taken_back():
        answer = fresh(world.actors["enter"]).generic(
            "POST",
            "/registers/imports/new/",
            body,
            "multipart/form-data; boundary=x",
            CONTENT_LENGTH=len(body) + 999,
            **cut,
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
        with connection.execute_wrapper(full):
            answer = fresh(world.actors[actor]).post(row.address(world, actor, "own"), TWICE[name])
        assert state() == before
    assert answer.status_code <= BROKEN
    assert "Traceback" not in answer.content.decode()
