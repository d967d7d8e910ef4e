"""Faults of persons about age, school, disability, work: what cannot be so, or not yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import texts_without_last
from jiedui.registers.synthetic.damage import missing_digit, old_number
from jiedui.registers.synthetic.economy import ORDINARY
from jiedui.registers.synthetic.families import FIRST, HEAD, SPOUSE, THIRD, YEAR
from jiedui.registers.synthetic.ids import calendar_numbers, date_texts, with_check_digit
from jiedui.registers.synthetic.person_faults import REISSUED, aged, members, not_disabled
from jiedui.registers.synthetic.planting import person_fault, same_cells
from jiedui.registers.synthetic.recording_faults import FUTURE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from jiedui.registers.synthetic.planting import Planting

    Ints = NDArray[np.int64]
    Days = NDArray[np.datetime64]
    Truths = NDArray[np.bool_]

SELDOM = 0.0012
MONTH_13, DAY_31 = 1300, 31


def _reborn(
    born: Callable[[Planting, Ints], Days], more: int
) -> Callable[[Planting, Ints], Mapping[str, object]]:
    """Give another birth date, and an ID number that fits it."""

    def change(planting: Planting, rows: Ints) -> Mapping[str, object]:
        days = born(planting, rows)
        male = planting.of_persons(planting.draft.roster.male)[rows]
        place = planting.draft.territory.code + REISSUED + more
        number = place * 10**11 + calendar_numbers(days) * 1000 + 2 * (rows % 500) + male
        return {"born_on": date_texts(days), "id_number": with_check_digit(number)}

    return change


def _birth(planting: Planting, rows: Ints) -> Days:
    return planting.draft.born[planting.draft.person[rows]]


def _head_birth(planting: Planting, rows: Ints) -> Days:
    return planting.draft.born[planting.draft.heads[planting.draft.row_household[rows]]]


def _impossible_day(planting: Planting, rows: Ints) -> Mapping[str, object]:
    """Give an ID number born on the 31st of a thirteenth month."""
    year = calendar_numbers(_birth(planting, rows)) // 10_000 * 10_000
    male = planting.of_persons(planting.draft.roster.male)[rows]
    place = planting.draft.territory.code + REISSUED + 50
    number = place * 10**11 + (year + MONTH_13 + DAY_31) * 1000 + 2 * (rows % 500) + male
    return {"id_number": with_check_digit(number)}


def _rewritten(way: Callable[[str, float], str]) -> Callable[[Planting, Ints], Mapping[str, object]]:
    def change(planting: Planting, rows: Ints) -> Mapping[str, object]:
        numbers = planting.tables["persons"]["id_number"].take(rows).to_pylist()
        draws = planting.rng.random(len(rows))
        return {"id_number": [way(one, float(draw)) for one, draw in zip(numbers, draws, strict=True)]}

    return change


def _spouses(planting: Planting) -> Truths:
    return _sat(planting, SPOUSE, SPOUSE)


def _grown_children(planting: Planting) -> Truths:
    age = planting.of_persons(planting.draft.roster.age)
    return np.asarray(_sat(planting, FIRST, THIRD) & (age >= 22))


def _sat(planting: Planting, first: int, last: int) -> Truths:
    seat = planting.of_persons(planting.draft.roster.seat)
    return np.asarray(not_disabled(planting) & (seat >= first) & (seat <= last))


def _born_in_last_century(planting: Planting) -> Truths:
    return np.asarray(aged(30, 70)(planting) & (planting.of_persons(planting.draft.roster.seat) != HEAD))


def _disabled(planting: Planting) -> Truths:
    """Tell who is disabled in a household that nobody helps."""
    draft = planting.draft
    ordinary = planting.of_households(draft.economy.kind) == ORDINARY
    return np.asarray(members(planting) & ordinary & planting.of_persons(draft.people.disabled))


def _working(planting: Planting) -> Truths:
    return np.asarray(members(planting) & (planting.of_persons(planting.draft.people.months) > 0))


def _short_certificate(planting: Planting, rows: Ints) -> Mapping[str, object]:
    return {
        "disability_number": texts_without_last(planting.tables["persons"]["disability_number"].take(rows))
    }


def _other_certificate(planting: Planting, rows: Ints) -> Mapping[str, object]:
    """Give a certificate number made of an ID number that nobody has."""
    number = (planting.draft.territory.code + REISSUED + 60) * 10**11 + 19700101000 + rows % 1000
    return {"disability_number": [one + "41" for one in with_check_digit(number).to_pylist()]}


def _other_village(planting: Planting, rows: Ints) -> Mapping[str, object]:
    draft = planting.draft
    names = np.array(draft.territory.villages, object)
    own = draft.village[draft.row_household[rows]]
    return {"village": [str(name) for name in names[(own + 1) % len(names)]]}


def _several_villages(planting: Planting) -> Truths:
    draft = planting.draft
    names = np.array(draft.territory.villages, object)
    own = draft.village[draft.row_household]
    return np.asarray(members(planting) & (names[own] != names[(own + 1) % len(names)]))


def _years_after_head(years: float) -> Callable[[Planting, Ints], Days]:
    return lambda planting, rows: _head_birth(planting, rows) + np.timedelta64(int(years * YEAR), "D")


def _years_before(years: float) -> Callable[[Planting, Ints], Days]:
    return lambda planting, rows: _birth(planting, rows) - np.timedelta64(int(years * YEAR), "D")


def _seventeen(planting: Planting, rows: Ints) -> Days:
    return planting.draft.on - (17 * 365 + rows % 200).astype("m8[D]")


LIFE_FAULTS = (
    person_fault("id_short", SELDOM, not_disabled, _rewritten(missing_digit)),
    person_fault("id_old", SELDOM, _born_in_last_century, _rewritten(old_number)),
    person_fault("id_impossible_day", SELDOM, not_disabled, _impossible_day),
    person_fault("spouse_too_young", SELDOM, _spouses, _reborn(_seventeen, 10)),
    person_fault("too_old", 0.01, aged(78, 96), _reborn(_years_before(45), 20)),
    person_fault("child_too_old", 0.005, _grown_children, _reborn(_years_after_head(8), 30)),
    person_fault("preschool_at_ten", 0.005, aged(9, 14), same_cells(schooling="学龄前儿童")),
    person_fault("graduate_at_ten", 0.005, aged(7, 14), same_cells(schooling="本科及以上")),
    person_fault("student_missing", 0.005, aged(7.5, 14), same_cells(student=None)),
    person_fault("university_at_ten", 0.005, aged(7, 14), same_cells(student="本科及以上")),
    person_fault("certificate_short", 0.02, _disabled, _short_certificate),
    person_fault("certificate_of_another", 0.02, _disabled, _other_certificate),
    person_fault("disabled_yet_healthy", 0.02, _disabled, same_cells(health="健康")),
    person_fault("disabled_unrecorded", 0.02, _disabled, same_cells(is_disabled=False)),
    person_fault("months_too_many", 0.003, _working, same_cells(work_months=14)),
    person_fault("wage_too_high", 0.003, _working, same_cells(wage=9_000_000)),
    person_fault("work_in_future", 0.003, _working, same_cells(work_from=FUTURE)),
    person_fault("pension_missing", 0.003, aged(62, 76), same_cells(has_pension=False)),
    person_fault("other_village", SELDOM, _several_villages, _other_village),
)
