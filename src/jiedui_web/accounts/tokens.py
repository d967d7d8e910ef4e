"""Tokens of the API: made, shown once, found again by their hash, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from jiedui_web.accounts.models import ApiToken, User
from jiedui_web.audit.recording import record
from jiedui_web.language import lazy_text, text

PREFIX = "jd_"
MOST_DAYS = 366


class Scope(models.TextChoices):
    """What a token may read; never more than its user reaches."""

    PLACES = "places", lazy_text("scope.places")
    RECORDS = "records", lazy_text("scope.records")
    PAIRS = "pairs", lazy_text("scope.pairs")


def digest_of(token: str) -> str:
    """Give the hash under which a token is kept; tokens are random, so that no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_token(*, by: User, name: str, scopes: Iterable[Scope], expires_on: date) -> tuple[ApiToken, str]:
    """Make a token for oneself; its text is given here and never again.

    Raises
    ------
    ValidationError
        If the last day is past, or more than a year away.
    """
    today = timezone.localdate()
    if not today <= expires_on <= today + timedelta(days=MOST_DAYS):
        raise ValidationError({"expires_on": text("accounts.token_days", most=MOST_DAYS)})
    token = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        user=by,
        name=name,
        digest=digest_of(token),
        scopes=sorted(scope.value for scope in scopes),
        made_at=timezone.now(),
        expires_on=expires_on,
    )
    after = {"name": name, "scopes": made.scopes, "expires_on": expires_on.isoformat()}
    record("token.make", by=by, kind="token", thing=made.outer_id, after=after)
    return made, token


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> None:
    """End a token at once; revoked again, nothing changes."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        record("token.revoke", by=by, kind="token", thing=token.outer_id)


def token_in_force(token: str) -> ApiToken | None:
    """Give the token of a text with its user; None if unknown, past its day, revoked, or its user left."""
    if not token.startswith(PREFIX):
        return None
    return (
        ApiToken.objects.select_related("user__organisation")
        .filter(
            digest=digest_of(token),
            revoked_at__isnull=True,
            expires_on__gte=timezone.localdate(),
            user__is_active=True,
        )
        .first()
    )
