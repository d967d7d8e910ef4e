"""What changes one record: only what differs, only against the version that was looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from jiedui_web.audit.recording import record as add_event
from jiedui_web.bridge.declarations import Declaration, declared
from jiedui_web.registers.bodies import kept, seal_and_index, sealed_values
from jiedui_web.registers.facts import COVERED
from jiedui_web.registers.models import PastRecord, Record
from jiedui_web.registers.sealing import covered, open_sealed, plain
from jiedui_web.registers.search import add_to_index

if TYPE_CHECKING:
    from jiedui_web.audit.recording import Actor


class StaleError(Exception):
    """Somebody else changed the record in the meantime."""

    def __init__(self, current: Record) -> None:
        super().__init__(f"{current.outer_id} is at version {current.version}")
        self.current = current


class TakenError(Exception):
    """There is a record with this key already."""


@transaction.atomic
def make_record(
    *, by: Actor, register: str, programme: str, place_code: str, values: Mapping[str, Any], number: str = ""
) -> Record:
    """Add one record.

    Parameters
    ----------
    number
        The whole ID number, where the register has one.

    Raises
    ------
    TakenError
        If the programme's register holds the key already.
    """
    one = declared(register)
    sealed, index = seal_and_index(number)
    found = kept(one, sealed_values(one, _placed(one, values, place_code)), index)
    try:
        with transaction.atomic():
            made = Record.objects.create(
                programme=programme,
                register=register,
                key=found.key,
                place_code=place_code,
                name=found.name,
                kind=found.kind,
                parent=found.parent,
                body=found.body,
                sealed=sealed,
                index_of_id=index,
                changed_at=timezone.now(),
            )
    except IntegrityError:
        raise TakenError from None
    add_to_index([made.pk])
    _tell("record.make", made, by=by, after=_told(one, found.body, found.body))
    return made


@transaction.atomic
def change_record(
    record: Record,
    *,
    by: Actor,
    version: int,
    values: Mapping[str, Any],
    place_code: str = "",
    number: str = "",
) -> Record:
    """Change what differs; without a difference nothing happens.

    Parameters
    ----------
    version
        The version that was looked at.
    values
        The columns to change; None empties one.
    place_code, number
        A new place, a new whole ID number; empty keeps the old.

    Raises
    ------
    StaleError
        If the record is no longer at that version, or was ended.
    TakenError
        If the change gives it the key of another.
    """
    one = declared(record.register)
    held = Record.objects.select_for_update().get(pk=record.pk)
    place = place_code or held.place_code
    renewed = bool(number) and plain(number) != open_sealed(held.sealed)
    changed = {
        name: value
        for name, value in _placed(one, values, place if place_code else "").items()
        if value != held.body.get(name)
    }
    if not changed and not renewed and place == held.place_code:
        return held
    if held.version != version or held.ended_on is not None:
        raise StaleError(held)
    sealed, index = seal_and_index(number) if renewed else (held.sealed, held.index_of_id)
    found = kept(one, held.body | sealed_values(one, changed), index)
    _keep_past(held, by=by)
    columns = {"key": found.key, "name": found.name, "kind": found.kind, "parent": found.parent}
    try:
        with transaction.atomic():
            Record.objects.filter(pk=held.pk, version=version).update(
                **columns,
                body=found.body,
                place_code=place,
                sealed=sealed,
                index_of_id=index,
                version=version + 1,
                brought_by=None,
                changed_at=timezone.now(),
            )
    except IntegrityError:
        raise TakenError from None
    add_to_index([held.pk])
    before, after = _told(one, changed, held.body), _told(one, changed, found.body)
    if renewed:
        before[one.id_field], after[one.id_field] = COVERED, COVERED
    if place != held.place_code:
        before["place_code"], after["place_code"] = held.place_code, place
    _tell("record.change", held, by=by, before=before, after=after)
    return Record.objects.get(pk=held.pk)


@transaction.atomic
def end_record(record: Record, *, by: Actor, version: int, on: date) -> Record:
    """End a record from a day on: it stays, with its history; ended again, nothing changes.

    Raises
    ------
    StaleError
        If the record is no longer at that version.
    """
    held = Record.objects.select_for_update().get(pk=record.pk)
    if held.ended_on is not None:
        return held
    if held.version != version:
        raise StaleError(held)
    _keep_past(held, by=by)
    Record.objects.filter(pk=held.pk, version=version).update(
        ended_on=on, version=version + 1, changed_at=timezone.now()
    )
    _tell("record.end", held, by=by, after={"ended_on": on.isoformat()})
    return Record.objects.get(pk=held.pk)


def _placed(one: Declaration, values: Mapping[str, Any], place_code: str) -> dict[str, Any]:
    """Give values with the place in its own column, where the register has one."""
    if place_code and one.has("place_code"):
        return dict(values) | {"place_code": place_code}
    return dict(values)


def _keep_past(held: Record, *, by: Actor) -> None:
    PastRecord.objects.create(
        record=held,
        version=held.version,
        body=held.body,
        sealed=held.sealed,
        index_of_id=held.index_of_id,
        place_code=held.place_code,
        brought_by=held.brought_by,
        by=by.outer_id,
        at=timezone.now(),
    )


def _told(one: Declaration, names: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """Give values as an event keeps them: numbers of persons covered."""
    secret = {field.name for field in one.fields if field.privacy}
    return {name: _covered(body.get(name), is_secret=name in secret) for name in names}


def _covered(value: object, *, is_secret: bool) -> object:
    """Give a value without a number of a person."""
    if is_secret and value:
        return COVERED
    return covered(value) if isinstance(value, str) else value


def _tell(
    action: str,
    held: Record,
    *,
    by: Actor,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    add_event(
        action,
        by=by,
        kind="record",
        thing=held.outer_id,
        place_code=held.place_code,
        programme=held.programme,
        before=before,
        after=after,
        detail={"register": held.register, "version": held.version},
    )
