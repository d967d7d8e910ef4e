"""Whoever asks the API: found by token in one statement, with the roles of this very moment."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from jiedui_web.accounts.access import Grant, Reach, reach_of
from jiedui_web.accounts.functions import Function
from jiedui_web.accounts.models import User
from jiedui_web.accounts.tokens import PREFIX, Scope, digest_of

FIND = """
SELECT t.scopes, u.outer_id, COALESCE(o.outer_id, ''), r.function, r.prefix, r.programme
FROM accounts_apitoken t
JOIN accounts_user u ON u.id = t.user_id
LEFT JOIN accounts_organisation o ON o.id = u.organisation_id
LEFT JOIN (
    SELECT * FROM accounts_roleassignment
    WHERE valid_from <= %s AND (expires_on IS NULL OR expires_on >= %s)
      AND (revoked_on IS NULL OR revoked_on > %s)
) r ON r.user_id = u.id OR r.organisation_id = u.organisation_id
WHERE t.digest = %s AND t.revoked_at IS NULL AND t.expires_on >= %s AND u.is_active
"""
"""The rules of `tokens.token_in_force` and `access.reach_of`; a test holds them together."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks, through a program or the download of a page."""

    outer_id: str
    organisation_id_outer: str
    scopes: frozenset[str]
    reach: Reach


def caller_by_token(token: str) -> Caller | None:
    """Give whose token it is; None if unknown, past its day, revoked, or its user left."""
    if not token.startswith(PREFIX):
        return None
    day = connection.ops.adapt_datefield_value(timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(FIND, [day, day, day, digest_of(token), day])
        rows = cursor.fetchall()
    if not rows:
        return None
    scopes, outer_id, organisation = rows[0][:3]
    grants = sorted({row[3:] for row in rows if row[3] is not None})
    return Caller(
        outer_id=outer_id,
        organisation_id_outer=organisation,
        scopes=frozenset(json.loads(scopes) if isinstance(scopes, str) else scopes),
        reach=Reach(tuple(Grant(Function(name), prefix, programme) for name, prefix, programme in grants)),
    )


def caller_of(user: User) -> Caller:
    """Give somebody signed in, who may ask for all that he reaches."""
    return Caller(user.outer_id, user.organisation_id_outer, frozenset(Scope.values), reach_of(user))
