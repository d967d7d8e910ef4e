"""Measures of how unequal incomes are, each with its design-based error."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Unpack

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.money.inequality import gini_part, lorenz_part, s80s20_part, share_part
from jiedui.needs.money.intake import Counting, refuse_incomes, take_sample
from jiedui.needs.money.results import Asked, estimate

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from jiedui.needs.estimates import Estimates

MOST_POINTS = 1000
"""More points or quantiles than this are a slip of the pen."""


def gini(
    units: pa.Table | ir.Table,
    income: str,
    **how: Unpack[Counting],
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
    sample = take_sample(units, income, **how)
    refuse_incomes(sample, "gini")
    return estimate(sample, [Asked("gini", gini_part)])


def lorenz(
    units: pa.Table | ir.Table,
    income: str,
    *,
    points: int = 10,
    **how: Unpack[Counting],
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
    sample = take_sample(units, income, **how)
    refuse_incomes(sample, "lorenz")
    steps = [step / points for step in range(1, points + 1)]
    return estimate(sample, [Asked("lorenz", partial(lorenz_part, p=p), k=p) for p in steps])


def quantile_shares(
    units: pa.Table | ir.Table,
    income: str,
    *,
    quantiles: int = 5,
    **how: Unpack[Counting],
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
    >>> found = quantile_shares(pa.table({"income": [1, 2, 3, 4, 5]}), "income", quantiles=2).table
    >>> found["measure"].to_pylist(), found["b"].to_pylist()
    (['share', 'share', 's80s20'], [0.3, 0.7, 5.0])
    """
    _check_points(quantiles)
    sample = take_sample(units, income, **how)
    refuse_incomes(sample, "share, s80s20")
    ends = [step / quantiles for step in range(quantiles + 1)]
    asked = [Asked("share", partial(share_part, low=low, high=high), k=high) for low, high in pairwise(ends)]
    return estimate(sample, [*asked, Asked("s80s20", s80s20_part, is_share=False)])


def _check_points(count: int) -> None:
    if count not in range(1, MOST_POINTS + 1):
        raise InputError([finding("money.points", found=count, most=MOST_POINTS)])
