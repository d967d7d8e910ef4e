"""Signing in: who guesses is stopped, by user name and by the address of the browser behind the proxy."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from tests.web.conftest import PASSWORD

from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User

SIGN_IN = "/accounts/login/"
GUESSES = 5


@pytest.fixture(autouse=True)
def _clean(settings: LazySettings, db: None) -> None:
    """Begin with no guess counted, behind one proxy as in production."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    cache.clear()


def sign_in(username: str, password: str, address: str) -> int:
    values = {"login": username, "password": password}
    return Client(headers={"x-forwarded-for": address}).post(SIGN_IN, values).status_code


def test_after_five_wrong_passwords_the_right_one_is_refused_too(person: Callable[..., User]) -> None:
    user = person(Function.SEE)
    assert [sign_in(user.username, "wrong", "192.0.2.1") for _ in range(GUESSES)] == [200] * GUESSES
    assert sign_in(user.username, PASSWORD, "192.0.2.1") == 200
    cache.clear()
    assert sign_in(user.username, PASSWORD, "192.0.2.1") == 302


def test_one_who_guesses_stops_nobody_at_another_address(person: Callable[..., User]) -> None:
    user = person(Function.SEE)
    codes = [sign_in(f"nobody-{number}", "wrong", "192.0.2.1") for number in range(40)]
    assert 429 in codes
    assert sign_in(user.username, PASSWORD, "192.0.2.2") == 302


def test_an_unknown_user_name_is_answered_as_a_wrong_password(person: Callable[..., User]) -> None:
    user = person(Function.SEE)
    pages = []
    for username in (user.username, "nobody"):
        page = Client().post(SIGN_IN, {"login": username, "password": "wrong"}).content.decode()
        pages.append(page.replace(username, ""))
    assert [page.count("errors") for page in pages] == [pages[0].count("errors")] * 2
    assert len(pages[0]) == len(pages[1])
