"""The tables of one county, its faults planted, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import choose
from jiedui.registers.synthetic.damage import damage_names
from jiedui.registers.synthetic.household_faults import HOUSEHOLD_FAULTS
from jiedui.registers.synthetic.household_rows import cadre_rows, household_rows, person_rows
from jiedui.registers.synthetic.list_faults import (
    OFFICE_FAULTS,
    OTHER_FAULTS,
    pick_absent,
    plant_in_lists,
    plant_missing_aid,
    plant_unrecorded_pupils,
)
from jiedui.registers.synthetic.offices import OFFICES
from jiedui.registers.synthetic.person_faults import PERSON_FAULTS
from jiedui.registers.synthetic.planting import Planting, row_keys
from jiedui.registers.synthetic.schooling import enrolment_rows, school_rows
from jiedui.registers.synthetic.village_rows import (
    LEGAL,
    authorisation_rows,
    project_rows,
    source_rows,
    village_rows,
)
from jiedui.registers.tables import REGISTERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.registers.synthetic.draft import Draft
    from jiedui.registers.synthetic.offices import OfficeList

    Ints = NDArray[np.int64]

COMPARES = {family: table for family, (table, _) in OFFICE_FAULTS.items()} | dict.fromkeys(
    ("pupil_not_enrolled", "enrolled_not_recorded", "aid_missing"), "enrolment"
)
"""The list that finds a fault, where one is needed."""
UNKNOWN_VILLAGE = "village_unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """The tables of one county and the truth about them."""

    tables: Mapping[str, pa.Table]
    truth: pa.Table
    people: pa.Table


def write_part(draft: Draft, rates: Mapping[str, float], offsets: Mapping[str, int]) -> Part:
    """Give the tables of a county.

    Parameters
    ----------
    offsets
        By table: how many rows stand before this county's.
    """
    planting, lists = _plant(draft, rates)
    order = [table.name for table in REGISTERS]
    tables = {name: planting.tables[name] for name in order}
    return Part(tables, _truth(planting), _people(planting, lists, offsets))


def _plant(draft: Draft, rates: Mapping[str, float]) -> tuple[Planting, dict[str, tuple[Ints, list[str]]]]:
    """Write the clean tables and plant the faults; give who stands in each list and how damaged."""
    cadres, helper, unit = cadre_rows(draft)
    authorisations, authorised = authorisation_rows(draft)
    tables = {
        "villages": village_rows(draft),
        "households": household_rows(draft, helper, unit),
        "persons": person_rows(draft),
        "projects": project_rows(draft),
        "cadres": cadres,
        "authorisations": authorisations,
        "data_sources": source_rows(draft.on),
    }
    planting = Planting(draft, tables, rates, authorised)
    _tell_misplaced(planting)
    made: dict[str, OfficeList] = {}
    absent = pick_absent(planting)
    tables["enrolment"], made["enrolment"], school = enrolment_rows(draft, rates["damaged"], absent)
    tables["schools"] = school_rows(draft, school)
    for name, write in OFFICES.items():
        tables[name], made[name] = write(draft, rates["damaged"])
    plant_unrecorded_pupils(planting)
    plant_missing_aid(planting, made["enrolment"].rows)
    added = plant_in_lists(planting)
    for fault in (*HOUSEHOLD_FAULTS, *PERSON_FAULTS, *OTHER_FAULTS):
        planting.plant(fault)
    _move_members(planting)
    lists = {name: (listed.person, listed.damage) for name, listed in made.items()}
    for name, rows in added.items():
        person, damage = lists[name]
        more = draft.first_person + draft.person[rows]
        lists[name] = np.r_[person, more], [*damage, *[""] * len(rows)]
    return planting, lists


def _move_members(planting: Planting) -> None:
    """Let the members of a household whose village is unknown stand in the same unknown village."""
    households = [rows for family, _, rows, *_ in planting.told if family == UNKNOWN_VILLAGE]
    rows = np.flatnonzero(np.isin(planting.draft.row_household, np.concatenate([*households, []])))
    village = planting.tables["households"]["village"].take(planting.draft.row_household[rows])
    planting.change(UNKNOWN_VILLAGE, "persons", rows, "village", village)


def _tell_misplaced(planting: Planting) -> None:
    """Write down the split families and the persons written twice, whose names are made to differ."""
    draft = planting.draft
    split = np.flatnonzero(draft.origin != np.arange(draft.count))
    planting.take(np.r_[split, draft.origin[split]])
    both = np.r_[split, draft.origin[split]]
    origin = draft.household.take(draft.origin[both])
    planting.tell(
        "split_family", "households", both, column="household", was=origin, now=draft.household.take(both)
    )
    copies = np.flatnonzero(draft.is_copy)
    home = draft.roster.household[draft.person[copies]]
    here = draft.row_household[copies]
    planting.take(np.r_[home, here])
    elsewhere = home != here
    for family, rows in (
        ("person_in_two_households", copies[elsewhere]),
        ("person_twice", copies[~elsewhere]),
    ):
        first = np.flatnonzero(~draft.is_copy & np.isin(draft.person, draft.person[rows]))
        both = np.r_[rows, first]
        homes = draft.household.take(draft.roster.household[draft.person[both]])
        now = draft.household.take(draft.row_household[both])
        planting.tell(family, "persons", both, column="household", was=homes, now=now)
    _vary_copies(planting, copies, elsewhere)


def _vary_copies(planting: Planting, copies: Ints, elsewhere: Ints) -> None:
    """Write a third of the names of those in two households and all of those written twice another way."""
    persons = planting.tables["persons"]
    varied = copies[~elsewhere | (planting.rng.random(len(copies)) < 0.33)]
    names, _ = damage_names(persons["name"].take(varied).to_pylist(), planting.rng)
    twice = set(copies[~elsewhere].tolist())
    old = persons["name"].take(varied).to_pylist()
    marked = [
        name if name != was or row not in twice else was + was[-1]
        for name, was, row in zip(names, old, varied.tolist(), strict=True)
    ]
    planting.change("person_name_varied", "persons", varied, "name", marked)
    elsewhere_rows = copies[elsewhere]
    planting.change("person_moved", "persons", elsewhere_rows, "relation", ["其他"] * len(elsewhere_rows))


def _truth(planting: Planting) -> pa.Table:
    """Give what was planted, one row a cell."""
    import pyarrow as pa

    draft = planting.draft
    held = {source: np.ones(draft.count, bool) for source in LEGAL}
    pieces = [_piece(planting, told, held) for told in planting.told if len(told[2])]
    return (
        pa.concat_tables(pieces)
        if pieces
        else _piece(
            planting,
            ("", "persons", np.zeros(0, np.int64), "", pa.nulls(0, pa.string()), pa.nulls(0, pa.string())),
            held,
        )
    )


def _piece(
    planting: Planting,
    told: tuple[str, str, Ints, str, pa.Array, pa.Array],
    legal: Mapping[str, object],
) -> pa.Table:
    import pyarrow as pa

    family, table, rows, column, was, now = told
    same = np.zeros(len(rows), np.int64)
    comparable = np.ones(len(rows), bool)
    if family in COMPARES and COMPARES[family] not in legal:
        comparable = planting.authorised[planting.draft.row_household[rows]]
    return pa.table(
        {
            "family": choose([family], same),
            "table": choose([table], same),
            "row_key": row_keys(table, planting.tables[table].take(rows)),
            "column": choose([column], same),
            "was": was,
            "is": now,
            "comparable": comparable,
        }
    )


def _people(
    planting: Planting, lists: Mapping[str, tuple[Ints, list[str]]], offsets: Mapping[str, int]
) -> pa.Table:
    """Give who is who over the lists."""
    import pyarrow as pa

    draft = planting.draft
    persons = draft.first_person + draft.person
    damage = np.where(draft.is_copy, "copy", "").tolist()
    pieces = []
    for name, (person, how) in {"persons": (persons, damage), **lists}.items():
        rows = planting.tables[name]
        pieces.append(
            pa.table(
                {
                    "table": choose([name], np.zeros(len(person), np.int64)),
                    "row": offsets.get(name, 0) + np.arange(len(person)),
                    "row_key": row_keys(name, rows),
                    "person": person,
                    "damage": pa.array(how, pa.string()),
                }
            )
        )
    return pa.concat_tables(pieces)
