"""Samples, the variance of totals and limits: simple samples, single sampling units, what is refused."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from jiedui.errors import InputError
from jiedui.needs import Design
from jiedui.needs.intervals import limits
from jiedui.needs.sampling import make_clusters
from jiedui.needs.variance import total_variance

ROUNDING = 1e-9
"""Sums of some ten terms of size 10 to 1,000 in double precision."""


def test_units_drawn_one_by_one_have_the_variance_of_a_simple_sample() -> None:
    z = np.array([1.0, 4.0, 7.0, 0.0])
    clusters = make_clusters(pa.table({"x": z}), Design())
    assert total_variance(z, clusters) == pytest.approx(4 * z.var(ddof=1), rel=ROUNDING)
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
        (Design(strata="s"), "sampling.empty"),
        (Design(single="drop"), "sampling.rule"),
    ],
)
def test_a_design_that_cannot_be_used_is_refused(design: Design, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        make_clusters(pa.table({"p": [1, None], "s": ["a", ""]}), design)


def test_limits_are_plain_beyond_0_and_1_and_none_where_no_error_is_known() -> None:
    b = np.array([0.0, 0.5, 0.5, 1.0, 1.5])
    se = np.array([0.1, 0.1, 0.0, 0.1, 0.1])
    low, high = limits(b, se, np.array([9, 9, 9, 9, 9]), is_share=True)
    assert np.isfinite(low).tolist() == np.isfinite(high).tolist() == [False, True, False, False, True]
    assert low[1] + high[1] == pytest.approx(1, abs=ROUNDING)
    assert low[4] + high[4] == pytest.approx(3, abs=ROUNDING)
    assert not np.isfinite(limits(b, se, 0)).any()
    with pytest.raises(InputError, match=r"needs\.level"):
        limits(b, se, 9, level=95)
