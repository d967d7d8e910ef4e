"""The cube and the headline: published numbers, files, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.needs_cases import make_spec

from jiedui.errors import InputError
from jiedui.needs import Spec
from jiedui.needs.cube import Cube, curves, headline, make_households, profile_cube, read_cube, robustness
from jiedui.needs.estimates import ESTIMATES

PRINTED = 5e-5
"""Published numbers are rounded to four digits."""
HALF = Fraction(1, 2)
TOY = {
    "place": ["North", "North", "South", "South", "South"],
    "d0": [0, 1, 1, 0, 1],
    "d1": [1, 0, 0, 1, 0],
    "d2": [0, 1, 1, 1, 0],
    "d3": [0, 0, 1, 0, 0],
}
"""The toy of the textbooks: five persons, four indicators of equal weight, k = 1/2."""


def plain_spec(*cutoffs: Fraction) -> Spec:
    return make_spec([Fraction(1, 4)] * 4, "abcd", cutoffs or (HALF,), "drop")


def toy_cube() -> Cube:
    return profile_cube(ibis.memtable(pa.table(TOY)), plain_spec(), ["place"])


def values(cube: Cube, measure: str, group: str = "") -> list[float]:
    rows = cube.estimates().table.to_pylist()
    return [row["b"] for row in rows if (row["measure"], row["group"]) == (measure, group)]


def test_the_toy_of_the_textbooks_comes_out_of_the_cube() -> None:
    cube = toy_cube()
    assert [*values(cube, "H"), *values(cube, "A"), *values(cube, "M0")] == pytest.approx(
        [0.6, 0.5833, 0.35], abs=PRINTED
    )
    assert values(cube, "hd") == pytest.approx([0.6, 0.4, 0.6, 0.2])
    assert values(cube, "hdk") == pytest.approx([0.4, 0.2, 0.6, 0.2])
    assert values(cube, "pctb") == pytest.approx([0.2857, 0.1429, 0.4286, 0.1429], abs=PRINTED)
    assert [values(cube, "M0", place)[0] for place in ("North", "South")] == pytest.approx([0.25, 5 / 12])


def test_the_headline_has_a_row_for_each_area_or_one_for_all() -> None:
    households = ibis.memtable(pa.table(TOY))
    by_place = headline(households, plain_spec(), ["place"]).to_pyarrow().to_pylist()
    assert [(row["place"], row["M0_1_2"]) for row in by_place] == [("North", 0.25), ("South", 1.25 / 3)]
    assert headline(households, plain_spec()).to_pyarrow()["H_1_2"].to_pylist() == [0.6]


def test_estimates_have_exactly_the_columns_declared() -> None:
    assert toy_cube().estimates().table.column_names == [one.name for one in ESTIMATES.columns]


def test_a_cube_is_saved_and_read_with_the_same_bytes(tmp_path: Path) -> None:
    cube = toy_cube()
    cube.save(tmp_path / "toy.parquet")
    again = read_cube(tmp_path / "toy.parquet", plain_spec())
    again.save(tmp_path / "again.parquet")
    assert again.estimates().table.equals(cube.estimates().table)
    assert again.sha256 == cube.sha256
    assert (tmp_path / "toy.parquet").read_bytes() == (tmp_path / "again.parquet").read_bytes()


def test_what_is_left_out_is_counted() -> None:
    columns = {**TOY, "d0": [None, 1, 1, 0, 1], "w": [5, 1, 1, 1, 1]}
    cube = profile_cube(ibis.memtable(pa.table(columns)), plain_spec(), weight="w")
    origin = cube.estimates().origin
    assert (origin["units"], origin["left_out"], origin["weight_left_out"]) == ("5", "1", "5.0")
    table = cube.estimates().table
    assert set(table["n"].to_pylist()) == {4}


def test_an_area_where_nobody_counts_has_no_figures() -> None:
    columns = {**TOY, "d0": [None, None, 1, 0, 1]}
    cube = profile_cube(ibis.memtable(pa.table(columns)), plain_spec(), ["place"])
    assert values(cube, "H", "North") == [None]
    assert (
        headline(ibis.memtable(pa.table(columns)), plain_spec(), ["place"]).to_pyarrow()["H_1_2"][0].as_py()
        is None
    )
    north = [row["H"] for row in curves(cube).to_pylist() if row["group"] == "North"]
    assert set(north) == {None}


FAULTS: dict[str, tuple[dict[str, Any], str, list[str], str]] = {
    "no such column": ({"d0": None}, "", ["place"], "cube.column"),
    "an indicator of texts": ({"d0": ["a"] * 5}, "", ["place"], "cube.kind"),
    "an indicator beyond 0 and 1": ({"d0": [0, 1, 2, 0, 0]}, "", ["place"], "cube.values"),
    "an indicator below 0": ({"d0": [0, 1, -1, 0, 0]}, "", ["place"], "cube.values"),
    "half an indicator": ({"d0": [0, 1, 0.5, 0, 0]}, "", ["place"], "cube.values"),
    "a weight of texts": ({"w": ["a"] * 5}, "w", ["place"], "cube.number"),
    "a weight of nothing": ({"w": [1, 1, 0, 1, 1]}, "w", ["place"], "cube.weight"),
    "a weight below 0": ({"w": [1, 1, -2.5, 1, 1]}, "w", ["place"], "cube.weight"),
    "an endless weight": ({"w": [1, 1, float("inf"), 1, 1]}, "w", ["place"], "cube.weight"),
    "a weight that is no number": ({"w": [1, 1, float("nan"), 1, 1]}, "w", ["place"], "cube.weight"),
    "a weight that is empty": ({"w": [1, 1, None, 1, 1]}, "w", ["place"], "cube.empty"),
    "an empty area": ({"place": ["a", None, "b", "b", "b"]}, "", ["place"], "cube.empty"),
    "an area without a name": ({"place": ["a", "", "b", "b", "b"]}, "", ["place"], "cube.empty"),
    "areas that join to one name": (
        {"place": ["a|b", "a", "a", "a", "a"], "part": ["c", "b|c", "d", "d", "d"]},
        "",
        ["place", "part"],
        "cube.bar",
    ),
    "an area of a name of ours": ({"n": [1, 2, 3, 4, 5]}, "", ["n"], "cube.own_name"),
    "nobody": ({name: pa.array([], pa.int8()) for name in TOY}, "", ["place"], "cube.no_rows"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_households_that_cannot_be_counted_are_refused(fault: str) -> None:
    changes, weight, by, rule = FAULTS[fault]
    columns = {name: column for name, column in {**TOY, **changes}.items() if column is not None}
    assert set(refused(columns, weight=weight, by=by)) == {rule}


def refused(columns: dict[str, Any], *, weight: str, by: Sequence[str]) -> list[str]:
    """Give the rules of the findings, which cube and headline must share."""
    households = ibis.memtable(pa.table(columns))
    found = []
    for count in (headline, profile_cube):
        with pytest.raises(InputError) as error:
            count(households, plain_spec(), by, weight=weight)
        found.append([one.rule for one in error.value.findings])
    assert found[0] == found[1]
    return found[0]


def test_weights_and_cutoffs_that_cannot_be_exact_are_refused() -> None:
    cube = toy_cube()
    for weights in (
        {"d0": HALF, "d1": HALF},
        {name: Fraction(1, 3) for name in ("d0", "d1", "d2", "d3")},
        {"d0": HALF, "d1": HALF, "d2": HALF, "d3": -HALF},
    ):
        with pytest.raises(InputError):
            cube.estimates(weights=weights)
    for k in (Fraction(0), Fraction(9, 8)):
        with pytest.raises(InputError):
            cube.estimates([k])
    with pytest.raises(InputError, match=r"cube\.too_fine"):
        cube.estimates([Fraction(1, 2**61)])


def test_a_file_that_is_no_cube_or_one_of_other_indicators_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cube.parquet"
    toy_cube().save(path)
    other = replace(plain_spec(), indicators=plain_spec().indicators[::-1])
    with pytest.raises(InputError, match=r"cube\.other_spec"):
        read_cube(path, other)
    pq.write_table(pa.table(TOY), path)
    with pytest.raises(InputError, match=r"cube\.no_cube"):
        read_cube(path, plain_spec())
    path.write_text("nothing")
    with pytest.raises(InputError, match=r"cube\.no_cube"):
        read_cube(path, plain_spec())


def test_what_has_no_answer_is_refused() -> None:
    with pytest.raises(InputError, match=r"cube\.no_curve"):
        curves(toy_cube(), missing="bounds")
    with pytest.raises(InputError, match=r"cube\.one_area"):
        robustness(profile_cube(ibis.memtable(pa.table(TOY)), plain_spec()))


def test_made_households_depend_on_the_seed_alone(tmp_path: Path) -> None:
    names = ("first", "again", "other")
    for name, seed in zip(names, (1, 1, 2), strict=True):
        make_households(tmp_path / name, 5000, counties=7, missing=0.1, seed=seed)
    first, again, other = (pq.read_table(tmp_path / name) for name in names)
    assert first.equals(again)
    assert not first.equals(other)
    assert len(first["county"].unique()) == 7
    sizes = first["size"].to_pylist()
    assert (min(sizes), max(sizes)) == (1, 9)
    assert first["d3"].null_count / first.num_rows == pytest.approx(0.1, abs=0.02)


def test_made_households_lack_several_things_at_once(tmp_path: Path) -> None:
    import numpy as np

    table = pq.read_table(make_households(tmp_path / "made", 50_000, counties=10))
    columns = np.array([table[f"d{place}"].to_numpy() for place in range(10)], float)
    together = np.corrcoef(columns)[np.triu_indices(10, 1)]
    assert together.min() > 0.02
    assert together.mean() > 0.05
