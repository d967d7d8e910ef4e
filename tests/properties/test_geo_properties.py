"""Geography against slow twins and its own laws."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.geo import Adjacency, PlaceCodes, covers, distance_km, most_specific, project

METRE_KM = 1e-3
"""Double precision keeps great-circle distances well within a metre."""

AREA_TOLERANCE = 1e-4
"""Small squares are measured by differences over a ten-thousandth of a degree."""

untimed = settings(deadline=None)

CODES = "abcdefg"
borders = st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(CODES)), max_size=12)
longitudes = st.floats(-180, 180)
latitudes = st.floats(-90, 90)
division_codes = st.builds("{:02d}{:02d}{:02d}".format, *[st.integers(0, 2)] * 3)


def blocks_by_paths(pairs: list[tuple[str, str]], codes: set[str]) -> set[frozenset[str]]:
    """Close the border relation step by step (Warshall), then read off the classes."""
    joined = {(a, b) for a, b in product(codes, codes) if a == b or (a, b) in pairs or (b, a) in pairs}
    for middle, a, b in product(codes, codes, codes):
        if (a, middle) in joined and (middle, b) in joined:
            joined.add((a, b))
    return {frozenset(b for b in codes if (a, b) in joined) for a in codes}


@untimed
@given(borders, st.sets(st.sampled_from(CODES)))
def test_blocks_equal_those_found_by_closing_the_border_relation(
    pairs: list[tuple[str, str]], codes: set[str]
) -> None:
    table = pa.table(
        {"code_a": pa.array([a for a, _ in pairs], pa.string()), "code_b": [b for _, b in pairs]}
    )
    found = Adjacency(table).blocks(codes)
    assert {frozenset(block) for block in found} == blocks_by_paths(pairs, codes)
    assert list(found) == sorted(tuple(sorted(block)) for block in found)


@untimed
@given(longitudes, latitudes, longitudes, latitudes)
def test_distance_equals_the_angle_between_vectors(
    lon_a: float, lat_a: float, lon_b: float, lat_b: float
) -> None:
    def vector(lon: float, lat: float) -> np.ndarray:
        lon, lat = np.radians(lon), np.radians(lat)
        return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])

    a, b = vector(lon_a, lat_a), vector(lon_b, lat_b)
    angle = np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)
    assert abs(distance_km(lon_a, lat_a, lon_b, lat_b) - 6371.0088 * angle) < METRE_KM


@untimed
@given(st.floats(73, 135), st.floats(4, 53))
def test_the_map_keeps_areas(lon: float, lat: float) -> None:
    step = 1e-4
    x, y = project([lon, lon + step, lon], [lat, lat, lat + step], radius=1.0)
    on_map = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
    on_earth = np.radians(step) * (np.sin(np.radians(lat + step)) - np.sin(np.radians(lat)))
    assert abs(on_map / on_earth - 1) < AREA_TOLERANCE


@untimed
@given(st.lists(division_codes), division_codes)
def test_the_most_specific_area_lies_in_every_area_that_covers_the_code(areas: list[str], code: str) -> None:
    found = most_specific(areas, code)
    covering = [area for area in areas if covers(area, code)]
    assert (found is None) == (not covering)
    assert all(covers(area, found or "") for area in covering)


codes_123 = st.sampled_from("123")
rows_of_states = st.lists(
    st.tuples(st.sampled_from("pqr"), codes_123, st.integers(0, 4), st.integers(0, 2), codes_123), max_size=6
)


def place_codes(rows: list[tuple[str, str, int, int, str]]) -> PlaceCodes:
    """Make states from (place, code, first year after 2000, further years, successor)."""
    place, code, start, years, successor = zip(*rows, strict=True) if rows else ((),) * 5
    columns = {
        "place": place,
        "code": code,
        "name": code,
        "prefecture": [""] * len(rows),
        "province": [""] * len(rows),
        "valid_from": [str(2000 + first) for first in start],
        "valid_to": [str(2000 + first + more) for first, more in zip(start, years, strict=True)],
        "successor": successor,
    }
    return PlaceCodes(pa.table({name: pa.array(column, pa.string()) for name, column in columns.items()}))


@untimed
@given(rows_of_states)
def test_following_a_code_forward_and_back_are_the_same_relation(
    rows: list[tuple[str, str, int, int, str]],
) -> None:
    codes = place_codes(rows)
    for early, late in combinations(range(2000, 2007), 2):
        forward = {(a, s.code) for a in "123" for s in codes.at(a, year_from=early, year_to=late)}
        back = {(s.code, b) for b in "123" for s in codes.at(b, year_from=late, year_to=early)}
        assert forward == back
