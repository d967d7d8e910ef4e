"""Households and specifications that several tests of needs share."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pyarrow as pa

from jiedui.needs import Indicator, Spec
from jiedui.needs.spec import Missing

WORDS = {"zh": "指标", "en": "indicator"}
ENGINES = 1e-12
"""Engines add floats in their own order; nothing else may differ."""


def make_spec(
    weights: Sequence[Fraction], dimensions: Sequence[str], cutoffs: Sequence[Fraction], rule: Missing
) -> Spec:
    pairs = list(enumerate(zip(weights, dimensions, strict=True)))
    indicators = tuple(Indicator(f"d{place}", name, WORDS, weight) for place, (weight, name) in pairs)
    return Spec("made", WORDS, dict.fromkeys(dimensions, WORDS), indicators, tuple(cutoffs), rule)


def mixed_case(rule: Missing) -> tuple[Spec, pa.Table]:
    """Give two thousand households of the global MPI: broken weights, gaps, indicators of several types."""
    random = np.random.default_rng(5)
    size = 2000
    weights = [Fraction(1, 6)] * 2 + [Fraction(1, 18)] * 6 + [Fraction(1, 6)] * 2
    spec = make_spec(weights, "hhllllllee", [Fraction(1, 3), Fraction(1, 2)], rule)
    kinds = [pa.int8()] * 6 + [pa.float64()] * 2 + [pa.bool_()] * 2
    columns = {
        f"d{place}": pa.array(random.integers(0, 2, size), mask=random.random(size) < 0.1).cast(kind)
        for place, kind in enumerate(kinds)
    }
    return spec, pa.table(
        {
            "area": [f"county {number}" for number in random.integers(0, 7, size)],
            "weight": random.random(size) + 0.1,
            "size": pa.array(random.integers(1, 9, size), pa.int16()),
            **columns,
        }
    )


def assert_same(left: pa.Table, right: pa.Table) -> None:
    """Compare tables of numbers and texts, row by row."""
    assert left.column_names == right.column_names
    for name in left.column_names:
        if pa.types.is_floating(left[name].type):
            found, wanted = (one[name].to_numpy(zero_copy_only=False) for one in (left, right))
            np.testing.assert_allclose(found, wanted, rtol=ENGINES, atol=ENGINES, err_msg=name)
        else:
            assert left[name].to_pylist() == right[name].to_pylist(), name
