"""Checks of the ground: settings for production, the database's order, the guards of the trail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from tests.web.records import NUMBER, add_household

from jiedui_web.audit.guarding import unguard
from jiedui_web.audit.models import Event
from jiedui_web.config import checks
from jiedui_web.config.checks import check_databases


def ids(found: list[Any]) -> list[str]:
    return [str(one.id) for one in found]


def test_the_settings_are_fit_for_production_as_they_stand(tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("JIEDUI_")}
    done = subprocess.run(
        [sys.executable, "-m", "jiedui_web.commands", "manage", "check", "--deploy", "--fail-level=WARNING"],
        env=own | {"JIEDUI_SITE": str(tmp_path / "site")}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (("UTF8", "c", "C", ""), []),
        (("UTF8", "b", "en_US.UTF-8", "C.UTF-8"), []),
        (("UTF8", "c", "zh_CN.UTF-8", ""), ["jiedui.E002"]),
        (("UTF8", "i", "C", "zh"), ["jiedui.E002"]),
        (("SQL_ASCII", "c", "C", ""), ["jiedui.E001"]),
    ],
)
def test_a_database_that_sorts_by_a_language_or_lacks_signs_is_refused(
    row: tuple[str, ...], found: list[str]
) -> None:
    class Cursor:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def execute(self, asked: str) -> None:
            assert "pg_database" in asked

        def fetchone(self) -> tuple[str, ...]:
            return row

    class Connection:
        cursor = Cursor

    assert ids(checks._order(Connection())) == found  # type: ignore[arg-type]  # noqa: SLF001


def test_a_trail_without_its_guards_is_told(db: None) -> None:
    assert "jiedui.E003" not in ids(check_databases(databases=["default"]))
    unguard(connection)
    assert "jiedui.E003" in ids(check_databases(databases=["default"]))


def test_the_role_of_the_running_site_cannot_change_the_trail(transactional_db: None) -> None:
    """On PostgreSQL rights stand before the triggers."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS jiedui_app")
        cursor.execute("CREATE ROLE jiedui_app")
    call_command("grant_app_role", "jiedui_app")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE jiedui_app")
    try:
        assert Event.objects.count() == 0
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Event.objects.all().delete()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP OWNED BY jiedui_app")
            cursor.execute("DROP ROLE jiedui_app")


@pytest.mark.django_db
def test_a_site_whose_key_opens_no_number_is_refused(
    programme: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restore without keys new ones are made: they must not seal numbers beside the old."""
    add_household("H0001", "王小明")
    assert ids(check_databases(["default"])) == []
    add_household("H0002", "李四", number=NUMBER)
    assert ids(check_databases(["default"])) == []
    monkeypatch.setattr(settings, "SEAL_KEY", "another")
    assert ids(check_databases(["default"])) == ["jiedui.E004"]
