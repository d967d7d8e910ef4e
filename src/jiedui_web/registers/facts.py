"""Values of a record as its reader sees them: in words, with units, numbers of persons covered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape

from jiedui_web.bridge.arrangement import GROUPS
from jiedui_web.bridge.declarations import Declaration, Field, declared, typed_value
from jiedui_web.language import text, this_language
from jiedui_web.registers.models import PastRecord, Record
from jiedui_web.registers.sealing import covered, masked, masked_phone, open_sealed, open_text

Body = Mapping[str, Any]
FIRST_GROUP = "other"
COVERED = "******"
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Fact:
    """One value: the column's name, its heading, the value in words."""

    name: str
    label: str
    shown: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that belong together."""

    name: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; either may be empty."""

    name: str
    label: str
    before: str
    after: str


def words(said: Mapping[str, str]) -> str:
    """Give words in the reader's language."""
    return said.get(this_language()) or said["zh"]


def label_of(field: Field) -> str:
    """Give the heading of a column with its unit."""
    if not field.unit:
        return words(field.words)
    return text("registers.with_unit", heading=words(field.words), unit=words(field.unit))


def shown(field: Field, value: object, *, phone_open: bool = False) -> str:
    """Give a value in words; numbers of persons are covered."""
    if value is None or value == "":
        return ""
    if field.privacy:
        return _private(field, str(value), phone_open=phone_open)
    if isinstance(value, bool):
        return text("site.yes") if value else text("site.no")
    if field.type in {"money", "integer"} and isinstance(value, (int, float)):
        whole, dot, rest = typed_value(field, value).partition(".")
        return f"{int(whole):,}{dot}{rest}"
    typed = typed_value(field, value) if isinstance(value, (str, int, float)) else str(value)
    return covered(typed) if field.type == "text" else typed


def _private(field: Field, value: str, *, phone_open: bool) -> str:
    """Give a number of a person as it is shown."""
    if field.privacy == "id":
        return COVERED
    if field.privacy == "further_id":
        return masked_further(value)
    return value if phone_open else masked_phone(value)


def groups_of(record: Record, *, phone_open: bool) -> list[Group]:
    """Give the facts of a record by the groups of the declaration; empty values are left out."""
    one = declared(record.register)
    found: dict[str, list[Fact]] = {group: [] for group in (FIRST_GROUP, *GROUPS)}
    for field in one.fields:
        if field.privacy == "id":
            value = masked(open_sealed(record.sealed))
        else:
            value = shown(field, record.body.get(field.name), phone_open=phone_open)
        if value:
            found[field.group].append(Fact(field.name, label_of(field), value, is_number(field)))
    return [Group(name, tuple(facts)) for name, facts in found.items() if facts]


def cells_of(record: Record | PastRecord, columns: Sequence[tuple[Field, str]]) -> list[Fact]:
    """Give the cells of a row; columns with their headings, as `headed` gives them."""
    body = record.body
    return [
        Fact(field.name, heading, shown(field, body.get(field.name)) or NOTHING, is_number(field))
        for field, heading in columns
    ]


def headed(columns: Iterable[Field]) -> list[tuple[Field, str]]:
    """Give columns with their headings, escaped once for every row."""
    return [(field, conditional_escape(label_of(field))) for field in columns]


def listed_fields(one: Declaration) -> list[Field]:
    """Give the columns of a list beside the name."""
    return [one.field(name) for name in one.listed if name != one.name_field]


def changes(one: Declaration, was: Record | PastRecord, now: Record | PastRecord) -> list[Change]:
    """Give what differs between two versions of a record, by column in words."""
    found = [
        Change(field.name, label_of(field), shown(field, before), shown(field, after))
        for field in one.fields
        if (before := was.body.get(field.name)) != (after := now.body.get(field.name))
    ]
    if one.id_field and bytes(was.sealed or b"") != bytes(now.sealed or b""):
        found += _changed_identity(one.field(one.id_field), was, now)
    if was.place_code != now.place_code and not any(change.name == "place_code" for change in found):
        found.append(Change("place_code", text("registers.place"), was.place_code, now.place_code))
    return found


def _changed_identity(field: Field, was: Record | PastRecord, now: Record | PastRecord) -> list[Change]:
    before, after = open_sealed(was.sealed), open_sealed(now.sealed)
    if before == after:
        return []
    return [Change(field.name, label_of(field), masked(before), masked(after))]


def masked_further(value: str) -> str:
    """Give a further number covered, sealed or (as one that was never sealed) open."""
    try:
        return masked(open_text(value))
    except ValueError:
        return masked(value)


def is_number(field: Field) -> bool:
    """Whether the values of a column are numbers."""
    return field.type in {"integer", "number", "money"}
