"""The variance of totals beside the textbook formula, written out with plain loops."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.needs import Design
from jiedui.needs.sampling import Clusters, make_clusters, read_draw
from jiedui.needs.variance import domain_df, make_cells, shifted_variances, total_variance, variances

ROUNDING = 1e-9
"""Sums of some ten terms of size 10 to 1,000 in double precision."""

Unit = tuple[str, str, int, int]
"""Stratum, sampling unit, value, domain."""

drawn_units = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(-9, 9), st.integers(0, 2)),
    min_size=1,
    max_size=25,
)
rules = st.sampled_from(("centre", "certain"))


def formula(drawn: list[Unit], values: list[float], single: str) -> float:
    """Compute the textbook sum with every sampling unit of the sample, by plain loops."""
    totals: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (stratum, psu, *_), value in zip(drawn, values, strict=True):
        totals[stratum][psu] += value
    every = [total for stratum in totals.values() for total in stratum.values()]
    variance = 0.0
    for sums in totals.values():
        n = len(sums)
        mean = sum(sums.values()) / n
        if n > 1:
            variance += n / (n - 1) * sum((total - mean) ** 2 for total in sums.values())
        elif single == "centre":
            variance += (next(iter(sums.values())) - sum(every) / len(every)) ** 2
    return variance


def find_clusters(drawn: list[Unit], single: str) -> Clusters:
    strata, psu, *_ = zip(*drawn, strict=True)
    return make_clusters(pa.table({"s": strata, "p": psu}), Design(strata="s", psu="p", single=single))


@given(drawn_units, rules)
def test_the_variance_of_a_total_is_that_of_the_formula(drawn: list[Unit], single: str) -> None:
    values = [float(value) for _, _, value, _ in drawn]
    found = total_variance(np.array(values), find_clusters(drawn, single))
    assert found == pytest.approx(formula(drawn, values, single), rel=ROUNDING, abs=ROUNDING)


@given(drawn_units, rules)
def test_all_domains_and_measures_at_once_have_each_the_variance_of_zeros_outside(
    drawn: list[Unit], single: str
) -> None:
    clusters = find_clusters(drawn, single)
    domain = np.array([unit[3] for unit in drawn])
    values = np.array([float(unit[2]) for unit in drawn])
    cells = make_cells(domain, clusters.of, 4)
    found = variances(np.column_stack([cells.sums(values), cells.sums(values**2 - 3)]), cells, clusters)
    expected = [
        [formula(drawn, list(one * (domain == place)), single) for one in (values, values**2 - 3)]
        for place in range(4)
    ]
    assert np.allclose(found, expected, rtol=ROUNDING, atol=ROUNDING)
    assert np.array_equal(variances(cells.sums(values), cells, clusters), found[:, 0])
    assert not found[3].any()


@given(drawn_units, rules, st.lists(st.integers(-3, 3), min_size=3, max_size=3))
def test_what_all_domains_share_is_added_with_its_covariance(
    drawn: list[Unit], single: str, slope: list[int]
) -> None:
    clusters = find_clusters(drawn, single)
    domain = np.array([unit[3] for unit in drawn])
    values = np.array([float(unit[2]) for unit in drawn])
    shared = values**2 - 3
    cells, other = make_cells(domain, clusters.of, 3), np.bincount(clusters.of, shared).astype(float)
    found = shifted_variances(cells.sums(values), cells, np.array(slope, float), other, clusters)
    expected = [
        formula(drawn, list(values * (domain == place) + factor * shared), single)
        for place, factor in enumerate(slope)
    ]
    assert np.allclose(found, expected, rtol=ROUNDING, atol=ROUNDING * 1000)


@given(drawn_units)
def test_a_domain_has_the_freedom_of_the_strata_it_touches(drawn: list[Unit]) -> None:
    clusters = find_clusters(drawn, "certain")
    cells = make_cells(np.array([unit[3] for unit in drawn]), clusters.of, 4)
    for place, df in enumerate(domain_df(cells, clusters).tolist()):
        touched = {stratum for stratum, _, _, domain in drawn if domain == place}
        units = {(stratum, psu) for stratum, psu, *_ in drawn if stratum in touched}
        assert df == len(units) - len(touched)


@given(drawn_units)
def test_a_sampling_unit_keeps_its_stratum_when_units_are_left_out(drawn: list[Unit]) -> None:
    strata, psu, *_ = zip(*drawn, strict=True)
    draw = read_draw(pa.table({"s": strata, "p": psu}), Design("s", "p", single="certain"))
    rows = np.arange(0, len(drawn), 2)
    kept, whole = draw.take(rows).clusters(), find_clusters([drawn[row] for row in rows], "certain")
    assert (kept.psu, kept.df) == (whole.psu, whole.df)
    assert sorted(kept.size) == sorted(whole.size)
