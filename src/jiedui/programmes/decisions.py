"""Decisions of people, said in terms of what is paired: whole units, or single places."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.programmes.setting import Grain, Setting


def decisions(setting: Setting, grain: Grain) -> pa.Table | None:
    """Give the decisions as ``recipient``, ``helper``, ``kind``; None where nobody decided.

    A decision on a unit, or on a need of several, binds its places; several helpers demanded for one leave
    each of its places to one of them. A decision on a place binds its whole unit where units stay whole.
    """
    import pyarrow as pa

    members = members_of(setting)
    made = _on_units(setting) if grain == "units" else _on_places(setting, members)
    rows = [dict(zip(("recipient", "helper", "kind"), one, strict=True)) for one in sorted(made)]
    return pa.Table.from_pylist(rows) if rows else None


Decision = tuple[str, str, str]


def members_of(setting: Setting) -> dict[str, list[str]]:
    """Give the places of each unit, and of each recipient that consists of several."""
    members: dict[str, list[str]] = defaultdict(list)
    codes = setting.ids("units")
    for place, unit in zip(setting.places, setting.unit_of, strict=True):
        for owner in {codes[unit], place["recipient"]} - {place["id"]}:
            members[owner].append(place["id"])
    return members


def owners_of(setting: Setting) -> dict[str, str]:
    """Give the unit of each place, and of each recipient that consists of several."""
    codes = setting.ids("units")
    return {
        name: codes[unit]
        for place, unit in zip(setting.places, setting.unit_of, strict=True)
        for name in (place["id"], place["recipient"])
    }


def _on_units(setting: Setting) -> set[Decision]:
    """Say every decision of the unit it is about, or lies in."""
    owner = owners_of(setting)
    return {
        (owner.get(row["recipient"], row["recipient"]), row["helper"], row["kind"]) for row in setting.decided
    }


def _on_places(setting: Setting, members: dict[str, list[str]]) -> set[Decision]:
    """Say every decision of single places."""
    made: set[Decision] = set()
    demanded: dict[str, set[str]] = defaultdict(set)
    for row in setting.decided:
        if row["kind"] != "forbidden":
            demanded[row["recipient"]].add(row["helper"])
    everybody = {row["id"] for row in setting.helpers}
    for row in setting.decided:
        recipient, helper, kind = row["recipient"], row["helper"], row["kind"]
        places = members.get(recipient, [recipient])
        if recipient not in members or kind == "forbidden" or len(demanded[recipient]) == 1:
            made |= {(place, helper, kind) for place in places}
        else:
            others = everybody - demanded[recipient]
            made |= {(place, other, "forbidden") for place in places for other in others}
    return made
