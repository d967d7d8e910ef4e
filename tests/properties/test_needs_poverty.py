"""Multidimensional poverty beside plain loops in fractions, and standard errors beside another package."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import ceil, log
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
import svy
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.needs import Design, Estimates, Spec, poverty, poverty_change
from jiedui.needs.intervals import quantile
from jiedui.needs.multidimensional.scores import score_units
from jiedui.needs.spec import Missing

CLOSE = 1e-12
"""Sums of a few dozen doubles."""
SAME_FORMULA = 1e-10
"""The same formula in another order of sums."""
CHINA = {
    "x": {"a": "1/9", "b": "1/9", "c": "1/9"},
    "y": {"d": "1/6", "e": "1/6"},
    "z": {"f": "1/15", "g": "1/15", "h": "1/5"},
}
INDICATORS = ("a", "b", "c")

weights_of_three = st.lists(st.integers(1, 30), min_size=3, max_size=3).map(
    lambda parts: [Fraction(one, sum(parts)) for one in parts]
)
units_of_three = st.lists(
    st.tuples(*[st.sampled_from([1, 0, None])] * 3, st.integers(1, 4), st.sampled_from(["p", "q", None])),
    min_size=1,
    max_size=12,
)


def spec_of(weights: list[Fraction], k: Fraction, missing: Missing) -> Spec:
    from dataclasses import replace

    inside = dict(zip(INDICATORS, weights, strict=True))
    spec = Spec.of({"x": {"a": inside["a"], "b": inside["b"]}, "y": {"c": inside["c"]}}, [k])
    return replace(spec, missing=missing)


def plain_measures(units: list[tuple[Any, ...]], spec: Spec, group: str) -> dict[str, Fraction]:
    """Give the measures unit by unit in fractions."""
    total = {name: Fraction(0) for name in ("weight", "poor", "censored")}
    for *g0, weight, own in units:
        observed = {
            one.id: value for one, value in zip(spec.indicators, g0, strict=True) if value is not None
        }
        if group not in ("", own):
            continue
        score = Fraction(0)
        is_scored = True
        for dimension in spec.dimensions:
            inside = [one for one in spec.indicators if one.dimension == dimension]
            known = [one for one in inside if one.id in observed]
            if not known or (spec.missing == "drop" and len(known) < len(inside)):
                is_scored = False
                break
            whole = sum(one.weight for one in inside)
            part = sum(one.weight for one in known if observed[one.id])
            score += Fraction(whole * part) / sum(one.weight for one in known)
        if is_scored:
            total["weight"] += weight
            total["poor"] += weight * (score >= spec.cutoffs[0])
            total["censored"] += weight * score * (score >= spec.cutoffs[0])
    return total


def values(found: Estimates, column: str = "b") -> dict[tuple[str, str, str], Any]:
    return {(row["measure"], row["indicator"], row["group"]): row[column] for row in found.table.to_pylist()}


@settings(max_examples=40)
@given(units=units_of_three, weights=weights_of_three, k=st.fractions(Fraction(1, 10), 1, max_denominator=12))
@pytest.mark.parametrize("missing", ["drop", "spread"])
def test_measures_are_those_of_plain_loops(
    missing: Missing, units: list[tuple[Any, ...]], weights: list[Fraction], k: Fraction
) -> None:
    spec = spec_of(weights, k, missing)
    columns = [pa.array(column) for column in zip(*units, strict=True)]
    table = pa.table(columns, names=[*INDICATORS, "w", "group"])
    expected = {group: plain_measures(units, spec, group) for group in ("", "p", "q")}
    if not expected[""]["weight"]:
        return
    found = values(poverty(table, spec, "group", weight="w"))
    for group, total in expected.items():
        if not total["weight"]:
            assert ("H", "", group) not in found
            continue
        assert found["H", "", group] == pytest.approx(float(total["poor"] / total["weight"]), abs=CLOSE)
        assert found["M0", "", group] == pytest.approx(float(total["censored"] / total["weight"]), abs=CLOSE)
        if total["poor"]:
            intensity = float(total["censored"] / total["poor"])
            assert found["A", "", group] == pytest.approx(intensity, abs=CLOSE)
            shares = [found["pctb", name, group] for name in INDICATORS]
            assert sum(shares) == pytest.approx(1, abs=CLOSE)
        else:
            assert found["A", "", group] is None


def test_no_order_of_columns_moves_anybody_over_the_cutoff() -> None:
    patterns = np.array([[bits >> place & 1 for place in range(8)] for bits in range(256)], np.bool_)
    base = Spec.of(CHINA, ["1/2", "1/3", "2/3"])
    exact = [
        sum((one.weight for one, x in zip(base.indicators, row, strict=True) if x), Fraction(0))
        for row in patterns
    ]
    orders = list(permutations(range(8)))[::97]
    floats = np.array([float(one.weight) for one in base.indicators])
    wrong = 0
    for order in orders:
        indicators = tuple(base.indicators[place] for place in order)
        spec = Spec(base.id, base.words, base.dimensions, indicators, base.cutoffs)
        shuffled = patterns[:, list(order)]
        scores = score_units(shuffled, np.ones_like(shuffled), spec)
        for k in spec.cutoffs:
            assert scores.poor(k).tolist() == [score >= k for score in exact]
            summed = np.zeros(256)
            for place in order:
                summed += floats[place] * patterns[:, place]
            wrong += int(((summed >= float(k)) != [score >= k for score in exact]).sum())
    assert wrong > 0, "the test shows nothing unless floating sums go wrong somewhere"


@settings(max_examples=50)
@given(
    weights=st.lists(st.integers(1, 200), min_size=6, max_size=6),
    k=st.fractions(Fraction(1, 40), 1, max_denominator=40),
    order=st.permutations(range(6)),
)
def test_random_weights_classify_as_fractions_do(weights: list[int], k: Fraction, order: list[int]) -> None:
    exact = [Fraction(one, sum(weights)) for one in weights]
    spec = Spec.of({"x": {f"i{place}": exact[place] for place in order}}, [k])
    patterns = np.array([[bits >> place & 1 for place in range(6)] for bits in range(64)], np.bool_)
    poor = score_units(patterns, np.ones_like(patterns), spec).poor(k)
    expected = [
        sum((one.weight for one, x in zip(spec.indicators, row, strict=True) if x), Fraction(0)) >= k
        for row in patterns
    ]
    assert poor.tolist() == expected


def drawn(seed: int, rounds: int = 1) -> pa.Table:
    rng = np.random.default_rng(seed)
    n = 300
    stratum = rng.integers(0, 5, n)
    psu = np.concatenate([np.tile(np.arange(4), 5), rng.integers(0, 4, n - 20)])
    stratum[:20] = np.repeat(np.arange(5), 4)
    effect = rng.normal(size=20)[stratum * 4 + psu]
    columns = {name: (rng.normal(size=n) + effect > 0.3).astype(np.int8) for name in INDICATORS}
    return pa.table(
        {
            **columns,
            "h": stratum,
            "p": psu,
            "w": rng.random(n) + 0.5,
            "g": rng.integers(0, 4, n),
            "t": rng.integers(1, 1 + rounds, n),
        }
    )


THREE = Spec.of({name: [name] for name in INDICATORS}, ["1/2"])
SURVEY = Design("h", "p", "w")


@pytest.mark.parametrize("seed", range(4))
def test_errors_by_domain_are_those_of_svy(seed: int) -> None:
    table = drawn(seed)
    found = poverty(table, THREE, "g", SURVEY)
    b, se, low, high = (values(found, column) for column in ("b", "se", "ll", "ul"))
    g0 = np.column_stack([table[name].to_numpy() for name in INDICATORS])
    poor = (g0.sum(axis=1) >= 2).astype(float)
    frame = pl.DataFrame(table.to_pydict()).with_columns(
        pl.Series("poor", poor),
        pl.Series("censored", poor * g0.sum(axis=1) / 3),
        pl.Series("unit", table["h"].to_numpy() * 10 + table["p"].to_numpy()),
    )
    sample = svy.Sample(frame, svy.Design(stratum="h", psu="unit", wgt="w"))
    for measure, other in (
        ("H", sample.estimation.mean("poor", by="g")),
        ("M0", sample.estimation.mean("censored", by="g")),
        ("A", sample.estimation.ratio("censored", "poor", by="g")),
    ):
        assert isinstance(other, svy.Estimate)
        for row in other.to_dicts():
            key = (measure, "", str(row["by_level"][0]))
            assert (b[key], se[key]) == pytest.approx((row["est"], row["se"]), abs=SAME_FORMULA)
    shares = sample.estimation.prop("poor", by="g")
    assert isinstance(shares, svy.Estimate)
    for row in shares.to_dicts():
        if row["y_level"] == 1:
            key = ("H", "", str(row["by_level"][0]))
            # svy counts the degrees of freedom of each domain, Stata and mpitb those of the whole sample.
            ours, theirs = quantile(0.95, 20 - 5), quantile(0.95, row["df"])
            spans = [
                (log(one / (1 - one)) - log(b[key] / (1 - b[key]))) / ours for one in (low[key], high[key])
            ]
            others = [
                (log(row[one] / (1 - row[one])) - log(b[key] / (1 - b[key]))) / theirs
                for one in ("lci", "uci")
            ]
            assert spans == pytest.approx(others, abs=SAME_FORMULA)


def plain_variance(z: dict[tuple[int, int], float], table: pa.Table) -> float:
    """Give the variance from linearised sums by sampling unit, stratum by stratum."""
    units = sorted(set(zip(table["h"].to_pylist(), table["p"].to_pylist(), strict=True)))
    total = 0.0
    for h in sorted({one[0] for one in units}):
        inside = [z.get(one, 0.0) for one in units if one[0] == h]
        mean = sum(inside) / len(inside)
        total += len(inside) / (len(inside) - 1) * sum((one - mean) ** 2 for one in inside)
    return total


@pytest.mark.parametrize("seed", range(3))
def test_errors_of_changes_and_shares_are_those_of_plain_loops(seed: int) -> None:
    table = drawn(seed, rounds=2)
    lines = table.to_pylist()
    for line in lines:
        line["poor"] = sum(line[name] for name in INDICATORS) >= 2
    size = {t: sum(one["w"] for one in lines if one["t"] == t) for t in (1, 2)}
    rate = {t: sum(one["w"] * one["poor"] for one in lines if one["t"] == t) / size[t] for t in (1, 2)}
    slopes = {
        "H_abs": {1: -1.0, 2: 1.0},
        "H_rel": {1: -100 * rate[2] / rate[1] ** 2, 2: 100 / rate[1]},
    }
    change = values(poverty_change(table, THREE, "g", SURVEY, measures=["H"]), "se")
    for measure, slope in slopes.items():
        z: dict[tuple[int, int], float] = {}
        for one in lines:
            place = (one["h"], one["p"])
            own = slope[one["t"]] * one["w"] * (one["poor"] - rate[one["t"]]) / size[one["t"]]
            z[place] = z.get(place, 0.0) + own
        assert change[measure, "", ""] == pytest.approx(plain_variance(z, table) ** 0.5, abs=SAME_FORMULA)
    shares = poverty(table, THREE, "g", SURVEY, measures=["popshare"])
    whole = sum(size.values())
    for group in ("0", "3"):
        share = values(shares)["popshare", "", group]
        z = {}
        for one in lines:
            place = (one["h"], one["p"])
            z[place] = z.get(place, 0.0) + one["w"] * ((str(one["g"]) == group) - share) / whole
        expected = plain_variance(z, table) ** 0.5
        assert values(shares, "se")["popshare", "", group] == pytest.approx(expected, abs=SAME_FORMULA)


def test_intervals_are_symmetric_on_the_logit_scale() -> None:
    for row in poverty(drawn(7), THREE, "g", SURVEY, measures=["H"]).table.to_pylist():
        low, middle, high = (log(row[name] / (1 - row[name])) for name in ("ll", "b", "ul"))
        assert high - middle == pytest.approx(middle - low, abs=SAME_FORMULA)
        assert row["df"] == 20 - 5


def test_whole_parts_round_the_cutoff_up() -> None:
    assert ceil(Fraction(1, 3) * 10) == 4
    spec = Spec.of({"x": {"a": "0.3", "b": "0.7"}}, ["1/3"])
    scores = score_units(np.array([[True, False]]), np.array([[True, True]]), spec)
    assert not scores.poor(Fraction(1, 3)).any()
