"""What a solving is computed from: the records of a programme, its settings, what people decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Min

from jiedui_web.accounts.models import User
from jiedui_web.bridge.pairing_folder import REGISTERS, Inputs
from jiedui_web.pairs.models import HumanDecision, Pairing
from jiedui_web.places.models import Programme
from jiedui_web.registers.models import Record

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """Inputs, and the place code of each recipient."""

    inputs: Inputs
    places: Mapping[str, str]

    def place_of(self, recipient: str) -> str:
        """Give the place code of a recipient, or of the need that it is a part of."""
        return self.places.get(recipient) or self.places.get(recipient.rpartition("/")[0], "")


@transaction.atomic
def inputs_of(programme: Programme) -> Found:
    """Gather all that the proposals of a programme are computed from, as of one moment."""
    rows, places = _records(programme)
    rows["pairings"] = _pairings(programme, rows)
    return Found(Inputs(programme.settings, rows, _decided(programme)), places)


def _records(programme: Programme) -> tuple[dict[str, Rows], dict[str, str]]:
    """Give the rows by register, and the place codes of what is paired."""
    rows: dict[str, Rows] = {name: [] for name in REGISTERS}
    places: dict[str, str] = {}
    found = Record.objects.filter(programme=programme.key, register__in=REGISTERS).order_by("pk")
    for register, body, place_code in found.values_list("register", "body", "place_code").iterator():
        rows[register].append(body)
        if register == "recipients":
            places[body["id"]] = place_code
        elif register == "units":
            places[body["code"]] = place_code
    return rows, places


def _pairings(programme: Programme, rows: Mapping[str, Rows]) -> Rows:
    """Give the pairs of the register, which end where pairs decided here begin, and those."""
    listed = rows["pairings"]
    decided = Pairing.objects.filter(programme=programme.key, choice__isnull=False)
    first = decided.aggregate(first=Min("valid_from"))["first"]
    whole = {row["code"] for row in rows["units"]} or {row["id"] for row in rows["recipients"]}
    own = [one for one in decided.order_by("valid_from", "pk") if one.recipient in whole]
    if first is None or not own:
        return listed
    ended = [
        row
        | ({} if row.get("valid_to") and row["valid_to"] <= first.isoformat() else {"valid_to": str(first)})
        for row in listed
        if row["valid_from"] <= first.isoformat()
    ]
    return [*ended, *(_as_row(one) for one in own)]


def _as_row(one: Pairing) -> dict[str, Any]:
    """Give a pairing as the register of pairings has it."""
    end = {"valid_to": one.valid_to.isoformat()} if one.valid_to else {}
    return {
        "helper": one.helper,
        "recipient": one.recipient,
        "valid_from": one.valid_from.isoformat(),
        "source_grade": "seen",
    } | end


def _decided(programme: Programme) -> Rows:
    """Give the decisions in force, each with the name of who decided."""
    held = HumanDecision.objects.filter(programme=programme.key, withdrawn_at__isnull=True).order_by("pk")
    names = dict(User.objects.filter(outer_id__in=held.values("by")).values_list("outer_id", "name"))
    return [
        {
            "kind": one.kind,
            "helper": one.helper,
            "recipient": one.recipient,
            "who": names.get(one.by) or one.by,
            "why": one.why,
        }
        for one in held
    ]
