"""Targeting: scores from a survey, thresholds, rates of a check, appraisal beside the score."""

from __future__ import annotations

import datetime as dt
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jiedui.errors import InputError, MissingPartError
from jiedui.needs import Design
from jiedui.needs.targeting import (
    ScoreModel,
    choose_threshold,
    compare_appraisal,
    fairness_table,
    fit_score,
    load_score,
    national_rates,
    threshold_table,
)
from jiedui.needs.targeting.columns import Rows
from jiedui.schemes import Scheme, load_scheme, shipped_schemes

ON = dt.date(2026, 3, 2)


def survey(rows: int = 120, *, seed: int = 1) -> pa.Table:
    rng = np.random.default_rng(seed)
    size, roof = rng.integers(1, 7, rows), rng.choice(["brick", "earth", "tile"], rows, p=[0.6, 0.2, 0.2])
    income = np.exp(9 - 0.1 * size - 0.4 * (roof == "earth") + rng.normal(scale=0.3, size=rows))
    made = {
        "income": income,
        "size": size,
        "roof": roof,
        "w": rng.uniform(1, 3, rows),
        "psu": np.arange(rows) // 3,
    }
    return pa.table(made | {"unit": [f"h{one:03}" for one in range(rows)]})


def fitted(**settings: Any) -> ScoreModel:  # noqa: ANN401
    return fit_score(
        survey(),
        **{"target": "income", "covariates": ["size", "roof"], "weight": "w", "psu": "psu"} | settings,
    )


def rules(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [finding.rule for finding in error.value.findings]


def test_categories_are_compared_with_the_one_of_most_weight_or_the_one_named() -> None:
    assert fitted().coefficients()["term"].to_pylist() == ["1", "size", "roof=earth", "roof=tile"]
    named = fitted(base={"roof": "earth"}).coefficients()
    assert named["term"].to_pylist() == ["1", "size", "roof=brick", "roof=tile"]
    rows = fitted().coefficients().to_pylist()
    assert rows[2]["b"] == pytest.approx(-named.to_pylist()[2]["b"])
    assert all(row["ll"] < row["b"] < row["ul"] for row in rows)


@pytest.mark.parametrize("method", ["linear", "quantile", "boosted"])
def test_a_saved_model_scores_as_before(method: Any, tmp_path: Path) -> None:  # noqa: ANN401
    model = fitted(method=method)
    model.save(tmp_path / "model.json")
    again = load_score(tmp_path / "model.json")
    assert again == model
    assert again.score(survey(seed=2)).equals(model.score(survey(seed=2)))
    again.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "model.json").read_bytes()


def test_a_model_that_was_changed_or_is_none_is_refused(tmp_path: Path) -> None:
    fitted().save(tmp_path / "model.json")
    body = json.loads((tmp_path / "model.json").read_text(encoding="utf-8"))
    (tmp_path / "changed.json").write_text(json.dumps(body | {"above": 9.0}), encoding="utf-8")
    (tmp_path / "none.json").write_text('["a"]', encoding="utf-8")
    for name, rule in (("changed", "model_changed"), ("none", "not_a_model"), ("absent", "not_a_model")):
        with pytest.raises(InputError) as error:
            load_score(tmp_path / f"{name}.json")
        assert rules(error) == [f"targeting.{rule}"]


def test_scores_are_in_units_of_the_target_inside_their_interval() -> None:
    scored = fitted().score(survey(seed=3)).to_pylist()
    assert [row["unit"] for row in scored] == survey(seed=3)["unit"].to_pylist()
    assert all(0 < row["lower"] < row["score"] < row["upper"] < 100_000 for row in scored)


def test_held_out_scores_are_those_of_fits_without_the_fold() -> None:
    noise = np.random.default_rng(0).normal(size=(30, 24))
    table = pa.table({"income": noise[:, 0]} | {f"x{at}": noise[:, at] for at in range(1, 24)})
    model = fit_score(table, target="income", covariates=table.column_names[1:], log=False)
    own, held = (
        np.array(one) - noise[:, 0] for one in (model.predict(Rows(table, "survey")), model.held_out)
    )
    assert np.mean(own**2) < 0.5 * np.mean(held**2)


@pytest.mark.parametrize("method", ["linear", "quantile"])
def test_a_category_seen_once_is_fitted_though_no_other_fold_has_it(method: Any) -> None:  # noqa: ANN401
    table = survey()
    roof = pa.array([*table["roof"].to_pylist()[:-1], "straw"])
    model = fit_score(
        table.set_column(2, "roof", roof), target="income", covariates=["size", "roof"], method=method
    )
    assert all(np.isfinite((*model.b, model.below, model.above)))


def test_a_wider_level_gives_wider_intervals_and_tells_what_was_reached() -> None:
    narrow, wide = fitted(level=0.5), fitted(level=0.9)
    assert narrow.above < wide.above
    assert narrow.below > wide.below
    assert 0.75 < wide.coverage <= 1


def test_the_hashes_change_with_the_data_and_with_the_specification() -> None:
    base, other = fitted().origin, fitted(level=0.8).origin
    moved = fit_score(
        survey(seed=5), target="income", covariates=["size", "roof"], weight="w", psu="psu"
    ).origin
    assert base["data_sha256"] == other["data_sha256"] != moved["data_sha256"]
    assert base["spec_sha256"] == moved["spec_sha256"] != other["spec_sha256"]


def test_a_register_without_what_the_model_needs_is_refused_with_every_column() -> None:
    bare = pa.table({"unit": ["a"], "size": ["many"]})
    with pytest.raises(InputError) as error:
        fitted().score(bare)
    assert [(one.rule, one.cell) for one in error.value.findings] == [
        ("targeting.not_numbers", "size"),
        ("targeting.column_missing", "roof"),
    ]


def test_unknown_categories_are_refused_by_name_or_counted_as_the_base() -> None:
    register = pa.table({"unit": ["a", "b", "c"], "size": [2, 2, 2], "roof": ["straw", "brick", "straw"]})
    with pytest.raises(InputError) as error:
        fitted().score(register)
    assert rules(error) == ["targeting.category_unknown"]
    assert "straw" in error.value.findings[0].zh
    scored = fitted().score(register, unknown="base")
    assert scored["score"][0] == scored["score"][1]
    assert json.loads(scored.schema.metadata[b"to_base"]) == {"roof": 2}


@pytest.mark.parametrize("method", ["linear", "boosted"])
def test_rows_with_an_empty_covariate_are_refused_or_left_without_a_score(method: Any) -> None:  # noqa: ANN401
    register = pa.table({"unit": ["a", "b", "c"], "size": [2, None, 3], "roof": ["tile", "tile", None]})
    model = fitted(method=method)
    with pytest.raises(InputError) as error:
        model.score(register)
    assert rules(error) == ["targeting.register_blank"]
    scored = model.score(register, missing="blank")
    assert [value is None for value in scored["score"].to_pylist()] == [False, True, True]
    assert scored.schema.metadata[b"blank"] == b"2"


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        ({"target": "revenue"}, "column_missing"),
        ({"target": "psu"}, "target_not_positive"),
        ({"target": "roof"}, "not_numbers"),
        ({"covariates": ["size", "twice"]}, "dependent"),
        ({"covariates": ["size", "same"]}, "dependent"),
        ({"covariates": ["gaps"]}, "values_missing"),
        ({"covariates": []}, "covariates"),
        ({"weight": "minus"}, "weight_negative"),
        ({"weight": "nought"}, "weight_zero"),
        ({"base": {"roof": "straw"}}, "base_unknown"),
        ({"base": {"floor": "mud"}}, "base_unknown"),
        ({"method": "guess"}, "method"),
        ({"level": 1.0}, "not_between"),
        ({"quantile": 0.0}, "not_between"),
        ({"folds": 1}, "folds"),
        ({"psu": "two"}, "folds"),
        ({"level": 0.99}, "few_psus"),
        ({"monotone": {"age": 1}}, "monotone"),
    ],
)
def test_what_cannot_be_fitted_is_refused(spoil: dict[str, Any], rule: str) -> None:
    table = survey()
    n = table.num_rows
    more = {
        "twice": [2.0 * one for one in table["size"].to_pylist()],
        "same": [1.0] * n,
        "gaps": [None, *range(n - 1)],
        "minus": [-1.0] + [1.0] * (n - 1), "nought": [0.0] * n, "two": [at % 2 for at in range(n)],
    }  # fmt: skip
    for name, values in more.items():
        table = table.append_column(name, pa.array(values, from_pandas=True))
    settings: dict[str, Any] = {
        "target": "income",
        "covariates": ["size", "roof"],
        "weight": "w",
        "psu": "psu",
    }
    with pytest.raises(InputError) as error:
        fit_score(table, **settings | spoil)
    assert rules(error) == [f"targeting.{rule}"]


def test_trees_without_scikit_learn_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with pytest.raises(MissingPartError) as error:
        fitted(method="boosted")
    assert "jiedui[pmt]" in error.value.findings[0].en


def test_trees_find_what_a_line_cannot() -> None:
    rng = np.random.default_rng(0)
    age = rng.uniform(15, 90, 300)
    income = np.exp(9 - np.abs(age - 50) / 25 + rng.normal(scale=0.1, size=300))
    table = pa.table({"income": income, "age": age})
    line, trees = (
        fit_score(table, target="income", covariates=["age"], method=one) for one in ("linear", "boosted")
    )
    assert trees.above - trees.below < 0.5 * (line.above - line.below)


CASES = pa.table({
    "needy": [1, 1, 1, 1, 0, 0, 0, 0, 0, 0],
    "score": [1.0, 2.0, 4.0, 7.0, 3.0, 5.0, 6.0, 8.0, 9.0, 9.0],
    "far": ["far", "near"] * 5,
})  # fmt: skip


def test_consequences_of_a_threshold_are_as_worked_by_hand() -> None:
    (row,) = threshold_table(CASES, truth="needy", score="score", thresholds=[4]).to_pylist()
    expected = {
        "needy": 0.4, "selected": 0.4, "exclusion": 0.25, "inclusion": 0.25, "coverage": 0.75,
        "leakage": 0.25,
        "under": 0.1,
        "over": 0.1, "differential": 0.75 - 1 / 6, "cgh": 0.75 / 0.4,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == pytest.approx(expected)


def test_units_with_the_same_score_are_selected_together() -> None:
    (row,) = threshold_table(CASES, truth="needy", score="score", shares=[0.85]).to_pylist()
    assert (row["threshold"], row["selected"]) == (9.0, 1.0)


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({}, "no_thresholds"),
        ({"shares": [0.0]}, "not_a_share"),
        ({"thresholds": [float("nan")]}, "threshold_number"),
        ({"thresholds": [1], "truth": "score"}, "not_flags"),
    ],
)
def test_thresholds_that_mean_nothing_are_refused(asked: dict[str, Any], rule: str) -> None:
    with pytest.raises(InputError) as error:
        threshold_table(CASES, **{"truth": "needy", "score": "score"} | asked)
    assert rules(error) == [f"targeting.{rule}"]


def shown() -> pa.Table:
    return threshold_table(
        CASES, truth="needy", score="score", by=["far"], thresholds=[1, 4, 7], shares=[0.2]
    )


@pytest.mark.parametrize("name", shipped_schemes())
def test_no_scheme_that_comes_with_the_package_allows_a_fixed_share(name: str) -> None:
    with pytest.raises(InputError) as error:
        choose_threshold(shown(), scheme=load_scheme(name), share=0.2, by="县里", on=ON, why="名额")
    assert rules(error) == ["targeting.no_quota"]
    assert "应纳尽纳" in error.value.findings[0].zh


def allowing() -> Scheme:
    return replace(load_scheme("household"), fixed_share=True)


def test_a_scheme_that_allows_a_fixed_share_gets_the_threshold_shown_for_it() -> None:
    choice = choose_threshold(shown(), scheme=allowing(), share=0.2, by="office", on=ON, why="budget")
    assert (choice.threshold, choice.rule) == (2.0, "share")


def test_a_choice_keeps_what_it_does_to_each_group_and_what_others_would_have_done() -> None:
    choice = choose_threshold(
        shown(),
        scheme=load_scheme("household"),
        exclusion_at_most=0.25,
        by="office",
        on=ON,
        why="few left out",
    )
    assert choice.threshold == 4.0
    assert choice.consequences["group"].to_pylist() == ["", "far", "near"]
    assert choice.others["threshold"].to_pylist() == [1.0, 7.0, 2.0]
    assert (choice.by, choice.on, choice.why) == ("office", ON, "few left out")


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ({}, "one_rule"),
        ({"threshold": 4.0, "exclusion_at_most": 0.1}, "one_rule"),
        ({"threshold": 5.0}, "not_shown"),
        ({"exclusion_at_most": -0.1}, "not_shown"),
        ({"threshold": 4.0, "by": " "}, "nobody"),
    ],
)
def test_a_threshold_that_was_not_shown_or_that_nobody_chooses_is_refused(
    asked: dict[str, Any], rule: str
) -> None:
    settings: dict[str, Any] = {"scheme": allowing(), "by": "office", "on": ON, "why": "x"}
    with pytest.raises(InputError) as error:
        choose_threshold(shown(), **settings | asked)
    assert rules(error) == [f"targeting.{rule}"]


def test_groups_with_few_units_in_need_or_selected_are_marked() -> None:
    many = pa.concat_tables([CASES] * 20)
    for smallest, marks in (
        (20, [False, False, False]),
        (21, [False, False, True]),
        (81, [True, True, True]),
    ):
        table = fairness_table(many, truth="needy", score="score", threshold=4, by=["far"], smallest=smallest)
        assert table["small"].to_pylist() == marks
        assert table["group"].to_pylist() == ["", "far", "near"]


def test_bands_put_a_value_on_a_limit_into_the_group_above() -> None:
    table = fairness_table(
        CASES, truth="needy", score="score", threshold=4, by=["score"], bands={"score": [3, 6]}
    )
    assert list(zip(table["group"].to_pylist(), table["units"].to_pylist(), strict=True)) == [
        ("", 10), ("< 3", 2), ("3–6", 3), ("≥ 6", 5),
    ]  # fmt: skip


def test_a_stratum_of_one_unit_is_refused_unless_the_design_says_what_to_do() -> None:
    table = CASES.append_column("stratum", pa.array(["a"] * 9 + ["b"]))
    with pytest.raises(InputError) as error:
        fairness_table(
            table, truth="needy", score="score", threshold=4, by=["far"], design=Design(strata="stratum")
        )
    assert rules(error) == ["sampling.single"]
    for single in ("centre", "certain"):
        design = Design(strata="stratum", single=single)
        assert (
            fairness_table(
                table, truth="needy", score="score", threshold=4, by=["far"], design=design
            ).num_rows
            == 3
        )


def test_a_rule_for_lone_units_that_is_none_is_refused() -> None:
    with pytest.raises(InputError) as error:
        national_rates(sampled(5, 1), design=Design(single="merge"))
    assert rules(error) == ["sampling.rule"]


def test_a_unit_that_stands_twice_in_a_register_is_refused() -> None:
    register = pa.table({"unit": ["a", "b", "a"], "size": [2, 2, 2], "roof": ["brick"] * 3})
    with pytest.raises(InputError) as error:
        fitted().score(register)
    assert rules(error) == ["targeting.unit_twice"]


def test_an_empty_group_is_refused_and_not_taken_for_the_whole() -> None:
    units = CASES.set_column(2, "far", pa.array(["far", ""] * 5))
    with pytest.raises(InputError) as error:
        threshold_table(units, truth="needy", score="score", by=["far"], thresholds=[4])
    assert rules(error) == ["targeting.values_missing"]


def test_groups_whose_joined_names_could_be_taken_for_others_are_refused() -> None:
    units = CASES.set_column(2, "far", pa.array(["far|near", "near"] * 5))
    with pytest.raises(InputError) as error:
        threshold_table(units, truth="needy", score="score", by=["far", "needy"], thresholds=[4])
    assert rules(error) == ["targeting.group_mark"]


def sampled(exited: int, wrong: int, persons: int = 1) -> pa.Table:
    needy = [True] * wrong + [False] * (exited - wrong)
    return pa.table({"status": ["exited"] * exited, "needy": needy, "persons": [persons] * exited})


def test_a_measured_rate_below_two_per_cent_is_no_proof_of_it() -> None:
    row = national_rates(sampled(1000, 15)).table.to_pylist()[2]
    assert row["measure"] == "wrongful_exit"
    assert row["b"] == 0.015
    assert (row["ll"], row["ul"]) == pytest.approx((0.00842, 0.02462), abs=1e-5)


def test_members_of_one_household_are_no_independent_observations() -> None:
    households, persons = (national_rates(sampled(200, 6, size)).table.to_pylist()[2] for size in (1, 4))
    assert persons["b"] == households["b"] == 0.03
    assert persons["ul"] == pytest.approx(households["ul"], rel=0.02)


def test_households_of_one_village_widen_the_interval() -> None:
    table = sampled(200, 20).append_column("village", pa.array([str(at // 20) for at in range(200)]))
    plain, clustered = (
        national_rates(table, design=design).table.to_pylist()[2] for design in (None, Design(psu="village"))
    )
    assert clustered["ul"] - clustered["ll"] > 2 * (plain["ul"] - plain["ll"])
    assert (clustered["psu"], clustered["df"]) == (10, 9)


def test_a_rate_without_observations_is_empty_and_a_definition_stands_with_each() -> None:
    found = national_rates(sampled(10, 0))
    rows = {row["measure"]: row for row in found.table.to_pylist()}
    assert rows["omission"]["b"] is None
    assert rows["omission"]["n"] == 0
    assert rows["wrongful_exit"]["ul"] > 0.2
    assert "错退率" in found.origin["definition.wrongful_exit.zh"]
    assert {f"definition.{name}.en" for name in rows} <= set(found.origin)


def test_the_composite_incidence_adds_what_remains_was_omitted_and_exited_wrongly() -> None:
    table = pa.table({
        "status": ["exited"] * 100 + ["unregistered"] * 100,
        "needy": [True] * 2 + [False] * 98 + [True] + [False] * 99,
        "persons": [1] * 200,
        "content": [True] * 190 + [False] * 10,
    })  # fmt: skip
    people = {"registered": 100, "exited": 1000, "unregistered": 8900}
    rows = {
        row["measure"]: row
        for row in national_rates(table, population=people, recognises="content").table.to_pylist()
    }
    assert rows["composite"]["b"] == pytest.approx((100 + 0.01 * 8900 + 0.02 * 1000) / 10_000)
    assert rows["composite_found"]["b"] == pytest.approx(103 / 10_000)
    assert rows["composite"]["ll"] < rows["composite"]["b"] < rows["composite"]["ul"]
    assert rows["recognition"]["b"] == 0.95


@pytest.mark.parametrize(
    ("spoil", "settings", "rule"),
    [
        ({"status": ["gone"]}, {}, "status_unknown"),
        ({"persons": [0]}, {}, "persons"),
        ({"needy": [None]}, {}, "values_missing"),
        ({}, {"population": {"exited": 5}}, "population"),
    ],
)
def test_a_sample_that_cannot_be_counted_is_refused(
    spoil: dict[str, Any], settings: dict[str, Any], rule: str
) -> None:
    table = pa.table({"status": ["exited"], "needy": [1], "persons": [3]} | spoil)
    if rule == "values_missing":
        table = table.set_column(1, "needy", pa.array([None], pa.int64()))
    with pytest.raises(InputError) as error:
        national_rates(table, **settings)
    assert rules(error) == [f"targeting.{rule}"]


SCORES = pa.table({
    "unit": ["a", "b", "c", "d"],
    "village": ["v"] * 4,
    "score": [1.0, 2.0, 3.0, 4.0],
    "lower": [0.5, 1.0, 2.0, 3.0],
    "upper": [2.0, 3.0, 4.0, 5.0],
})  # fmt: skip


def test_both_reasons_stand_beside_a_disagreement_and_nothing_is_decided() -> None:
    ranks = pa.table({
        "unit": ["a", "b", "c", "d"],
        "village": ["v"] * 4,
        "rank": [4, 2, 3, 1],
        "reason": ["has a shop", None, None, "ill for a year"],
    })  # fmt: skip
    found = compare_appraisal(SCORES, ranks, lang="zh")
    first = found.table.to_pylist()[0]
    assert (first["unit"], first["visit"], first["difference"]) == ("a", True, 3.0)
    assert first["score_reason"] == "4 户中第 1 位；推算为 1.00（0.50 至 2.00）"
    assert first["appraisal_reason"] == "4 户中第 4 位；has a shop"
    assert (found.visits, found.compared, found.villages) == (2, 4, 1)
    assert not {"selected", "decision"} & set(found.table.column_names)


def test_villages_that_disagree_unusually_often_are_counted_and_not_named() -> None:
    units = [f"{village:02}-{unit}" for village in range(20) for unit in range(10)]
    villages = [one[:2] for one in units]
    score = [float(one[3:]) for one in units]
    rank = [10 - int(one[3:]) if one.startswith("07") else 1 + int(one[3:]) for one in units]
    scores = pa.table({"unit": units, "village": villages, "score": score})
    found = compare_appraisal(scores, pa.table({"unit": units, "village": villages, "rank": rank}), lang="en")
    assert (found.unusual, found.villages) == (1, 20)
    assert 0 <= found.by_chance < 1
    assert found.table["village"].to_pylist() == villages


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        ({"unit": ["a", "a"]}, "unit_twice"),
        ({"village": ["v", "w"]}, "two_villages"),
        ({"votes": [1, 2]}, "rank_or_votes"),
        ({"rank": [1.0, float("nan")]}, "values_missing"),
    ],
)
def test_an_appraisal_that_contradicts_itself_is_refused(spoil: dict[str, Any], rule: str) -> None:
    appraisal = pa.table({"unit": ["a", "b"], "village": ["v", "v"], "rank": [1.0, 2.0]} | spoil)
    with pytest.raises(InputError) as error:
        compare_appraisal(SCORES, appraisal, lang="en")
    assert rules(error) == [f"targeting.{rule}"]
