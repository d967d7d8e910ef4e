"""Multidimensional poverty by groups, with standard errors: one table for every measure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.estimates import Design, Estimates
from jiedui.needs.exact import read_fraction
from jiedui.needs.multidimensional.layout import tabulate
from jiedui.needs.multidimensional.linearisation import linearise
from jiedui.needs.multidimensional.measures import MEASURES, list_ratios
from jiedui.needs.multidimensional.origin import describe_origin
from jiedui.needs.multidimensional.sample import Sample, make_sample
from jiedui.needs.spec import Missing, Spec

if TYPE_CHECKING:
    import pyarrow as pa

LARGEST_BLOCK = 10_000_000
"""Units times measures linearised at once: some 500 MiB."""


def poverty(
    units: object,
    spec: Spec,
    by: str | Sequence[str] = (),
    design: Design | None = None,
    *,
    cutoffs: Sequence[object] | None = None,
    weight: str = "",
    size: str = "",
    roster: object = None,
    key: str = "household",
    measures: Collection[str] = MEASURES,
    missing: Missing | None = None,
    level: float = 0.95,
) -> Estimates:
    """Give multidimensional poverty for the whole and for groups, with errors where a sample was drawn.

    Parameters
    ----------
    units : pyarrow.Table, data frame, Ibis table, or path to .csv or .parquet
        One row a unit, with a column for each indicator (1, 0 or null) or those that its expression reads.
    by : str or sequence of str
        Grouping columns; values of several are joined by ``|``. The whole, ``""``, is always given. Units
        without a value are part of the whole only, and counted in ``origin``.
    design : Design, optional
        How the units were drawn. Without it they are taken for all there are: no standard errors.
    cutoffs : sequence, optional
        Poverty cut-offs k as exact numbers in place of those of `spec`.
    weight, size : str
        Columns of sampling weight and of members; the product is what a unit counts for. With ``size``
        households are identified and persons counted.
    roster, key
        Members and the column that joins them to units, for indicators that ask about members.
    measures : collection of str
        Of `MEASURES`.
    missing : {"drop", "spread", "bounds"}, optional
        In place of the rule of `spec`. With ``bounds`` every measure is given twice, ``_lower`` with all that
        is missing as not deprived, ``_upper`` as deprived.
    level : float
        Of the confidence intervals.

    Returns
    -------
    Estimates
        ``n`` counts units, ``psu`` sampling units with units in the group; ``df`` is sampling units less
        strata of the whole sample. Shares have logit intervals.

    Raises
    ------
    InputError
        If something cannot be computed as asked; see the findings.

    References
    ----------
    S. Alkire, J. Foster, J. Public Econ. 95 (2011) 476-487. Names of measures: N. Suppa, mpitb: A toolbox for
    multidimensional poverty indices, Stata J. 23 (2023) 625-657.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.needs import Spec
    >>> units = pa.table({"a": [1, 1, 0, 0], "b": [1, 0, 1, 0]})
    >>> found = poverty(units, Spec.of({"x": ["a"], "y": ["b"]}, [1]), measures=["H", "M0"])
    >>> found.table.select(["measure", "k", "b"]).to_pylist()
    [{'measure': 'H', 'k': 1.0, 'b': 0.25}, {'measure': 'M0', 'k': 1.0, 'b': 0.25}]
    """
    spec = change_spec(spec, cutoffs, missing)
    groups = (by,) if isinstance(by, str) and by else tuple(by)
    sample = make_sample(
        units, spec, by=groups, design=design, weight=weight, size=size, roster=roster, key=key
    )
    ratios = list_ratios(spec, spec.cutoffs, measures)
    step = max(1, LARGEST_BLOCK // len(sample.weight))
    blocks = [ratios[place : place + step] for place in range(0, len(ratios), step)] or [[]]
    tables = []
    for one in variants(sample, spec):
        for block in blocks:
            linear = linearise(one.sample, spec, block)
            shares = "popshare" in measures and block is blocks[-1]
            tables.append(tabulate(linear, sample.labels, one.suffix, level, shares=shares))
    return Estimates(_join(tables), describe_origin(sample, spec, design, size))


@dataclass(frozen=True, slots=True)
class Variant:
    """A sample as it is counted, and what is added to the names of measures."""

    sample: Sample
    suffix: str


def variants(sample: Sample, spec: Spec) -> tuple[Variant, ...]:
    """Give the sample as it stands, or, for bounds, with what is missing as not deprived and as deprived."""
    import numpy as np

    if spec.missing != "bounds":
        return (Variant(sample, ""),)
    known = np.ones_like(sample.observed)
    return (
        Variant(replace(sample, observed=known), "_lower"),
        Variant(replace(sample, observed=known, g0=sample.g0 | ~sample.observed), "_upper"),
    )


def change_spec(spec: Spec, cutoffs: Sequence[object] | None, missing: Missing | None) -> Spec:
    """Put other cut-offs or another rule for what is missing in their place."""
    if missing is not None and missing not in get_args(Missing):
        allowed = ", ".join(get_args(Missing))
        raise InputError([finding("needs.choice", cell="missing", found=str(missing), allowed=allowed)])
    chosen = spec.cutoffs if cutoffs is None else tuple(read_fraction(k, cell="k") for k in cutoffs)
    return replace(spec, cutoffs=tuple(dict.fromkeys(chosen)), missing=missing or spec.missing)


def _join(tables: list[pa.Table]) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(tables).combine_chunks()
