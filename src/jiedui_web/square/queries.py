"""What is read for public pages, and for those who write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from jiedui_web.accounts.functions import Function
from jiedui_web.square.models import Article

if TYPE_CHECKING:
    from jiedui_web.accounts.access import Reach

WRITERS = (Function.ENTER, Function.EXAMINE, Function.DECIDE)
PUBLISHERS = (Function.EXAMINE, Function.DECIDE, Function.APPROVE)


def public_articles(section: str = "") -> QuerySet[Article]:
    """Give what is published today, the newest first."""
    rows = Article.objects.filter(
        Q(down_on__isnull=True) | Q(down_on__gt=timezone.localdate()),
        published_at__isnull=False,
        withdrawn_at__isnull=True,
    ).order_by("-published_at", "-id")
    return rows.filter(section=section) if section else rows


def articles_in_reach(reach: Reach) -> QuerySet[Article]:
    """Give the articles that somebody may write or publish, the newest first."""
    return reach.limit(Article.objects.all(), *WRITERS, *PUBLISHERS).order_by("-written_at", "-id")


def drafts_to_publish(reach: Reach, *, outer_id: str) -> QuerySet[Article]:
    """Give the drafts of others that somebody may publish, the oldest first."""
    rows = reach.limit(Article.objects.all(), *PUBLISHERS)
    return (
        rows.filter(published_at__isnull=True, withdrawn_at__isnull=True)
        .exclude(written_by=outer_id)
        .order_by("written_at", "id")
    )
