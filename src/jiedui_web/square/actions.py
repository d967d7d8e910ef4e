"""What changes articles: each in one transaction with its event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from jiedui_web.audit.recording import record
from jiedui_web.language import text
from jiedui_web.square.leaks import leaks
from jiedui_web.square.models import Article

if TYPE_CHECKING:
    from jiedui_web.accounts.models import User

TEXTS = ("title", "title_en", "body", "body_en")


class StaleError(Exception):
    """Somebody else changed the article in the meantime."""


@transaction.atomic
def write_article(*, by: User, values: Mapping[str, object]) -> Article:
    """Add a draft.

    Raises
    ------
    ValidationError
        If the text holds what must not be published.
    """
    refuse_leaks(values)
    made = Article.objects.create(**values, written_by=by.outer_id, written_at=timezone.now())
    record(
        "article.write", by=by, kind="article", thing=made.outer_id, place_code=made.place_code,
        programme=made.programme, after={"title": made.title, "section": made.section},
    )  # fmt: skip
    return made


@transaction.atomic
def change_article(article: Article, *, by: User, version: int, values: Mapping[str, object]) -> None:
    """Change a draft; whoever changes it is its writer.

    Raises
    ------
    StaleError
        If it was changed or published since the version that was looked at.
    ValidationError
        If the text holds what must not be published.
    """
    refuse_leaks(values)
    changed = {name: value for name, value in values.items() if getattr(article, name) != value}
    _step(article, version, published_at=None, **values, written_by=by.outer_id, written_at=timezone.now())
    record(
        "article.change", by=by, kind="article", thing=article.outer_id, place_code=article.place_code,
        programme=article.programme, before={name: str(getattr(article, name)) for name in changed},
        after={name: str(value) for name, value in changed.items()},
    )  # fmt: skip


@transaction.atomic
def publish_article(article: Article, *, by: User, version: int) -> None:
    """Publish a draft that somebody else wrote.

    Raises
    ------
    StaleError
        If it was changed since the version that was looked at.
    ValidationError
        If the publisher wrote it, or the text holds what must not be published.
    """
    if article.written_by == by.outer_id:
        raise ValidationError(text("square.own_article"))
    refuse_leaks({name: getattr(article, name) for name in TEXTS})
    _step(article, version, published_by=by.outer_id, published_at=timezone.now())
    record(
        "article.publish", by=by, kind="article", thing=article.outer_id, place_code=article.place_code,
        programme=article.programme, after={"title": article.title},
    )  # fmt: skip


@transaction.atomic
def withdraw_article(article: Article, *, by: User, version: int) -> None:
    """Take a published article down.

    Raises
    ------
    StaleError
        If it was changed since the version that was looked at.
    """
    _step(article, version, withdrawn_at=timezone.now())
    record(
        "article.withdraw", by=by, kind="article", thing=article.outer_id, place_code=article.place_code,
        programme=article.programme,
    )  # fmt: skip


def refuse_leaks(values: Mapping[str, object]) -> None:
    """Refuse texts that hold an ID number, a mobile number or a bank card."""
    found = {name: [leak.kind for leak in leaks(str(values[name] or ""))] for name in TEXTS if name in values}
    if errors := {
        name: [text("square.leak", kind=text(f"leak.{kind}")) for kind in dict.fromkeys(kinds)]
        for name, kinds in found.items()
        if kinds
    }:
        raise ValidationError(errors)


def _step(article: Article, version: int, **values: object) -> None:
    """Write values if nobody wrote since; a published article changes only by being withdrawn."""
    rows = Article.objects.filter(pk=article.pk, version=version, withdrawn_at__isnull=True)
    if "withdrawn_at" not in values:
        rows = rows.filter(published_at__isnull=True)
    if not rows.update(**values, version=F("version") + 1):
        raise StaleError
