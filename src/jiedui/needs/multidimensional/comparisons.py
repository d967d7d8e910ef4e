"""Whether groups keep their order when the cut-off or the weights change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.exact import read_fraction
from jiedui.needs.multidimensional.gathering import deprivations
from jiedui.needs.multidimensional.linearisation import linearise
from jiedui.needs.multidimensional.measures import Ratio, list_ratios
from jiedui.needs.multidimensional.rounds import without_expressions
from jiedui.needs.multidimensional.sample import Sample, make_sample
from jiedui.needs.ranks import compare_orders

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from jiedui.needs.spec import Spec

    Floats = npt.NDArray[np.float64]

OWN = "own"
"""The name of the specification's own weights."""
CURVES = ("H", "M0")
EQUAL = 1e-12
"""Rounding of sums of weights: closer curves are equal."""


@dataclass(frozen=True, slots=True)
class Robustness:
    """What hangs on the cut-off and the weights.

    Attributes
    ----------
    curves : pyarrow.Table
        ``weighting, group, k, H, M0``; the group of the whole is empty.
    dominance : pyarrow.Table
        ``weighting, measure, better, worse``: at every k `better` is not poorer than `worse`, and at
        some k it is less poor.
    ranks : pyarrow.Table
        ``weighting, measure, k, kendall, spearman``: how far groups keep the order they have by the
        specification's own weights and first cut-off; tau-b and rho with mean ranks, null where all equal.
    """

    curves: pa.Table
    dominance: pa.Table
    ranks: pa.Table


def robustness(
    units: object,
    spec: Spec,
    by: str | Sequence[str],
    *,
    ks: Sequence[object],
    weightings: Mapping[str, Mapping[str, object]] | None = None,
    weight: str = "",
    size: str = "",
    roster: object = None,
    key: str = "household",
) -> Robustness:
    """Give H and M0 of groups for many cut-offs and weights, who dominates whom, and how orders agree.

    Parameters
    ----------
    units, spec, by, weight, size, roster, key
        As for `poverty`.
    ks : sequence
        Cut-offs as exact numbers.
    weightings : mapping of str to mapping
        Other weights of all indicators, each summing to one, by name.

    Raises
    ------
    InputError
        If weights or cut-offs cannot be used, or as for `poverty`.

    References
    ----------
    S. Alkire and others: Multidimensional Poverty Measurement and Analysis (2015), chapter 8.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.needs import Spec
    >>> units = pa.table({"a": [1, 1, 0, 0], "b": [1, 0, 1, 0], "area": ["x", "x", "y", "y"]})
    >>> found = robustness(units, Spec.of({"p": ["a"], "q": ["b"]}, [1]), "area", ks=["1/2", 1])
    >>> found.dominance.select(["measure", "better", "worse"]).to_pylist()
    [{'measure': 'H', 'better': 'y', 'worse': 'x'}, {'measure': 'M0', 'better': 'y', 'worse': 'x'}]
    """
    groups = (by,) if isinstance(by, str) else tuple(by)
    keep = [name for name in (*groups, weight, size) if name]
    table = deprivations(units, spec, keep=keep, roster=roster, key=key)
    plain = replace(without_expressions(spec), cutoffs=_cutoffs(spec, ks))
    specs = {OWN: plain, **{name: _reweigh(plain, one, name) for name, one in (weightings or {}).items()}}
    sample = make_sample(table, plain, by=groups, weight=weight, size=size)
    curves = {name: _curves(sample, one) for name, one in specs.items()}
    wanted = [plain.cutoffs.index(read_fraction(k)) for k in ks]
    labels = ("", *sample.labels)
    return Robustness(
        _curve_table(curves, labels, plain, wanted),
        _dominance(curves, labels, wanted),
        _rank_table(curves, plain, wanted),
    )


def _cutoffs(spec: Spec, ks: Sequence[object]) -> tuple[Any, ...]:
    """Put the specification's first cut-off before those asked for."""
    return tuple(dict.fromkeys([spec.cutoffs[0], *(read_fraction(k, cell="k") for k in ks)]))


def _reweigh(spec: Spec, weights: Mapping[str, object], name: str) -> Spec:
    known = [one.id for one in spec.indicators]
    if sorted(weights) != sorted(known):
        found = ", ".join(str(one) for one in weights)
        raise InputError([finding("needs.choice", cell=name, found=found, allowed=", ".join(known))])
    exact = {one: read_fraction(weight, cell=f"{name}.{one}") for one, weight in weights.items()}
    return replace(spec, indicators=tuple(replace(one, weight=exact[one.id]) for one in spec.indicators))


def _curves(sample: Sample, spec: Spec) -> dict[str, Floats]:
    """Give each measure as floats of shape (groups, cut-offs)."""
    ratios: list[Ratio] = list_ratios(spec, spec.cutoffs, CURVES)
    b = linearise(sample, spec, ratios).b
    return {name: b[:, [n for n, one in enumerate(ratios) if one.measure == name]] for name in CURVES}


def _curve_table(
    curves: Mapping[str, dict[str, Floats]], labels: Sequence[str], spec: Spec, wanted: Sequence[int]
) -> pa.Table:
    import pyarrow as pa

    rows = [
        {"weighting": name, "group": label, "k": float(spec.cutoffs[k])}
        | {measure: float(values[measure][place, k]) for measure in CURVES}
        for name, values in curves.items()
        for place, label in enumerate(labels)
        for k in wanted
    ]
    return pa.Table.from_pylist(rows)


def _dominance(
    curves: Mapping[str, dict[str, Floats]], labels: Sequence[str], wanted: Sequence[int]
) -> pa.Table:
    """Compare every two groups; equal curves dominate neither way."""
    import pyarrow as pa

    rows = [
        {"weighting": name, "measure": measure, "better": labels[a], "worse": labels[b]}
        for name, values in curves.items()
        for measure in CURVES
        for a, b in permutations(range(1, len(labels)), 2)
        if _dominates(values[measure][a, wanted], values[measure][b, wanted])
    ]
    names = ("weighting", "measure", "better", "worse")
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names]))


def _dominates(better: Floats, worse: Floats) -> bool:
    return bool((better <= worse + EQUAL).all() and (better < worse - EQUAL).any())


def _rank_table(curves: Mapping[str, dict[str, Floats]], spec: Spec, wanted: Sequence[int]) -> pa.Table:
    import pyarrow as pa

    rows = []
    for name, values in curves.items():
        for measure in CURVES:
            base = curves[OWN][measure][1:, 0]
            for k in wanted:
                found = compare_orders(base, values[measure][1:, k])
                agree = {"kendall": found.kendall, "spearman": found.spearman}
                rows.append({"weighting": name, "measure": measure, "k": float(spec.cutoffs[k])} | agree)
    kinds = (("weighting", pa.string()), ("measure", pa.string()), ("k", pa.float64()))
    return pa.Table.from_pylist(
        rows, schema=pa.schema([*kinds, ("kendall", pa.float64()), ("spearman", pa.float64())])
    )
