"""Measures of income against plain sums, against numerical derivatives, and against resampling."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import log

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from jiedui.needs import Design
from jiedui.needs.estimates import Estimates
from jiedui.needs.money import at_risk, fgt, gini, lorenz, quantile_shares, relative_line, sen, watts
from jiedui.needs.money.indices import fgt_part, sen_part, sst_part, watts_part
from jiedui.needs.money.inequality import gini_part, lorenz_part, s80s20_part
from jiedui.needs.money.influence import Part

Floats = NDArray[np.float64]

ROUNDING = 1e-9
"""Sums of at most 30 terms in double precision."""
STEP = 1e-6
"""Of numerical derivatives."""
DERIVATIVE = 1e-6
"""A central difference errs by its step squared and by rounding over the step."""
JACKKNIFE = 0.05
"""Linearised and jackknife errors of smooth measures agree to first order; 120 units leave some per cent."""
BOOTSTRAP = 0.2
"""500 draws give an error to 3 %; the density at the threshold, by a kernel, to some 15 %."""

incomes = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 4)), min_size=2, max_size=30).filter(
    lambda drawn: sum(weight for _, weight in drawn) > 0
)


def value(found: Estimates, place: int = 0) -> float:
    b: float = found.table["b"][place].as_py()
    return b


def error(found: Estimates, place: int = 0) -> float:
    se: float = found.table["se"][place].as_py()
    return se


def units(drawn: list[tuple[int, int]]) -> pa.Table:
    return pa.table({"y": [y for y, _ in drawn], "w": [w for _, w in drawn]})


def plain_gini(drawn: list[tuple[float, float]]) -> float:
    total = sum(w for _, w in drawn)
    income = sum(w * y for y, w in drawn)
    if not income:
        return 0.0
    return sum(w * v * abs(y - x) for (y, w), (x, v) in product(drawn, drawn)) / (2 * total * income)


@given(incomes, st.integers(1, 45))
def test_measures_below_a_line_are_their_sums(drawn: list[tuple[int, int]], z: int) -> None:
    total = sum(w for _, w in drawn)
    poor = [(y, w) for y, w in drawn if y < z]
    found = fgt(units(drawn), "y", z, weight="w")
    for place, alpha in enumerate((0, 1, 2)):
        assert value(found, place) == pytest.approx(
            sum(w * ((z - y) / z) ** alpha for y, w in poor) / total, abs=ROUNDING
        )
    assert value(watts(units(drawn), "y", z, weight="w")) == pytest.approx(
        sum(w * log(z / y) for y, w in poor) / total, abs=ROUNDING
    )


@given(incomes, st.integers(1, 45))
def test_sen_and_sst_are_what_their_papers_say(drawn: list[tuple[int, int]], z: int) -> None:
    total = sum(w for _, w in drawn)
    poor = [(float(y), float(w)) for y, w in drawn if y < z]
    count = sum(w for _, w in poor)
    head = count / total
    gap = sum(w * (z - y) / z for y, w in poor) / count if count else 0.0
    gaps = [(max((z - y) / z, 0.0), float(w)) for y, w in drawn]
    found = sen(units(drawn), "y", z, weight="w")
    assert value(found, 0) == pytest.approx(
        head * (gap + (1 - gap) * plain_gini(poor)) if count else 0.0, abs=ROUNDING
    )
    assert value(found, 1) == pytest.approx(head * gap * (1 + plain_gini(gaps)), abs=ROUNDING)


@given(incomes)
def test_gini_and_the_lorenz_curve_are_their_sums(drawn: list[tuple[int, int]]) -> None:
    assert value(gini(units(drawn), "y", weight="w")) == pytest.approx(
        plain_gini([(float(y), float(w)) for y, w in drawn]), abs=ROUNDING
    )
    ranked = sorted(y for y, w in drawn for _ in range(4 * w))
    income = sum(ranked)
    curve = lorenz(units(drawn), "y", points=4, weight="w")
    quarters = [sum(ranked[: len(ranked) * quarter // 4]) / income for quarter in (1, 2, 3, 4)]
    assert curve.table["b"].to_pylist() == pytest.approx(quarters, abs=ROUNDING)
    shares = quantile_shares(units(drawn), "y", quantiles=4, weight="w").table["b"].to_pylist()[:4]
    assert shares == pytest.approx(np.diff([0, *quarters]).tolist(), abs=ROUNDING)


@given(incomes)
def test_weights_are_copies_and_sizes_multiply_them(drawn: list[tuple[int, int]]) -> None:
    copies = pa.table({"y": [y for y, w in drawn for _ in range(w)]})
    ones = pa.table({"y": [y for y, _ in drawn], "w": [1] * len(drawn), "n": [w for _, w in drawn]})
    measures: list[Callable[..., Estimates]] = [at_risk, gini, quantile_shares]
    for measure in measures:
        by_copies = measure(copies, "y").table["b"].to_pylist()
        assert measure(units(drawn), "y", weight="w").table["b"].to_pylist() == pytest.approx(by_copies)
        assert measure(ones, "y", weight="w", size="n").table["b"].to_pylist() == pytest.approx(by_copies)


@given(incomes, st.integers(1, 45), st.integers(2, 1000))
def test_no_measure_changes_with_the_unit_of_money(drawn: list[tuple[int, int]], z: int, scale: int) -> None:
    scaled = [(y * scale, w) for y, w in drawn]
    for here, there in (
        (fgt(units(drawn), "y", z, weight="w"), fgt(units(scaled), "y", z * scale, weight="w")),
        (sen(units(drawn), "y", z, weight="w"), sen(units(scaled), "y", z * scale, weight="w")),
        (gini(units(drawn), "y", weight="w"), gini(units(scaled), "y", weight="w")),
    ):
        assert here.table["b"].to_pylist() == pytest.approx(there.table["b"].to_pylist(), abs=ROUNDING)


@given(incomes, st.integers(1, 45), st.data())
def test_fgt_is_the_sum_over_groups_by_their_share_of_people(
    drawn: list[tuple[int, int]], z: int, data: st.DataObject
) -> None:
    groups = data.draw(st.lists(st.sampled_from("ab"), min_size=len(drawn), max_size=len(drawn)))
    table = units(drawn).append_column("g", [groups])
    weight = {label: sum(w for (_, w), g in zip(drawn, groups, strict=True) if g == label) for label in "ab"}
    rows = fgt(table, "y", z, by="g", weight="w").table.to_pylist()
    for alpha in ("fgt0", "fgt1", "fgt2"):
        whole = next(row["b"] for row in rows if row["measure"] == alpha and row["group"] == "")
        parts = [row for row in rows if row["measure"] == alpha and row["b"] is not None and row["group"]]
        joined = sum(weight[row["group"]] * row["b"] for row in parts) / sum(weight.values())
        assert whole == pytest.approx(joined, abs=ROUNDING)


MEASURES: dict[str, Callable[[Floats, Floats, float], Part]] = {
    "fgt1": lambda y, w, z: fgt_part(y, w, z, 1),
    "fgt2": lambda y, w, z: fgt_part(y, w, z, 2),
    "watts": watts_part,
    "sen": sen_part,
    "sst": sst_part,
    "gini": lambda y, w, _: gini_part(y, w),
    "lorenz": lambda y, w, _: lorenz_part(y, w, 0.437),
}


@pytest.mark.parametrize("name", MEASURES)
def test_the_linearised_variable_is_the_derivative_by_weight(name: str) -> None:
    chance = np.random.default_rng(7)
    y, w, z = chance.lognormal(size=25), chance.uniform(0.5, 3, 25), 0.9
    measure = MEASURES[name]
    for unit in range(25):
        step = STEP * (np.arange(25) == unit)
        slope = (measure(y, w + step, z).b - measure(y, w - step, z).b) / (2 * STEP)
        assert measure(y, w, z).u[unit] == pytest.approx(slope, abs=DERIVATIVE)


@pytest.mark.parametrize("name", ["fgt1", "fgt2", "watts", "sst"])
def test_the_slope_is_the_derivative_by_the_line(name: str) -> None:
    chance = np.random.default_rng(8)
    y, w, z = chance.lognormal(size=25), chance.uniform(0.5, 3, 25), 0.9
    measure = MEASURES[name]
    slope = (measure(y, w, z + STEP).b - measure(y, w, z - STEP).b) / (2 * STEP)
    assert measure(y, w, z).slope == pytest.approx(slope, abs=DERIVATIVE)


def test_the_slope_of_sen_and_of_the_share_below_use_the_density_at_the_line() -> None:
    """Among 200,000 incomes a difference over a tenth of the line is smooth to some per cent."""
    y = np.random.default_rng(9).lognormal(size=200_000)
    w, z, step, some_percent = np.ones(len(y)), 0.8, 0.04, 0.03
    for measure in (sen_part, lambda y, w, z: fgt_part(y, w, z, 0)):
        slope = (measure(y, w, z + step).b - measure(y, w, z - step).b) / (2 * step)
        assert measure(y, w, z).slope == pytest.approx(slope, rel=some_percent)


def jackknife(
    measure: Callable[[Floats, Floats], float], y: Floats, w: Floats, psu: NDArray[np.int64]
) -> float:
    left_out = np.array([measure(y[psu != one], w[psu != one]) for one in range(psu.max() + 1)])
    n = len(left_out)
    return float(np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum()))


@pytest.mark.parametrize("name", MEASURES)
def test_linearised_errors_agree_with_leaving_out_one_sampling_unit_at_a_time(name: str) -> None:
    chance = np.random.default_rng(11)
    psu = np.repeat(np.arange(120), 3)
    y, w = chance.lognormal(0, 0.6, 360), chance.uniform(0.5, 3, 360)
    table = pa.table({"y": y, "w": w, "p": psu})
    design = Design(psu="p", weight="w")
    estimated = {
        "fgt1": lambda: error(fgt(table, "y", 0.9, design=design), 1),
        "fgt2": lambda: error(fgt(table, "y", 0.9, design=design), 2),
        "watts": lambda: error(watts(table, "y", 0.9, design=design)),
        "sen": lambda: error(sen(table, "y", 0.9, design=design), 0),
        "sst": lambda: error(sen(table, "y", 0.9, design=design), 1),
        "gini": lambda: error(gini(table, "y", design=design)),
        "lorenz": lambda: error(lorenz(table, "y", points=1000, design=design), 436),
    }
    left_out = jackknife(lambda y, w: MEASURES[name](y, w, 0.9).b, y, w, psu)
    assert estimated[name]() == pytest.approx(left_out, rel=JACKKNIFE)


def test_errors_with_an_estimated_line_agree_with_the_bootstrap() -> None:
    chance = np.random.default_rng(13)
    y = chance.lognormal(0, 0.6, 1500)
    table = pa.table({"y": y})
    drawn = [y[chance.integers(0, 1500, 1500)] for _ in range(500)]
    ones = np.ones(1500)

    def spread(measure: Callable[[Floats, float], float]) -> float:
        return float(np.std([measure(sample, 0.6 * float(np.median(sample))) for sample in drawn], ddof=1))

    risk = at_risk(table, "y", design=Design())
    assert error(risk, 0) == pytest.approx(spread(lambda _, z: z), rel=BOOTSTRAP)
    assert error(risk, 1) == pytest.approx(spread(lambda y, z: float((y < z).mean())), rel=BOOTSTRAP)
    below = fgt(table, "y", relative_line(), design=Design())
    assert error(below, 1) == pytest.approx(spread(lambda y, z: fgt_part(y, ones, z, 1).b), rel=BOOTSTRAP)
    indices = sen(table, "y", relative_line(), design=Design())
    assert error(indices, 0) == pytest.approx(spread(lambda y, z: sen_part(y, ones, z).b), rel=BOOTSTRAP)
    assert error(indices, 1) == pytest.approx(spread(lambda y, z: sst_part(y, ones, z).b), rel=BOOTSTRAP)
    ratio = quantile_shares(table, "y", design=Design())
    assert error(ratio, 5) == pytest.approx(spread(lambda y, _: s80s20_part(y, ones).b), rel=BOOTSTRAP)
