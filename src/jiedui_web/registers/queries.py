"""What is read of the registers: lists, one record, what belongs to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.http import Http404

from jiedui_web.accounts.access import AFTER
from jiedui_web.accounts.functions import Function
from jiedui_web.bridge.declarations import Declaration, declarations, declared
from jiedui_web.registers.models import Record
from jiedui_web.registers.scope import MOST, Scope, after, before, scope_of
from jiedui_web.registers.sealing import index_of
from jiedui_web.registers.search import NUMBER, bare, candidates

if TYPE_CHECKING:
    from jiedui_web.accounts.access import Reach

A_PAGE = 30
OUTER_ID = re.compile(r"[\w-]{1,32}", re.ASCII)
SHORTEST_NUMBER = 3
NUMBERED = tuple(one.name for one in declarations().values() if one.number_field in one.key)
"""Registers whose keys hold a number that somebody may know."""
LIGHT = ("sealed", "index_of_id")
"""Columns that no list needs."""
PLACE, NAME = "place_code", "name"
ORDERS = (PLACE, NAME)
PHONES_OPEN = (Function.ENTER, Function.ATTEST, Function.EXAMINE)
"""Who works with the household sees its whole phone number, on its own page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for; ``after`` and ``before`` are outer ids of the rows beside the page."""

    register: str = ""
    programme: str = ""
    place: str = ""
    kind: str = ""
    query: str = ""
    order: str = PLACE
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: rows, how many there are up to `MOST`, the outer ids that lead on and back."""

    rows: Sequence[Record]
    count: int
    by_name: bool
    """Whether the order by name can be asked for: an index, or so few rows that they are sorted at once."""
    before: str = ""
    after: str = ""

    @property
    def is_capped(self) -> bool:
        """Whether there are more than the count says."""
        return self.count > MOST


def registers_within(reach: Reach) -> list[tuple[Declaration, int]]:
    """Give every register with the number of rows that somebody may read, up to `MOST` and one."""
    scope = scope_of(reach)
    return [(one, scope.count(Record.objects.filter(register=one.name))) for one in declarations().values()]


def page_of(reach: Reach, asked: Asked) -> Page:
    """Give one page of a list."""
    scope = scope_of(reach, place=asked.place, programme=asked.programme)
    if asked.query:
        return _page_of_found(scope, asked)
    rows = Record.objects.defer(*LIGHT)
    if asked.register:
        rows = rows.filter(register=asked.register)
    if asked.kind:
        rows = _of_kind(rows, asked.kind)
    count = scope.count(rows)
    by_name = count <= MOST or (scope.prefixes == {""} and not asked.kind)
    return _cut(scope, rows, asked, count=count, by_name=by_name)


def _page_of_found(scope: Scope, asked: Asked) -> Page:
    """Give one page of what a query finds.

    Register and kind were looked for by the search index; asked for once more, they would lead SQLite away
    from the ids to an index of far more rows.
    """
    ids = found_ids(scope, asked)
    rows = Record.objects.defer(*LIGHT).filter(pk__in=ids)
    count = MOST + 1 if len(ids) > MOST else scope.count(rows)
    return _cut(scope, rows, asked, count=count, by_name=True)


def found_ids(scope: Scope, asked: Asked) -> list[int]:
    """Give the ids of some more than `MOST` records at most that fit a query."""
    registers = (asked.register,) if asked.register else ()
    ids = set(
        candidates(
            asked.query,
            prefixes=scope.prefixes,
            registers=registers,
            kind=asked.kind,
            programme=asked.programme,
        )
    )
    return sorted(ids | _by_number(scope, asked))


def _by_number(scope: Scope, asked: Asked) -> set[int]:
    """Give the ids of records whose key begins with what was typed: a range of the index in each register."""
    ids: set[int] = set()
    typed = asked.query.strip()
    if not NUMBER.fullmatch(bare(typed)) or len(typed) < SHORTEST_NUMBER:
        return ids
    for register in (asked.register,) if asked.register else NUMBERED:
        rows = Record.objects.filter(register=register, key__gte=typed, key__lt=typed + AFTER)
        if asked.kind:
            rows = _of_kind(rows, asked.kind)
        for branch in scope.rows(rows):
            ids.update(branch.order_by().values_list("pk", flat=True)[: MOST + 1])
    return ids


def _of_kind(rows: QuerySet[Record], kind: str) -> QuerySet[Record]:
    """Limit rows to a kind, with the condition of its index: without it SQLite does not use the index."""
    return rows.filter(kind=kind).exclude(kind="")


def found_by_id_number(reach: Reach, number: str) -> list[Record]:
    """Give the records within reach of a whole ID number, or of a key that looks like one."""
    rows = Record.objects.filter(index_of_id=index_of(number)).exclude(index_of_id="")
    found = list(reach.limit(rows).order_by("register", "pk")[:A_PAGE])
    for register in NUMBERED:
        found += reach.limit(Record.objects.filter(register=register, key=number))[:1]
    return found


def records_among(reach: Reach, outer_ids: Sequence[str]) -> list[Record]:
    """Give those of some records that are within reach."""
    return list(reach.limit(Record.objects.filter(outer_id__in=outer_ids)).order_by("register", "pk"))


def record_within(reach: Reach, outer_id: str, *functions: Function) -> Record:
    """Give one record that any of the functions (without one: of those that read) reaches.

    Raises
    ------
    Http404
        If there is none, or not within reach.
    """
    rows = Record.objects.select_related("brought_by").filter(outer_id=outer_id)
    found = rows.first()
    if found is None or not reach.covers(found.place_code, found.programme, *functions):
        raise Http404
    return found


def members_of(reach: Reach, record: Record) -> list[Record]:
    """Give the persons of a household."""
    if record.register != "households":
        return []
    rows = Record.objects.filter(programme=record.programme, register="persons", parent=record.key)
    return list(reach.limit(rows).order_by("pk"))


def household_of(reach: Reach, record: Record) -> Record | None:
    """Give the household that a record belongs to."""
    if not record.parent:
        return None
    rows = Record.objects.filter(programme=record.programme, register="households", key=record.parent)
    return reach.limit(rows).first()


def register_named(name: str) -> Declaration:
    """Give a register.

    Raises
    ------
    Http404
        If there is none.
    """
    if name not in declarations():
        raise Http404
    return declared(name)


def _cut(scope: Scope, rows: QuerySet[Record], asked: Asked, *, count: int, by_name: bool) -> Page:
    """Cut one page out of rows: behind or ahead of a row, or the first."""
    column = asked.order if asked.order == NAME and by_name else PLACE
    stop = _stop(scope, asked.after or asked.before)
    back = bool(asked.before and not asked.after and stop)
    if stop:
        value = getattr(stop, column)
        rows = rows.filter(before(column, value, stop.pk) if back else after(column, value, stop.pk))
    found = scope.first(rows, A_PAGE + 1, by=f"-{column}" if back else column)
    shown, more = found[:A_PAGE], len(found) > A_PAGE
    if back:
        shown = shown[::-1]
    ends = (shown[0].outer_id, shown[-1].outer_id) if shown else ("", "")
    return Page(
        rows=shown,
        count=count,
        by_name=by_name,
        before=ends[0] if (more if back else stop) else "",
        after=ends[1] if back or more else "",
    )


def _stop(scope: Scope, outer_id: str) -> Record | None:
    """Give the row where a page begins, if it is within reach."""
    rows = Record.objects.filter(outer_id=outer_id) if OUTER_ID.fullmatch(outer_id) else Record.objects.none()
    return next((one for branch in scope.rows(rows) for one in branch), None)
