"""The gazetteer against `PlaceCodes` on the county codes of 2016 and 2023: the same places by every name."""

from __future__ import annotations

from tests.conftest import EXAMPLE

from jiedui.geo import PlaceCodes
from jiedui.registers.place_names import KNOWN_PLACES, Gazetteer
from jiedui.tables import read_table
from jiedui.tables.shared import PLACE_CODES


def test_every_county_of_the_example_is_found_by_every_name_it_had() -> None:
    import pyarrow as pa

    table = read_table(EXAMPLE / "place_codes.csv", PLACE_CODES).table
    codes = PlaceCodes(table)
    states = [state for state in codes if state.code]
    above = {f"{state.code[:2]}0000": state.province for state in states}
    above |= {f"{state.code[:4]}00": state.prefecture for state in states if state.code[2:4] != "90"}
    rows = [{"code": code, "name": name} for code, name in sorted(above.items()) if name]
    gazetteer = Gazetteer(pa.Table.from_pylist(rows, KNOWN_PLACES.schema()), codes)
    unlike = []
    for state in states:
        found = gazetteer.find(state.name, state.province, level="county")
        expected = sorted({one.code for one in codes.find(state.name, within=state.province) if one.code})
        if [place.code for place in found.matches] != expected or found.status == "none":
            unlike.append((state.code, state.name, state.valid_from, expected, found))
    assert unlike == []
    assert len(states) > 800
