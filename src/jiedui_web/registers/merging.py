"""When two people changed one record: what each of them changed, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiedui_web.bridge.declarations import typed_value
from jiedui_web.registers.facts import Change, label_of, shown

if TYPE_CHECKING:
    from jiedui_web.bridge.declarations import Declaration
    from jiedui_web.registers.forms import RecordForm
    from jiedui_web.registers.models import PastRecord, Record


@dataclass(frozen=True, slots=True)
class Conflict:
    """One value that both changed: as it was shown, as the other left it, as the user wants it."""

    name: str
    label: str
    was: str
    theirs: str
    own: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What both changed, what the other alone changed, and the user's own values as typed."""

    conflicts: tuple[Conflict, ...]
    by_other: tuple[Change, ...]
    own: dict[str, Any]


def merged(one: Declaration, base: Record | PastRecord | None, current: Record, form: RecordForm) -> Merged:
    """Give what two people changed since a version; without it everything typed is the user's own."""
    entered = form.values()
    was = base.body if base else {}
    conflicts: list[Conflict] = []
    by_other: list[Change] = []
    own: dict[str, Any] = {}
    for field in (field for field in one.fields if field.name in entered):
        before, theirs, mine = was.get(field.name), current.body.get(field.name), entered[field.name]
        if mine not in (before, theirs):
            own[field.name] = form.data.get(field.name, "") if field.privacy else typed_value(field, mine)
        if before == theirs:
            continue
        told = (shown(field, before), shown(field, theirs))
        if field.name in own:
            typed = own[field.name]
            conflicts.append(
                Conflict(field.name, label_of(field), *told, typed if field.privacy else shown(field, mine))
            )
        else:
            by_other.append(Change(field.name, label_of(field), *told))
    if form.number:
        own[one.id_field] = form.number
    place = form.cleaned_data["place_code"]
    if base is None or place != base.place_code:
        own["place_code"] = place
    return Merged(tuple(conflicts), tuple(by_other), own)
