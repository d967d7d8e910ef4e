"""What the load asks for, drawn from a seeded site: prints cookie, token and addresses as JSON.

``python -m benchmarks.site.asking`` with ``JIEDUI_SITE`` set; the session and the token are made for the user
of the seeding, or for the one named.
"""

from __future__ import annotations

import json
import random
import sys
from datetime import timedelta
from typing import Any
from urllib.parse import quote

SAMPLE = 2000
LIST = "/registers/list/households/"


def main() -> None:
    """Print what to ask."""
    import django

    django.setup()
    from jiedui_web.accounts.models import User

    user = User.objects.get(username=sys.argv[1])
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    print(json.dumps({"cookie": _cookie(user), "token": _token(user), **_addresses()}))


def _cookie(user: Any) -> str:  # noqa: ANN401 - models are loaded after the settings
    from django.test import Client

    browser = Client()
    browser.force_login(user)
    return "; ".join(f"{name}={one.value}" for name, one in browser.cookies.items())


def _token(user: Any) -> str:  # noqa: ANN401
    from django.utils import timezone

    from jiedui_web.accounts.tokens import Scope, make_token

    day = timezone.localdate() + timedelta(days=30)
    return make_token(by=user, name="benchmark", scopes=list(Scope), expires_on=day)[1]


def _addresses() -> dict[str, list[str]]:
    """Give addresses of lists (first pages of all or of a place, pages behind), searches, records."""
    draw = random.Random(1)  # noqa: S311 - a sample
    rows = _rows(draw)
    lists, searches = [LIST], []
    for outer_id, code, key, name, village in rows[:300]:
        lists += [LIST, f"{LIST}?place={code[:6]}", f"{LIST}?place={code[:9]}", f"{LIST}?after={outer_id}"]
        words = (name, name[-2:], name[:2], key[:10], key[-6:], f"{name} {village}", village)
        searches += [f"{LIST}?q={quote(word)}" for word in words]
    return {
        "list": lists,
        "search": searches,
        "by_id": [f"/api/v1/records/{row[0]}" for row in rows],
    }


def _rows(draw: random.Random) -> list[tuple[str, str, str, str, str]]:
    from django.db.models import Max

    from jiedui_web.registers.models import Record

    most = Record.objects.aggregate(most=Max("pk"))["most"] or 0
    ids = [draw.randint(1, most) for _ in range(SAMPLE)] if most else []
    rows = Record.objects.filter(pk__in=ids, register="households")
    found = rows.values_list("outer_id", "place_code", "key", "name", "body__village")
    return sorted(found)


if __name__ == "__main__":
    main()
