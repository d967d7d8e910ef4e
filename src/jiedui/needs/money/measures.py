"""Measures of income: below a line, and of how unequal incomes are, each with its design-based error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.money.indices import fgt_part, sen_part, sst_part, watts_part
from jiedui.needs.money.inequality import gini_part, lorenz_part, s80s20_part, share_part
from jiedui.needs.money.influence import Part
from jiedui.needs.money.intake import Sample, take_sample
from jiedui.needs.money.lines import RelativeLine, line_part, relative_line
from jiedui.needs.money.results import Asked, estimate

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.needs.estimates import Design, Estimates

MOST_POINTS = 1000
"""More points or quantiles than this are a slip of the pen."""


def fgt(
    units: pa.Table,
    income: str,
    line: float | RelativeLine,
    *,
    alphas: Sequence[float] = (0, 1, 2),
    by: Sequence[str] = (),
    design: Design | None = None,
    weight: str = "",
    size: str = "",
) -> Estimates:
    """Estimate the Foster-Greer-Thorbecke measures ``fgt0``, ``fgt1``, … below a line.

    Below means strictly less than the line. A negative income counts with its full gap, above 1, and is
    counted in ``origin``; a missing income is left out and counted. Weights of 0 are allowed. With a relative
    line, the line is that of all units, for every group, and its own error is carried along.

    Parameters
    ----------
    units
        One row a household or person.
    income, weight, size
        Columns: income in any unit (the line in the same), sampling weight, and by how much more each row
        counts, such as the members of a household. Empty: 1.
    line
        An amount above 0, or `relative_line`.
    alphas
        0, or 1 and more.
    by
        Columns of the groups; a unit without a value belongs to the whole only and is counted.
    design
        How the sample was drawn; errors and limits are empty without one.

    Raises
    ------
    InputError
        With everything that cannot be used.

    References
    ----------
    Foster, J., Greer, J. and Thorbecke, E. (1984). A class of decomposable poverty measures. Econometrica
    52, 761-766.

    Examples
    --------
    >>> import pyarrow as pa
    >>> found = fgt(pa.table({"income": [1, 2, 9, 9]}), "income", 4)
    >>> found.table.select(["measure", "b"]).to_pydict()
    {'measure': ['fgt0', 'fgt1', 'fgt2'], 'b': [0.5, 0.3125, 0.203125]}
    """
    if wrong := [alpha for alpha in alphas if not (alpha == 0 or 1 <= alpha < math.inf)]:
        raise InputError([finding("money.alpha", found=", ".join(map(str, wrong)))])
    sample = take_sample(units, income, by=by, design=design, weight=weight, size=size)
    sample, z = _with_line(sample, line)
    asked = [Asked(f"fgt{alpha:g}", partial(fgt_part, z=z.b, alpha=alpha)) for alpha in alphas]
    return estimate(sample, asked, z)


def at_risk(
    units: pa.Table,
    income: str,
    *,
    share: float = 0.6,
    by: Sequence[str] = (),
    design: Design | None = None,
    weight: str = "",
    size: str = "",
) -> Estimates:
    """Estimate the at-risk-of-poverty threshold ``arpt`` and rate ``arop``, as Eurostat defines them.

    The threshold is a share of the weighted median of all; the rate is the share strictly below it. The rest
    is as in `fgt`.

    Raises
    ------
    InputError
        With everything that cannot be used.

    Examples
    --------
    >>> import pyarrow as pa
    >>> found = at_risk(pa.table({"income": [1, 2, 3, 4, 5]}), "income")
    >>> found.table.select(["measure", "b"]).to_pydict()
    {'measure': ['arpt', 'arop'], 'b': [1.7999999999999998, 0.2]}
    """
    sample = take_sample(units, income, by=by, design=design, weight=weight, size=size)
    sample, z = _with_line(sample, relative_line(share=share))
    threshold = Asked("arpt", lambda y, w: line_part(y, w, relative_line(share=share)), is_share=False)
    whole = estimate(replace(sample, labels=()), [threshold])
    rate = estimate(sample, [Asked("arop", partial(fgt_part, z=z.b, alpha=0))], z)
    import pyarrow as pa

    return replace(rate, table=pa.concat_tables([whole.table, rate.table]).combine_chunks())


def sen(
    units: pa.Table,
    income: str,
    line: float | RelativeLine,
    *,
    by: Sequence[str] = (),
    design: Design | None = None,
    weight: str = "",
    size: str = "",
) -> Estimates:
    """Estimate the index of Sen ``sen`` and that of Sen, Shorrocks and Thon ``sst``.

    Negative incomes are refused. The rest is as in `fgt`.

    Raises
    ------
    InputError
        With everything that cannot be used.

    References
    ----------
    Sen, A. (1976). Poverty: an ordinal approach to measurement. Econometrica 44, 219-231. Shorrocks, A.
    (1995). Revisiting the Sen poverty index. Econometrica 63, 1225-1230.

    Examples
    --------
    >>> import pyarrow as pa
    >>> found = sen(pa.table({"income": [1, 3, 9, 9]}), "income", 4)
    >>> found.table.select(["measure", "b"]).to_pydict()
    {'measure': ['sen', 'sst'], 'b': [0.3125, 0.40625]}
    """
    sample = take_sample(units, income, by=by, design=design, weight=weight, size=size)
    _refuse(sample, "money.negative", "sen, sst")
    sample, z = _with_line(sample, line)
    asked = [Asked("sen", partial(sen_part, z=z.b)), Asked("sst", partial(sst_part, z=z.b))]
    return estimate(sample, asked, z)


def watts(
    units: pa.Table,
    income: str,
    line: float | RelativeLine,
    *,
    by: Sequence[str] = (),
    design: Design | None = None,
    weight: str = "",
    size: str = "",
) -> Estimates:
    """Estimate the index of Watts ``watts``; incomes of 0 and less are refused. The rest is as in `fgt`.

    Raises
    ------
    InputError
        With everything that cannot be used.

    References
    ----------
    Watts, H. (1968). An economic definition of poverty. Institute for Research on Poverty, Madison.

    Examples
    --------
    >>> import pyarrow as pa
    >>> found = watts(pa.table({"income": [2.0, 9.0]}), "income", 4)
    >>> round(found.table["b"][0].as_py(), 6)
    0.346574
    """
    sample = take_sample(units, income, by=by, design=design, weight=weight, size=size)
    _refuse(sample, "money.not_above_zero", "watts")
    sample, z = _with_line(sample, line)
    return estimate(sample, [Asked("watts", partial(watts_part, z=z.b), is_share=False)], z)


def gini(
    units: pa.Table,
    income: str,
    *,
    by: Sequence[str] = (),
    design: Design | None = None,
    weight: str = "",
    size: str = "",
) -> Estimates:
    """Estimate the Gini coefficient ``gini``; negative incomes are refused.

    It has no value in a group whose incomes are all 0. The rest is as in `fgt`.

    Raises
    ------
    InputError
        With everything that cannot be used.

    Examples
    --------
    >>> import pyarrow as pa
    >>> gini(pa.table({"income": [0, 4]}), "income").table["b"].to_pylist()
    [0.5]
    """
    sample = take_sample(units, income, by=by, design=design, weight=weight, size=size)
    _refuse(sample, "money.negative", "gini")
    return estimate(sample, [Asked("gini", gini_part)])


def lorenz(
    units: pa.Table,
    income: str,
    *,
    points: int = 10,
    by: Sequence[str] = (),
    design: Design | None = None,
    weight: str = "",
    size: str = "",
) -> Estimates:
    """Estimate the Lorenz curve ``lorenz`` at so many equal steps; the share of people stands in ``k``.

    Negative incomes are refused. The rest is as in `fgt`.

    Raises
    ------
    InputError
        With everything that cannot be used.

    Examples
    --------
    >>> import pyarrow as pa
    >>> found = lorenz(pa.table({"income": [1, 3]}), "income", points=4).table
    >>> found["k"].to_pylist(), found["b"].to_pylist()
    ([0.25, 0.5, 0.75, 1.0], [0.125, 0.25, 0.625, 1.0])
    """
    _check_points(points)
    sample = take_sample(units, income, by=by, design=design, weight=weight, size=size)
    _refuse(sample, "money.negative", "lorenz")
    steps = [step / points for step in range(1, points + 1)]
    return estimate(sample, [Asked("lorenz", partial(lorenz_part, p=p), k=p) for p in steps])


def quantile_shares(
    units: pa.Table,
    income: str,
    *,
    quantiles: int = 5,
    by: Sequence[str] = (),
    design: Design | None = None,
    weight: str = "",
    size: str = "",
) -> Estimates:
    """Estimate the share of income of each quantile group ``share``, and ``s80s20``.

    The upper end of the group stands in ``k``. Shares are differences of the Lorenz curve and sum to 1;
    ``s80s20`` is Eurostat's, a ratio of means. Negative incomes are refused. The rest is as in `fgt`.

    Raises
    ------
    InputError
        With everything that cannot be used.

    Examples
    --------
    >>> import pyarrow as pa
    >>> found = quantile_shares(pa.table({"income": [1, 2, 3, 4, 5, 10]}), "income", quantiles=2).table
    >>> found["measure"].to_pylist(), found["b"].to_pylist()
    (['share', 'share', 's80s20'], [0.24, 0.76, 10.0])
    """
    _check_points(quantiles)
    sample = take_sample(units, income, by=by, design=design, weight=weight, size=size)
    _refuse(sample, "money.negative", "share, s80s20")
    ends = [step / quantiles for step in range(quantiles + 1)]
    asked = [
        Asked("share", partial(share_part, low=low, high=high), k=high)
        for low, high in zip(ends[:-1], ends[1:], strict=True)
    ]
    return estimate(sample, [*asked, Asked("s80s20", s80s20_part, is_share=False)])


def _with_line(sample: Sample, line: float | RelativeLine) -> tuple[Sample, Part]:
    """Find the line among all known incomes, and tell it with the result."""
    import numpy as np

    known = np.isfinite(sample.y)
    part = line_part(sample.y[known], sample.w[known], line)
    rule = f"{line.share:g} × {line.of}" if isinstance(line, RelativeLine) else "amount"
    return replace(sample, origin={**sample.origin, "line": repr(part.b), "line_rule": rule}), part


def _refuse(sample: Sample, rule: str, measures: str) -> None:
    """Refuse incomes that a measure has no meaning for."""
    import numpy as np

    wrong = np.flatnonzero(sample.y < 0 if rule == "money.negative" else sample.y <= 0)
    if len(wrong):
        where = {"count": len(wrong), "row": int(wrong[0]) + 1}
        raise InputError([finding(rule, column=sample.origin["income"], measures=measures, **where)])


def _check_points(count: int) -> None:
    if not 1 <= count <= MOST_POINTS:
        raise InputError([finding("money.points", found=count, most=MOST_POINTS)])
