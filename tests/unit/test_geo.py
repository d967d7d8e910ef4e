"""Places on the earth: projection, distance, borders, codes."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from jiedui.geo import Adjacency, PlaceCodes, covers, distance_km, most_specific, project

PRINTED_DIGITS = 5e-8
"""Half of the last digit that Snyder prints."""

QUARTER_MERIDIAN_KM = np.pi / 2 * 6371.0088


def adjacency(*borders: str) -> Adjacency:
    return Adjacency(
        pa.table({"code_a": [border[0] for border in borders], "code_b": [border[1] for border in borders]})
    )


def place_codes(*rows: str) -> PlaceCodes:
    """Read states drawn as text: place code name valid_from valid_to successor, ``-`` for empty."""
    names = ("place", "code", "name", "valid_from", "valid_to", "successor")
    area = {"prefecture": "某市", "province": "某省"}
    cells = [["" if cell == "-" else cell for cell in row.split()] for row in rows]
    return PlaceCodes(pa.Table.from_pylist([dict(zip(names, row, strict=True)) | area for row in cells]))


def test_the_projection_gives_the_numbers_that_snyder_prints_for_the_sphere() -> None:
    x, y = project(-75.0, 35.0, centre=(-96.0, 23.0), parallels=(29.5, 45.5), radius=1.0)
    assert x == pytest.approx(0.2952720, abs=PRINTED_DIGITS)
    assert y == pytest.approx(0.2416774, abs=PRINTED_DIGITS)


def test_the_centre_of_the_map_is_its_origin() -> None:
    x, y = project([105.0], [36.0])
    assert x.tolist() == [0.0]
    assert y.tolist() == [0.0]


def test_a_map_across_the_date_line_does_not_tear() -> None:
    x, _ = project([179.0, -179.0], [40.0, 40.0], centre=(180.0, 36.0))
    assert x[0] == pytest.approx(-x[1])
    assert x[1] < 100


def test_parallels_opposite_to_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="opposite"):
        project(0.0, 0.0, parallels=(-30.0, 30.0))


def test_from_equator_to_pole_is_a_quarter_of_the_meridian() -> None:
    assert distance_km(105.0, 0.0, 12.0, 90.0) == pytest.approx(QUARTER_MERIDIAN_KM)


def test_opposite_points_are_half_the_way_round_apart() -> None:
    assert distance_km(105.0, 33.3, -75.0, -33.3) == pytest.approx(2 * QUARTER_MERIDIAN_KM)


def test_a_row_and_a_column_give_all_distances() -> None:
    row, column = np.array([[0.0, 90.0]]), np.array([[0.0], [90.0], [180.0]])
    assert (distance_km(row, 0.0, column, 0.0) / QUARTER_MERIDIAN_KM).round(9).tolist() == [
        [0, 1],
        [1, 0],
        [2, 1],
    ]


def test_places_that_hang_together_are_one_block() -> None:
    assert adjacency("ab", "cb", "de").blocks("edcba") == (("a", "b", "c"), ("d", "e"))


def test_a_place_that_is_not_asked_for_joins_nothing() -> None:
    assert adjacency("ab", "bc").blocks("ac") == (("a",), ("c",))


def test_a_place_without_a_known_border_is_its_own_block() -> None:
    known = adjacency("ab")
    assert known.blocks(["a", "b", "x"]) == (("a", "b"), ("x",))
    assert known.knows("a")
    assert not known.knows("x")


def test_no_places_form_no_blocks() -> None:
    assert adjacency("ab").blocks([]) == ()


@pytest.mark.parametrize(
    ("area", "code", "answer"),
    [
        ("530000", "530602", True),
        ("530600", "530602", True),
        ("530602", "530602", True),
        ("530602", "530602001002", True),
        ("530602", "530600", False),
        ("530600", "530000", False),
        ("530600", "533301", False),
        ("500000", "500156", True),
        ("", "530602", False),
        ("530000", "", False),
    ],
)
def test_an_area_covers_what_lies_in_it(area: str, code: str, answer: bool) -> None:  # noqa: FBT001
    assert covers(area, code) is answer


def test_the_most_specific_area_wins_in_any_order() -> None:
    assert most_specific(["530600", "530000", "510000"], "530602") == "530600"
    assert most_specific(["510000", "530000", "530600"], "530702") == "530000"
    assert most_specific(["510000"], "530602") is None


def test_a_code_is_followed_forward_and_backward() -> None:
    codes = place_codes("a 1 甲县 2016 2016 2", "a 2 甲区 2023 2023 -")
    assert [state.code for state in codes.at("1", year_from=2016, year_to=2023)] == ["2"]
    assert [state.code for state in codes.at("2", year_from=2023, year_to=2016)] == ["1"]


def test_a_merged_place_goes_back_to_both_and_each_goes_forward_to_one() -> None:
    codes = place_codes("a 1 甲县 2016 2016 3", "b 2 乙县 2016 2016 3", "c 3 丙市 2018 2023 -")
    assert [state.name for state in codes.at("3", year_from=2023, year_to=2016)] == ["甲县", "乙县"]
    assert [state.name for state in codes.at("1", year_from=2016, year_to=2023)] == ["丙市"]


def test_a_place_that_kept_its_id_is_not_followed_into_its_neighbour() -> None:
    codes = place_codes(
        "a - 甲行委 2016 2016 3", "a 3 丙市 2023 2023 -", "b - 乙行委 2016 2016 3", "b 3 丙市 2023 2023 -"
    )
    assert [state.place for state in codes.find("甲行委")] == ["a"]
    assert [state.name for state in codes.at("3", year_from=2023, year_to=2016)] == ["甲行委", "乙行委"]
    assert codes.at("", year_from=2016, year_to=2023) == ()


def test_a_year_of_which_nothing_is_known_gives_nothing() -> None:
    codes = place_codes("a 1 甲县 2016 2016 2", "a 2 甲区 2023 2023 -")
    assert codes.at("1", year_from=2016, year_to=2019) == ()
    assert codes.at("1", year_from=2019, year_to=2023) == ()
    assert codes.at("9", year_from=2016, year_to=2023) == ()


def test_an_empty_bound_holds_for_ever() -> None:
    codes = place_codes("a 1 甲县 - 2017 2", "a 2 甲区 2018 - -")
    assert [state.code for state in codes.at("1", year_from=1980, year_to=2040)] == ["2"]


def test_several_changes_are_followed_one_after_the_other() -> None:
    codes = place_codes("a 1 甲县 2010 2014 2", "b 2 甲区 2015 2019 3", "c 3 甲市 2020 2023 -")
    assert [state.code for state in codes.at("1", year_from=2012, year_to=2021)] == ["3"]
    assert [state.code for state in codes.at("3", year_from=2021, year_to=2012)] == ["1"]


def test_a_code_given_to_another_place_later_is_not_mistaken_for_it() -> None:
    codes = place_codes("a 1 甲县 2010 2014 2", "a 2 甲区 2015 2023 -", "b 1 乙县 2018 2023 -")
    assert [state.place for state in codes.at("1", year_from=2012, year_to=2020)] == ["a"]
    assert [state.place for state in codes.at("1", year_from=2020, year_to=2020)] == ["b"]


def test_an_old_name_finds_the_place_of_today() -> None:
    codes = place_codes("a 1 甲县 2016 2016 2", "a 2 甲区 2023 2023 -")
    assert codes.find("甲县") == codes.find("甲区") == codes.history("a")[-1:]


def test_an_ambiguous_name_gives_every_place_until_it_is_narrowed() -> None:
    codes = place_codes("a 110101 甲区 2016 2023 -", "b 120101 甲区 2016 2023 -")
    assert [state.place for state in codes.find("甲区")] == ["a", "b"]
    assert [state.place for state in codes.find("甲区", within="120000")] == ["b"]
    assert [state.place for state in codes.find("甲区", within="某省")] == ["a", "b"]
    assert codes.find("甲区", within="别省") == ()


def test_a_place_is_found_within_the_area_it_lay_in() -> None:
    codes = place_codes("a 542421 那曲县 2016 2016 540602", "a 540602 色尼区 2023 2023 -")
    assert codes.find("那曲县", within="540600") == codes.find("色尼区", within="542400") != ()


def test_null_cells_are_empty() -> None:
    row = {"place": "a", "code": None, "name": "甲", "prefecture": None, "province": None}
    table = pa.Table.from_pylist([row | {"valid_from": "2016", "valid_to": None, "successor": None}])
    assert PlaceCodes(table).find("甲")[0].code == ""


def test_the_door_opens_without_heavy_libraries() -> None:
    program = "import sys, jiedui.geo; print(sorted({'numpy', 'pyarrow'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "[]\n"
