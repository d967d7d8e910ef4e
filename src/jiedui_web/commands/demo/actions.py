"""What the demo writes: places, programmes, records; one event for each programme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from jiedui_web.accounts.actions import System
from jiedui_web.accounts.functions import Level
from jiedui_web.audit.recording import record
from jiedui_web.bridge.declarations import Declaration, declarations
from jiedui_web.places.models import Place, Programme
from jiedui_web.registers.bodies import kept, sealed_values
from jiedui_web.registers.models import Record
from jiedui_web.registers.sealing import index_many, seal_many
from jiedui_web.registers.search import add_to_index

CHUNK = 2000
Rows = list[dict[str, Any]]
Placed = Iterable[tuple[str, list[tuple[str, dict[str, Any]]]]]
"""By register: place code and values of each row."""


@transaction.atomic
def make_programme(*, key: str, values: Mapping[str, Any]) -> Programme:
    """Add a programme."""
    made = Programme.objects.create(key=key, **dict(values))
    record(
        "programme.make", by=System(), kind="programme", thing=key, place_code=made.place_code,
        programme=key, after={"name": made.name},
    )  # fmt: skip
    return made


@transaction.atomic
def add_places(rows: Iterable[tuple[str, str, str]]) -> None:
    """Add places by code, name and English name; level and parent follow from the code."""
    known = set(Place.objects.values_list("code", flat=True))
    places = {code: (name, name_en) for code, name, name_en in rows if code and code not in known}
    Place.objects.bulk_create(
        Place(code=code, name=name, name_en=name_en, level=_level(code), parent=_parent(code))
        for code, (name, name_en) in sorted(places.items())
    )


@transaction.atomic
def add_records(programme: Programme, registers: Placed) -> dict[str, int]:
    """Add records of many registers; gives how many of each. Of rows with one key the first stands."""
    counts: dict[str, int] = {}
    for register, rows in registers:
        made = Record.objects.bulk_create(_records(programme.key, register, rows), batch_size=CHUNK)
        if register in declarations():
            add_to_index(one.pk for one in made)
        counts[register] = len(made)
    record(
        "demo.load", by=System(), kind="programme", thing=programme.key, place_code=programme.place_code,
        programme=programme.key, detail={"counts": counts},
    )  # fmt: skip
    return counts


def _records(programme: str, register: str, rows: list[tuple[str, dict[str, Any]]]) -> Iterator[Record]:
    """Give rows as records, each key once."""
    one = declarations().get(register)
    if one is None:
        yield from _plain(programme, register, rows)
        return
    numbers = [str(row.get(one.id_field) or "") for _, row in rows]
    keys: set[str] = set()
    for (place, row), index, sealed in zip(rows, index_many(numbers), seal_many(numbers), strict=True):
        made = _record(programme, one, place, row, index)
        made.sealed = sealed
        if made.key not in keys:
            keys.add(made.key)
            yield made


def _record(programme: str, one: Declaration, place: str, row: Mapping[str, Any], index: str) -> Record:
    """Give one row of a declared register as a record."""
    found = kept(one, sealed_values(one, row), index)
    return Record(
        programme=programme,
        register=one.name,
        key=found.key,
        place_code=place,
        name=found.name,
        kind=found.kind,
        parent=found.parent,
        body=found.body,
        index_of_id=index,
        changed_at=timezone.now(),
    )


def _plain(programme: str, register: str, rows: list[tuple[str, dict[str, Any]]]) -> Iterator[Record]:
    """Give rows of a table that only pairing reads; its key is the row's number."""
    for number, (place, row) in enumerate(rows):
        yield Record(
            programme=programme, register=register, key=str(number), place_code=place,
            name=str(row.get("name") or "")[:200], body=row, changed_at=timezone.now(),
        )  # fmt: skip


LEVELS = ((2, Level.PROVINCE), (4, Level.PREFECTURE), (6, Level.COUNTY), (9, Level.TOWNSHIP))


def _bare(code: str) -> str:
    """Give a code without the zeros that fill it."""
    return next((code[:signs] for signs, _ in LEVELS if not code[signs:].strip("0")), code)


def _level(code: str) -> Level:
    return dict(LEVELS).get(len(_bare(code)), Level.VILLAGE)


def _parent(code: str) -> str:
    """Give the code of the place above."""
    signs = len(_bare(code))
    return code[: max((one for one, _ in LEVELS if one < signs), default=0)]
