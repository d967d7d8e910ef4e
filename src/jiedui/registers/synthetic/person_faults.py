"""Faults in the table of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import join
from jiedui.registers.synthetic.families import FATHER, HEAD, MOTHER, SPOUSE, YEAR
from jiedui.registers.synthetic.ids import calendar_numbers, date_texts, with_check_digit
from jiedui.registers.synthetic.people import SEVERE
from jiedui.registers.synthetic.planting import person_fault, same_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.registers.synthetic.planting import Planting

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

SELDOM = 0.0015
REISSUED = 6000
"""Added to the county's code in ID numbers that belong to nobody of the roster."""


def members(planting: Planting) -> Truths:
    """Tell who is a member other than the head, in a household where nothing else is known to be wrong."""
    draft = planting.draft
    return np.asarray((draft.roster.seat[draft.person] != HEAD) & ~draft.is_copy)


def not_disabled(planting: Planting) -> Truths:
    """Tell which members have no disability certificate: nothing else repeats their ID number."""
    return members(planting) & ~planting.of_persons(planting.draft.people.disabled)


def aged(low: float, high: float) -> Callable[[Planting], Truths]:
    """Tell which members without a certificate are of an age, years."""

    def eligible(planting: Planting) -> Truths:
        age = planting.of_persons(planting.draft.roster.age)
        return not_disabled(planting) & (age >= low) & (age < high)

    return eligible


def _wrong_check_digit(planting: Planting, rows: Ints) -> Mapping[str, object]:
    return {"id_number": wrong_last_signs(planting.tables["persons"]["id_number"].take(rows))}


def wrong_last_signs(numbers: pa.ChunkedArray) -> list[str]:
    """Give ID numbers with another check digit than the right one."""
    return [
        one[:17] + ("0" if one[17] == "X" else str((int(one[17]) + 3) % 10)) for one in numbers.to_pylist()
    ]


def _other_birth(planting: Planting, rows: Ints) -> Mapping[str, object]:
    born = planting.draft.born[planting.draft.person[rows]]
    return {"born_on": date_texts(born - planting.rng.integers(400, 900, len(rows)).astype("m8[D]"))}


def _other_sex(planting: Planting, rows: Ints) -> Mapping[str, object]:
    male = planting.of_persons(planting.draft.roster.male)[rows]
    return {"sex": ["女" if one else "男" for one in male]}


def _parent_younger(planting: Planting, rows: Ints) -> Mapping[str, object]:
    """Give a parent of the head a birth five years after the head's, with an ID number that fits."""
    draft = planting.draft
    head = draft.heads[draft.row_household[rows]]
    born = draft.born[head] + np.timedelta64(int(5 * YEAR), "D")
    male = planting.of_persons(draft.roster.male)[rows]
    sequence = 2 * (rows % 500) + male
    number = (draft.territory.code + REISSUED) * 10**11 + calendar_numbers(born) * 1000 + sequence
    return {"born_on": date_texts(born), "id_number": with_check_digit(number)}


def _parents(planting: Planting) -> Truths:
    draft = planting.draft
    head_age = draft.roster.age[draft.heads][draft.row_household]
    parent = np.isin(draft.roster.seat[draft.person], (FATHER, MOTHER)) & (head_age > 30)
    return parent & not_disabled(planting)


def _digit_in_name(planting: Planting, rows: Ints) -> Mapping[str, object]:
    return {"name": join(planting.tables["persons"]["name"].take(rows).combine_chunks(), "1")}


def _heads(planting: Planting) -> Truths:
    draft = planting.draft
    return np.asarray(
        (draft.roster.seat[draft.person] == HEAD)
        & ~draft.is_copy
        & (draft.economy.size[draft.row_household] > 1)
    )


def _spouses(planting: Planting) -> Truths:
    return np.asarray((planting.of_persons(planting.draft.roster.seat) == SPOUSE) & ~planting.draft.is_copy)


def _disabled(planting: Planting) -> Truths:
    return np.asarray(members(planting) & planting.of_persons(planting.draft.people.disabled))


def _severely_ill(planting: Planting) -> Truths:
    age = planting.of_persons(planting.draft.roster.age)
    ill = planting.of_persons(planting.draft.people.health) == SEVERE
    return np.asarray(members(planting) & ill & (age >= 16) & (age < 70))


def _child(planting: Planting) -> Truths:
    """Tell who is a child where somebody else earns wages."""
    return np.asarray(aged(6, 15)(planting) & (planting.of_households(planting.draft.economy.wages) > 0))


def _old(planting: Planting) -> Truths:
    age = planting.of_persons(planting.draft.roster.age)
    earned = planting.of_households(planting.draft.economy.wages) > 0
    return np.asarray(members(planting) & (age > 77) & earned)


PERSON_FAULTS = (
    person_fault("id_check_digit", SELDOM, not_disabled, _wrong_check_digit),
    person_fault("id_missing", SELDOM, not_disabled, same_cells(id_number=None)),
    person_fault("id_birth", SELDOM, aged(20, 60), _other_birth),
    person_fault("id_sex", SELDOM, members, _other_sex),
    person_fault("name_digit", SELDOM, members, _digit_in_name),
    person_fault("ethnicity_unknown", SELDOM, members, same_cells(ethnicity="未知族")),
    person_fault("two_heads", SELDOM, _spouses, same_cells(relation="户主")),
    person_fault("no_head", SELDOM, _heads, same_cells(relation="其他")),
    person_fault("parent_younger", 0.01, _parents, _parent_younger),
    person_fault("child_at_work", 0.005, _child, same_cells(labour="普通劳动力", work_months=6)),
    person_fault("pupil_too_old", SELDOM, aged(30, 55), same_cells(student="七年级")),
    person_fault("no_insurance", SELDOM, members, same_cells(has_insurance=False)),
    person_fault("disabled_without_number", 0.03, _disabled, same_cells(disability_number=None)),
    person_fault("ill_yet_able", 0.05, _severely_ill, same_cells(labour="普通劳动力")),
    person_fault("no_labour_at_work", 0.01, _old, same_cells(labour="无劳动力", work_months=12)),
)
