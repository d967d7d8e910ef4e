"""Measures below a line, each with its design-based error."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Unpack

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.money.indices import fgt_part, sen_part, sst_part, watts_part
from jiedui.needs.money.intake import Counting, is_register, name_factors, refuse_incomes, take_sample
from jiedui.needs.money.lines import RelativeLine, check_amount, line_part, relative_line, with_line
from jiedui.needs.money.results import Asked, estimate
from jiedui.needs.money.sums import fgt_of_register

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from jiedui.needs.estimates import Design, Estimates


def fgt(
    units: pa.Table | ir.Table,
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
        One row a household or person, as Arrow table, data frame or Ibis table. Of an Ibis table, measures
        below an amount and without a design are computed where it is, in one scan; for all else its columns
        are fetched.
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
    if design is None and not isinstance(line, RelativeLine) and is_register(units):
        return fgt_of_register(
            units,
            income,
            check_amount(line),
            alphas=alphas,
            by=by,
            factors=name_factors(design, weight, size),
        )
    sample = take_sample(units, income, by=by, design=design, weight=weight, size=size)
    sample, z = with_line(sample, line)
    asked = [Asked(f"fgt{alpha:g}", partial(fgt_part, z=z.b, alpha=alpha)) for alpha in alphas]
    return estimate(sample, asked, z)


def at_risk(
    units: pa.Table | ir.Table,
    income: str,
    *,
    share: float = 0.6,
    **how: Unpack[Counting],
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
    sample = take_sample(units, income, **how)
    sample, z = with_line(sample, relative_line(share=share))
    threshold = Asked("arpt", lambda y, w: line_part(y, w, relative_line(share=share)), is_share=False)
    whole = estimate(sample.ungrouped(), [threshold])
    rate = estimate(sample, [Asked("arop", partial(fgt_part, z=z.b, alpha=0))], z)
    import pyarrow as pa

    return replace(rate, table=pa.concat_tables([whole.table, rate.table]).combine_chunks())


def sen(
    units: pa.Table | ir.Table,
    income: str,
    line: float | RelativeLine,
    **how: Unpack[Counting],
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
    sample = take_sample(units, income, **how)
    refuse_incomes(sample, "sen, sst")
    sample, z = with_line(sample, line)
    asked = [Asked("sen", partial(sen_part, z=z.b)), Asked("sst", partial(sst_part, z=z.b))]
    return estimate(sample, asked, z)


def watts(
    units: pa.Table | ir.Table,
    income: str,
    line: float | RelativeLine,
    **how: Unpack[Counting],
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
    sample = take_sample(units, income, **how)
    refuse_incomes(sample, "watts", zero=True)
    sample, z = with_line(sample, line)
    return estimate(sample, [Asked("watts", partial(watts_part, z=z.b), is_share=False)], z)
