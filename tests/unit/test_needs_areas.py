"""Small areas: published numbers, limits, totals, what is hidden, what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from jiedui.errors import InputError
from jiedui.needs import Design
from jiedui.needs.areas import AreaEstimates, benchmark, direct, fay_herriot, smooth_variances, suppress
from jiedui.needs.areas.benchmarking import Benchmarking
from jiedui.needs.areas.likelihood import Method
from jiedui.needs.areas.model import Unsure

SCORED = 2e-6
"""R stops scoring when σ² moves by less than a ten-thousandth; ours goes on to the peak."""
EXACT = 1e-9
"""Rounding of sums of a few numbers."""

MILK = """
1.099 .163 1|1.075 .08 1|1.105 .083 1|.628 .109 1|.753 .119 1|.981 .141 1|1.257 .202 1|1.095 .127 2
1.405 .168 2|1.356 .178 2|.615 .1 2|1.46 .201 2|1.338 .148 2|.854 .143 2|1.176 .149 3|1.111 .145 3
1.257 .135 3|1.43 .172 3|1.278 .137 3|1.292 .163 3|1.002 .125 3|1.183 .247 3|1.044 .14 3|1.267 .171 3
1.193 .106 3|.791 .121 4|.795 .121 4|.759 .259 4|.796 .106 4|.565 .089 4|.886 .225 4|.952 .205 4
.807 .119 4|.582 .067 4|.684 .106 4|.787 .126 4|.44 .092 4|.759 .132 4|.77 .1 4|.8 .113 4|.756 .083 4
.865 .121 4|.64 .129 4
"""
"""Milk expenditure in 43 areas: mean, standard error, major area (U.S. Consumer Expenditure Survey 1989;
Arora and Lahiri 1997; You and Chapman 2006, table 1)."""


def milk() -> tuple[pa.Table, pa.Table]:
    rows = [[float(cell) for cell in row.split()] for row in MILK.strip().replace("\n", "|").split("|")]
    y, se, major = np.array(rows).T
    areas = [f"{number:02d}" for number in range(1, 44)]
    return (
        pa.table({"area": areas, "b": y, "se": se}),
        pa.table({"area": areas, **{f"major_{one}": (major == one).astype(int) for one in (2, 3, 4)}}),
    )


def line(count: int = 8, /, **columns: list[Any]) -> tuple[pa.Table, pa.Table]:
    """Give areas that lie near a line, and their covariate."""
    areas = [f"area {number}" for number in range(count)]
    y = [1 + 2.0 * number + (-1) ** number * 0.4 for number in range(count)]
    given = {"area": areas, "b": y, "se": [0.3] * count, "n": [20] * count} | columns
    return pa.table(given), pa.table({"area": areas, "x": list(range(count))})


def column(found: AreaEstimates, name: str) -> list[Any]:
    values: list[Any] = found.table.column(name).to_pylist()
    return values


PUBLISHED = {
    "reml": (
        [0.9681890, 0.1327801, 0.2269462, -0.2413011],
        [1.0219703, 1.0476018, 1.0679513, 0.7608170, 0.8461574, 0.9743727, 1.0584523, 1.0977762],
        [0.013460220, 0.005372876, 0.005701990, 0.008541740, 0.009579594, 0.011670632, 0.015926137],
    ),
    "ml": (
        [0.9677986, 0.1278756, 0.2266909, -0.2425804],
        [1.0161733, 1.0436968, 1.0628168, 0.7753489, 0.8554903, 0.9735857, 1.0474786, 1.0953436],
        [0.013579953, 0.005512868, 0.005850584, 0.008735454, 0.009774528, 0.011840745, 0.015934511],
    ),
}
"""Coefficients, first estimates and first mean squared errors of R's sae (Molina and Marhuenda 2015)."""


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_the_milk_areas_come_out_as_published(method: Method) -> None:
    beta, eblup, mse = PUBLISHED[method]
    found = fay_herriot(*milk(), method=method)
    assert found.coefficients.column("b").to_pylist() == pytest.approx(beta, abs=SCORED)
    assert column(found, "eblup")[:8] == pytest.approx(eblup, abs=SCORED)
    assert column(found, "mse")[:7] == pytest.approx(mse, abs=SCORED)


def test_the_variance_between_the_milk_areas_is_as_published() -> None:
    assert fay_herriot(*milk()).sigma2_u == pytest.approx(0.01855022, abs=SCORED)


def test_a_sure_direct_estimate_stays_as_it_is() -> None:
    given, covariates = line(se=[1e-6] * 8)
    found = fay_herriot(given, covariates)
    assert column(found, "eblup") == pytest.approx(given.column("b").to_pylist(), abs=EXACT)
    assert column(found, "mse") == pytest.approx([1e-12] * 8, rel=1e-3)


def test_where_the_line_explains_all_the_estimate_is_the_synthetic_one() -> None:
    found = fay_herriot(*line(se=[9.0] * 8))
    assert found.sigma2_u == 0
    assert column(found, "eblup") == column(found, "synthetic")
    assert column(found, "gamma") == [0.0] * 8


def test_the_adjusted_likelihood_never_gives_no_variance() -> None:
    assert fay_herriot(*line(se=[9.0] * 8), method="adjusted").sigma2_u > 0


def test_an_area_without_sample_gets_the_synthetic_estimate_and_is_less_sure() -> None:
    given, covariates = line()
    found = fay_herriot(given.slice(0, 7), covariates)
    last = found.table.to_pylist()[7]
    assert (last["is_sampled"], last["n"], last["direct"], last["gamma"]) == (False, 0, None, 0)
    assert last["eblup"] == last["synthetic"]
    assert last["mse"] > max(column(found, "mse")[:7])
    assert found.origin["areas_not_sampled"] == "area 7"


@pytest.mark.parametrize("method", ["ratio", "difference", "mse"])
def test_benchmarked_estimates_add_up_group_by_group(method: Benchmarking) -> None:
    found = fay_herriot(*line(se=[0.1, 0.2, 0.3, 0.4] * 2))
    groups, share = ["甲"] * 3 + ["乙"] * 5, np.arange(1.0, 9)
    members = pa.table({"area": column(found, "area"), "share": share, "group": groups})
    made = np.array(
        column(benchmark(found, members, {"甲": 25.0, "乙": 400.0}, method=method), "benchmarked")
    )
    assert (share * made)[:3].sum() == pytest.approx(25, abs=EXACT)
    assert (share * made)[3:].sum() == pytest.approx(400, abs=EXACT * 100)


def test_benchmarking_by_mse_moves_the_surest_area_least() -> None:
    found = fay_herriot(*line(se=[0.05, 0.5, 0.5, 0.5] * 2))
    members = pa.table({"area": column(found, "area"), "share": [1.0] * 8})
    made = benchmark(found, members, {"": 70.0}, method="mse")
    moved = np.abs(np.array(column(made, "benchmarked")) - column(found, "eblup"))
    assert moved.argmin() in {0, 4}
    assert moved[0] < moved[1] / 5


def test_hidden_rows_tell_nothing_but_why() -> None:
    found = fay_herriot(*line(n=[5, *[40] * 7], se=[0.3] * 8))
    rows = suppress(found, least_n=30, most_cv=0.1).table.to_pylist()
    assert rows[0] == dict.fromkeys(rows[0]) | {"area": "area 0", "is_sampled": True, "hidden": "few"}
    assert [row["hidden"] for row in rows] == ["few", "unsure", *[""] * 6]
    assert rows[1]["cv"] > 0.1
    assert rows[1]["eblup"] is rows[1]["mse"] is rows[1]["direct"] is None


def test_smoothed_variances_follow_the_sample_size_and_keep_their_sum() -> None:
    variance = [4.0, 1.0, 3.0, 0.5, 0.0]
    given = pa.table({"area": list("abcde"), "b": [1.0] * 5, "var": variance, "n": [10, 20, 10, 40, 40]})
    smooth = np.array(smooth_variances(given).column("se").to_pylist()) ** 2
    assert smooth[0] == pytest.approx(smooth[2])
    assert smooth[0] > smooth[1] > smooth[3] == pytest.approx(smooth[4])
    assert smooth[:4].sum() == pytest.approx(sum(variance), abs=EXACT)


@pytest.mark.parametrize(("rule", "sampled"), [("smooth", True), ("synthetic", False)])
def test_a_variance_of_zero_is_treated_by_the_chosen_rule(rule: Unsure, *, sampled: bool) -> None:
    found = fay_herriot(*line(se=[0.0, *[0.3] * 7]), unsure=rule)
    assert column(found, "is_sampled")[0] is sampled
    assert found.origin["areas_unsure"] == "area 0"


def test_shares_of_zero_and_one_are_modelled_on_the_arcsine_scale() -> None:
    b = [0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 1.0]
    se = [(p * (1 - p) / 20) ** 0.5 for p in b]
    found = fay_herriot(*line(b=b, se=se), transform="arcsin")
    assert all(0 < value < 1 for value in column(found, "eblup"))
    assert all(row["ll"] <= row["eblup"] <= row["ul"] for row in found.table.to_pylist())


def test_direct_estimates_serve_the_model_and_name_absent_areas() -> None:
    rng = np.random.default_rng(5)
    areas = [f"area {number % 8}" for number in range(160)]
    units = pa.table({"area": areas, "y": rng.normal(size=160) + np.arange(160) % 8})
    sampled = direct(units, "y", "area", areas=[f"area {number}" for number in range(9)])
    assert sampled.origin["areas_absent"] == "area 8"
    found = fay_herriot(sampled, line(9)[1])
    assert found.origin["areas_not_sampled"] == "area 8"
    assert found.estimates().table.num_rows == 9


def test_a_row_without_value_is_counted_and_left_out() -> None:
    units = pa.table({"area": ["a", "a", "a"], "y": [1.0, 3.0, None]})
    found = direct(units, "y", "area")
    assert found.table.column("b").to_pylist()[:2] == [2, 2]
    assert found.table.column("n").to_pylist()[0] == 2
    assert found.origin["units_without_value"] == "1"


def test_one_sampling_unit_shows_no_error() -> None:
    units = pa.table({"area": ["a", "a", "b", "b"], "y": [1.0, 2, 3, 4], "village": [1, 1, 2, 3]})
    found = direct(units, "y", "area", Design(psu="village"))
    assert [se is None for se in found.table.column("se").to_pylist()[:3]] == [False, True, False]


def fitted(**columns: list[Any]) -> Callable[[], object]:
    return lambda: fay_herriot(*line(**columns))


def with_covariates(columns: Mapping[str, list[Any]]) -> Callable[[], object]:
    return lambda: fay_herriot(line()[0], pa.table({"area": line()[1].column("area"), **columns}))


def sampled(**columns: list[Any]) -> Callable[[], object]:
    units = pa.table({"area": ["a", "a", "b"], "y": [1, 2, 3], "w": [1, 1, 1], "h": [1, 1, 2]} | columns)
    return lambda: direct(units, "y", "area", Design(strata="h", weight="w"), areas=["a", "b"])


def benchmarked(share: list[float], totals: Mapping[str, float]) -> Callable[[], object]:
    found = fay_herriot(*line())
    members = pa.table({"area": column(found, "area")[: len(share)], "share": share})
    return lambda: benchmark(found, members, totals)


@pytest.mark.parametrize(
    ("call", "rule", "named"),
    [
        (fitted(se=[0.0, *[0.3] * 7]), "variance_unknown", "area 0"),
        (fitted(se=[0.3, None, *[0.3] * 6]), "variance_unknown", "area 1"),
        (fitted(se=[-0.1, *[0.3] * 7]), "variance_negative", "area 0"),
        (fitted(area=["area 1", *[f"area {number}" for number in range(1, 8)]]), "area_twice", "area 1"),
        (fitted(area=["other", *[f"area {number}" for number in range(1, 8)]]), "no_covariates", "other"),
        (fitted(area=[None, *[f"area {number}" for number in range(1, 8)]]), "blank", "1"),
        (fitted(b=[float("inf")] * 8), "not_finite", "1, 2"),
        (fitted(b=[*[None] * 5, 1.0, 2.0, 3.0]), "too_few", "3"),
        (with_covariates({"x": list("abcdefgh")}), "not_numbers", "x"),
        (with_covariates({"x": [1.0, None, *[2.0] * 6]}), "not_finite", "2"),
        (with_covariates({"x": [7.0] * 8}), "covariate_repeats", "intercept"),
        (with_covariates({"x": list(range(8)), "z": list(range(3, 11))}), "covariate_repeats", "x"),
        (lambda: fay_herriot(*line(), columns=["z"]), "column_missing", "z"),
        (lambda: fay_herriot(*line(b=[1.5] * 8), transform="arcsin"), "not_a_share", "area 0"),
        (lambda: fay_herriot(*line(), method="eb"), "choice_unknown", "eb"),  # type: ignore[arg-type]
        (lambda: direct(pa.table({"area": [], "y": []}), "y", "area"), "no_units", ""),
        (
            lambda: direct(pa.table({"area": ["a", "a"], "y": [1, 2]}), "y", "area", areas=["a", "a"]),
            "area_twice",
            "a",
        ),
        (sampled(w=[1, 0, 1]), "weight_not_positive", "2"),
        (sampled(area=["a", "a", "c"], h=[1, 1, 1]), "area_unknown", "c"),
        (benchmarked([1.0] * 8, {"甲": 1.0}), "totals_differ", "甲"),
        (benchmarked([1.0] * 7, {"": 1.0}), "members_differ", "area 7"),
        (benchmarked([0.0] * 8, {"": 1.0}), "nothing_to_scale", "0"),
        (benchmarked([-1.0, *[1.0] * 7], {"": 1.0}), "share_negative", "area 0"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(call: Callable[[], object], rule: str, named: str) -> None:
    with pytest.raises(InputError) as caught:
        call()
    found = caught.value.findings[0]
    assert found.rule == f"areas.{rule}"
    assert rule == "nothing_to_scale" or named in found.en


def test_a_stratum_of_one_sampling_unit_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"sampling\.single[\s\S]*: 2\."):
        sampled()()
