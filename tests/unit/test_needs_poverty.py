"""Multidimensional poverty: published numbers, identities, what is refused and what is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
import svy
from tests.known import known_data, known_path

from jiedui.errors import InputError
from jiedui.needs import ESTIMATES, Design, Estimates, Spec, load_spec, poverty, poverty_change
from jiedui.needs.multidimensional import MEASURES, deprivations, estimation, robustness, transitions

ROUNDING = 1e-12
"""Sums of a few doubles."""
PRINTED = 5e-5
"""Published numbers are printed with four decimals."""

TOY = pa.table(
    {
        "income": [1, 1, 0, 1, 0],
        "schooling": [0, 0, 1, 0, 1],
        "nutrition": [1, 1, 1, 0, 0],
        "services": [1, 0, 0, 0, 0],
        "region": ["South", "South", "North", "South", "North"],
    }
)
FOUR = Spec.of({name: [name] for name in ("income", "schooling", "nutrition", "services")}, ["1/2"])
TWO = Spec.of({"x": ["a"], "y": ["b"]}, [1])
GLOBAL = Spec.of(
    {
        "health": ["d_nutr", "d_cm"],
        "education": ["d_satt", "d_educ"],
        "living": ["d_elct", "d_sani", "d_wtr", "d_hsg", "d_ckfl", "d_asst"],
    },
    ["1/3"],
)
DRAWN = Design("stratum", "psu", "weight")


def rows(found: Estimates, measure: str, group: str = "") -> dict[str, float]:
    """Give a measure of a group by indicator."""
    return {
        row["indicator"]: row["b"]
        for row in found.table.to_pylist()
        if row["measure"] == measure and row["group"] == group
    }


def cell(found: Estimates, measure: str, group: str = "", column: str = "b") -> float:
    (row,) = [one for one in found.table.to_pylist() if (one["measure"], one["group"]) == (measure, group)]
    return float(row[column])


def rules(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [found.rule for found in error.value.findings]


def test_the_textbook_example_comes_out() -> None:
    found = poverty(TOY, FOUR, "region")
    assert [cell(found, name) for name in ("H", "A", "M0")] == pytest.approx([0.6, 0.5833, 0.35], abs=PRINTED)
    assert list(rows(found, "hd").values()) == pytest.approx([0.6, 0.4, 0.6, 0.2], abs=ROUNDING)
    assert list(rows(found, "hdk").values()) == pytest.approx([0.4, 0.2, 0.6, 0.2], abs=ROUNDING)
    assert list(rows(found, "pctb").values()) == pytest.approx([0.2857, 0.1429, 0.4286, 0.1429], abs=PRINTED)
    assert cell(found, "M0", "North") == 0.25
    assert cell(found, "M0", "South") == pytest.approx(5 / 12, abs=ROUNDING)


def test_the_example_of_alkire_and_foster_comes_out() -> None:
    matrix = [[0, 0, 0, 0], [0, 1, 0, 1], [1, 1, 1, 1], [0, 1, 0, 0]]
    units = pa.table([pa.array(column) for column in zip(*matrix, strict=True)], names=list("abcd"))
    found = poverty(units, Spec.of({name: [name] for name in "abcd"}, ["1/2"]))
    assert [cell(found, name) for name in ("H", "A", "M0")] == [0.5, 0.75, 0.375]


def test_the_table_has_exactly_the_declared_columns() -> None:
    found = poverty(TOY, FOUR, "region", Design())
    assert found.table.column_names == [one.name for one in ESTIMATES.columns]
    keys = [tuple(row[name] for name in ESTIMATES.key) for row in found.table.to_pylist()]
    assert len(set(keys)) == len(keys)


def test_every_measure_is_given_and_only_those_asked_for() -> None:
    spec = Spec.of({name: [name] for name in ("income", "schooling", "nutrition", "services")}, ["1/3"])
    assert set(poverty(TOY, spec).table["measure"].to_pylist()) == set(MEASURES)
    assert set(poverty(TOY, spec, measures=["A"]).table["measure"].to_pylist()) == {"A"}
    with pytest.raises(InputError) as error:
        poverty(TOY, spec, measures=["M1"])
    assert rules(error) == ["needs.choice"]


def test_a_census_has_no_standard_error() -> None:
    table = poverty(TOY, FOUR).table
    assert all(table[name].null_count == table.num_rows for name in ("se", "ll", "ul", "psu", "df"))


def test_members_count_where_a_size_is_named() -> None:
    units = pa.table({"a": [1, 0], "b": [1, 0], "size": [3, 1]})
    assert cell(poverty(units, TWO, size="size"), "H") == 0.75


@pytest.mark.parametrize("bad", [0, -1, None])
def test_a_weight_that_is_not_above_zero_is_refused(bad: int | None) -> None:
    with pytest.raises(InputError) as error:
        poverty(pa.table({"a": [1, 0], "b": [1, 0], "w": [bad, 1]}), TWO, weight="w")
    assert rules(error) == ["needs.bad_weight"]


def test_units_without_all_indicators_are_left_out_and_counted() -> None:
    found = poverty(pa.table({"a": [1, None, 0], "b": [1, 1, 0]}), TWO)
    assert cell(found, "H") == 0.5
    assert (found.origin["left_out"], found.origin["missing:a"], found.origin["missing:b"]) == ("1", "1", "0")


def test_missing_weight_is_spread_inside_the_dimension() -> None:
    spec = Spec.of({"x": ["a", "b"], "y": ["c"]}, ["1/2"])
    units = pa.table({"a": [1, 1, None], "b": [None, 0, None], "c": [0, 0, 1]})
    found = poverty(units, spec, missing="spread")
    assert cell(found, "H") == 0.5
    assert cell(found, "M0") == 0.25
    assert found.origin["left_out"] == "1"


def test_bounds_hold_what_any_filling_of_the_gaps_gives() -> None:
    units = pa.table({"a": [1, None, 0, None], "b": [1, 1, 0, 0]})
    found = poverty(units, TWO, missing="bounds")
    assert (cell(found, "H_lower"), cell(found, "H_upper")) == (0.25, 0.5)


def test_no_unit_left_is_said() -> None:
    with pytest.raises(InputError) as error:
        poverty(pa.table({"a": [None, 1], "b": [1, None]}), TWO)
    assert rules(error) == ["needs.no_units"]
    with pytest.raises(InputError) as error:
        poverty(pa.table({"a": pa.array([], pa.int8()), "b": pa.array([], pa.int8())}), TWO, missing="bounds")
    assert rules(error) == ["needs.no_units"]


@pytest.mark.parametrize("values", [[2, 0], [0.5, 1.0], ["1", "0"]])
def test_an_indicator_that_is_not_binary_is_refused(values: list[object]) -> None:
    with pytest.raises(InputError) as error:
        poverty(pa.table({"a": values, "b": [1, 0]}), TWO)
    assert rules(error) == ["needs.not_binary"]


def test_a_group_without_units_is_not_invented_and_empty_groups_are_counted() -> None:
    units = pa.table({"a": [1, None, 0], "b": [1, 1, 0], "g": ["p", "q", None]})
    found = poverty(units, TWO, "g", measures=["H"])
    assert found.table["group"].to_pylist() == ["", "p"]
    assert found.origin["without_group"] == "1"


def test_groups_of_several_columns_are_joined_and_numbers_are_in_order() -> None:
    units = pa.table({"a": [1, 0, 1], "b": [1, 0, 0], "t": [2.0, 10.0, 2.0], "g": ["p", "p", "q"]})
    found = poverty(units, TWO, ["t", "g"], measures=["H"])
    assert found.table["group"].to_pylist() == ["", "2|p", "2|q", "10|p"]
    with pytest.raises(InputError) as error:
        poverty(units.set_column(3, "g", pa.array(["p|", "p", "q"])), TWO, ["t", "g"])
    assert rules(error) == ["needs.bar"]


def test_units_may_come_as_frame_file_or_expression(tmp_path: Path) -> None:
    import ibis

    expected = poverty(TOY, FOUR, "region").table
    pq.write_table(TOY, tmp_path / "units.parquet")
    pa_csv.write_csv(TOY, tmp_path / "units.csv")
    from_arrow = pl.from_arrow(TOY)
    kinds: list[object] = [
        from_arrow,
        ibis.memtable(TOY),
        tmp_path / "units.parquet",
        str(tmp_path / "units.csv"),
    ]
    for units in kinds:
        assert poverty(units, FOUR, "region").table.equals(expected)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes("a,b,县\n1,1,甲\n".encode("gb18030"))
    with pytest.raises(InputError) as error:
        poverty(path, TWO)
    assert rules(error) == ["needs.units"]


def test_values_that_are_no_single_text_are_refused() -> None:
    units = pa.table({"a": [1, 0], "b": [1, 0], "g": [[1], [2]]})
    for rule, wrong in (
        ("needs.units", lambda: poverty(units, TWO, "g")),
        ("sampling.not_plain", lambda: poverty(units, TWO, design=Design("g"))),
        ("needs.units", lambda: transitions(units, units, "g", "a")),
    ):
        with pytest.raises(InputError) as error:
            wrong()
        assert rules(error) == [rule]


@pytest.mark.parametrize("units", [3, "absent.parquet", "units.xls", {"a": 1}])
def test_what_holds_no_table_is_refused(units: object) -> None:
    with pytest.raises(InputError) as error:
        poverty(units, TWO)
    assert rules(error) == ["needs.units"]


def test_a_column_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match="nutrition") as error:
        poverty(TOY, Spec.of({"x": ["nutritoin"]}, [1]))
    assert rules(error) == ["formulas.no_column"]


def test_a_stratum_of_one_sampling_unit_is_refused_unless_the_design_says_how() -> None:
    units = pa.table({"a": [1, 0, 1, 0], "b": [1, 0, 1, 1], "h": ["n", "n", "s", "n"], "p": [1, 2, 3, 1]})
    with pytest.raises(InputError, match=r"[^a-z]s[^a-z]") as error:
        poverty(units, TWO, design=Design("h", "p"))
    assert rules(error) == ["sampling.single"]
    certain = cell(poverty(units, TWO, design=Design("h", "p", single="certain")), "H", column="se")
    centred = cell(poverty(units, TWO, design=Design("h", "p", single="centre")), "H", column="se")
    # H is 1/2. z by hand: sampling unit 1 (1/2 - 1/2)/4 = 0, unit 2 -1/8, unit 3 alone 1/8.
    assert certain == pytest.approx((2 * 2 * (1 / 16) ** 2) ** 0.5, abs=ROUNDING)
    assert centred == pytest.approx((2 * 2 * (1 / 16) ** 2 + (1 / 8) ** 2) ** 0.5, abs=ROUNDING)


def test_the_same_units_give_the_same_bytes() -> None:
    first, second = (poverty(TOY, FOUR, "region", Design()) for _ in range(2))
    assert first.table.equals(second.table)
    assert first.origin == second.origin


def test_members_decide_for_their_household() -> None:
    words = {"zh": "一", "en": "one"}
    base = Spec.of({"x": ["a"], "y": ["b"]}, [1])
    asked = (
        replace(base.indicators[0], deprived="age between 6 and 15 and not in_school", roster="any"),
        replace(base.indicators[1], deprived="years < 6", roster="all", words=words),
    )
    spec = replace(base, indicators=asked)
    households = pa.table({"household": [1, 2, 3]})
    members = pa.table(
        {
            "household": [1, 1, 2, 2],
            "age": [10, 40, 8, 30],
            "in_school": [False, True, None, True],
            "years": [2, 5, 1, 9],
        }
    )
    found = deprivations(households, spec, roster=members)
    assert found.to_pydict() == {"a": [True, None, None], "b": [True, False, None]}
    with pytest.raises(InputError) as error:
        deprivations(households, spec)
    assert rules(error) == ["needs.no_roster"]


def test_the_register_of_households_and_persons_fits_the_two_assurances() -> None:
    spec = load_spec("two_assurances_three_guarantees", values={"as_of": "2019-06-01"})
    households = pa.table(
        {
            "household": ["a", "b"],
            "lacks_food": [0, 0],
            "lacks_clothing": [0, 0],
            "house_grade": ["A级", None],
            "is_dangerous_house": [False, False],
            "has_safe_water": [True, True],
        }
    )
    persons = pa.table(
        {
            "household": ["a", "b"],
            "student": ["七年级", "非在校生"],
            "schooling": ["小学", "小学"],
            "born_on": pa.array(["2006-01-02", "2006-01-02"]).cast(pa.date32()),
            "has_insurance": [True, True],
        }
    )
    found = poverty(households, spec, roster=persons)
    assert cell(found, "H") == 0.5
    assert rows(found, "hdk")["schooling"] == 0.5


def test_change_is_given_in_all_and_a_year() -> None:
    units = {
        2010: pa.table({"a": [1, 1, 0, 0], "b": [1, 1, 0, 0]}),
        2012: pa.table({"a": [1, 0, 0, 0], "b": [1, 0, 0, 0]}),
    }
    found = poverty_change(units, TWO, measures=["H"])
    names = ("H_abs", "H_rel", "H_abs_year", "H_rel_year")
    yearly = 100 * (0.5**0.5 - 1)
    assert [cell(found, name) for name in names] == pytest.approx([-0.25, -50, -0.125, yearly], abs=ROUNDING)


def test_rounds_without_common_sampling_units_are_independent() -> None:
    rng = np.random.default_rng(5)
    columns = {name: rng.integers(0, 2, 60) for name in ("a", "b")}
    units = pa.table({**columns, "h": rng.integers(0, 2, 60), "t": np.repeat([1, 2], 30), "p": range(60)})
    levels = poverty(units, TWO, "t", Design("h", "p"), measures=["H"])
    alone = [
        poverty(units.filter(pc.equal(units["t"], t)), TWO, design=Design("h", "p"), measures=["H"])
        for t in (1, 2)
    ]
    change = poverty_change(units, TWO, design=Design("h", "p"), measures=["H"])
    expected = sum(cell(one, "H", column="se") ** 2 for one in alone) ** 0.5
    assert cell(change, "H_abs", column="se") == pytest.approx(expected, abs=ROUNDING)
    assert cell(change, "H_abs") == pytest.approx(cell(levels, "H", "2") - cell(levels, "H", "1"))
    assert cell(change, "H_abs", column="df") == 60 - 4


def test_a_sample_that_is_drawn_twice_alike_has_a_sure_change() -> None:
    one = pa.table({"a": [1, 0, 1, 0], "b": [1, 0, 0, 1], "p": [1, 2, 3, 4]})
    units = pa.concat_tables([one.append_column("t", pa.array([t] * 4)) for t in (1, 2)])
    change = poverty_change(units, TWO, design=Design("", "p"), measures=["H"])
    assert (cell(change, "H_abs"), cell(change, "H_abs", column="se")) == (0, 0)


def test_three_rounds_are_compared_one_by_one_and_first_with_last() -> None:
    units = {year: pa.table({"a": [1, 0], "b": [1, 0]}) for year in (2010, 2014, 2018)}
    found = poverty_change(units, TWO, measures=["H"])
    pairs = {name.partition(":")[2] for name in found.table["measure"].to_pylist()}
    assert pairs == {"2010-2014", "2014-2018", "2010-2018"}


def test_one_round_is_no_change() -> None:
    with pytest.raises(InputError) as error:
        poverty_change(TOY.append_column("t", pa.array([1] * 5)), FOUR)
    assert rules(error) == ["needs.rounds"]
    with pytest.raises(InputError) as error:
        poverty_change(
            TOY.append_column("t", pa.array([1, 1, 2, 2, 2])).append_column(
                "year", pa.array([1, 2, 3, 3, 3])
            ),
            FOUR,
            year="year",
        )
    assert rules(error) == ["needs.times"]


def test_robustness_tells_dominance_and_agreement() -> None:
    found = robustness(TOY, FOUR, "region", ks=["1/4", "1/2", "3/4", 1])
    assert {"weighting": "own", "measure": "M0", "better": "North", "worse": "South"} in (
        found.dominance.to_pylist()
    )
    assert found.ranks["kendall"].to_pylist()[1] == 1
    assert found.curves.num_rows == 3 * 4


def test_other_weights_must_name_every_indicator() -> None:
    with pytest.raises(InputError) as error:
        robustness(TOY, FOUR, "region", ks=["1/2"], weightings={"bad": {"income": 1}})
    assert rules(error) == ["needs.choice"]


def test_transitions_tell_every_unit_once() -> None:
    before = pa.table({"household": ["a", "b", "c", "d", "e"], "in": [1, 1, 0, 0, None]})
    after = pa.table(
        {"household": ["b", "a", "d", "c", "f", "e"], "in": [True, False, True, False, True, True]}
    )
    found = transitions(before, after, "household", "in")
    assert list(found.counts.values()) == [1, 1, 1, 1, 0, 1, 1]
    assert found.table["key"].to_pylist() == ["a", "b", "c", "d", "e", "f"]
    with pytest.raises(InputError) as error:
        transitions(pa.concat_tables([before, before]), after, "household", "in")
    assert rules(error) == ["needs.key_twice"]


def test_many_units_are_counted_in_blocks_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = poverty(TOY, FOUR, "region", Design()).table
    monkeypatch.setattr(estimation, "LARGEST_BLOCK", 15)
    assert poverty(TOY, FOUR, "region", Design()).table.equals(whole)


@known_data
def test_the_members_of_the_package_mpindex_decide_as_plain_loops_do() -> None:
    spec = Spec.of({"x": ["child_died"], "y": ["nutrition"], "z": ["schooling"]}, ["1/3"])
    texts: tuple[tuple[str, Literal["", "any", "all"]], ...] = (
        ("with_child_died = 1", ""),
        ("undernourished = 1 and age < 70", "any"),
        ("coalesce(completed_6yrs_schooling = 2, false)", "all"),
    )
    indicators = tuple(
        replace(one, deprived=text, roster=roster)
        for one, (text, roster) in zip(spec.indicators, texts, strict=True)
    )
    households = pq.read_table(known_path("mpindex_household.parquet"))
    roster = pq.read_table(known_path("mpindex_roster.parquet"))
    asked = replace(spec, indicators=indicators, missing="spread")
    found = deprivations(households, asked, roster=roster, key="uuid").to_pydict()
    members: dict[str, list[dict[str, int | None]]] = {}
    for row in roster.to_pylist():
        members.setdefault(row["uuid"], []).append(row)
    for place, row in enumerate(households.to_pylist()):
        inside = members[row["uuid"]]
        thin = [None if one["undernourished"] is None else one["undernourished"] == 1 for one in inside]
        thin = [False if (one["age"] or 0) >= 70 else x for one, x in zip(inside, thin, strict=True)]
        expected = True if True in thin else None if None in thin else False
        assert found["nutrition"][place] is expected
        assert found["schooling"][place] is all(one["completed_6yrs_schooling"] == 2 for one in inside)
        assert found["child_died"][place] is (row["with_child_died"] == 1)
    assert cell(poverty(households, asked, roster=roster, key="uuid"), "H") > 0


@known_data
def test_the_identities_hold_on_the_synthetic_survey() -> None:
    found = poverty(pq.read_table(known_path("syn_cdta.parquet")), GLOBAL, ["t", "area"], DRAWN)
    for group in ("", "1|0", "2|1"):
        m0 = cell(found, "M0", group)
        censored = rows(found, "hdk", group)
        weighted = sum(float(one.weight) * censored[one.id] for one in GLOBAL.indicators)
        assert weighted == pytest.approx(m0, abs=ROUNDING)
        assert cell(found, "H", group) * cell(found, "A", group) == pytest.approx(m0, abs=ROUNDING)
        assert sum(rows(found, "pctb", group).values()) == pytest.approx(1, abs=ROUNDING)
    assert found.origin["left_out"] == "97"
    assert cell(found, "H", column="df") == 717 - 120


@known_data
def test_errors_by_area_on_the_synthetic_survey_are_those_of_svy() -> None:
    table = pq.read_table(known_path("syn_cdta.parquet"))
    found = poverty(table, GLOBAL, ["t", "area"], DRAWN)
    names = [one.id for one in GLOBAL.indicators]
    whole = table.select([*names, "stratum", "psu", "weight", "t", "area"]).drop_null()
    parts = [GLOBAL.weights[name] * whole[name].to_numpy() for name in names]
    score = np.sum(parts, axis=0)
    poor = 3 * score >= GLOBAL.scale
    frame = pl.DataFrame(
        {
            "censored": poor * score / GLOBAL.scale,
            "poor": poor.astype(float),
            "group": [
                f"{t:.0f}|{area}"
                for t, area in zip(whole["t"].to_pylist(), whole["area"].to_pylist(), strict=True)
            ],
            **{name: whole[name].to_numpy() for name in ("stratum", "psu", "weight")},
        }
    )
    sample = svy.Sample(frame, svy.Design(stratum="stratum", psu="psu", wgt="weight"))
    for measure, other in (
        ("H", sample.estimation.mean("poor", by="group")),
        ("M0", sample.estimation.mean("censored", by="group")),
        ("A", sample.estimation.ratio("censored", "poor", by="group")),
    ):
        assert isinstance(other, svy.Estimate)
        assert len(other.to_dicts()) == 4
        for row in other.to_dicts():
            group = str(row["by_level"][0])
            ours = (cell(found, measure, group), cell(found, measure, group, "se"))
            assert ours == pytest.approx((row["est"], row["se"]), abs=ROUNDING)


@known_data
def test_the_example_of_the_package_mpi_is_read_with_its_names() -> None:
    table = pq.read_table(known_path("mpi_example.parquet"))
    names = [name for name in table.column_names if name != "Region"]
    found = poverty(table, Spec.of({name: [name] for name in names}, ["1/3"]), "Region")
    matrix = np.column_stack([table[name].to_numpy() for name in names])
    poor = matrix.sum(axis=1) * 3 >= matrix.shape[1]
    assert cell(found, "H") == pytest.approx(poor.mean(), abs=ROUNDING)
    assert cell(found, "M0") == pytest.approx((matrix.mean(axis=1) * poor).mean(), abs=ROUNDING)
