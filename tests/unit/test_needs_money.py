"""Measures of income: published numbers, another package's errors, groups, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from tests.known import known_data, known_path

from jiedui.errors import InputError
from jiedui.needs import ESTIMATES, Design
from jiedui.needs.money import (
    at_risk,
    equivalise,
    fgt,
    gini,
    lorenz,
    quantile_shares,
    relative_line,
    sen,
    watts,
)
from jiedui.needs.sampling import make_clusters
from jiedui.needs.variance import total_variance

ROUNDING = 1e-12
"""The same sums in another order."""
PRINTED = {"arpt": 5e-4, "arop": 5e-11, "gini": 5e-8, "s80s20": 5e-7, "mean": 5e-4, "se": 5e-5}
"""Half of the last digit that the packages print."""


@known_data
def test_the_threshold_the_rate_and_inequality_of_laeken_come_out() -> None:
    units = pq.read_table(known_path("laeken_eusilc.parquet"))
    risk = at_risk(units, "eqIncome", weight="rb050").table
    assert risk["measure"].to_pylist() == ["arpt", "arop"]
    assert risk["b"][0].as_py() == pytest.approx(10859.236, abs=PRINTED["arpt"])
    assert risk["b"][1].as_py() == pytest.approx(0.1444421817, abs=PRINTED["arop"])
    unequal = gini(units, "eqIncome", weight="rb050").table["b"][0].as_py()
    assert unequal == pytest.approx(0.2648962, abs=PRINTED["gini"])
    ratio = quantile_shares(units, "eqIncome", weight="rb050").table["b"][5].as_py()
    assert ratio == pytest.approx(3.971415, abs=PRINTED["s80s20"])


@known_data
def test_the_mean_and_error_of_the_stratified_school_sample_come_out() -> None:
    units = pa_csv.read_csv(known_path("apistrat.csv"))
    w, y = units["pw"].to_numpy(), units["api00"].to_numpy()
    mean = w @ y / w.sum()
    z = w * (y - mean) / w.sum()
    se = np.sqrt(total_variance(z, make_clusters(units, Design(strata="stype"))))
    assert mean == pytest.approx(662.287, abs=PRINTED["mean"])
    assert se == pytest.approx(9.5361, abs=PRINTED["se"])


def survey() -> pa.Table:
    chance = np.random.default_rng(5)
    rows = 90
    strata, psu = chance.integers(0, 3, rows), chance.integers(0, 5, rows)
    return pa.table(
        {
            "stratum": strata.astype(str),
            "psu": [f"{a}-{b}" for a, b in zip(strata, psu, strict=True)],
            "weight": chance.uniform(1, 3, rows),
            "income": chance.lognormal(size=rows),
            "region": chance.integers(0, 2, rows).astype(str),
        }
    )


DESIGN = Design(strata="stratum", psu="psu", weight="weight")


def test_errors_of_the_share_below_a_line_are_those_of_svy() -> None:
    import polars as pl
    import svy

    frame = pl.from_arrow(survey())
    assert isinstance(frame, pl.DataFrame)
    frame = frame.with_columns((pl.col("income") < 1).cast(pl.Float64).alias("below"))
    design = svy.Design(stratum="stratum", psu="psu", wgt="weight", wr=True)
    sample = svy.Sample(frame, design).estimation
    theirs = [(one.est, one.se) for by in (None, "region") for one in sample.mean("below", by=by).estimates]
    ours = fgt(survey(), "income", 1.0, alphas=(0,), by=("region",), design=DESIGN).table.to_pylist()
    assert [row["group"] for row in ours] == ["", "0", "1"]
    for row, (b, se) in zip(ours, theirs, strict=True):
        assert row["b"] == pytest.approx(b, rel=ROUNDING)
        assert row["se"] == pytest.approx(se, rel=ROUNDING)


def test_the_table_is_that_of_the_estimates_with_psu_df_and_limits() -> None:
    found = fgt(survey(), "income", 1.0, by=("region", "stratum"), design=DESIGN)
    assert found.table.schema.equals(ESTIMATES.schema())
    rows = found.table.to_pylist()
    assert {row["group"] for row in rows} == {"", *(f"{a}|{b}" for a in "01" for b in "012")}
    whole = rows[0]
    assert (whole["n"], whole["psu"], whole["df"]) == (90, 15, 12)
    assert 0 < whole["ll"] < whole["b"] < whole["ul"] < 1


def test_without_a_design_there_are_values_and_no_errors() -> None:
    row = gini(survey(), "income", weight="weight").table.to_pylist()[0]
    assert row["b"] > 0
    assert [row[name] for name in ("se", "ll", "ul", "psu", "df")] == [None] * 5


def test_the_threshold_is_that_of_all_whatever_the_groups() -> None:
    alone = at_risk(survey(), "income", design=DESIGN).table.slice(0, 1)
    assert at_risk(survey(), "income", by="stratum", design=DESIGN).table.slice(0, 1).equals(alone)


def test_a_missing_income_is_left_out_and_counted_and_keeps_its_sampling_unit() -> None:
    units = pa.table({"y": [1.0, None, 3.0, float("nan")], "g": ["a", "a", None, "b"]})
    found = fgt(units, "y", 2, alphas=(0,), by="g", design=Design())
    assert found.table["b"].to_pylist() == [0.5, 1.0, None]
    assert found.table["n"].to_pylist() == [2, 1, 0]
    assert (found.table["psu"][0].as_py(), found.table["df"][0].as_py()) == (2, 3)
    assert found.origin["left_out_missing_income"] == "2"
    assert found.origin["without_group"] == "1"


def test_a_negative_income_counts_below_the_line_with_its_whole_gap() -> None:
    found = fgt(pa.table({"y": [-100, 300]}), "y", 100)
    assert found.table["b"].to_pylist() == [0.5, 1.0, 2.0]
    assert found.origin["negative_income"] == "1"


def test_equal_incomes_have_a_gini_of_exactly_nothing() -> None:
    units = pa.table({"y": [0.1] * 7, "w": [0.3, 1.7, 2, 3, 0, 5, 6]})
    assert gini(units, "y", weight="w").table["b"].to_pylist() == [0.0]


def test_an_error_that_cannot_be_told_is_left_empty() -> None:
    """Where incomes do not differ, nothing is known of their density at the median."""
    rows = at_risk(pa.table({"y": [0.1] * 7}), "y", design=Design()).table.to_pylist()
    assert [row["b"] for row in rows] == [pytest.approx(0.06), 0.0]
    assert [row["se"] for row in rows] == [None, None]


def test_incomes_groups_and_weights_may_be_of_any_fitting_type() -> None:
    from decimal import Decimal

    import polars as pl

    plain = pa.table({"y": [1.0, 3.0, 9.0], "w": [1, 2, 3], "g": ["a", "b", "a"]})
    others = (
        plain.set_column(0, "y", pa.array([Decimal(1), Decimal(3), Decimal(9)])),
        plain.set_column(1, "w", pa.array([1, 2, 3], pa.float32())),
        plain.set_column(2, "g", plain["g"].dictionary_encode()),
        pa.concat_tables([plain.slice(0, 1), plain.slice(1)]),
        pl.from_arrow(plain),
    )
    for other in others:
        assert fgt(other, "y", 4, by="g", weight="w").table.equals(
            fgt(plain, "y", 4, by="g", weight="w").table
        )


def test_incomes_in_fen_give_the_same_as_in_yuan() -> None:
    yuan = pa.table({"y": [1.5, 2.25, 9.0]})
    fen = pa.table({"y": [150, 225, 900]})
    assert fgt(fen, "y", 400).table["b"].to_pylist() == pytest.approx(
        fgt(yuan, "y", 4).table["b"].to_pylist()
    )


def test_a_unit_without_weight_changes_nothing() -> None:
    units = pa.table({"y": [1.0, 2.0, 3.0, 50.0], "w": [1, 1, 1, 0]})
    without = units.slice(0, 3)
    for measure in (at_risk, gini, lorenz, quantile_shares):
        assert measure(units, "y", weight="w").table["b"].to_pylist() == pytest.approx(
            measure(without, "y").table["b"].to_pylist()
        )


def register(units: pa.Table) -> object:
    import ibis

    return ibis.memtable(units)


def test_a_register_gives_in_one_scan_what_a_table_gives() -> None:
    chance = np.random.default_rng(6)
    units = pa.table(
        {
            "y": pa.array([None if one < 0.1 else float(one) for one in chance.lognormal(size=500)]),
            "w": chance.integers(0, 4, 500),
            "n": chance.integers(1, 6, 500),
            "g": pa.array([None if one == 3 else int(one) for one in chance.integers(0, 12, 500)]),
            "h": chance.choice(["a", "b"], 500),
        }
    )
    for by in ((), "g", ("g", "h")):
        here = fgt(units, "y", 0.8, by=by, weight="w", size="n")
        there = fgt(register(units), "y", 0.8, by=by, weight="w", size="n")
        rows = [here.table.to_pylist(), there.table.to_pylist()]
        assert [(row["measure"], row["group"], row["n"]) for row in rows[0]] == [
            (row["measure"], row["group"], row["n"]) for row in rows[1]
        ]
        assert here.table["b"].to_pylist() == pytest.approx(there.table["b"].to_pylist(), rel=ROUNDING)
        said = {key: here.origin[key] for key in here.origin if key != "data_sha256"}
        assert said == {key: there.origin[key] for key in there.origin if key != "sums_sha256"}
    for measure in (at_risk, gini):
        assert measure(register(units), "y", by="h").table.equals(measure(units, "y", by="h").table)


def test_polars_and_duckdb_give_the_same_sums() -> None:
    import ibis

    held = ibis.polars.connect().create_table("units", survey())
    rows = [
        fgt(units, "income", 0.8, by="region", weight="weight").table["b"].to_pylist()
        for units in (held, register(survey()))
    ]
    assert rows[0] == pytest.approx(rows[1], rel=ROUNDING)


@pytest.mark.parametrize(
    ("rule", "units"),
    [
        ("money.no_column", pa.table({"x": [1.0], "w": [1]})),
        ("money.not_number", pa.table({"y": ["1"], "w": [1]})),
        ("money.infinite", pa.table({"y": [1.0, float("inf")], "w": [1, 1]})),
        ("money.weight", pa.table({"y": [1.0, 2.0], "w": [1, None]})),
        ("money.nothing", pa.table({"y": [1.0], "w": [0]})),
        ("money.nothing", pa.table({"y": pa.array([], pa.float64()), "w": pa.array([], pa.int64())})),
    ],
    ids=["no column", "text", "infinite", "no weight", "weights of 0", "no rows"],
)
def test_a_register_is_refused_as_a_table_is(rule: str, units: pa.Table) -> None:
    for held in (units, register(units)):
        with pytest.raises(InputError) as refused:
            fgt(held, "y", 2, weight="w")
        assert [found.rule for found in refused.value.findings] == [rule]


def test_what_was_computed_from_what_is_told_by_fingerprint() -> None:
    one, other = pa.table({"y": [1, 2]}), pa.table({"y": [1, 3]})
    marks = [gini(units, "y").origin["data_sha256"] for units in (one, other, one)]
    assert marks[0] == marks[2] != marks[1]
    assert fgt(one, "y", relative_line(share=0.5, of="mean")).origin["line"] == "0.75"


REFUSED: list[tuple[str, Callable[[], object]]] = [
    ("money.no_column", lambda: gini(pa.table({"y": [1]}), "income")),
    ("money.not_number", lambda: gini(pa.table({"y": ["1"]}), "y")),
    ("money.infinite", lambda: gini(pa.table({"y": [1, float("inf")]}), "y")),
    ("money.infinite", lambda: gini(pa.table({"y": [1e308, 1e308]}), "y")),
    ("money.not_plain", lambda: gini(pa.table({"y": [1], "g": [[1]]}), "y", by="g")),
    ("sampling.not_plain", lambda: gini(pa.table({"y": [1], "g": [[1]]}), "y", design=Design(psu="g"))),
    ("money.points", lambda: lorenz(pa.table({"y": [1]}), "y", points=2.5)),  # type: ignore[arg-type]
    ("money.weight", lambda: gini(pa.table({"y": [1, 2], "w": [1, -1]}), "y", weight="w")),
    ("money.weight", lambda: gini(pa.table({"y": [1, 2], "w": [1, None]}), "y", size="w")),
    ("money.two_weights", lambda: gini(survey(), "income", design=DESIGN, weight="income")),
    ("money.nothing", lambda: gini(pa.table({"y": [1], "w": [0]}), "y", weight="w")),
    ("money.nothing", lambda: gini(pa.table({"y": pa.array([], pa.int64())}), "y")),
    ("money.share", lambda: relative_line(share=0)),
    ("money.of", lambda: relative_line(of="mode")),  # type: ignore[arg-type]
    ("money.line", lambda: fgt(pa.table({"y": [1]}), "y", 0)),
    ("money.line", lambda: fgt(pa.table({"y": [0, 0, 1]}), "y", relative_line())),
    ("money.alpha", lambda: fgt(pa.table({"y": [1]}), "y", 2, alphas=(0, 0.5))),
    ("needs.bar", lambda: gini(pa.table({"y": [1], "g": ["a|b"], "h": ["c"]}), "y", by=("g", "h"))),
    ("money.negative", lambda: gini(pa.table({"y": [1, -2]}), "y")),
    ("money.negative", lambda: sen(pa.table({"y": [1, -2]}), "y", 3)),
    ("money.not_above_zero", lambda: watts(pa.table({"y": [1, 0]}), "y", 3)),
    ("money.points", lambda: lorenz(pa.table({"y": [1]}), "y", points=0)),
    ("sampling.single", lambda: gini(survey().slice(0, 1), "income", design=DESIGN)),
]


@pytest.mark.parametrize(("rule", "ask"), REFUSED, ids=[f"{n}-{rule}" for n, (rule, _) in enumerate(REFUSED)])
def test_what_has_no_meaning_is_refused(rule: str, ask: Callable[[], object]) -> None:
    with pytest.raises(InputError) as refused:
        ask()
    assert [found.rule for found in refused.value.findings] == [rule]


def members(*ages: int | None) -> pa.Table:
    return pa.table({"household": ["a"] * len(ages), "age": pa.array(ages, pa.int64())})


HOUSE = pa.table({"household": ["a"], "income": pa.array([4200], pa.int64())})


@pytest.mark.parametrize(
    ("scale", "roster", "size"),
    [
        ("oecd_modified", members(40, 38, 14, 13, 2), 2.6),
        ("oecd_modified", members(9, 7), 1.3),
        ("square_root", members(40, 38, 14, None), 2.0),
        ("per_person", members(40, 38, 14), 3.0),
    ],
)
def test_equivalent_sizes_are_those_of_the_scales(scale: str, roster: pa.Table, size: float) -> None:
    found = equivalise(HOUSE, roster, "income", scale=scale).to_pylist()[0]  # type: ignore[arg-type]
    assert found["equivalent_size"] == pytest.approx(size, rel=ROUNDING)
    assert found["equivalised_income"] == pytest.approx(4200 / size, rel=ROUNDING)


@pytest.mark.parametrize(
    ("rule", "household", "roster", "scale"),
    [
        ("money.scale", HOUSE, members(40), "oecd"),
        ("money.no_column", HOUSE, pa.table({"household": ["a"]}), "oecd_modified"),
        ("money.no_members", HOUSE, members().slice(0, 0), "per_person"),
        ("money.age", HOUSE, members(40, None), "oecd_modified"),
        ("money.household_twice", pa.concat_tables([HOUSE, HOUSE]), members(40), "per_person"),
    ],
)
def test_households_without_what_a_scale_needs_are_refused(
    rule: str, household: pa.Table, roster: pa.Table, scale: str
) -> None:
    with pytest.raises(InputError, match=rule):
        equivalise(household, roster, "income", scale=scale)  # type: ignore[arg-type]
