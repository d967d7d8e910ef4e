"""Headline figures by area, as an expression that the engine of the households computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from jiedui.needs.cube.checking import check_households
from jiedui.needs.cube.patterns import digits, patterns
from jiedui.needs.cube.scoring import Scores, product, scores, total

if TYPE_CHECKING:
    import ibis

    from jiedui.needs.spec import Missing, Spec

BITS = ((0, "deprived"), (1, "missing"))


def headline(
    households: ibis.Table,
    spec: Spec,
    by: str | Sequence[str] = (),
    *,
    weight: str = "",
    size: str = "",
    missing: Missing | None = None,
) -> ibis.Table:
    """Give H, A, M0 and the uncensored and censored headcount ratios of each area, for every cut-off.

    Households are counted by area and pattern first; sums of products of 0/1 columns follow from the counts.

    Parameters
    ----------
    households
        One row each, of any engine of Ibis: for each indicator a column of its id with 1, 0 or nothing.
    by
        Columns that name the area; one row for all without them.
    weight, size
        Columns of numbers above 0; their product is the weight of a household.
    missing
        Instead of the rule of `spec`.

    Returns
    -------
    ibis.Table
        Sorted by area: ``by``, ``n`` and ``w`` (households counted, their weight), ``left_out`` and
        ``w_left_out`` (those left out for what is missing), ``hd_ID``, and for each k, written 1_3 for 1/3,
        ``H_k``, ``A_k``, ``M0_k``, ``hdk_ID_k``. ``hd`` and ``hdk`` are shares of those of whom the
        indicator is known. With ``bounds`` each stands twice: ``…_lower`` with all that is missing as not
        deprived, ``…_upper`` as deprived; the two values of A, a ratio, need not enclose the truth.

    Raises
    ------
    InputError
        If a column is absent, an indicator is not 0 or 1, a weight not above 0, an area empty.

    References
    ----------
    Alkire, S. and Foster, J. (2011). Counting and multidimensional poverty measurement. Journal of Public
    Economics 95, 476–487.

    Examples
    --------
    >>> import ibis, pyarrow as pa
    >>> from fractions import Fraction
    >>> from jiedui.needs import Indicator, Spec
    >>> words = {"zh": "", "en": ""}
    >>> two = tuple(Indicator(name, name, words, Fraction(1, 2)) for name in ("water", "school"))
    >>> spec = Spec("two", words, {"water": words, "school": words}, two, (Fraction(1, 2), Fraction(1)))
    >>> columns = {"county": [1, 1, 2], "water": [1, 0, 1], "school": [1, 0, 0]}
    >>> households = ibis.memtable(pa.table(columns))
    >>> table = headline(households, spec, ["county"]).to_pyarrow()
    >>> table["county"].to_pylist(), table["M0_1_2"].to_pylist(), table["H_1_1"].to_pylist()
    ([1, 2], [0.5, 0.5], [0.5, 0.0])
    """
    by = (by,) if isinstance(by, str) and by else tuple(by)
    check_households(households, spec, by, weight=weight, size=size)
    rows = patterns(households, spec, by, weight=weight, size=size)
    read = {one.id: digits(rows["key"], place) for place, one in enumerate(spec.indicators)}
    rows = rows.mutate(**{f"{name} {key}": pair[bit] for key, pair in read.items() for bit, name in BITS})
    deprived, lacking = ({key: rows[f"{name} {key}"] for key in read} for _, name in BITS)
    found = scores(spec, deprived, lacking, rule=missing or spec.missing)
    rows = rows.mutate(**{name: value for one in found for name, value in _factors(rows, spec, one).items()})
    sums = {f"all {name}": rows[name].sum() for name in ("n", "w")}
    sums |= {
        name: product(rows[factor] for factor in factors).sum()
        for one in found
        for name, factors in _products(spec, one).items()
    }
    summed = rows.aggregate(by=list(by), **sums)
    n, w = (summed[f"counted {name}{found[0].name}"] for name in ("n", "w"))
    counts = {"n": n, "w": w, "left_out": summed["all n"] - n, "w_left_out": summed["all w"] - w}
    shares = {
        name: summed[over] / (summed[under].nullif(0) * unit)
        for one in found
        for name, (over, under, unit) in _ratios(spec, one).items()
    }
    told = summed.select(*by, **counts, **shares)
    return told.order_by(list(by)) if by else told


def _factors(rows: ibis.Table, spec: Spec, one: Scores) -> dict[str, ibis.Value]:
    """Give columns of which sums of products are to be taken; names end in that of the scoring."""
    weight, score = rows.w * one.counted, total(one.parts.values())
    columns = {"counted n": rows.n * one.counted, "counted w": weight}
    columns["score"] = score if _is_plain(one) else score / one.den
    columns |= {f"deprived {key} ": value for key, value in one.deprived.items()}
    columns |= {f"seen {key} ": value for key, value in one.observed.items()}
    columns |= {f"poor {k} ": weight * one.poor(k).cast("int64") for k in spec.cutoffs}
    return {name + one.name: value for name, value in columns.items()}


def _products(spec: Spec, one: Scores) -> dict[str, tuple[str, ...]]:
    """Name the factors of each sum."""
    end = one.name
    sums: dict[str, tuple[str, ...]] = {
        f"counted {name}{end}": (f"counted {name}{end}",) for name in ("n", "w")
    }
    sums |= {f"seen {key} {end}": (f"counted w{end}", f"seen {key} {end}") for key in one.observed}
    for key in one.deprived:
        sums[f"hd {key} {end}"] = f"counted w{end}", f"deprived {key} {end}"
        sums |= {f"hdk {key} {k} {end}": (f"poor {k} {end}", f"deprived {key} {end}") for k in spec.cutoffs}
    for k in spec.cutoffs:
        sums |= {f"H {k} {end}": (f"poor {k} {end}",), f"M0 {k} {end}": (f"poor {k} {end}", f"score{end}")}
    return sums


def _ratios(spec: Spec, one: Scores) -> dict[str, tuple[str, str, int]]:
    """Name the two sums of each figure, and what the second is multiplied by."""
    end, last = one.name, f"_{one.name}" if one.name else ""
    unit = one.den if _is_plain(one) else 1
    ratios = {}
    for k in spec.cutoffs:
        mark = f"{k.numerator}_{k.denominator}{last}"
        ratios[f"H_{mark}"] = f"H {k} {end}", f"counted w{end}", 1
        ratios[f"A_{mark}"] = f"M0 {k} {end}", f"H {k} {end}", unit
        ratios[f"M0_{mark}"] = f"M0 {k} {end}", f"counted w{end}", unit
    for key in one.deprived:
        known = f"seen {key} {end}" if one.observed else f"counted w{end}"
        ratios[f"hd_{key}{last}"] = f"hd {key} {end}", known, 1
        for k in spec.cutoffs:
            ratios[f"hdk_{key}_{k.numerator}_{k.denominator}{last}"] = f"hdk {key} {k} {end}", known, 1
    return ratios


def _is_plain(one: Scores) -> bool:
    """Whether all scores have one denominator."""
    return isinstance(one.den, int)
