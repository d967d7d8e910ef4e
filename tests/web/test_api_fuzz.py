"""The API against its own description: no question breaks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.web.api_fuzz import ask_much, operations
from tests.web.matrix_world import World, built_world

NEVER_TOO_FEW = 8


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """Build the world once."""
    with django_db_blocker.unblock(), built_world() as built:  # type: ignore[attr-defined]
        yield built


@pytest.mark.django_db
def test_every_operation_answers_as_it_is_described(world: World) -> None:
    """With right and with wrong values; never 500."""
    headers = {"Authorization": world.tokens["see"]["HTTP_AUTHORIZATION"]}
    found = list(operations())
    assert len(found) >= NEVER_TOO_FEW
    for operation in found:
        assert ask_much(operation, headers, examples=8)
