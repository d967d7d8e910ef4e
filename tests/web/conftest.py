"""The cast of the site's tests: two counties of one province, people of each function in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from tests.web_settings import let_tests_empty_tables

from jiedui_web.accounts.actions import System, assign_role, make_organisation, make_user
from jiedui_web.accounts.functions import Function, Level
from jiedui_web.accounts.models import Organisation, User
from jiedui_web.places.models import Place, Programme

OWN, FOREIGN, PARENT = "640422", "640423", "6404"
"""Place codes of a made-up world: the county of most users, its neighbour, the prefecture above both."""
PASSWORD = "tests-only-password"


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash the passwords of the cast quickly: argon2 is slow on purpose, and the site's own only."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Make the cache table beside the others; let tests of several connections end."""
    let_tests_empty_tables()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("createcachetable")


@pytest.fixture
def own_checkpoints(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep checkpoints of this test's trail apart from those of others."""
    monkeypatch.setattr(settings, "SITE", tmp_path / "own")


@pytest.fixture
def programme(db: None) -> Programme:
    """A household programme over the whole prefecture."""
    for code, name, level, parent in (
        (PARENT, "示例市", Level.PREFECTURE, "64"),
        (OWN, "示例县", Level.COUNTY, PARENT),
        (FOREIGN, "邻县", Level.COUNTY, PARENT),
    ):
        Place.objects.create(code=code, name=name, level=level, parent=parent)
    return Programme.objects.create(key="county", name="示例项目", name_en="Example", place_code=PARENT)


@pytest.fixture
def organisation(db: None) -> Organisation:
    """The office of the own county."""
    return make_organisation(by=System(), name="示例县农业农村局", place_code=OWN)


@pytest.fixture
def person(db: None, organisation: Organisation) -> Callable[..., User]:
    """Make a user with a function; by default in the own county, of its office."""

    def made(
        function: Function,
        prefix: str = OWN,
        *,
        level: Level = Level.COUNTY,
        programme: str = "",
        unit: Organisation | None = None,
    ) -> User:
        name = f"{function}-{prefix or 'all'}-{User.objects.count()}"
        user = make_user(
            by=System(), username=name, name=name, password=PASSWORD, organisation=unit or organisation
        )
        assign_role(
            by=System(), function=function, level=level, prefix=prefix, programme=programme, user=user
        )
        return user

    return made


@pytest.fixture
def signed_in(person: Callable[..., User]) -> Callable[..., Client]:
    """Give a browser in which a new user with a function is signed in."""

    def browser(function: Function, prefix: str = OWN, **values: object) -> Client:
        client = Client()
        client.force_login(person(function, prefix, **values))
        return client

    return browser


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave tests of one database out on the other: neither run nor skipped."""
    other = "sqlite" if connection.vendor == "postgresql" else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(other)]
