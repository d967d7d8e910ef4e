"""Counties that do not exist: as declared, valid before planting, with the truth about every fault."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

from jiedui.errors import InputError
from jiedui.registers.synthetic import RATES, County, make_county
from jiedui.registers.synthetic.ids import UNASSIGNED
from jiedui.registers.tables import COMPULSORY, REGISTERS, RELATIONS
from jiedui.tables import Table

HOUSEHOLDS = 1200
RARE = {"risk_without_worker", "public_post_without_worker"}
"""Families for which a county of this size may have no household."""
NONE = dict.fromkeys(RATES, 0.0)
CHECKS = "10X98765432"
YOUNGEST_PARENT, OLDEST_MOTHER = 18, 46
"""No law: what the generator promises between generations, years."""


@cache
def clean(seed: int = 5) -> County:
    return make_county(households=HOUSEHOLDS, seed=seed, rates=NONE)


@cache
def planted(seed: int = 5) -> County:
    return make_county(households=HOUSEHOLDS, seed=seed)


def years(born: str, on: str) -> float:
    return (dt.date.fromisoformat(on) - dt.date.fromisoformat(born)).days / 365.2425


def check_sign(number: str) -> str:
    """Give the check digit digit by digit, as GB 11643 writes it: weights are powers of 2 modulo 11."""
    return CHECKS[sum(int(sign) * (2 ** (17 - place) % 11) for place, sign in enumerate(number[:17])) % 11]


def row_keys(county: County, table: Table) -> list[str]:
    columns = [county.tables[table.name][name].to_pylist() for name in table.key]
    return [
        "|".join("" if part is None else str(part) for part in parts) for parts in zip(*columns, strict=True)
    ]


@pytest.mark.parametrize("table", REGISTERS, ids=lambda table: table.name)
def test_every_table_is_as_declared(table: Table) -> None:
    for county in (clean(), planted()):
        rows = county.tables[table.name]
        assert rows.schema == table.schema()
        for column in table.columns:
            values = rows[column.name].drop_null().to_pylist()
            assert not column.choices or set(values) <= set(column.choices), column.name
            assert not column.required or len(values) == rows.num_rows or "missing" in column.name
            assert column.at_least is None or min(values, default=0) >= column.at_least
    keys = row_keys(clean(), table)
    assert len(set(keys)) == len(keys)


def test_every_id_number_is_valid_and_nobodys_before_planting() -> None:
    for name, column in (("persons", "id_number"), ("vehicles", "id_number"), ("enrolment", "id_number"),
                         ("deaths", "id_number"), ("households", "head_id_number")):  # fmt: skip
        for number in clean().tables[name][column].to_pylist():
            assert number.startswith(UNASSIGNED)
            assert len(number) == 18
            assert number[17] == check_sign(number)
    for person in clean().tables["persons"].to_pylist():
        assert person["id_number"][6:14] == person["born_on"].replace("-", "")
        assert (int(person["id_number"][16]) % 2 == 1) == (person["sex"] == "男")


def test_no_planted_number_or_telephone_can_be_a_persons() -> None:
    numbers = [number for number in planted().tables["persons"]["id_number"].to_pylist() if number]
    assert all(number.startswith(UNASSIGNED) for number in numbers)
    phones = planted().tables["persons"]["phone"].drop_null().to_pylist()
    assert all(phone.startswith("129") and len(phone) == 11 for phone in phones)


def test_the_same_seed_gives_the_same_registers_and_another_seed_others() -> None:
    again = make_county(households=HOUSEHOLDS, seed=5)
    assert all(again.tables[name].equals(table) for name, table in planted().tables.items())
    assert again.truth.equals(planted().truth)
    assert again.people.equals(planted().people)
    other = make_county(households=HOUSEHOLDS, seed=6)
    assert not other.tables["persons"].equals(planted().tables["persons"])


def test_the_tables_of_a_large_land_are_those_of_its_counties() -> None:
    from jiedui.registers.synthetic import county as module

    small, module.PART_HOUSEHOLDS = module.PART_HOUSEHOLDS, 500
    try:
        land = make_county(households=1200, seed=3)
    finally:
        module.PART_HOUSEHOLDS = small
    assert len(set(land.tables["households"]["county"].to_pylist())) == 3
    persons = land.tables["persons"]
    for row in land.people.filter(pa.compute.equal(land.people["table"], "persons")).to_pylist()[::97]:
        there = persons.slice(row["row"], 1).to_pylist()[0]
        assert row["row_key"] == f"{there['household']}|{there['name']}|{there['id_number'] or ''}"


def by_household(county: County) -> dict[str, list[dict[str, Any]]]:
    households = defaultdict(list)
    for person in county.tables["persons"].to_pylist():
        households[person["household"]].append(person)
    return households


def test_ages_within_a_household_fit_together() -> None:
    on = clean().on
    members = by_household(clean())
    for people in members.values():
        ages = defaultdict(list)
        for person in people:
            ages[person["relation"]].append(years(str(person["born_on"]), on))
        (head,) = ages["户主"]
        assert all(age >= head + YOUNGEST_PARENT for word in ("之父", "之母") for age in ages[word])
        couple = [head, *ages["配偶"]]
        assert min(couple) >= 20
        assert all(min(couple) >= age + YOUNGEST_PARENT for word in ("之子", "之女") for age in ages[word])
        grandchildren = [age for word in RELATIONS if "孙" in word for age in ages[word]]
        parents = [age for word in ("之子", "之女", "之儿媳", "之女婿") for age in ages[word]]
        assert all(max(parents) >= age + YOUNGEST_PARENT for age in grandchildren)


def test_pupils_have_the_age_and_the_school() -> None:
    enrolled = Counter(clean().tables["enrolment"]["id_number"].to_pylist())
    for person in clean().tables["persons"].to_pylist():
        age = years(person["born_on"], "2026-09-01")
        if 6.01 < age < 14.99:
            assert person["student"] in COMPULSORY
            assert enrolled[person["id_number"]] == 1
        assert person["student"] == "非在校生" or 3 <= age < 22


def test_sums_over_persons_and_parts_of_income_agree_before_planting() -> None:
    members = by_household(clean())
    for row in clean().tables["households"].to_pylist():
        people = members[row["household"]]
        assert row["size"] == len(people) <= 8
        assert row["wage_income"] == sum((one["wage"] or 0) * (one["work_months"] or 0) for one in people)
        parts = sum(row[f"{part}_income"] for part in ("wage", "business", "property", "transfer"))
        assert row["income"] == parts - row["business_cost"]
        assert row["income_per_head"] == math.floor(row["income"] / row["size"] + 0.5)
        assert row["head_id_number"] == next(one["id_number"] for one in people if one["relation"] == "户主")
    households = Counter(clean().tables["households"]["village"].to_pylist())
    villages = clean().tables["villages"].to_pylist()
    assert sum(village["households"] for village in villages) == sum(households.values())
    assert sum(village["persons"] for village in villages) == clean().tables["persons"].num_rows


def test_monitored_households_have_risks_their_members_bear_out() -> None:
    members = by_household(clean())
    monitored = [row for row in clean().tables["households"].to_pylist() if row["identified_on"]]
    assert monitored
    for row in monitored:
        people = members[row["household"]]
        risks = [row[f"risk_{place}"] for place in range(1, 6) if row[f"risk_{place}"]]
        assert risks
        assert len(set(risks)) == len(risks)
        assert "因病" not in risks or any("病" in one["health"] for one in people)
        assert "因残" not in risks or any(one["is_disabled"] for one in people)
        assert any(value for name, value in row.items() if name.startswith("measure_"))
        assert (row["removal"] == "未消除") == (row["removed_on"] is None)
        assert row["removed_on"] is None or row["identified_on"] < row["removed_on"] <= clean().on


def test_nothing_is_planted_at_a_rate_of_zero_and_one_case_of_each_family_at_least_otherwise() -> None:
    assert clean().truth.num_rows == 0
    assert set(clean().people["damage"].to_pylist()) == {""}
    families = set(planted().truth["family"].to_pylist())
    told = set(RATES) - {"damaged"}
    assert told - families <= RARE


def test_the_truth_names_rows_and_values_that_stand_in_the_tables() -> None:
    held = {table.name: set(row_keys(planted(), table)) for table in REGISTERS}
    cells = {
        table.name: dict(
            zip(row_keys(planted(), table), planted().tables[table.name].to_pylist(), strict=True)
        )
        for table in REGISTERS
    }
    for fault in planted().truth.to_pylist():
        assert fault["row_key"] in held[fault["table"]], fault
        if fault["family"] not in {"owns_car", "owns_flat", "on_payroll", "dead", "owns_business"}:
            there = cells[fault["table"]][fault["row_key"]][fault["column"]]
            now = None if there is None else pa.scalar(there).cast(pa.string()).as_py()
            assert fault["family"] == "pupil_not_enrolled" or now == fault["is"], fault


def test_exactly_the_planted_sizes_and_sums_are_wrong() -> None:
    members = by_household(planted())
    wrong = defaultdict(set)
    for row in planted().tables["households"].to_pylist():
        parts = sum(row[f"{part}_income"] for part in ("wage", "business", "property", "transfer"))
        key = row["household"]
        if row["size"] != len(members[key]):
            wrong["size_wrong"].add(key)
        if row["income"] != parts - row["business_cost"]:
            wrong["income_parts"].add(key)
        if row["income_per_head"] != math.floor(row["income"] / row["size"] + 0.5):
            wrong["income_per_head"].add(key)
    truth = planted().truth.to_pylist()
    for family, keys in wrong.items():
        assert keys == {fault["row_key"] for fault in truth if fault["family"] == family}


def test_exactly_the_planted_id_numbers_are_wrong_or_twice() -> None:
    persons = planted().tables["persons"].to_pylist()
    truth = planted().truth.to_pylist()

    def told(*families: str) -> set[str]:
        return {fault["row_key"] for fault in truth if fault["family"] in families}

    def keys(rows: list[dict[str, object]]) -> set[str]:
        return {f"{one['household']}|{one['name']}|{one['id_number'] or ''}" for one in rows}

    whole = [one for one in persons if len(one["id_number"] or "") == 18]
    wrong = [one for one in whole if one["id_number"][17] != check_sign(one["id_number"])]
    assert keys(wrong) == told("id_check_digit")
    times = Counter(one["id_number"] for one in persons if one["id_number"])
    twice = [one for one in persons if times[one["id_number"]] > 1]
    assert keys(twice) == told("person_in_two_households", "person_twice")


def test_only_planted_members_of_helped_households_stand_in_lists_of_means() -> None:
    helped = {
        row["household"] for row in planted().tables["households"].to_pylist() if row["kind"] != "一般农户"
    }
    person_of = {
        row["row_key"]: row["person"] for row in planted().people.to_pylist() if row["table"] == "persons"
    }
    listed = defaultdict(set)
    for row in planted().people.to_pylist():
        listed[row["table"]].add(row["person"])
    truth = planted().truth.to_pylist()
    for family, table in (("on_payroll", "payroll"), ("dead", "deaths")):
        there = {
            key
            for key, person in person_of.items()
            if key.split("|")[0] in helped and person in listed[table]
        }
        assert there == {fault["row_key"] for fault in truth if fault["family"] == family}


def test_some_names_and_numbers_in_lists_are_damaged_and_said_to_be() -> None:
    ways = Counter(planted().people["damage"].to_pylist())
    assert {"homophone", "dropped_sign", "wrong_digit", "missing_digit", "interpunct"} <= set(ways)
    names = {
        row["person"]: row["row_key"].split("|")[2]
        for row in planted().people.to_pylist()
        if row["table"] == "persons"
    }
    for row in planted().people.to_pylist():
        if row["table"] == "deaths" and row["person"] in names and not row["damage"]:
            assert row["row_key"] == names[row["person"]]


def test_names_of_several_peoples_stand_in_the_register() -> None:
    names = planted().tables["persons"]["name"].to_pylist()
    assert any("·" in name for name in names)
    assert max(map(len, names)) <= 30
    peoples = set(clean().tables["persons"]["ethnicity"].to_pylist())
    assert {"汉族", "藏族", "维吾尔族", "彝族", "蒙古族"} <= peoples


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"households": 0, "seed": 1}, "synthetic.households"),
        ({"households": 10, "seed": 1, "period": "2013-2020"}, "synthetic.period"),
        ({"households": 10, "seed": 1, "rates": {"nothing": 0.1}}, "synthetic.family"),
        ({"households": 10, "seed": 1, "rates": {"dead": 1.5}}, "synthetic.rate"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(arguments: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as refused:
        make_county(**arguments)  # type: ignore[arg-type]
    assert [finding.rule for finding in refused.value.findings] == [code]


def test_the_smallest_county_can_be_made() -> None:
    county = make_county(households=1, seed=2)
    assert county.tables["households"].num_rows == 1
