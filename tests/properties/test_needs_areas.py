"""Small areas beside brute force: the likelihood on a grid, variances by hand, errors by simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.needs import Design
from jiedui.needs.areas import direct, fay_herriot
from jiedui.needs.areas.likelihood import Method

EXACT = 1e-9
"""Rounding of sums of a few dozen numbers."""
FLAT = 1e-7
"""A peak found on a grid is a little lower than the true one."""
COVERED = 0.02
"""200 runs of 40 areas: the share covered is sure to within some 0.01."""
REPEATED = 0.08
"""200 runs of 40 areas: their mean square is sure to within some 3 parts of a hundred."""

DESIGNS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.integers(0, 3),
        st.integers(0, 3),
        st.sampled_from([None, 0.0, 1.0, 2.5, -3.0]),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(DESIGNS, st.sampled_from(["centre", "certain"]))
def test_errors_of_direct_estimates_are_those_of_plain_sums(rows: list[Any], single: str) -> None:
    h, psu, area, y, w = zip(*rows, strict=True)
    units = pa.table(
        {"h": h, "psu": psu, "area": [str(one) for one in area], "y": pa.array(y, pa.float64()), "w": w}
    )
    found = direct(units, "y", "area", Design("h", "psu", "w", single)).table.to_pylist()
    for row in (row for row in found if row["measure"] == "mean"):
        b, se = twin(rows, row["group"], single)
        assert row["b"] == (pytest.approx(b, abs=EXACT) if b is not None else None)
        assert row["se"] == (pytest.approx(se, abs=EXACT) if se is not None else None)


def twin(rows: list[Any], group: str, single: str) -> tuple[float | None, float | None]:
    """Compute a mean and its error unit by unit."""
    chosen = [row for row in rows if group in {"", str(row[2])} and row[3] is not None]
    weight = sum(row[4] for row in chosen)
    if not chosen:
        return None, None
    b = sum(row[4] * row[3] for row in chosen) / weight
    units = {(row[0], row[1]): 0.0 for row in rows}
    for row in chosen:
        units[row[0], row[1]] += row[4] * (row[3] - b) / weight
    variance = 0.0
    for stratum in {key[0] for key in units}:
        z = [value for key, value in units.items() if key[0] == stratum]
        if len(z) > 1:
            mean = sum(z) / len(z)
            variance += len(z) / (len(z) - 1) * sum((value - mean) ** 2 for value in z)
        elif single == "centre":
            variance += z[0] ** 2
    psus = len({(row[0], row[1]) for row in chosen})
    return b, variance**0.5 if psus > 1 else None


def criterion(y: np.ndarray, x: np.ndarray, d: np.ndarray, sigma2: float, *, method: Method) -> float:
    """Compute the log-likelihood with whole matrices, as it is written."""
    v = np.diag(sigma2 + d)
    inverse = np.linalg.inv(v)
    m = x.T @ inverse @ x
    r = y - x @ np.linalg.solve(m, x.T @ inverse @ y)
    value = -0.5 * (np.linalg.slogdet(v)[1] + r @ inverse @ r)
    value -= 0.5 * np.linalg.slogdet(m)[1] if method != "ml" else 0
    return float(value + (np.log(sigma2) if method == "adjusted" else 0))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["reml", "ml", "adjusted"]), st.sampled_from([0.0, 0.3, 2.0]))
def test_no_variance_on_a_grid_is_more_likely(seed: int, method: Method, spread: float) -> None:
    rng = np.random.default_rng(seed)
    m = 15
    x = np.column_stack([np.ones(m), rng.normal(size=m)])
    d = rng.uniform(0.05, 3, size=m)
    y = x @ [1.0, 2.0] + rng.normal(size=m) * spread + rng.normal(size=m) * np.sqrt(d)
    areas = [str(number) for number in range(m)]
    found = fay_herriot(
        pa.table({"area": areas, "b": y, "var": d}), pa.table({"area": areas, "x": x[:, 1]}), method=method
    )
    ours = criterion(y, x, d, found.sigma2_u, method=method)
    grid = [*np.geomspace(1e-6, 1e3, 300)] + ([0.0] if method != "adjusted" else [])
    assert ours >= max(criterion(y, x, d, value, method=method) for value in grid) - FLAT


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(12)), st.floats(0.01, 100))
def test_order_of_rows_and_unit_of_measure_change_nothing(order: list[int], unit: float) -> None:
    rng = np.random.default_rng(3)
    x, d = rng.normal(size=12), rng.uniform(0.1, 1, size=12)
    y = 2 * x + rng.normal(size=12) * 2
    areas = [f"{number:02d}" for number in range(12)]
    here = fay_herriot(pa.table({"area": areas, "b": y, "var": d}), pa.table({"area": areas, "x": x}))
    there = fay_herriot(
        pa.table({"area": areas, "b": y * unit, "var": d * unit**2}).take(order),
        pa.table({"area": areas, "x": x}),
    )
    assert there.sigma2_u == pytest.approx(here.sigma2_u * unit**2, rel=1e-6)
    scaled = np.array(here.table.column("eblup").to_pylist()) * unit
    assert there.table.column("eblup").to_pylist() == pytest.approx(scaled, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("method", ["reml", "ml", "adjusted"])
def test_stated_errors_are_the_errors_of_repeated_samples(method: Method) -> None:
    rng = np.random.default_rng(11)
    m, runs = 40, 200
    areas = [f"{number:02d}" for number in range(m)]
    x, d = rng.normal(size=m), np.repeat([0.5, 1.0, 1.5, 2.0], 10)
    covariates = pa.table({"area": areas, "x": x})
    squares, stated, covered = np.zeros(m), np.zeros(m), np.zeros(m)
    for _ in range(runs):
        truth = 1 + x + rng.normal(size=m)
        y = truth + rng.normal(size=m) * np.sqrt(d)
        y[-2:] = np.nan
        table = pa.table({"area": areas, "b": pa.array(y, from_pandas=True), "var": d})
        found = fay_herriot(table, covariates, method=method).table
        eblup, mse, ll, ul = (found.column(name).to_numpy() for name in ("eblup", "mse", "ll", "ul"))
        squares += (eblup - truth) ** 2 / runs
        stated += mse / runs
        covered += ((ll <= truth) & (truth <= ul)) / runs
    assert stated.mean() == pytest.approx(squares.mean(), rel=REPEATED)
    assert covered.mean() == pytest.approx(0.95, abs=COVERED)
    assert squares[:-2].mean() < 0.75 * d[:-2].mean()


def test_errors_of_shares_on_the_arcsine_scale_are_those_of_repeated_samples() -> None:
    rng = np.random.default_rng(4)
    m, runs, n = 40, 200, 30
    areas = [f"{number:02d}" for number in range(m)]
    x = rng.normal(size=m)
    squares, stated, direct_squares, covered = 0.0, 0.0, 0.0, 0.0
    for _ in range(runs):
        truth = np.sin(0.5 + 0.12 * x + 0.08 * rng.normal(size=m)) ** 2
        p = rng.binomial(n, truth) / n
        table = pa.table({"area": areas, "b": p, "var": p * (1 - p) / n, "n": [n] * m})
        found = fay_herriot(table, pa.table({"area": areas, "x": x}), transform="arcsin").table
        eblup, mse, ll, ul = (found.column(name).to_numpy() for name in ("eblup", "mse", "ll", "ul"))
        squares += float(((eblup - truth) ** 2).mean()) / runs
        direct_squares += float(((p - truth) ** 2).mean()) / runs
        stated += float(mse.mean()) / runs
        covered += float(((ll <= truth) & (truth <= ul)).mean()) / runs
    assert stated == pytest.approx(squares, rel=2 * REPEATED)
    assert covered == pytest.approx(0.95, abs=COVERED)
    assert squares < direct_squares * 0.75


def test_the_stated_error_agrees_with_a_parametric_bootstrap() -> None:
    rng = np.random.default_rng(9)
    m, runs = 30, 400
    areas = [f"{number:02d}" for number in range(m)]
    x, d = rng.normal(size=m), rng.uniform(0.3, 1.5, size=m)
    covariates = pa.table({"area": areas, "x": x})
    y = 1 + x + rng.normal(size=m) + rng.normal(size=m) * np.sqrt(d)
    found = fay_herriot(pa.table({"area": areas, "b": y, "var": d}), covariates)
    line, squares = np.array(found.table.column("synthetic").to_pylist()), 0.0
    for _ in range(runs):
        truth = line + rng.normal(size=m) * np.sqrt(found.sigma2_u)
        again = truth + rng.normal(size=m) * np.sqrt(d)
        drawn = fay_herriot(pa.table({"area": areas, "b": again, "var": d}), covariates).table
        squares += float(((drawn.column("eblup").to_numpy() - truth) ** 2).mean()) / runs
    stated = np.mean(found.table.column("mse").to_pylist())
    assert stated == pytest.approx(squares, rel=REPEATED)
