"""From counts to estimates: patterns are scored once, and one sparse product gives the sums of all areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from jiedui.needs.cube.patterns import BITS
from jiedui.needs.cube.scoring import Scores, scores, total
from jiedui.needs.groups import BAR

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from jiedui.needs.spec import Missing, Spec

EXACT = 2**53
"""Whole numbers up to here are exact as floats."""
Name = tuple[str, str, Fraction | None]
"""Measure, indicator, cut-off."""
Values = dict[Name, Any]
"""Arrays of floats, the whole first and then each area."""


@dataclass(frozen=True, slots=True)
class Counts:
    """A cube as two sparse matrices, one row for each area and one column for each pattern.

    Attributes
    ----------
    groups : tuple of str
        Names of areas, values of several columns joined by ``|``.
    keys : (p,) array
        Patterns.
    w, n : (g, p) sparse arrays
        Weights and households.
    divided : bool
        Whether there are areas at all.
    """

    divided: bool
    groups: tuple[str, ...]
    keys: NDArray[np.int64]
    w: csr_array
    n: csr_array


def counts_of(table: pa.Table, by: Sequence[str]) -> Counts:
    """Lay a sorted table of counts out as matrices."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from scipy.sparse import csr_array

    keys, pattern = np.unique(table["key"].to_numpy(), return_inverse=True)
    names = [pc.cast(table[name], pa.string()) for name in by]
    joined = pc.binary_join_element_wise(*names, BAR) if by else pa.array([""] * table.num_rows)
    values = joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
    coded = values.dictionary_encode()
    area = coded.indices.to_numpy()
    shape = len(coded.dictionary), len(keys)
    sparse = {name: csr_array((table[name].to_numpy(), (area, pattern)), shape=shape) for name in ("w", "n")}
    return Counts(bool(by), tuple(coded.dictionary.to_pylist()), keys, **sparse)


def pattern_scores(keys: NDArray[np.int64], spec: Spec, rule: Missing) -> tuple[Scores, ...]:
    """Score each pattern once."""
    deprived, missing = (
        {one.id: keys >> (BITS * place + bit) & 1 for place, one in enumerate(spec.indicators)}
        for bit in (0, 1)
    )
    return scores(spec, deprived, missing, rule=rule)


def measure(
    table: pa.Table, spec: Spec, by: Sequence[str], *, rule: Missing
) -> tuple[pa.Table, dict[str, str]]:
    """Give estimates of the whole and of each area, and counts of what was left out."""
    counts = counts_of(table, by)
    found = pattern_scores(counts.keys, spec, rule)
    with np.errstate(invalid="ignore"):
        values = {
            (f"{name}_{one.name}" if one.name else name, indicator, k): numbers
            for one in found
            for (name, indicator, k), numbers in _ratios(_sums(counts, spec, one), spec).items()
        }
    n, w = (part @ (found[0].counted * np.ones(len(counts.keys))) for part in (counts.n, counts.w))
    told = {
        "missing": rule,
        "units": str(int(counts.n.sum())),
        "left_out": str(int(counts.n.sum() - n.sum())),
        "weight_left_out": repr(float(counts.w.sum() - w.sum())),
    }
    groups, observed = (("", *counts.groups), np.append(n.sum(), n)) if by else (("",), n)
    return _table(values, groups, n=observed.astype(np.int64)), told


@dataclass(frozen=True, slots=True)
class Steps:
    """One denominator for the scores of all patterns, if floats hold it exactly; else 1."""

    unit: int
    factor: NDArray[np.float64]


def exact_steps(one: Scores, size: int) -> Steps:
    """Find by what the parts of each pattern are multiplied so that all have one denominator."""
    common = lcm(*np.unique(one.den).tolist())
    unit = common if common <= EXACT else 1
    return Steps(unit, unit / (one.den * np.ones(size)))


def _sums(counts: Counts, spec: Spec, one: Scores) -> Values:
    """Sum weights, of the whole first and then of each area, under the names of what they are sums of.

    Where fractions of patterns have one denominator that floats hold exactly, everything is summed whole.
    """
    ones = np.ones(len(counts.keys))
    steps = exact_steps(one, len(ones))
    columns: dict[Name, Any] = {("w", "", None): one.counted * ones}
    for key, column in one.deprived.items():
        seen = one.observed.get(key, ones)
        columns |= {("hd", key, None): one.counted * column, ("seen", key, None): one.counted * seen}
    for k in spec.cutoffs:
        poor = one.poor(k) * one.counted * ones
        columns["H", "", k] = poor
        for key, column in one.deprived.items():
            columns |= {
                ("hdk", key, k): poor * column,
                ("part", key, k): poor * one.parts[key] * steps.factor,
            }
    sums = counts.w @ np.column_stack(list(columns.values()))
    whole = np.vstack([sums.sum(axis=0), sums]) if counts.divided else sums
    found = dict(zip(columns, whole.T, strict=True))
    return found | {("unit", "", None): steps.unit * np.ones(len(whole))}


def _ratios(sums: Values, spec: Spec) -> Values:
    """Divide sums, in the order of the measures."""
    w, unit = sums["w", "", None], sums["unit", "", None]
    names = [one.id for one in spec.indicators]
    parts = {k: total(sums["part", name, k] for name in names) for k in spec.cutoffs}
    found: Values = {("H", "", k): sums["H", "", k] / w for k in spec.cutoffs}
    found |= {("A", "", k): parts[k] / (sums["H", "", k] * unit) for k in spec.cutoffs}
    found |= {("M0", "", k): parts[k] / (w * unit) for k in spec.cutoffs}
    found |= {("hd", name, None): sums["hd", name, None] / sums["seen", name, None] for name in names}
    for name, k in product(names, spec.cutoffs):
        found["hdk", name, k] = sums["hdk", name, k] / sums["seen", name, None]
    for end, members in (("", {name: [name] for name in names}), ("_dimension", _members(spec))):
        for name, k in product(members, spec.cutoffs):
            found[f"actb{end}", name, k] = total(sums["part", one, k] for one in members[name]) / (w * unit)
        for name, k in product(members, spec.cutoffs):
            found[f"pctb{end}", name, k] = total(sums["part", one, k] for one in members[name]) / parts[k]
    found["popshare", "", None] = w / w[0]
    return found


def _members(spec: Spec) -> dict[str, list[str]]:
    """Give the indicators of each dimension."""
    names = dict.fromkeys(one.dimension for one in spec.indicators)
    return {name: [one.id for one in spec.indicators if one.dimension == name] for name in names}


def _table(values: Values, groups: Sequence[str], *, n: NDArray[np.int64]) -> pa.Table:
    """Write estimates."""
    import pyarrow as pa

    size = len(groups)
    numbers = np.concatenate(list(values.values()))
    empty = pa.nulls(len(numbers), pa.float64())
    columns = {
        "measure": pa.array(np.repeat([name[0] for name in values], size)),
        "indicator": pa.array(np.repeat([name[1] for name in values], size)),
        "group": pa.array(list(groups) * len(values), pa.string()),
        "k": pa.array([name[2] and float(name[2]) for name in values for _ in groups], pa.float64()),
        "b": pa.array(numbers, mask=np.isnan(numbers)),
        **dict.fromkeys(("se", "ll", "ul"), empty),
        "n": pa.array(np.tile(n, len(values))),
        **dict.fromkeys(("psu", "df"), empty.cast(pa.int64())),
    }
    return pa.table(columns)
