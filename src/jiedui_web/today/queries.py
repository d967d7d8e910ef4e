"""What waits for somebody, gathered from every stage."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from jiedui_web.accounts.waiting import Waiting
from jiedui_web.language import text
from jiedui_web.pairs.queries.pairings import waiting_for as pairs_waiting
from jiedui_web.registers.import_queries import imports_waiting
from jiedui_web.square.queries import drafts_to_publish

if TYPE_CHECKING:
    from jiedui_web.accounts.access import Reach
    from jiedui_web.accounts.models import User

MOST = 100
NEVER = date.max


def articles_waiting(user: User, reach: Reach) -> Iterable[Waiting]:
    """Give the drafts of others that a user may publish."""
    for draft in drafts_to_publish(reach, outer_id=user.outer_id)[:MOST]:
        yield Waiting(
            what=text("today.publish_article", title=draft.title),
            url=reverse("draft", args=[draft.outer_id]),
            since=draft.written_at,
            state=text("today.to_publish"),
        )


STAGES: tuple[Callable[[User, Reach], Iterable[Waiting]], ...] = (
    imports_waiting,
    pairs_waiting,
    articles_waiting,
)
"""Every stage tells what waits in it."""


def waiting_for(user: User, reach: Reach) -> list[Waiting]:
    """Give what waits for a user: the nearest last day first, then the longest waiting."""
    found = [one for stage in STAGES for one in stage(user, reach)]
    return sorted(found, key=lambda one: (one.due or NEVER, one.since))[:MOST]
