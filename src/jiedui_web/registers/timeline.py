"""What happened to a record: versions before and after, the imports that brought them, events about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from jiedui_web.accounts.models import User
from jiedui_web.audit.models import Event
from jiedui_web.bridge.declarations import declared
from jiedui_web.language import catalogue, text, this_language
from jiedui_web.registers.facts import Change, Fact, cells_of, changes, headed
from jiedui_web.registers.models import Import, PastRecord, Record
from jiedui_web.registers.reads import LISTED, READ

SHOWN = 100
OF_VERSIONS = ("record.change", "record.make")
"""Events that the versions tell already."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: when, what, by whom, which import brought it, what it changed."""

    at: datetime
    what: str
    who: str = ""
    brought_by: Import | None = None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Stand:
    """The amounts of a helper or recipient from a moment on."""

    since: datetime
    is_present: bool
    facts: tuple[Fact, ...]


def timeline_of(record: Record) -> list[Happening]:
    """Give what happened to a record that somebody may read, the latest first."""
    past = _past(record)
    events = list(
        Event.objects.filter(thing=record.outer_id, kind="record")
        .exclude(action__in=(READ, LISTED))
        .order_by("-pk")[:SHOWN]
    )
    names = _names({one.by for one in past} | {event.actor for event in events})
    found = [*_versions(record, past, names), *_begun(record, past, events, names), *_told(events, names)]
    return sorted(found, key=lambda one: one.at, reverse=True)


def stands_of(record: Record) -> list[Stand]:
    """Give the amounts of a helper or recipient over time, the present first; none without such amounts."""
    one = declared(record.register)
    if not one.history:
        return []
    past = _past(record)
    states: list[Record | PastRecord] = [record, *past]
    names = [name for name in one.history if any(state.body.get(name) is not None for state in states)]
    fields = headed(map(one.field, names))
    since = [*(was.at for was in past), _first_moment(record, past)]
    stands: list[Stand] = []
    for state, moment in zip(states, since, strict=True):
        facts = tuple(cells_of(state, fields))
        if stands and stands[-1].facts == facts:
            stands[-1] = Stand(moment, stands[-1].is_present, facts)
        else:
            stands.append(Stand(moment, is_present=not stands, facts=facts))
    return stands


def base_of(record: Record, version: int) -> Record | PastRecord | None:
    """Give a record as it was at a version."""
    if version == record.version:
        return record
    return PastRecord.objects.filter(record=record, version=version).first()


def _past(record: Record) -> list[PastRecord]:
    rows = PastRecord.objects.filter(record=record).select_related("brought_by", "replaced_by")
    return list(rows.order_by("-version")[:SHOWN])


def _versions(record: Record, past: Sequence[PastRecord], names: dict[str, str]) -> Iterable[Happening]:
    """Give one happening for each change, from the latest."""
    one = declared(record.register)
    now: Record | PastRecord = record
    for was in past:
        found = tuple(changes(one, was, now))
        if found:
            what = "registers.imported_change" if was.replaced_by else "registers.changed"
            yield Happening(was.at, text(what), names.get(was.by, ""), was.replaced_by, found)
        now = was


def _begun(
    record: Record, past: Sequence[PastRecord], events: Sequence[Event], names: dict[str, str]
) -> Iterable[Happening]:
    """Give how the record began: by a person, or by a file."""
    made = next((event for event in events if event.action == "record.make"), None)
    if made:
        yield Happening(made.at, text("registers.made"), names.get(made.actor, ""))
        return
    brought = past[-1].brought_by if past else record.brought_by
    if brought:
        yield Happening(brought.at, text("registers.imported"), names.get(brought.by, ""), brought)


def _told(events: Sequence[Event], names: dict[str, str]) -> Iterable[Happening]:
    """Give the other events about a record."""
    known = catalogue(this_language())
    for event in events:
        if event.action not in OF_VERSIONS:
            what = known.get(f"event.{event.action}", event.action)
            yield Happening(event.at, what, names.get(event.actor, ""))


def _first_moment(record: Record, past: Sequence[PastRecord]) -> datetime:
    brought = past[-1].brought_by if past else record.brought_by
    if brought:
        return brought.at
    made = Event.objects.filter(thing=record.outer_id, action="record.make").first()
    return made.at if made else (past[-1].at if past else record.changed_at)


def _names(outer_ids: Iterable[str]) -> dict[str, str]:
    return dict(User.objects.filter(outer_id__in=set(outer_ids)).values_list("outer_id", "name"))
