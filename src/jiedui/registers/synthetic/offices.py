"""Lists of other offices: part of the persons, people of elsewhere, names at times damaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jiedui.registers.synthetic.columns import build, choose, join
from jiedui.registers.synthetic.damage import damage_ids, damage_names
from jiedui.registers.synthetic.economy import ORDINARY
from jiedui.registers.synthetic.families import YEAR
from jiedui.registers.synthetic.ids import date_texts, digit_texts, id_numbers
from jiedui.registers.synthetic.names import HAN, compose, draw_families, draw_given, join_names
from jiedui.registers.tables import BUSINESSES, DEATHS, PAYROLL, PROPERTIES, VEHICLES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.registers.synthetic.draft import Draft

    Ints = NDArray[np.int64]
    Truths = NDArray[np.bool_]

FEN = 100
ELSEWHERE = 5000
"""Added to the county's code: where people come from whom no register of the county has."""
SHARE_ELSEWHERE = 0.15
OTHERS = 5_000_000
"""Numbers of persons in a part from here on are people of elsewhere."""
CARS = ("小型轿车", "小型普通客车", "轻型厢式货车")
FARM_VEHICLES = ("普通二轮摩托车", "三轮汽车", "轮式拖拉机")
FLATS = ("商品住房", "商业用房")
HOMESTEAD = "农村宅基地住宅"
EMPLOYERS = ("第一中学", "人民医院", "林场", "供水公司")
POSTS = ("事业编制", "公务员", "国有企业")
BIG_CAPITAL = 500_000 * FEN


@dataclass(frozen=True, slots=True)
class OfficeList:
    """Who stands in the list of an office.

    Attributes
    ----------
    rows : array of int64
        Rows in the roster; -1 for people of elsewhere.
    person : array of int64
        The number of each person, the same in all lists.
    damage : list of str
        How name and number were damaged; empty where they are as in the register.
    """

    rows: Ints
    person: Ints
    id_number: pa.StringArray
    name: pa.StringArray
    damage: list[str]


def draw_list(
    draft: Draft,
    who: Truths,
    *,
    order: int,
    rate: float,
    ages: tuple[float, float] = (22, 80),
    keep_ids: Truths | None = None,
) -> OfficeList:
    """Put persons and people of elsewhere into a list, a share ``rate`` of them with damage.

    Parameters
    ----------
    who
        Whom of the roster the office has.
    order
        Of the list among the lists: people of elsewhere stand in one list only.
    ages
        Of the people of elsewhere, years.
    keep_ids
        Of the roster: whose number is not to be damaged.
    """
    import pyarrow as pa

    rng = draft.rng
    inside = np.flatnonzero(who)
    count = max(1, int(len(inside) * SHARE_ELSEWHERE))
    names, numbers = _people_of_elsewhere(draft, count, order, ages)
    rows = np.r_[inside, np.full(count, -1)]
    name = draft.name.take(pa.array(inside)).to_pylist() + names.to_pylist()
    number = draft.id_number.take(pa.array(inside)).to_pylist() + numbers.to_pylist()
    person = draft.first_person + np.r_[inside, OTHERS + order * 500_000 + np.arange(count)]
    fixed = np.zeros(len(rows), bool) if keep_ids is None else (rows >= 0) & keep_ids[rows]
    damage = _damage(name, number, rate, fixed, rng)
    shuffled = rng.permutation(len(rows))
    return OfficeList(
        rows=rows[shuffled],
        person=person[shuffled],
        id_number=pa.array(number, pa.string()).take(pa.array(shuffled)),
        name=pa.array(name, pa.string()).take(pa.array(shuffled)),
        damage=[damage[place] for place in shuffled],
    )


def _people_of_elsewhere(
    draft: Draft, count: int, order: int, ages: tuple[float, float]
) -> tuple[pa.Array, pa.Array]:
    rng = draft.rng
    style, male = np.full(count, HAN), rng.random(count) < 0.55
    family, given = draw_families(style, rng), draw_given(style, male, rng)
    names = join_names(compose(style=style, male=male, family=family, given=given, father=given, rng=rng))
    born = draft.on - (rng.uniform(*ages, count) * YEAR).astype("m8[D]")
    prefix = np.full(count, draft.territory.code + ELSEWHERE + order * 100)
    return names, id_numbers(prefix=prefix, born=born, male=male)


def _damage(
    names: list[str], numbers: list[str], rate: float, fixed: Truths, rng: np.random.Generator
) -> list[str]:
    """Damage a share of names and half as many numbers in place; tell how."""
    told = [""] * len(names)
    bad_names = np.flatnonzero(rng.random(len(names)) < rate)
    bad_numbers = np.flatnonzero((rng.random(len(names)) < rate / 2) & ~fixed)
    for texts, rows, damage in ((names, bad_names, damage_names), (numbers, bad_numbers, damage_ids)):
        changed, ways = damage([texts[row] for row in rows], rng)
        for row, text, way in zip(rows, changed, ways, strict=True):
            texts[row] = text
            told[row] = "+".join(part for part in (told[row], way) if part)
    return told


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
    names, numbers = _people_of_elsewhere(draft, extra, 3, (40, 90))
    person = draft.first_person + OTHERS + 3 * 500_000 + np.arange(extra)
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
