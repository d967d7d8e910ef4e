"""The East–West example holds what its SOURCES.md says."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest

from jiedui.geo import Adjacency, PlaceCodes, distance_km, most_specific

FOLDER = Path(__file__).parents[2] / "examples" / "east_west_2016"
KEYS = {
    "adjacency": ("code_a", "code_b"),
    "helpers": ("id",),
    "pairings": ("helper", "recipient", "valid_from"),
    "place_codes": ("place", "valid_from"),
    "places": ("code",),
    "recipients": ("id",),
    "units": ("code",),
}
IN_SCOPE = {
    "云南省": 88,
    "四川省": 66,
    "贵州省": 66,
    "甘肃省": 58,
    "陕西省": 56,
    "广西壮族自治区": 33,
    "内蒙古自治区": 31,
    "河北省": 25,
    "重庆市": 14,
    "青海省": 9,
    "湖北省": 8,
    "宁夏回族自治区": 8,
    "湖南省": 7,
    "吉林省": 4,
}
SAME_SEAT_KM = 2.5
"""Two editions of the same points place the seat of one county up to two kilometres apart."""


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def place_codes() -> PlaceCodes:
    return PlaceCodes(pa.Table.from_pylist(list(rows("place_codes"))))


def code_of_2023(recipient: dict[str, str]) -> str:
    """Read the code of 2023 from the table itself, not through the class under test."""
    states = [row for row in rows("place_codes") if row["place"] == recipient["id"]]
    return next(row["code"] for row in states if row["valid_to"] == "2023")


def present() -> list[dict[str, str]]:
    return [row for row in rows("pairings") if not row["valid_to"]]


def recipients_by_unit() -> dict[str, list[dict[str, str]]]:
    """Give the counties in scope: each belongs to the most specific unit that covers its code of 2016."""
    found: dict[str, list[dict[str, str]]] = {unit["code"]: [] for unit in rows("units")}
    for recipient in rows("recipients"):
        unit = most_specific(found, recipient["code"])
        if unit:
            found[unit].append(recipient)
    return found


@pytest.mark.parametrize("name", KEYS)
def test_files_are_utf8_with_plain_line_ends_sorted_by_a_unique_key(name: str) -> None:
    raw = (FOLDER / f"{name}.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    keys = [tuple(row[column] for column in KEYS[name]) for row in rows(name)]
    assert keys == sorted(set(keys))


def test_there_are_832_counties_in_22_provinces() -> None:
    provinces = Counter(row["province"] for row in rows("recipients"))
    assert provinces.total() == 832
    assert len(provinces) == 22
    assert (provinces["云南省"], provinces["西藏自治区"], provinces["海南省"]) == (88, 74, 5)


def test_counties_left_the_list_from_2016_to_2020() -> None:
    assert Counter(row["exit_year"] for row in rows("recipients")) == {
        "2016": 28,
        "2017": 125,
        "2018": 282,
        "2019": 345,
        "2020": 52,
    }


def test_473_counties_are_in_scope() -> None:
    found = Counter(row["province"] for members in recipients_by_unit().values() for row in members)
    assert found == IN_SCOPE
    assert found.total() == 473


def test_every_unit_has_counties_and_an_english_name() -> None:
    assert len(rows("units")) == 31
    assert all(recipients_by_unit().values())
    assert all(row["name_en"].isascii() and row["name_en"] for row in (*rows("units"), *rows("helpers")))


def test_present_pairs_join_every_helper_with_every_unit() -> None:
    pairs = present()
    assert len(pairs) == 32
    assert {row["helper"] for row in pairs} == {row["id"] for row in rows("helpers")}
    assert {row["recipient"] for row in pairs} == {row["code"] for row in rows("units")}
    assert Counter(row["recipient"] for row in pairs).most_common(1) == [("530600", 2)]


def test_names_in_pairings_are_those_of_helpers_and_units() -> None:
    names = {row["id"]: row["name"] for row in rows("helpers")} | {
        row["code"]: row["name"] for row in rows("units")
    }
    assert all(names[row["helper"]] == row["helper_name"] for row in present())
    assert all(names[row["recipient"]] == row["recipient_name"] for row in present())


def test_earlier_pairs_ended_by_the_month_of_the_decision() -> None:
    ended = Counter((row["valid_from"], row["valid_to"]) for row in rows("pairings") if row["valid_to"])
    assert ended == {("1996", "2010"): 15, ("2010-06", "2016-12"): 3}


def test_own_gdp_of_provinces_is_less_what_their_listed_cities_hold() -> None:
    own = sum(float(row["capacity"]) for row in rows("helpers"))
    gross = sum(float(row["gross"]) for row in rows("helpers"))
    assert (round(own), round(gross)) == (347_205, 441_663)


def test_the_helpers_counties_form_50_blocks() -> None:
    table = pa.Table.from_pylist(list(rows("adjacency")))
    by_unit = recipients_by_unit()
    codes: dict[str, set[str]] = {row["id"]: set() for row in rows("helpers")}
    for row in present():
        codes[row["helper"]] |= {code_of_2023(recipient) for recipient in by_unit[row["recipient"]]}
    blocks = {helper: len(Adjacency(table).blocks(own)) for helper, own in codes.items()}
    assert sum(blocks.values()) == 50
    assert [blocks[helper] for helper in ("350000", "370000", "440000", "320000")] == [1, 1, 6, 6]


def test_borders_are_unknown_for_seven_codes_of_the_list() -> None:
    known = Adjacency(pa.Table.from_pylist(list(rows("adjacency"))))
    without = {row["name"] for row in rows("recipients") if not known.knows(code_of_2023(row))}
    assert len(without) == 7
    assert {"神农架林区", "大柴旦行委", "五指山市"} < without


def test_every_name_on_the_list_finds_its_place_alone() -> None:
    for row in rows("recipients"):
        states = place_codes().find(row["name"], within=row["province"])
        assert [state.place for state in states] == [row["id"]]
        assert [state.code for state in states] == [code_of_2023(row)]


def test_codes_of_2016_and_2023_find_each_other() -> None:
    for row in rows("recipients"):
        back = place_codes().at(code_of_2023(row), year_from=2023, year_to=2016)
        assert row["id"] in {state.place for state in back}
        if row["code"]:
            forward = place_codes().at(row["code"], year_from=2016, year_to=2023)
            assert {state.code for state in forward} == {code_of_2023(row)}


def test_28_codes_and_43_names_changed_by_2023() -> None:
    newest = [(row, place_codes().history(row["id"])[-1]) for row in rows("recipients")]
    assert sum(bool(row["code"]) and row["code"] != state.code for row, state in newest) == 28
    assert sum(row["name"] != state.name for row, state in newest) == 43


def test_three_places_had_no_statutory_code_in_2016() -> None:
    assert [row["id"] for row in rows("recipients") if not row["code"]] == [
        "qh-dachaidan",
        "qh-lenghu",
        "qh-mangya",
    ]


def test_mangya_and_lenghu_share_a_successor() -> None:
    merged = place_codes().at("632803", year_from=2023, year_to=2016)
    assert [state.name for state in merged] == ["冷湖行委", "茫崖行委"]
    assert {state.successor for state in merged} == {"632803"}
    assert [state.place for state in place_codes().find("茫崖市")] == ["qh-lenghu", "qh-mangya"]


def test_every_county_but_merged_lenghu_is_among_the_places_where_the_list_says() -> None:
    places = {row["code"]: row for row in rows("places")}
    assert len(places) == 2830
    for row in rows("recipients"):
        place = places[code_of_2023(row)]
        points = (float(one[axis]) for one in (row, place) for axis in ("lon", "lat"))
        assert (distance_km(*points) < SAME_SEAT_KM) == (row["id"] != "qh-lenghu")


def test_every_point_lies_in_the_range_of_the_country() -> None:
    for row in (*rows("places"), *rows("recipients"), *rows("helpers")):
        assert 73 < float(row["lon"]) < 136
        assert 3 < float(row["lat"]) < 54


def test_sources_name_every_file() -> None:
    text = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    assert all(f"{name}.csv" in text for name in KEYS)
