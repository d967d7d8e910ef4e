"""Fill a site with synthetic households and their persons, by bulk SQL into the tables of its models.

``python -m benchmarks.site.seeding HOUSEHOLDS [--persons N] [--seed N]`` with ``JIEDUI_SITE`` set: migrates,
adds places (a made-up province of prefectures, counties, townships, villages), a programme, households, their
persons, the search index, and a user ``seeded`` who may read and enter everywhere. Equal seeds give equal
rows but for outer ids, seals and times.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

PROGRAMME, PASSWORD = "seeded", "seeded-for-benchmarks"
A_VILLAGE, A_TOWNSHIP, A_COUNTY, A_PREFECTURE = 250, 16, 20, 10
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文玲红建国玉兰梅志海云生春花龙凤祥"
PLACES = "红星新民东风前进光明和平团结胜利清泉石桥柳树大山小河白云青松南坡北湾高家"
KINDS = ("一般农户",) * 16 + ("脱贫户", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
CHUNK = 20_000
COLUMNS = (
    "outer_id", "programme", "register", "key", "place_code", "name", "kind", "parent", "body", "sealed",
    "index_of_id", "version", "changed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Village:
    """Where households live."""

    code: str
    name: str
    township: str
    county: str


def villages(count: int, rng: random.Random) -> list[Village]:
    """Give villages with codes of twelve digits and the names of what lies above them."""
    found = []
    county = township = ""
    for number in range(count):
        town, village = divmod(number, A_TOWNSHIP)
        land, town = divmod(town, A_COUNTY)
        prefecture, land = divmod(land, A_PREFECTURE)
        code = f"99{prefecture + 1:02d}{land + 1:02d}{town + 1:03d}{village + 200:03d}"
        if not village:
            township = _place_name(rng) + "乡"
        if not village and not town:
            county = _place_name(rng) + "县"
        found.append(Village(code, _place_name(rng) + "村", township, county))
    return found


def _place_name(rng: random.Random) -> str:
    return "".join(rng.choices(PLACES, k=2))


def _name(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))


def rows(households: int, persons: int, rng: random.Random) -> Iterator[tuple[Any, ...]]:
    """Give households and their persons: register, number, village, name, kind, body, ID number."""
    land = villages(-(-households // A_VILLAGE), rng)
    for order in range(households):
        village = land[order // A_VILLAGE]
        number = f"{village.code}{order % A_VILLAGE + 1:04d}"
        head, kind, income = _name(rng), rng.choice(KINDS), rng.randrange(300_000, 9_000_000)
        where = {"county": village.county, "township": village.township, "village": village.name}
        body = {
            "household": number, **where, "group": f"{rng.randrange(1, 9)}组", "place_code": village.code,
            "head": head, "size": persons, "kind": kind, "wage_income": income // 2, "income": income,
            "income_per_head": income // max(persons, 1), "has_safe_water": rng.random() < 0.97,
            "house_grade": rng.choice(("A级", "B级")), "has_allowance": rng.random() < 0.05,
            "phone": f"199{rng.randrange(10**8):08d}",
        }  # fmt: skip
        identity = f"990{rng.randrange(10**14):014d}{rng.randrange(10)}"
        yield "households", number, village, head, kind, "", body, identity
        for place in range(persons):
            own = identity if not place else f"990{rng.randrange(10**14):014d}{rng.randrange(10)}"
            name = head if not place else _name(rng)
            body = {
                "household": number, **where, "name": name, "sex": rng.choice("男女"),
                "born_on": f"{rng.randrange(1930, 2020)}-{rng.randrange(1, 13):02d}",
                "relation": "户主" if not place else "其他", "labour": rng.choice(("普通劳动力", "无劳动力")),
            }  # fmt: skip
            yield "persons", number, village, name, body["relation"], number, body, own


def seed(households: int, *, persons: int = 2, seed: int = 1) -> None:
    """Fill the site of the settings."""
    from django.db import connection, transaction

    _prepare(households, random.Random(seed))  # noqa: S311 - made-up rows
    with transaction.atomic():
        first = _insert(rows(households, persons, random.Random(seed)))  # noqa: S311
        _index(first)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _insert(made: Iterator[tuple[Any, ...]]) -> int:
    """Insert records; give the id before the first."""
    from django.db import connection
    from django.db.models import Max
    from django.utils import timezone

    from jiedui_web.registers.models import Record

    first = Record.objects.aggregate(most=Max("pk"))["most"] or 0
    now = timezone.now()
    moment = now if connection.vendor == "postgresql" else now.replace(tzinfo=None).isoformat(" ")
    places = ", ".join(["%s"] * len(COLUMNS))
    sql = f"INSERT INTO registers_record ({', '.join(COLUMNS)}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        for chunk in _chunks(made):
            cursor.executemany(sql, _values(chunk, moment))
    return int(first)


def _values(chunk: list[tuple[Any, ...]], moment: object) -> list[tuple[Any, ...]]:
    from jiedui_web.registers.sealing import index_many, seal_many

    numbers = [row[-1] for row in chunk]
    values = []
    for row, sealed, index in zip(chunk, seal_many(numbers), index_many(numbers), strict=True):
        register, number, village, name, kind, parent, body, _ = row
        key = number if register == "households" else f"{number}|{name}|{index}"
        values.append(
            (
                secrets.token_urlsafe(12), PROGRAMME, register, key, village.code, name, kind, parent,
                json.dumps(body, ensure_ascii=False), sealed, index, 1, moment,
            )
        )  # fmt: skip
    return values


def _index(first: int) -> None:
    from jiedui_web.registers.models import Record
    from jiedui_web.registers.search import add_to_index

    add_to_index(
        Record.objects.filter(pk__gt=first).order_by("pk").values_list("pk", flat=True).iterator(CHUNK)
    )


def _chunks(made: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    rest = iter(made)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _prepare(households: int, rng: random.Random) -> None:
    """Migrate; add places, the programme and its user."""
    from django.core.management import call_command

    from jiedui_web.accounts.actions import System, assign_role, make_organisation, make_user
    from jiedui_web.accounts.functions import Function, Level
    from jiedui_web.accounts.models import User
    from jiedui_web.places.models import Place, Programme

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if User.objects.filter(username="seeded").exists():
        raise SystemExit("the site is seeded already; choose another JIEDUI_SITE")
    Programme.objects.create(key=PROGRAMME, name="测算用项目", name_en="Seeded", place_code="99")
    unit = make_organisation(by=System(), name="测算用单位", place_code="99")
    user = make_user(by=System(), username="seeded", name="测算", password=PASSWORD, organisation=unit)
    assign_role(by=System(), function=Function.ENTER, level=Level.PROVINCE, prefix="99", user=user)
    found = {"99": Place(code="99", name="测算省", level=Level.PROVINCE)}
    for village in villages(-(-households // A_VILLAGE), rng):
        above = zip(
            (4, 6, 9, 12),
            (f"第{village.code[2:4]}市", village.county, village.township, village.name),
            (Level.PREFECTURE, Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE),
            (2, 4, 6, 9),
            strict=True,
        )
        for length, name, level, parent in above:
            code = village.code[:length]
            if code not in found:
                found[code] = Place(code=code, name=name, level=level, parent=village.code[:parent])
    Place.objects.bulk_create(found.values(), batch_size=CHUNK)


def main() -> None:
    """Read the command line and fill the site."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("households", type=int)
    parser.add_argument("--persons", type=int, default=2, help="in each household")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiedui_web.config.settings")
    import django

    django.setup()
    begun = time.perf_counter()
    seed(asked.households, persons=asked.persons, seed=asked.seed)
    print(f"{asked.households} households, {asked.persons} persons each: {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
