"""Lists of other offices as the rows of their tables: who of the county has what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import build, choose, join
from jiedui.registers.synthetic.economy import ORDINARY
from jiedui.registers.synthetic.families import YEAR
from jiedui.registers.synthetic.ids import date_texts, digit_texts
from jiedui.registers.synthetic.office_list import (
    OTHERS,
    OTHERS_A_LIST,
    OfficeList,
    draw_list,
    people_of_elsewhere,
)
from jiedui.registers.tables import BUSINESSES, DEATHS, PAYROLL, PROPERTIES, VEHICLES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.registers.synthetic.draft import Draft

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

FEN = 100
CARS = ("小型轿车", "小型普通客车", "轻型厢式货车")
FARM_VEHICLES = ("普通二轮摩托车", "三轮汽车", "轮式拖拉机")
FLATS = ("商品住房", "商业用房")
HOMESTEAD = "农村宅基地住宅"
EMPLOYERS = ("第一中学", "人民医院", "林场", "供水公司")
POSTS = ("事业编制", "公务员", "国有企业")
BIG_CAPITAL = 500_000 * FEN


def _some_days(draft: Draft, count: int, years: float) -> pa.Array:
    return date_texts(draft.on - (draft.rng.uniform(0.1, years, count) * YEAR).astype("m8[D]"))


def _adults(draft: Draft) -> tuple[Truths, Truths]:
    """Tell who is between 18 and 75, and who lives in a household that nobody helps."""
    age = draft.roster.age
    ordinary = draft.economy.kind[draft.roster.household] == ORDINARY
    return (age >= 18) & (age < 75), ordinary


def vehicle_rows(draft: Draft, rate: float) -> tuple[pa.Table, OfficeList]:
    """Give cars of ordinary households, farm vehicles and motorcycles of all."""
    rng = draft.rng
    adult, ordinary = _adults(draft)
    listed = draw_list(
        draft, adult & (rng.random(len(adult)) < np.where(ordinary, 0.12, 0.05)), order=0, rate=rate
    )
    count = len(listed.rows)
    car = (listed.rows < 0) | (ordinary[listed.rows] & (rng.random(count) < 0.6))
    kind = np.where(car, rng.integers(0, 3, count), 3 + rng.integers(0, 3, count))
    value = np.where(car, rng.integers(40, 180, count), rng.integers(3, 25, count)) * 1000 * FEN
    table = build(
        VEHICLES, count,
        id_number=listed.id_number, name=listed.name, plate=plates(draft.part, np.arange(count)),
        kind=choose(CARS + FARM_VEHICLES, kind), registered_on=_some_days(draft, count, 9), value=value,
    )  # fmt: skip
    return table, listed


def plates(part: int, number: Ints) -> pa.Array:
    """Give number plates of a province that does not exist."""
    return join("虚X", digit_texts(part * 1_000_000 + number, 8))


def property_rows(draft: Draft, rate: float) -> tuple[pa.Table, OfficeList]:
    """Give flats and shops of ordinary households, homesteads of all."""
    rng = draft.rng
    adult, ordinary = _adults(draft)
    listed = draw_list(
        draft, adult & (rng.random(len(adult)) < np.where(ordinary, 0.06, 0.03)), order=1, rate=rate
    )
    count = len(listed.rows)
    flat = (listed.rows < 0) | (ordinary[listed.rows] & (rng.random(count) < 0.6))
    use = np.where(flat, (rng.random(count) < 0.15).astype(np.int64), 2)
    quarter = choose(("城关", "城东", "城西"), rng.integers(0, 3, count))
    table = build(
        PROPERTIES, count,
        id_number=listed.id_number, name=listed.name, title=titles(draft.part, np.arange(count)),
        use=choose((*FLATS, HOMESTEAD), use), area=rng.uniform(60, 160, count).round(2),
        address=join(draft.territory.county, quarter, "片区"),
        registered_on=_some_days(draft, count, 12),
    )  # fmt: skip
    return table, listed


def titles(part: int, number: Ints) -> pa.Array:
    """Give numbers of titles to property."""
    return join("虚不动产权第", digit_texts(part * 1_000_000 + number, 9), "号")


def payroll_rows(draft: Draft, rate: float) -> tuple[pa.Table, OfficeList]:
    """Give people paid from the public purse, none of a household that is helped."""
    rng = draft.rng
    adult, ordinary = _adults(draft)
    young = adult & (draft.roster.age < 60) & draft.people.able
    listed = draw_list(draft, young & ordinary & (rng.random(len(adult)) < 0.02), order=2, rate=rate)
    count = len(listed.rows)
    table = build(
        PAYROLL, count,
        id_number=listed.id_number, name=listed.name,
        unit=join(draft.territory.county, choose(EMPLOYERS, rng.integers(0, 4, count))),
        post=choose(POSTS, rng.integers(0, 3, count)), since=_some_days(draft, count, 15),
    )  # fmt: skip
    return table, listed


def death_rows(draft: Draft, rate: float) -> tuple[pa.Table, OfficeList]:
    """Give people who died and stand in no household any more."""
    del rate
    extra = max(3, draft.count // 200)
    names, numbers = people_of_elsewhere(draft, extra, 3, (40, 90))
    person = draft.first_person + OTHERS + 3 * OTHERS_A_LIST + np.arange(extra)
    listed = OfficeList(np.full(extra, -1), person, numbers, names, [""] * extra)
    table = build(
        DEATHS, extra,
        id_number=numbers, name=names, died_on=_some_days(draft, extra, 1),
        source=choose(("民政部门", "卫生健康部门", "公安部门"), draft.rng.integers(0, 3, extra)),
    )  # fmt: skip
    return table, listed


def business_rows(draft: Draft, rate: float) -> tuple[pa.Table, OfficeList]:
    """Give companies of ordinary households, small shops of all."""
    rng = draft.rng
    adult, ordinary = _adults(draft)
    listed = draw_list(
        draft, adult & (rng.random(len(adult)) < np.where(ordinary, 0.03, 0.02)), order=5, rate=rate
    )
    count = len(listed.rows)
    company = (listed.rows < 0) | (ordinary[listed.rows] & (rng.random(count) < 0.3))
    small, big = rng.integers(5, 50, count) * 1000 * FEN, rng.integers(10, 60, count) * BIG_CAPITAL // 5
    table = build(
        BUSINESSES, count,
        id_number=listed.id_number, name=listed.name,
        business=business_names(draft, np.arange(count)), capital=np.where(company, big, small),
        registered_on=_some_days(draft, count, 8),
    )  # fmt: skip
    return table, listed


def business_names(draft: Draft, number: Ints) -> pa.Array:
    """Give names of businesses, each with a number of its own."""
    kinds = ("小卖部", "农家乐", "养殖场", "运输部", "建材店")
    return join(
        draft.territory.county,
        "虚构",
        digit_texts(number + 1, 6),
        choose(kinds, number % len(kinds)),
    )


OFFICES: dict[str, Callable[[Draft, float], tuple[pa.Table, OfficeList]]] = {
    "vehicles": vehicle_rows,
    "properties": property_rows,
    "payroll": payroll_rows,
    "deaths": death_rows,
    "businesses": business_rows,
}
