"""What lists of other offices say about households that are helped, and faults of projects and villages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import build, choose, join
from jiedui.registers.synthetic.economy import ORDINARY
from jiedui.registers.synthetic.ids import date_texts
from jiedui.registers.synthetic.offices import CARS, FLATS, POSTS, business_names, plates, titles
from jiedui.registers.synthetic.planting import Fault, Told, same_cells
from jiedui.registers.synthetic.schooling import compulsory
from jiedui.registers.tables import REGISTERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from jiedui.registers.synthetic.planting import Planting

    Ints = NDArray[np.int64]
    Days = NDArray[np.datetime64]
    Truths = NDArray[np.bool_]

FEN = 100
HELPED_RATE = 0.006
PLANTED = 800_000
"""Numbers of plates, titles and businesses from here on stand in planted rows."""
TABLES = {table.name: table for table in REGISTERS}


def helped_adults(planting: Planting) -> Truths:
    """Tell which rows of persons are adults of a household that is helped, written down once."""
    draft = planting.draft
    age = planting.of_persons(draft.roster.age)
    helped = planting.of_households(draft.economy.kind) != ORDINARY
    return np.asarray(helped & (age >= 20) & (age < 60) & ~draft.is_copy)


def _car(planting: Planting, rows: Ints) -> Mapping[str, object]:
    number = PLANTED + np.arange(len(rows))
    return {
        "plate": plates(planting.draft.part, number),
        "kind": choose(CARS, rows % len(CARS)),
        "value": planting.rng.integers(60, 200, len(rows)) * 1000 * FEN,
        "registered_on": _days_ago(planting, len(rows), 900),
    }


def _flat(planting: Planting, rows: Ints) -> Mapping[str, object]:
    return {
        "title": titles(planting.draft.part, PLANTED + np.arange(len(rows))),
        "use": choose(FLATS, np.zeros(len(rows), np.int64)),
        "address": join(planting.draft.territory.county, choose(["城东"], rows * 0), "片区"),
        "area": planting.rng.uniform(80, 140, len(rows)).round(2),
        "registered_on": _days_ago(planting, len(rows), 900),
    }


def _post(planting: Planting, rows: Ints) -> Mapping[str, object]:
    return {
        "unit": join(planting.draft.territory.county, choose(["第二中学"], np.zeros(len(rows), np.int64))),
        "post": choose(POSTS, rows % len(POSTS)),
        "since": _days_ago(planting, len(rows), 900),
    }


def _death(planting: Planting, rows: Ints) -> Mapping[str, object]:
    return {
        "died_on": _days_ago(planting, len(rows), 300),
        "source": choose(["民政部门"], np.zeros(len(rows), np.int64)),
    }


def _company(planting: Planting, rows: Ints) -> Mapping[str, object]:
    return {
        "business": business_names(planting.draft, PLANTED + np.arange(len(rows))),
        "capital": planting.rng.integers(10, 50, len(rows)) * 100_000 * FEN,
        "registered_on": _days_ago(planting, len(rows), 900),
    }


def _days_ago(planting: Planting, count: int, most: int) -> object:
    return date_texts(planting.draft.on - planting.rng.integers(60, most, count).astype("m8[D]"))


OFFICE_FAULTS: Mapping[str, tuple[str, Callable[[Planting, Ints], Mapping[str, object]]]] = {
    "owns_car": ("vehicles", _car),
    "owns_flat": ("properties", _flat),
    "on_payroll": ("payroll", _post),
    "dead": ("deaths", _death),
    "owns_business": ("businesses", _company),
}
OFFICE_RATES = dict.fromkeys(OFFICE_FAULTS, HELPED_RATE)


def plant_in_lists(planting: Planting) -> dict[str, Ints]:
    """Add rows to the lists of offices for persons of helped households.

    Returns
    -------
    dict of str to array of int64
        By list: the rows in the table of persons of the rows added, in order.
    """
    import pyarrow as pa

    added = {}
    for family, (name, columns) in OFFICE_FAULTS.items():
        rows = planting.pick(family, "persons", helped_adults(planting))
        persons = planting.tables["persons"].take(pa.array(rows))
        new = build(
            TABLES[name], len(rows), id_number=persons["id_number"], name=persons["name"],
            **columns(planting, rows),
        )  # fmt: skip
        planting.tables[name] = pa.concat_tables([planting.tables[name], new])
        told = Told(family, "persons", rows, planting.open_cases(len(rows)), "id_number")
        planting.tell(told, None, [name] * len(rows))
        added[name] = rows
    return added


def pick_absent(planting: Planting) -> Truths:
    """Choose pupils of compulsory age who are enrolled nowhere; of the roster."""
    draft = planting.draft
    pupil = compulsory(planting.of_persons(draft.people.student)) & ~draft.is_copy
    rows = planting.pick("pupil_not_enrolled", "persons", pupil)
    told = Told("pupil_not_enrolled", "persons", rows, planting.open_cases(len(rows)), "student")
    planting.tell(told, ["enrolled"] * len(rows), None)
    absent = np.zeros(len(draft.roster.seat), bool)
    absent[draft.person[rows]] = True
    return absent


def plant_unrecorded_pupils(planting: Planting) -> None:
    """Record pupils of compulsory age as no pupils while their school has them."""
    draft = planting.draft
    pupil = compulsory(planting.of_persons(draft.people.student)) & ~draft.is_copy
    fault = Fault(
        "enrolled_not_recorded",
        "persons",
        0,
        lambda _: pupil,
        same_cells(student="非在校生"),
    )
    planting.plant(fault)


def plant_missing_aid(planting: Planting, rows: Ints) -> None:
    """Take aid from pupils of helped households.

    Parameters
    ----------
    rows
        For each row of the enrolment the row of the roster, -1 for pupils of elsewhere.
    """
    draft = planting.draft
    household = draft.roster.household[rows]
    free = ~planting.taken["households"][household] & (draft.economy.kind[household] != ORDINARY)
    eligible = (rows >= 0) & free & compulsory(draft.people.student[rows])
    chosen, cases = planting.plant(
        Fault("aid_missing", "enrolment", 0, lambda _: eligible, same_cells(has_aid=False))
    )
    first = np.full(len(draft.roster.seat), -1)
    first[draft.person[::-1]] = np.arange(len(draft.person))[::-1]
    planting.take(household[chosen])
    persons = first[rows[chosen]]
    stage = planting.tables["persons"]["student"].take(persons)
    planting.tell(Told("aid_missing", "persons", persons, cases, "student"), stage, stage)


STRUCTURE_RATES = {
    "pupil_not_enrolled": 0.01, "enrolled_not_recorded": 0.01, "aid_missing": 0.03,
    "split_family": 0.02, "person_in_two_households": 0.004, "person_twice": 0.002,
}  # fmt: skip
