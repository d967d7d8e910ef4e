"""Households, persons and cadres as the rows of their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import build, choose, join, phone_texts, text_where, where
from jiedui.registers.synthetic.draft import GROUPS, PHONE
from jiedui.registers.synthetic.economy import MEASURES
from jiedui.registers.synthetic.families import HEAD
from jiedui.registers.synthetic.ids import date_texts, digit_texts
from jiedui.registers.synthetic.territory import PEOPLES
from jiedui.registers.synthetic.words import read_words
from jiedui.registers.tables import (
    HEALTH,
    HOUSE_GRADES,
    HOUSEHOLD_KINDS,
    HOUSEHOLDS,
    LABOUR,
    PERSONS,
    RELATIONS,
    REMOVALS,
    RISKS,
    SCHOOLING,
    SEXES,
    STUDENT,
)  # fmt: skip

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.registers.synthetic.draft import Draft

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

OWN_PHONES = PHONE + 40_000_000
REMOVAL_WAY = "落实帮扶措施"
FIRST_MONITORED = np.datetime64("2020-11", "M")


def person_rows(draft: Draft) -> pa.Table:
    """Give the table of persons; who is written down twice has two equal rows but for the household."""
    import pyarrow as pa

    rows = pa.array(draft.person)
    table = _roster_rows(draft).take(rows)
    places = draft.places(draft.row_household)
    moved = {"household": draft.household.take(pa.array(draft.row_household)), **places}
    for name, values in moved.items():
        table = table.set_column(table.schema.get_field_index(name), name, values)
    return table


def _roster_rows(draft: Draft) -> pa.Table:
    roster, people = draft.roster, draft.people
    return build(
        PERSONS,
        len(roster.seat),
        name=draft.name,
        id_number=draft.id_number,
        sex=choose(SEXES, np.where(roster.male, 0, 1)),
        born_on=date_texts(draft.born),
        ethnicity=choose(PEOPLES, draft.nation[roster.household]),
        relation=choose(RELATIONS, roster.relation),
        schooling=choose(SCHOOLING, people.schooling),
        student=choose(STUDENT, people.student),
        health=choose(HEALTH, people.health),
        labour=choose(LABOUR, people.labour),
        **_work(draft),
        has_insurance=np.ones(len(roster.seat), bool),
        has_pension=_pensions(draft),
        is_disabled=people.disabled,
        disability_number=_disability_numbers(draft),
        phone=_phones(draft),
    )


def _pensions(draft: Draft) -> Truths:
    """Give who is insured: all from 60 on, most adults who are no pupils."""
    age = draft.roster.age
    insured = (age >= 16) & (draft.people.student == 0) & (draft.rng.random(len(age)) < 0.9)
    return np.asarray(insured | (age >= 59))


def _work(draft: Draft) -> dict[str, object]:
    """Give the columns of work away and of work planned."""
    people, rng = draft.people, draft.rng
    words = read_words()["places"]
    count = len(people.months)
    away = people.months > 0
    plans = people.able & ~away & (rng.random(count) < 0.1)
    since = draft.on.astype("M8[M]") - (people.months - 1).astype("m8[M]")
    places, employers = words["work_places"], words["employers"]
    return {
        "work_place": choose(places, np.where(away, rng.integers(0, len(places), count), -1)),
        "work_months": where(people.months, away),
        "employer": choose(employers, np.where(away, rng.integers(0, len(employers), count), -1)),
        "wage": where(people.wage, away),
        "work_from": text_where(month_texts(since), away),
        "work_plan": choose(places, np.where(plans, rng.integers(0, len(places), count), -1)),
    }


def month_texts(months: NDArray[np.datetime64]) -> pa.StringArray:
    """Give months as ``YYYY-MM``."""
    import pyarrow.compute as pc

    return pc.utf8_slice_codeunits(date_texts(months.astype("M8[D]")), 0, 7)


def _disability_numbers(draft: Draft) -> pa.StringArray:
    """Give the ID number, the kind and the grade for who has a certificate."""
    rng, count = draft.rng, len(draft.people.disabled)
    kind, grade = (choose("1234567"[:most], rng.integers(0, most, count)) for most in (7, 4))
    return text_where(join(draft.id_number, kind, grade), draft.people.disabled)


def _phones(draft: Draft) -> pa.StringArray:
    """Give heads the number of the household, most other adults one of their own."""
    roster = draft.roster
    count = len(roster.seat)
    own = OWN_PHONES + draft.part * 1_000_000 + np.arange(count)
    adult = (roster.age >= 18) & (draft.rng.random(count) < 0.8)
    return phone_texts(np.where(roster.seat == HEAD, draft.phone[roster.household], np.where(adult, own, -1)))


def household_rows(draft: Draft, helper: pa.Array, helper_unit: pa.Array) -> pa.Table:
    """Give the table of households."""
    economy, heads = draft.economy, draft.heads
    risks = {f"risk_{place + 1}": choose(RISKS, column) for place, column in enumerate(economy.risks.T)}
    measures = {f"measure_{name}": economy.measures[:, place] for place, name in enumerate(MEASURES)}
    return build(
        HOUSEHOLDS,
        draft.count,
        household=draft.household,
        **draft.places(np.arange(draft.count)),
        group=choose([f"{sign}组" for sign in GROUPS], draft.group),
        place_code=digit_texts(draft.territory.codes[draft.village], 12),
        head=draft.name.take(heads),
        head_id_number=draft.id_number.take(heads),
        size=economy.size,
        kind=choose(HOUSEHOLD_KINDS, economy.kind),
        **_monitoring(draft),
        **risks,
        wage_income=economy.wages,
        business_income=economy.business,
        property_income=economy.property_,
        transfer_income=economy.transfer,
        business_cost=economy.cost,
        income=economy.income,
        income_per_head=per_head(economy.income, economy.size),
        is_dangerous_house=economy.grade >= len(HOUSE_GRADES) - 2,
        house_grade=choose(HOUSE_GRADES, economy.grade),
        house_area=(economy.size * draft.rng.uniform(18, 45, draft.count)).round(1),
        has_safe_water=economy.water,
        has_allowance=economy.allowance,
        **measures,
        helper=helper,
        helper_unit=helper_unit,
        address=draft.addresses(),
        phone=phone_texts(draft.phone),
    )


def per_head(income: Ints, size: Ints) -> Ints:
    """Divide fen by persons, half up."""
    return (2 * income + size) // (2 * size)


def _monitoring(draft: Draft) -> dict[str, object]:
    """Give the months of identification and removal, at least six apart, and the way of removal."""
    economy, rng = draft.economy, draft.rng
    last = draft.on.astype("M8[M]")
    span = (last - FIRST_MONITORED).astype(int)
    first = rng.integers(0, span - 10, draft.count)
    lasted = 6 + np.floor(rng.random(draft.count) * (span - first - 8)).astype(np.int64)
    return {
        "identified_on": text_where(month_texts(FIRST_MONITORED + first.astype("m8[M]")), economy.monitored),
        "removal": choose(REMOVALS, economy.removal),
        "removed_on": text_where(
            month_texts(FIRST_MONITORED + (first + lasted).astype("m8[M]")), economy.removed
        ),
        "removal_way": choose([REMOVAL_WAY], np.where(economy.removed, 0, -1)),
    }
