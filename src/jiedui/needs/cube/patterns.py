"""Patterns: what the households of an area lack and what is not known of them, counted in one scan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jiedui.needs.cube.scoring import product, total

if TYPE_CHECKING:
    import ibis

    from jiedui.needs.spec import Spec

BITS = 2
"""Each indicator takes two bits of a key: 0 not deprived, 1 deprived, 2 missing."""
MOST = 31
"""Indicators at most: a key has 64 bits, one of them for the sign."""


def patterns(households: ibis.Table, spec: Spec, by: Sequence[str], *, weight: str, size: str) -> ibis.Table:
    """Count households by area and pattern.

    Returns
    -------
    ibis.Table
        ``by``, ``key`` (two bits for each indicator, the first lowest), ``n`` (households), ``w`` (their
        weights times sizes; as floats, which are exact for whole numbers up to 2⁵³).
    """
    import ibis

    key = total(_code(households[one.id]) * 2 ** (BITS * place) for place, one in enumerate(spec.indicators))
    numbers = [households[name].cast("float64") for name in (weight, size) if name]
    value = product(numbers) if numbers else ibis.literal(1.0)
    rows = households.select(*by, key=key, value=value)
    return rows.group_by([*by, "key"]).aggregate(n=rows.count(), w=rows.value.sum())


def digits(key: ibis.Value, place: int) -> tuple[ibis.Value, ibis.Value]:
    """Read from keys whether an indicator is deprived, and whether it is missing."""
    return (key >> BITS * place) & 1, (key >> (BITS * place + 1)) & 1


def _code(column: ibis.Value) -> ibis.Value:
    """Give 0, 1, or 2 where nothing is known."""
    plain = column.cast("int8") if column.type().is_boolean() else column
    return plain.coalesce(2).cast("int64")
