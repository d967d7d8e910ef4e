"""Headline figures by area, as an expression that the engine of the households computes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jiedui.needs.cube.checking import check_households
from jiedui.needs.cube.patterns import digits, patterns
from jiedui.needs.cube.scoring import Scores, scores, total

if TYPE_CHECKING:
    import ibis

    from jiedui.needs.spec import Missing, Spec

BITS = ((0, "deprived"), (1, "missing"))
Ratio = tuple[str, str, int]
"""Names of two sums, and what the second is to be multiplied by."""


def headline(
    households: ibis.Table,
    spec: Spec,
    by: Sequence[str] = (),
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
        indicator is known. With ``bounds`` each stands twice: ``…_low`` with all that is missing as not
        deprived, ``…_high`` as deprived; the two values of A, a ratio, need not enclose the truth.

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
    check_households(households, spec, by, weight=weight, size=size)
    rows = patterns(households, spec, by, weight=weight, size=size)
    read = {one.id: digits(rows["key"], place) for place, one in enumerate(spec.indicators)}
    rows = rows.mutate(**{f"{name} {key}": pair[bit] for key, pair in read.items() for bit, name in BITS})
    deprived, lacking = ({key: rows[f"{name} {key}"] for key in read} for _, name in BITS)
    sums: dict[str, Any] = {"all n": rows.n.sum(), "all w": rows.w.sum()}
    ratios: dict[str, Ratio] = {}
    for one in scores(spec, deprived, lacking, rule=missing or spec.missing):
        _add(rows, spec, one, sums=sums, ratios=ratios)
    summed = rows.aggregate(by=list(by), **sums)
    counts = {"n": summed["n"], "w": summed["w"]}
    counts |= {"left_out": summed["all n"] - summed["n"], "w_left_out": summed["all w"] - summed["w"]}
    shares = {
        name: summed[over] / (summed[under].nullif(0) * unit) for name, (over, under, unit) in ratios.items()
    }
    told = summed.select(*by, **counts, **shares)
    return told.order_by(list(by)) if by else told


def _add(
    rows: ibis.Table, spec: Spec, one: Scores, *, sums: dict[str, Any], ratios: dict[str, Ratio]
) -> None:
    """Add the sums of one scoring, and the ratios that follow from them."""
    end = f"_{one.name}" if one.name else ""
    sums |= {"n": (rows.n * one.counted).sum(), "w": (rows.w * one.counted).sum()}
    for key, column in one.observed.items():
        sums[f"seen {key}"] = (rows.w * column).sum()
        sums[f"hd_{key}{end}"] = (rows.w * one.deprived[key]).sum()
        ratios[f"hd_{key}{end}"] = f"hd_{key}{end}", f"seen {key}", 1
    unit = one.den if isinstance(one.den, int) else 1
    for k in spec.cutoffs:
        mark = f"{k.numerator}_{k.denominator}{end}"
        weight = rows.w * one.poor(k).cast("int64")
        score = total(one.parts.values()) / (1.0 if isinstance(one.den, int) else one.den)
        sums |= {f"H_{mark}": weight.sum(), f"M0_{mark}": (weight * score).sum()}
        ratios[f"H_{mark}"] = f"H_{mark}", "w", 1
        ratios[f"A_{mark}"] = f"M0_{mark}", f"H_{mark}", unit
        ratios[f"M0_{mark}"] = f"M0_{mark}", "w", unit
        for key, column in one.deprived.items():
            sums[f"hdk_{key}_{mark}"] = (weight * column).sum()
            ratios[f"hdk_{key}_{mark}"] = f"hdk_{key}_{mark}", f"seen {key}", 1
