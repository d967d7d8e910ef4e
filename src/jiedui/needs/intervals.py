"""Confidence limits: by the quantile of Student's t, of shares on the logit scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LEVEL = 0.95
"""Of the limits, where none is asked for."""


def limits(
    b: Floats, se: Floats, df: int | Ints, *, level: float = LEVEL, is_share: bool = False
) -> tuple[Floats, Floats]:
    """Give b ± t·se; for shares strictly between 0 and 1 the same on the logit scale.

    There are none (not a number) without degrees of freedom, where the error is 0, and for a share of 0 or 1.
    What is beyond them, as the gap of negative incomes can be, has plain ones.

    Parameters
    ----------
    b, se : array (n,) or (n, m)
    df : int or array that goes with `b`
        Degrees of freedom.

    Raises
    ------
    InputError
        If the level does not lie between 0 and 1.

    References
    ----------
    StataCorp, Survey Data Reference Manual, svy: proportion. The standard error of logit(b) is
    se / (b (1 - b)).

    Examples
    --------
    >>> import numpy as np
    >>> low, high = limits(np.array([0.5]), np.array([0.1]), 10, is_share=True)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.2909], [0.7091])
    """
    import numpy as np

    reach = np.where(se > 0, quantile(level, df) * se, np.nan)
    if not is_share:
        return b - reach, b + reach
    between = (b > 0) & (b < 1)
    inside = np.where(between, b, np.nan)
    centre, half = np.log(inside / (1 - inside)), reach / (inside * (1 - inside))
    beyond = np.where((b < 0) | (b > 1), reach, np.nan)
    return (
        np.where(between, 1 / (1 + np.exp(half - centre)), b - beyond),
        np.where(between, 1 / (1 + np.exp(-half - centre)), b + beyond),
    )


def quantile(level: float, df: int | Ints) -> Floats:
    """Give the two-sided quantile of Student's t; not a number without degrees of freedom.

    Raises
    ------
    InputError
        If the level does not lie between 0 and 1.

    Examples
    --------
    >>> float(quantile(0.95, 10).round(4))
    2.2281
    """
    import numpy as np
    from scipy.special import stdtrit

    if not 0 < level < 1:
        raise InputError([finding("needs.level", found=str(level))])
    return np.asarray(stdtrit(np.where(np.asarray(df) > 0, df, np.nan), (1 + level) / 2))
