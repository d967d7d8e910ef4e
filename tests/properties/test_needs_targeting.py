"""Targeting beside twins that count one by one, and what holds whatever the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from jiedui.needs import Design
from jiedui.needs.targeting import (
    compare_appraisal,
    fairness_table,
    fit_score,
    national_rates,
    threshold_table,
)
from jiedui.needs.targeting.proportions import clopper_pearson
from jiedui.needs.targeting.regression import cluster_errors, least_squares, quantile_regression

FLOATS = 1e-9
"""Sums of a few dozen floats in another order."""
SIMULATED = 0.015
"""Coverage over 40 surveys of 60 sampling units and 4,000 new units each: about three standard errors of the
mean over surveys."""

CLUSTERED = 0.05
"""Three standard errors of a share over 200 samples; the limits themselves are approximate for clusters."""

Row = dict[str, Any]

DRAWN: st.SearchStrategy[list[Row]] = st.lists(
    st.fixed_dictionaries(
        {
            "needy": st.integers(0, 1),
            "score": st.integers(0, 6).map(float),
            "w": st.integers(0, 5).map(float),
            "pay": st.integers(1, 3).map(float),
            "place": st.sampled_from(["far", "near"]),
            "people": st.sampled_from(["a", "b", "c"]),
        }
    ),
    min_size=1,
    max_size=25,
)
ROWS = DRAWN.filter(lambda rows: sum(row["w"] for row in rows) > 0)


def ratio(above: float, below: float) -> float | None:
    return above / below if below else None


def told(rows: Sequence[Row], limit: float) -> dict[str, float | None]:
    """Count each measure one by one."""

    def total(*tests: str) -> float:
        kept = [row for row in rows if all(eval(test, {}, {**row, "limit": limit}) for test in tests)]  # noqa: S307
        return float(sum(row["w"] for row in kept))

    every, needy, chosen = total(), total("needy"), total("score <= limit")
    hit, miss = total("needy", "score <= limit"), total("not needy", "score <= limit")
    paid = sum(row["w"] * row["pay"] for row in rows if row["score"] <= limit)
    well_paid = sum(row["w"] * row["pay"] for row in rows if row["score"] <= limit and row["needy"])
    coverage, off = ratio(hit, needy), ratio(miss, every - needy)
    share, well = ratio(needy, every), ratio(well_paid, paid)
    return {
        "needy": share,
        "selected": ratio(chosen, every),
        "exclusion": ratio(needy - hit, needy),
        "inclusion": ratio(miss, chosen),
        "coverage": coverage,
        "leakage": None if well is None else 1 - well,
        "under": ratio(needy - hit, every),
        "over": ratio(miss, every),
        "differential": None if coverage is None or off is None else coverage - off,
        "cgh": None if well is None or not share else well / share,
    }


@given(ROWS, st.lists(st.sampled_from([-1.0, 0.0, 2.0, 2.5, 6.0]), min_size=1, unique=True))
@settings(max_examples=60)
def test_each_consequence_is_what_counting_gives(rows: list[Row], limits: list[float]) -> None:
    shown = threshold_table(
        pa.Table.from_pylist(rows), truth="needy", score="score", weight="w", by=["place", "people"],
        thresholds=limits, benefit="pay",
    ).to_pylist()  # fmt: skip
    groups = {""} | {f"{row['place']}|{row['people']}" for row in rows}
    assert [(row["group"], row["threshold"]) for row in shown] == [
        (group, limit) for group in sorted(groups) for limit in limits
    ]
    for row in shown:
        own = [one for one in rows if row["group"] in ("", f"{one['place']}|{one['people']}")]
        assert row["units"] == len(own)
        assert row["needy_units"] == sum(one["needy"] for one in own)
        assert row["selected_units"] == sum(one["score"] <= row["threshold"] for one in own)
        for name, value in told(own, row["threshold"]).items():
            assert row[name] == (None if value is None else pytest.approx(value, abs=FLOATS)), name


@given(
    st.lists(
        st.tuples(st.booleans(), st.floats(-5, 5)), min_size=1, max_size=40, unique_by=lambda one: one[1]
    )
)
def test_a_share_equal_to_the_share_in_need_gives_two_equal_errors(cases: list[tuple[bool, float]]) -> None:
    needy = [one for one, _ in cases]
    if not any(needy):
        return
    units = pa.table({"needy": needy, "score": [score for _, score in cases]})
    (row,) = threshold_table(
        units, truth="needy", score="score", shares=[sum(needy) / len(needy)]
    ).to_pylist()
    assert row["selected_units"] == sum(needy)
    assert row["inclusion"] == pytest.approx(row["exclusion"], abs=FLOATS)
    assert row["coverage"] + row["exclusion"] == pytest.approx(1)


@given(ROWS)
def test_errors_of_groups_add_up_to_those_of_all(rows: list[Row]) -> None:
    whole, *groups = threshold_table(
        pa.Table.from_pylist(rows), truth="needy", score="score", weight="w", by=["people"], thresholds=[3]
    ).to_pylist()
    weights = {one: sum(row["w"] for row in rows if row["people"] == one) for one in "abc"}
    for name in ("under", "over", "selected", "needy"):
        parts = sum((row[name] or 0) * weights[row["group"]] for row in groups)
        assert parts / sum(weights.values()) == pytest.approx(whole[name], abs=FLOATS)


@given(ROWS)
@settings(max_examples=40)
def test_errors_by_group_are_what_counting_gives(rows: list[Row]) -> None:
    table = fairness_table(
        pa.Table.from_pylist(rows), truth="needy", score="score", threshold=3, by=["people", "place"],
        design=Design(weight="w"),
    )  # fmt: skip
    for row in table.to_pylist():
        own = [one for one in rows if one.get(row["column"], "") == row["group"]]
        others = [one for one in rows if one.get(row["column"], "") != row["group"]]
        for name in ("exclusion", "inclusion"):
            here, there = (told(some, 3)[name] if some else None for some in (own, others))
            assert row[name] == (None if here is None else pytest.approx(here, abs=FLOATS))
            gap = None if here is None or there is None else here - there
            assert row[f"{name}_gap"] == (None if gap is None else pytest.approx(gap, abs=FLOATS))


@given(st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_exact_limits_are_those_beyond_which_the_count_would_be_rare(seen: tuple[int, int]) -> None:
    x, n = seen
    lower, upper = clopper_pearson(x, n)
    if x:
        assert binom.sf(x - 1, n, lower) == pytest.approx(0.025, abs=1e-8)
    if x < n:
        assert binom.cdf(x, n, upper) == pytest.approx(0.025, abs=1e-8)


HOUSEHOLDS = st.lists(
    st.tuples(st.sampled_from(["registered", "exited", "unregistered"]), st.booleans(), st.integers(1, 6)),
    min_size=1,
    max_size=30,
)


@given(HOUSEHOLDS)
def test_national_rates_are_what_counting_persons_gives(rows: list[tuple[str, bool, int]]) -> None:
    status, needy, persons = map(list, zip(*rows, strict=True))
    people = {"registered": 50, "exited": 300, "unregistered": 4000}
    sample = pa.table({"status": status, "needy": needy, "persons": persons})
    found = {row["measure"]: row for row in national_rates(sample, population=people).table.to_pylist()}

    def count(*tests: bool | None, states: str) -> int:
        return sum(p for s, d, p in rows if s in states.split() and d in tests)

    lines = {
        "wrongly_registered": (count(False, states="registered"), count(True, False, states="registered")),
        "omission": (count(True, states="unregistered"), count(True, False, states="unregistered")),
        "wrongful_exit": (count(True, states="exited"), count(True, False, states="exited")),
        "exclusion": (
            count(True, states="exited unregistered"),
            count(True, states="registered exited unregistered"),
        ),
        "inclusion": (count(False, states="registered"), count(True, False, states="registered")),
    }
    for name, (above, below) in lines.items():
        b = ratio(above, below)
        assert found[name]["b"] == (None if b is None else pytest.approx(b, abs=FLOATS))
        if b is not None:
            assert found[name]["ll"] <= b + FLOATS
            assert found[name]["ul"] >= b - FLOATS
    omitted, returned = ratio(*lines["omission"]), ratio(*lines["wrongful_exit"])
    composite = None if omitted is None or returned is None else (50 + 4000 * omitted + 300 * returned) / 4350
    assert found["composite"]["b"] == (None if composite is None else pytest.approx(composite, abs=FLOATS))
    counted = lines["omission"][0] + lines["wrongful_exit"][0]
    assert found["composite_found"]["b"] == pytest.approx((50 + counted) / 4350, abs=FLOATS)


APPRAISED = st.lists(
    st.tuples(
        st.sampled_from("vw"),
        st.integers(0, 3),
        st.integers(0, 3),
        st.sampled_from(["both", "score", "vote"]),
    ),
    min_size=1,
    max_size=14,
).filter(
    lambda rows: {"both", "score"} & {row[3] for row in rows} and {"both", "vote"} & {row[3] for row in rows}
)


@given(APPRAISED, st.sampled_from([0.0, 0.3, 0.5]))
@settings(max_examples=60)
def test_a_unit_is_visited_if_and_only_if_its_ranks_differ_however_ties_are_broken(
    rows: list[tuple[str, int, int, str]], apart: float
) -> None:
    named = [(f"u{at:02}", *row) for at, row in enumerate(rows)]
    scores = pa.table({
        "unit": [one[0] for one in named if one[4] != "vote"],
        "village": [one[1] for one in named if one[4] != "vote"],
        "score": [float(one[2]) for one in named if one[4] != "vote"],
    })  # fmt: skip
    votes = pa.table({
        "unit": [one[0] for one in named if one[4] != "score"],
        "village": [one[1] for one in named if one[4] != "score"],
        "votes": [one[3] for one in named if one[4] != "score"],
    })  # fmt: skip
    found = compare_appraisal(scores, votes, lang="en", apart=apart)
    by_unit = {row["unit"]: row for row in found.table.to_pylist()}
    assert sorted(by_unit) == [one[0] for one in named]
    both = [one for one in named if one[4] == "both"]
    for unit, village, score, vote, _ in both:
        beside = [one for one in both if one[1] == village]
        low, high = 1 + sum(o[2] < score for o in beside), sum(o[2] <= score for o in beside)
        first, last = 1 + sum(o[3] > vote for o in beside), sum(o[3] >= vote for o in beside)
        gap = min((b - a for a in range(low, high + 1) for b in range(first, last + 1)), key=abs)
        assert by_unit[unit]["difference"] == gap
        assert by_unit[unit]["visit"] == (abs(gap) > apart * len(beside))
    assert all(by_unit[one[0]]["visit"] for one in named if one[4] != "both")
    assert found.visits == sum(row["visit"] for row in by_unit.values())
    assert 0 <= found.unusual <= found.villages == len({one[1] for one in both})


def test_limits_hold_for_rare_things_that_come_in_clusters() -> None:
    """One household in fifty, in villages of twenty that differ: plain exact limits hold far too seldom."""
    true = 0.02
    held: list[bool] = []
    naive: list[bool] = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        risk = np.repeat(rng.beta(0.2, 0.2 * (1 - true) / true, 40), 20)
        found = rng.random(800) < risk
        table = pa.table(
            {"status": ["exited"] * 800, "needy": found, "village": np.repeat(np.arange(40), 20)}
        )
        for design, kept in ((Design(psu="village"), held), (None, naive)):
            row = national_rates(table, persons="", design=design).table.to_pylist()[2]
            kept.append(row["ll"] <= true <= row["ul"])
    assert np.mean(naive) < 0.85
    assert np.mean(held) >= 0.95 - CLUSTERED


@given(st.integers(0, 10**6), st.sampled_from([0.1, 0.25, 0.5, 0.8]))
@settings(max_examples=25)
def test_no_line_through_two_points_fits_a_quantile_better(seed: int, tau: float) -> None:
    rng = np.random.default_rng(seed)
    n = 9
    X = np.column_stack([np.ones(n), rng.normal(size=n) * 1000])  # noqa: N806
    y, w = rng.normal(size=n), rng.uniform(0.5, 3, n)

    def loss(b: Any) -> float:  # noqa: ANN401
        miss = y - X @ b
        return float((w * miss * (tau - (miss < 0))).sum())

    lines = [np.linalg.solve(X[[i, j]], y[[i, j]]) for i in range(n) for j in range(i)]
    assert loss(quantile_regression(X, y, w, tau)) == pytest.approx(min(map(loss, lines)), abs=1e-7)


@given(st.integers(0, 10**6))
@settings(max_examples=25)
def test_least_squares_with_errors_by_unit_are_as_the_formula_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    X = np.column_stack([np.ones(12), rng.normal(size=(12, 2))])  # noqa: N806
    y, w, psu = rng.normal(size=12), rng.uniform(0.5, 3, 12), np.arange(12) // 3
    b = least_squares(X, y, w)
    inverse = np.linalg.inv(sum(w[i] * np.outer(X[i], X[i]) for i in range(12)))
    assert b == pytest.approx(inverse @ sum(w[i] * X[i] * y[i] for i in range(12)), abs=FLOATS)
    middle = np.zeros((3, 3))
    for unit in range(4):
        u = sum(w[i] * (y[i] - X[i] @ b) * X[i] for i in range(12) if psu[i] == unit)
        middle += np.outer(u, u)
    variance = 4 / 3 * 11 / 9 * inverse @ middle @ inverse
    assert cluster_errors(X, y - X @ b, w, psu) == pytest.approx(np.sqrt(np.diag(variance)), abs=FLOATS)


@pytest.mark.parametrize("method", ["linear", "quantile"])
def test_intervals_hold_the_share_of_unseen_units_they_promise(method: Any) -> None:  # noqa: ANN401
    held = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        survey, unseen = village_data(rng, 60), village_data(rng, 1000)
        model = fit_score(
            survey, target="income", covariates=["size", "land"], psu="psu", method=method, level=0.8
        )
        scored = model.score(unseen)
        lower, upper, income = (
            table.to_numpy() for table in (scored["lower"], scored["upper"], unseen["income"])
        )
        held.append(float(np.mean((income >= lower) & (income <= upper))))
    assert np.mean(held) >= 0.8 - SIMULATED
    assert np.mean(held) <= 0.8 + 2 * SIMULATED


def village_data(rng: np.random.Generator, villages: int) -> pa.Table:
    """Draw four households in each village, alike in what no covariate tells, with unequal spread."""
    psu = np.repeat(np.arange(villages), 4)
    size, land = rng.integers(1, 7, len(psu)), rng.normal(size=len(psu))
    shared = rng.normal(scale=0.3, size=villages)[psu]
    log_income = 9 - 0.1 * size + 0.2 * land + shared + rng.standard_t(4, len(psu)) * 0.2
    unit = [str(one) for one in range(len(psu))]
    made = {"unit": unit, "psu": psu.astype(str), "size": size, "land": land, "income": np.exp(log_income)}
    return pa.table(made)
