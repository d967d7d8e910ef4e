"""One small world for every cell of the matrix: the same things in the own county, the next, and above."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from http.cookies import SimpleCookie
from unittest.mock import patch

from django.contrib.auth.hashers import make_password
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone
from tests.web.conftest import FOREIGN, OWN, PARENT, PASSWORD
from tests.web.matrix_things import things_at

from jiedui_web.accounts.actions import System, assign_role, make_organisation
from jiedui_web.accounts.functions import Function, Level
from jiedui_web.accounts.models import Organisation, User
from jiedui_web.accounts.tokens import Scope, make_token
from jiedui_web.places.models import Place

WHICH = {"own": OWN, "foreign": FOREIGN, "parent": PARENT}
ANONYMOUS, NOBODY = "anonymous", "nobody"


@dataclass(slots=True)
class World:
    """Who asks, and what for.

    Attributes
    ----------
    actors
        A browser for each function in the own county, for somebody without roles, and for nobody.
    things
        By kind of thing and place (``own``, ``foreign``, ``parent``): what stands in an address.
    tokens
        The header of each actor's API token.
    """

    actors: dict[str, Client] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    things: dict[str, dict[str, str]] = field(default_factory=dict)


@contextmanager
def built_world() -> Iterator[World]:
    """Build the world, and take all of it back at the end; no answer closes the connection before."""
    kept = patch.object(connections[DEFAULT_DB_ALIAS], "close_if_unusable_or_obsolete")
    with kept, transaction.atomic():
        yield _built()
        transaction.set_rollback(True)


@contextmanager
def taken_back() -> Iterator[None]:
    """Take back whatever a request writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fresh(client: Client) -> Client:
    """Give a browser with the cookies of another, whatever answers it gets."""
    made = Client(raise_request_exception=False)
    made.handler = _handler()
    made.cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    return made


@cache
def _password() -> str:
    """Give the kept form of the one password of all."""
    return make_password(PASSWORD)


@cache
def _handler() -> ClientHandler:
    """Give one handler for all browsers: each reads every static file when it starts."""
    return ClientHandler(enforce_csrf_checks=False)


def _built() -> World:
    world = World()
    unit = make_organisation(by=System(), name="示例县农业农村局", place_code=OWN)
    for code, level, parent in (
        (PARENT, Level.PREFECTURE, "64"),
        (OWN, Level.COUNTY, PARENT),
        (FOREIGN, Level.COUNTY, PARENT),
    ):
        Place.objects.create(code=code, name=f"地方{code}", level=level, parent=parent)
    for name in (*Function.values, NOBODY):
        _add_actor(world, name, unit)
    world.actors[ANONYMOUS], world.tokens[ANONYMOUS] = Client(), {}
    others = tuple(_of_other_unit(name) for name in ("decider", "approver"))
    for which, code in WHICH.items():
        for kind, thing in things_at(code, f"programme-{which}", others).items():
            world.things.setdefault(kind, {})[which] = thing
    for kind, known in {"register": "households", "section": "news"}.items():
        world.things[kind] = {"own": known, "foreign": "no-such", "parent": "no-such"}
    return world


def _add_actor(world: World, name: str, unit: Organisation) -> None:
    """Add a user with a function in the own county, signed in, and with a token."""
    user = User.objects.create(username=name, name=name, organisation=unit, password=_password())
    if name != NOBODY:
        assign_role(by=System(), function=Function(name), level=Level.COUNTY, prefix=OWN, user=user)
    client = Client()
    client.force_login(user)
    world.actors[name], world.users[name] = client, user
    day = timezone.localdate() + timedelta(days=9)
    made, token = make_token(by=user, name="matrix", scopes=list(Scope), expires_on=day)
    world.tokens[name] = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    world.things[f"token of {name}"] = {"own": made.outer_id}


def _of_other_unit(name: str) -> User:
    """Add somebody of a unit of his own."""
    return User.objects.create(
        username=name, name=name, organisation=make_organisation(by=System(), name=name), password="!"
    )
