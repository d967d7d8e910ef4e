"""What every answer says to the browser: no foreign script, no frame, nothing kept of signed pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.matrix import Row, rows
from tests.web.matrix_world import ANONYMOUS, NOBODY, World, built_world, fresh, taken_back

READ = sorted(name for name, row in rows().items() if "GET" in row.answers)
PRODUCTION = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
answer = Client().get("/accounts/login/", secure=True, headers={"host": "localhost"})
plain = Client().get("/", headers={"host": "localhost"})
print(json.dumps({
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE],
    "cookies": {
        key: [one["secure"], one["httponly"], one["samesite"]] for key, one in answer.cookies.items()
    },
    "headers": dict(answer.headers), "plain": [plain.status_code, plain.headers["Location"]],
}))
"""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Build the world once."""
    with django_db_blocker.unblock(), built_world() as built:  # type: ignore[attr-defined]
        yield built


def reader(row: Row) -> str:
    """Give somebody who is let in."""
    if row.who == "public":
        return ANONYMOUS
    return NOBODY if isinstance(row.who, str) else min(row.who)


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ["let in", "nobody"])
@pytest.mark.parametrize("name", READ)
def test_every_answer_is_shut_against_others(name: str, actor: str, world: World) -> None:
    """Policy of content, type, referrer and frames; cookies that no script and no other site gets."""
    row = rows()[name]
    asking = reader(row) if actor == "let in" else ANONYMOUS
    with taken_back():
        answer = fresh(world.actors[asking]).get(row.address(world, asking, "own"), row.query)
        answer.close()
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    if row.who != "public" and asking != ANONYMOUS:
        assert "no-store" in answer.headers["Cache-Control"]
    for cookie in answer.cookies.values():
        assert cookie["samesite"] in {"Lax", "Strict"}
        assert cookie["httponly"]


def test_in_production_cookies_go_over_tls_alone(tmp_path: Path) -> None:
    """The names say so to the browser as well; plain requests are sent to TLS."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("JIEDUI_")}
    own |= {"JIEDUI_SITE": str(tmp_path), "DJANGO_SETTINGS_MODULE": "jiedui_web.config.settings"}
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=own, check=True)
    subprocess.run([sys.executable, "-m", "django", "createcachetable"], env=own, check=True)
    subprocess.run([sys.executable, "-m", "django", "collectstatic", "-v0", "--noinput"], env=own, check=True)
    told = json.loads(
        subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", PRODUCTION], env=own, check=True, capture_output=True, text=True
        ).stdout
    )
    assert told["session"] == ["__Host-session", True]
    assert told["cookies"] == {"__Host-csrf": [True, True, "Lax"]}
    assert "max-age=" in told["headers"]["Strict-Transport-Security"]
    assert told["plain"] == [301, "https://localhost/"]
