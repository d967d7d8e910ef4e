"""Slips of recording: values of one row, or of a household and its members, that cannot stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import texts_without_last
from jiedui.registers.synthetic.economy import ORDINARY
from jiedui.registers.synthetic.household_faults import OFTEN, SELDOM
from jiedui.registers.synthetic.household_rows import per_head
from jiedui.registers.synthetic.people import WEAK
from jiedui.registers.synthetic.person_faults import wrong_last_signs
from jiedui.registers.synthetic.planting import household_fault, same_cells
from jiedui.registers.tables import RISKS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from jiedui.registers.synthetic.planting import Planting

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

FEN = 100
FUTURE = "2031-05"


def _everyone(planting: Planting) -> Truths:
    return np.ones(planting.draft.count, bool)


def _ordinary(planting: Planting) -> Truths:
    return np.asarray(planting.draft.economy.kind == ORDINARY)


def _open(planting: Planting) -> Truths:
    return planting.draft.economy.monitored & ~planting.draft.economy.removed


def _removed(planting: Planting) -> Truths:
    return planting.draft.economy.removed


def _earning(planting: Planting) -> Truths:
    return _ordinary(planting) & (planting.draft.economy.wages > 0)


def _with_allowance(planting: Planting) -> Truths:
    economy = planting.draft.economy
    return economy.allowance & ~economy.monitored


def _long_open(planting: Planting) -> Truths:
    """Tell which open households were identified two years ago or earlier."""
    months = planting.tables["households"]["identified_on"].fill_null("9999").to_pylist()
    before = str(planting.draft.on.astype("M8[M]") - 24)
    return np.asarray(_open(planting) & (np.array(months) < before))


def _open_with(risk: str) -> Callable[[Planting], Truths]:
    return lambda planting: np.asarray(
        _open(planting) & (planting.draft.economy.risks == RISKS.index(risk)).any(axis=1)
    )


def _with_workers(low: int, high: int) -> Callable[[Planting], Truths]:
    """Tell which monitored households with one risk have so many able members."""

    def eligible(planting: Planting) -> Truths:
        draft = planting.draft
        who = draft.people.able if low else draft.people.labour <= WEAK
        able = np.bincount(draft.roster.household, who, draft.count)
        lone = draft.economy.monitored & (draft.economy.risks[:, 1] < 0)
        return np.asarray(lone & (able >= low) & (able <= high))

    return eligible


def _with_income(
    planting: Planting, rows: Ints, column: str, values: Ints, income: Ints
) -> Mapping[str, object]:
    """Change one part of the income and what follows from it."""
    size = planting.draft.economy.size[rows]
    return {column: values, "income": income, "income_per_head": per_head(income, size)}


def _negative(planting: Planting, rows: Ints) -> Mapping[str, object]:
    economy = planting.draft.economy
    income = np.full(len(rows), -800 * FEN)
    return _with_income(
        planting, rows, "business_cost", economy.cost[rows] + economy.income[rows] - income, income
    )


def _no_wages(planting: Planting, rows: Ints) -> Mapping[str, object]:
    economy = planting.draft.economy
    none = np.zeros(len(rows), np.int64)
    return _with_income(planting, rows, "wage_income", none, economy.income[rows] - economy.wages[rows])


def _no_transfer(planting: Planting, rows: Ints) -> Mapping[str, object]:
    economy = planting.draft.economy
    none = np.zeros(len(rows), np.int64)
    left = economy.income[rows] - economy.transfer[rows]
    return _with_income(planting, rows, "transfer_income", none, left)


def _ten_thousands(planting: Planting, rows: Ints) -> Mapping[str, object]:
    """Write transfer income in a wrong unit, many times too high."""
    economy = planting.draft.economy
    more = 300_000 * FEN * economy.size[rows]
    return _with_income(
        planting, rows, "transfer_income", economy.transfer[rows] + more, economy.income[rows] + more
    )


def _short_phone(planting: Planting, rows: Ints) -> Mapping[str, object]:
    return {"phone": texts_without_last(planting.tables["households"]["phone"].take(rows))}


def _head_digit(planting: Planting, rows: Ints) -> Mapping[str, object]:
    return {"head_id_number": wrong_last_signs(planting.tables["households"]["head_id_number"].take(rows))}


def _no_measures(planting: Planting, rows: Ints) -> Mapping[str, object]:
    names = [name for name in planting.tables["households"].column_names if name.startswith("measure_")]
    return {name: np.zeros(len(rows), bool) for name in names}


RECORDING_FAULTS = (
    household_fault("income_negative", SELDOM, _ordinary, _negative),
    household_fault("wages_missing", SELDOM, _earning, _no_wages),
    household_fault("allowance_without_transfer", OFTEN, _with_allowance, _no_transfer),
    household_fault("income_too_high", OFTEN, _open, _ten_thousands),
    household_fault("danger_and_grade_differ", SELDOM, _ordinary, same_cells(is_dangerous_house=True)),
    household_fault("area_zero", SELDOM, _everyone, same_cells(house_area=0.0)),
    household_fault(
        "house_risk_without_measure", OFTEN, _open_with("因安全住房"), same_cells(measure_safe_house=False)
    ),
    household_fault("water_risk_yet_safe", OFTEN, _open_with("因安全饮水"), same_cells(has_safe_water=True)),
    household_fault("risk_with_workers", OFTEN, _with_workers(2, 99), same_cells(risk_2="缺劳动力")),
    household_fault("risk_without_worker", OFTEN, _with_workers(0, 0), same_cells(risk_2="务工就业不稳")),
    household_fault("ordinary_with_risk", SELDOM, _ordinary, same_cells(risk_1="支出骤增")),
    household_fault("ordinary_identified", SELDOM, _ordinary, same_cells(identified_on="2025-03")),
    household_fault("identification_missing", OFTEN, _open, same_cells(identified_on=None)),
    household_fault("removal_dated_yet_open", OFTEN, _open, same_cells(removed_on="2026-09")),
    household_fault("removal_in_future", OFTEN, _removed, same_cells(removed_on=FUTURE)),
    household_fault("removal_missing", OFTEN, _open, same_cells(removal=None)),
    household_fault("removal_way_missing", OFTEN, _removed, same_cells(removal_way=None)),
    household_fault("no_measure_for_long", OFTEN, _long_open, _no_measures),
    household_fault("phone_short", SELDOM, _everyone, _short_phone),
    household_fault("head_id_check_digit", SELDOM, _everyone, _head_digit),
)
