"""Faults in the table of households."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import choose, phone_texts
from jiedui.registers.synthetic.draft import PHONE
from jiedui.registers.synthetic.economy import MEASURES, ORDINARY
from jiedui.registers.synthetic.household_rows import month_texts, per_head
from jiedui.registers.synthetic.ids import calendar_numbers, digit_texts, with_check_digit
from jiedui.registers.synthetic.people import WEAK
from jiedui.registers.synthetic.planting import household_fault, same_cells
from jiedui.registers.tables import RISKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from jiedui.registers.synthetic.planting import Planting

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

FEN = 100
POOR_HEAD = 3_000 * FEN
"""Income per head of a household whose risk stands as removed though its income is low."""
OFTEN, SELDOM = 0.03, 0.003
"""Default shares: among the monitored households, and among all."""
ISSUED_TWICE = 7000
"""Added to the county's code in ID numbers that belong to nobody of the roster."""
SHARED_PHONES = 39_000_000
"""From `PHONE` on, numbers that several households have, one for each county."""


def _everyone(planting: Planting) -> Truths:
    return np.ones(planting.draft.count, bool)


def _monitored(planting: Planting) -> Truths:
    return planting.draft.economy.monitored


def _removed(planting: Planting) -> Truths:
    return planting.draft.economy.removed


def _open(planting: Planting) -> Truths:
    return planting.draft.economy.monitored & ~planting.draft.economy.removed


def _unwell(planting: Planting) -> Truths:
    return planting.draft.people.health > 0


def _without(who: Callable[[Planting], Truths]) -> Callable[[Planting], Truths]:
    """Tell which monitored households have nobody whom a risk concerns, and one risk only."""

    def eligible(planting: Planting) -> Truths:
        draft = planting.draft
        households = np.bincount(draft.roster.household, who(planting), draft.count) > 0
        return draft.economy.monitored & ~households & (draft.economy.risks[:, 1] < 0)

    return eligible


def _second_risk(risk: str) -> Callable[[Planting, Ints], Mapping[str, object]]:
    return lambda _, rows: {"risk_2": [risk] * len(rows)}


def _wrong_size(planting: Planting, rows: Ints) -> Mapping[str, object]:
    economy = planting.draft.economy
    size = economy.size[rows] + 1
    return {"size": size, "income_per_head": per_head(economy.income[rows], size)}


def _wrong_sum(planting: Planting, rows: Ints) -> Mapping[str, object]:
    economy = planting.draft.economy
    income = economy.income[rows] + planting.rng.integers(3, 40, len(rows)) * 500 * FEN
    return {"income": income, "income_per_head": per_head(income, economy.size[rows])}


def _wrong_per_head(planting: Planting, rows: Ints) -> Mapping[str, object]:
    economy = planting.draft.economy
    right = per_head(economy.income[rows], economy.size[rows])
    return {"income_per_head": right + planting.rng.integers(5, 30, len(rows)) * 100 * FEN}


def _low_income(planting: Planting, rows: Ints) -> Mapping[str, object]:
    economy = planting.draft.economy
    income = POOR_HEAD * economy.size[rows]
    cost = economy.cost[rows] + economy.income[rows] - income
    return {
        "income_per_head": np.full(len(rows), POOR_HEAD), "income": income, "business_cost": cost
    }  # fmt: skip


def _early_removal(planting: Planting, rows: Ints) -> Mapping[str, object]:
    begun = np.array(planting.tables["households"]["identified_on"].take(rows).to_pylist(), "M8[M]")
    earlier = begun - planting.rng.integers(2, 9, len(rows)).astype("m8[M]")
    return {"removed_on": month_texts(earlier)}


def _no_measures(planting: Planting, rows: Ints) -> Mapping[str, object]:
    held = planting.draft.economy.measures[rows]
    return {
        f"measure_{name}": np.zeros(len(rows), bool)
        for place, name in enumerate(MEASURES)
        if held[:, place].any()
    }


def _no_risks(planting: Planting, rows: Ints) -> Mapping[str, object]:
    del planting, rows
    return {f"risk_{place}": None for place in (1, 2, 3)}


def _one_phone(planting: Planting, rows: Ints) -> Mapping[str, object]:
    shared = np.full(len(rows), PHONE + SHARED_PHONES + planting.draft.part)
    return {"phone": phone_texts(shared)}


def _other_head(planting: Planting, rows: Ints) -> Mapping[str, object]:
    draft = planting.draft
    born = calendar_numbers(draft.born[draft.heads[rows]])
    number = (draft.territory.code + ISSUED_TWICE) * 10**11 + born * 1000 + rows % 1000
    return {"head_id_number": with_check_digit(number)}


def _foreign_code(planting: Planting, rows: Ints) -> Mapping[str, object]:
    territory = planting.draft.territory
    village = (planting.draft.village[rows] + 1) % len(territory.codes)
    return {"place_code": digit_texts(territory.codes[village], 12)}


def _helped(planting: Planting) -> Truths:
    return np.asarray(planting.draft.economy.kind != ORDINARY)


def _without_worker(planting: Planting) -> Truths:
    draft = planting.draft
    able = np.bincount(draft.roster.household, draft.people.labour <= WEAK, draft.count) > 0
    return np.asarray(_helped(planting) & ~able)


def _two_risks(planting: Planting) -> Truths:
    return np.asarray(planting.draft.economy.risks[:, 1] >= 0)


def _first_risk(planting: Planting, rows: Ints) -> Mapping[str, object]:
    return {"risk_2": choose(RISKS, planting.draft.economy.risks[rows, 0])}


HOUSEHOLD_FAULTS = (
    household_fault("size_wrong", SELDOM, _everyone, _wrong_size),
    household_fault("income_parts", SELDOM, _everyone, _wrong_sum),
    household_fault("income_per_head", SELDOM, _everyone, _wrong_per_head),
    household_fault("head_id_wrong", SELDOM, _everyone, _other_head),
    household_fault("place_code_wrong", SELDOM, _everyone, _foreign_code),
    household_fault("village_unknown", SELDOM, _everyone, same_cells(village="不存在村")),
    household_fault("phone_shared", 0.005, _everyone, _one_phone),
    household_fault("removed_without_measure", OFTEN, _removed, _no_measures),
    household_fault("removal_before_identification", OFTEN, _removed, _early_removal),
    household_fault("removed_without_date", OFTEN, _removed, same_cells(removed_on=None)),
    household_fault("removed_unsafe_house", OFTEN, _removed,
                    same_cells(house_grade="D级", is_dangerous_house=True)),
    household_fault("removed_unsafe_water", OFTEN, _removed, same_cells(has_safe_water=False)),
    household_fault("removed_low_income", OFTEN, _removed, _low_income),
    household_fault("identified_in_future", OFTEN, _open, same_cells(identified_on="2031-03")),
    household_fault("risk_missing", OFTEN, _monitored, _no_risks),
    household_fault("risk_twice", OFTEN, _two_risks, _first_risk),
    household_fault("risk_without_pupil", OFTEN, _without(lambda p: p.draft.people.student > 0),
                    _second_risk("因学")),
    household_fault("risk_without_ill", OFTEN, _without(_unwell), _second_risk("因病")),
    household_fault("risk_without_disabled", OFTEN, _without(_unwell), _second_risk("因残")),
    household_fault("helper_missing", OFTEN, _open, same_cells(helper=None, helper_unit=None)),
    household_fault("helper_unknown", 0.02, _helped, same_cells(helper="查无此人", helper_unit="县某局")),
    household_fault("public_post_without_worker", OFTEN, _without_worker,
                    same_cells(measure_public_post=True)),
)  # fmt: skip
