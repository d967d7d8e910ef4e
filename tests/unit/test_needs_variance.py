"""The variance of totals: the textbook formula, a published error, single sampling units, domains."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiedui.errors import InputError
from jiedui.needs import Design
from jiedui.needs.sampling import make_clusters
from jiedui.needs.variance import domain_covariance, domain_variance, total_covariance, total_variance

ROUNDING = 1e-9
"""Sums of some ten terms of size 10 to 1,000 in double precision."""

rows = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(-9, 9), st.sampled_from((0, 1))),
    min_size=1,
    max_size=25,
)


def formula(drawn: list[tuple[str, str, int, int]], single: str) -> float:
    totals: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for stratum, psu, value, _ in drawn:
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


def table(drawn: list[tuple[str, str, int, int]]) -> pa.Table:
    strata, psu, _, _ = zip(*drawn, strict=True)
    return pa.table({"s": strata, "p": psu})


@given(rows, st.sampled_from(("centre", "certain")))
def test_the_variance_of_a_total_is_that_of_the_formula(
    drawn: list[tuple[str, str, int, int]], single: str
) -> None:
    clusters = make_clusters(table(drawn), Design(strata="s", psu="p", single=single))
    z = np.array([float(value) for _, _, value, _ in drawn])
    assert float(total_variance(z, clusters)) == pytest.approx(
        formula(drawn, single), rel=ROUNDING, abs=ROUNDING
    )
    both = np.stack([z, 2 * z + 1], axis=1)
    assert np.allclose(
        total_variance(both, clusters), np.diag(total_covariance(both, clusters)), atol=ROUNDING
    )


@given(rows, st.sampled_from(("centre", "certain")))
def test_a_domain_is_zeros_outside(drawn: list[tuple[str, str, int, int]], single: str) -> None:
    clusters = make_clusters(table(drawn), Design(strata="s", psu="p", single=single))
    z = np.array([float(value) for _, _, value, _ in drawn])
    other = z**2 - 3
    domain = np.array([code for *_, code in drawn])
    zeros = np.stack([z * (domain == 0), z * (domain == 1), other], axis=1)
    whole = total_covariance(zeros, clusters)
    by_domain = domain_variance(z, domain, 2, clusters)
    assert np.allclose(by_domain, np.diag(whole)[:2], rtol=ROUNDING, atol=ROUNDING)
    with_other = domain_covariance(z, domain, 2, other, clusters)
    assert np.allclose(with_other, whole[:2, 2], rtol=ROUNDING, atol=ROUNDING)


def test_units_drawn_one_by_one_have_the_variance_of_a_simple_sample() -> None:
    z = np.array([1.0, 4.0, 7.0, 0.0])
    clusters = make_clusters(pa.table({"x": z}), Design())
    assert float(total_variance(z, clusters)) == pytest.approx(4 * z.var(ddof=1), rel=ROUNDING)
    assert clusters.df == 3


def test_a_stratum_of_one_sampling_unit_is_refused_unless_a_rule_is_chosen() -> None:
    units = pa.table({"s": ["a", "a", "b"], "p": [1, 2, 1]})
    with pytest.raises(InputError, match=r"sampling.single[\s\S]*b"):
        make_clusters(units, Design(strata="s", psu="p"))
    assert make_clusters(units, Design(strata="s", psu="p", single="centre")).df == 1


@pytest.mark.parametrize(
    ("design", "rule"),
    [
        (Design(strata="region"), "sampling.no_column"),
        (Design(psu="p"), "sampling.empty"),
        (Design(single="drop"), "sampling.rule"),
    ],
)
def test_a_design_that_cannot_be_used_is_refused(design: Design, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        make_clusters(pa.table({"p": [1, None]}), design)
