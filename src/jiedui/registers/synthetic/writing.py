"""The tables of one county, its faults planted, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.cadres import cadre_rows
from jiedui.registers.synthetic.consequences import CONSEQUENCES, tell_copies, tell_split_families
from jiedui.registers.synthetic.household_faults import HOUSEHOLD_FAULTS
from jiedui.registers.synthetic.household_rows import household_rows, person_rows
from jiedui.registers.synthetic.life_faults import LIFE_FAULTS
from jiedui.registers.synthetic.list_faults import (
    pick_absent,
    plant_in_lists,
    plant_missing_aid,
    plant_unrecorded_pupils,
)
from jiedui.registers.synthetic.offices import OFFICES
from jiedui.registers.synthetic.other_faults import OTHER_FAULTS
from jiedui.registers.synthetic.person_faults import PERSON_FAULTS
from jiedui.registers.synthetic.planting import Planting
from jiedui.registers.synthetic.recording_faults import RECORDING_FAULTS
from jiedui.registers.synthetic.schooling import enrolment_rows, school_rows
from jiedui.registers.synthetic.truth import tell_people, tell_truth
from jiedui.registers.synthetic.village_rows import (
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
    from jiedui.registers.synthetic.office_list import OfficeList

    Ints = NDArray[np.int64]


SIMPLE_FAULTS = (*HOUSEHOLD_FAULTS, *RECORDING_FAULTS, *PERSON_FAULTS, *LIFE_FAULTS, *OTHER_FAULTS)
"""Faults that change cells only, in the order in which they are planted."""


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
    return Part(tables, tell_truth(planting), tell_people(planting, lists, offsets))


def _plant(draft: Draft, rates: Mapping[str, float]) -> tuple[Planting, dict[str, tuple[Ints, list[str]]]]:
    """Write the clean tables and plant the faults; give who stands in each list and how damaged."""
    authorisations, authorised = authorisation_rows(draft)
    tables = _clean_tables(draft) | {"authorisations": authorisations}
    planting = Planting(draft, tables, rates, authorised)
    tell_split_families(planting)
    tell_copies(planting)
    made: dict[str, OfficeList] = {}
    absent = pick_absent(planting)
    tables["enrolment"], made["enrolment"], school = enrolment_rows(draft, rates["damaged"], absent)
    tables["schools"] = school_rows(draft, school)
    for name, write in OFFICES.items():
        tables[name], made[name] = write(draft, rates["damaged"])
    plant_unrecorded_pupils(planting)
    plant_missing_aid(planting, made["enrolment"].rows)
    added = plant_in_lists(planting)
    for fault in SIMPLE_FAULTS:
        rows, cases = planting.plant(fault)
        if fault.family in CONSEQUENCES:
            CONSEQUENCES[fault.family](planting, rows, cases)
    return planting, _who_is_listed(draft, made, added)


def _clean_tables(draft: Draft) -> dict[str, pa.Table]:
    """Give the tables that stand on no list of another office."""
    cadres, helper, unit = cadre_rows(draft)
    return {
        "villages": village_rows(draft),
        "households": household_rows(draft, helper, unit),
        "persons": person_rows(draft),
        "projects": project_rows(draft),
        "cadres": cadres,
        "data_sources": source_rows(draft.on),
    }


def _who_is_listed(
    draft: Draft, made: Mapping[str, OfficeList], added: Mapping[str, Ints]
) -> dict[str, tuple[Ints, list[str]]]:
    """Give the persons of each list and how they are damaged, those of planted rows last."""
    lists = {name: (listed.person, listed.damage) for name, listed in made.items()}
    for name, rows in added.items():
        person, damage = lists[name]
        more = draft.first_person + draft.person[rows]
        lists[name] = np.r_[person, more], [*damage, *[""] * len(rows)]
    return lists
