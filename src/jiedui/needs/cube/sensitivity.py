"""How much depends on the cut-off and on the weights: curves, dominance, rank correlation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.cube.measures import counts_of, exact_steps, pattern_scores
from jiedui.needs.cube.profile import Cube
from jiedui.needs.cube.scoring import total
from jiedui.needs.ranks import compare_orders

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.needs.spec import Missing

Measure = Literal["H", "M0"]


def curves(cube: Cube, *, missing: Missing | None = None) -> pa.Table:
    """Give H and M0 of the whole and of each area at every cut-off at which they change.

    Returns
    -------
    pyarrow.Table
        ``group`` (empty for the whole), ``k``, ``H``, ``M0`` (null where nobody counts); between two cut-offs
        nothing changes, the value at the higher one holds.

    Raises
    ------
    InputError
        If the rule for what is missing is ``bounds``, which gives no single curve.
    """
    import pyarrow as pa

    groups, ks, values = _curves(cube, missing)
    flat = {name: values[name].ravel() for name in ("H", "M0")}
    columns = {name: pa.array(numbers, mask=np.isnan(numbers)) for name, numbers in flat.items()}
    size = len(groups), len(ks)
    return pa.table({"group": np.repeat(groups, size[1]), "k": np.tile(ks, size[0]), **columns})


def dominance(cube: Cube, *, measure: Measure = "M0", missing: Missing | None = None) -> pa.Table:
    """List the pairs of areas of which one is less poor whatever the cut-off.

    Returns
    -------
    pyarrow.Table
        ``group``, ``over``: the curve of the first lies nowhere above that of the second, and below it
        somewhere; in the order of areas.

    References
    ----------
    Alkire, S. and Foster, J. (2011), section on dominance; Alkire, S. et al. (2015). Multidimensional Poverty
    Measurement and Analysis. Oxford University Press, chapter 8.
    """
    import pyarrow as pa

    groups, _, values = _curves(cube, missing)
    names, lines = np.array(groups[1:], dtype=object), values[measure][1:]
    pairs = [
        np.column_stack([np.full(len(above), place), above])
        for place, line in enumerate(lines)
        if len(above := np.flatnonzero((line <= lines).all(axis=1) & (line < lines).any(axis=1)))
    ]
    less, more = np.vstack(pairs).T if pairs else np.zeros((2, 0), int)
    return pa.table({"group": pa.array(names[less], pa.string()), "over": pa.array(names[more], pa.string())})


def robustness(
    cube: Cube,
    *,
    k: Sequence[Fraction] = (),
    weightings: Mapping[str, Mapping[str, Fraction]] | None = None,
    measure: Measure = "M0",
) -> pa.Table:
    """Compare the order of areas with that under other cut-offs and weights.

    Parameters
    ----------
    k
        Cut-offs, exact; those of the specification if none is named.
    weightings
        Weights of each indicator, under names; the own ones stand first, under an empty name.

    Returns
    -------
    pyarrow.Table
        ``weighting``, ``k``, ``kendall`` (τ_b) and ``spearman`` with the order at the first cut-off of the
        specification; ``kept``, the share of the pairs ordered there that keep their order. Null where areas
        do not differ.

    Raises
    ------
    InputError
        If the cube has fewer than two areas, or as `Cube.estimates`.
    """
    import pyarrow as pa

    sets = {"": None, **(weightings or {})}
    cutoffs = list(k) or list(cube.spec.cutoffs)
    base = _order(cube, [cube.spec.cutoffs[0]], None, measure)[0]
    if len(base) < 2:  # noqa: PLR2004
        raise InputError([finding("cube.one_area")])
    rows = [
        {"weighting": name, "k": float(cutoff), **asdict(compare_orders(base, values))}
        for name, weights in sets.items()
        for cutoff, values in zip(cutoffs, _order(cube, cutoffs, weights, measure), strict=True)
    ]
    return pa.Table.from_pylist(rows)


def _curves(
    cube: Cube, missing: Missing | None
) -> tuple[list[str], NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Give the groups, the scores that occur, and H and M0 of the first at the second."""
    from scipy.sparse import csr_array

    rule = missing or cube.spec.missing
    if rule == "bounds":
        raise InputError([finding("cube.no_curve")])
    counts = counts_of(cube.table, cube.by)
    one = pattern_scores(counts.keys, cube.spec, rule)[0]
    numerator, size = total(one.parts.values()) * one.counted, len(counts.keys)
    steps = exact_steps(one, size)
    ks, place = np.unique(numerator * steps.factor, return_inverse=True)
    chosen = csr_array((one.counted * np.ones(size), (np.arange(size), place)), shape=(size, len(ks)))
    mass = (counts.w @ chosen).toarray()
    mass = np.vstack([mass.sum(axis=0), mass]) if cube.by else mass
    w = mass.sum(axis=1, keepdims=True)
    after = {"H": mass, "M0": mass * ks}
    values = {name: np.cumsum(sums[:, ::-1], axis=1)[:, ::-1] for name, sums in after.items()}
    kept, whole = ks > 0, np.where(w > 0, w, np.nan)
    return (
        ["", *counts.groups] if cube.by else list(counts.groups),
        ks[kept] / steps.unit,
        {"H": values["H"][:, kept] / whole, "M0": values["M0"][:, kept] / (whole * steps.unit)},
    )


def _order(
    cube: Cube, k: Sequence[Fraction], weights: Mapping[str, Fraction] | None, measure: Measure
) -> list[NDArray[np.float64]]:
    """Give a measure of each area, at each cut-off."""
    import pyarrow.compute as pc

    table = cube.estimates(k, weights=weights).table
    areas = table.filter((pc.field("measure") == measure) & (pc.field("group") != ""))
    values = areas["b"].to_numpy(zero_copy_only=False).astype(float)
    return list(values.reshape(len(k), -1)) if len(values) else [values for _ in k]
