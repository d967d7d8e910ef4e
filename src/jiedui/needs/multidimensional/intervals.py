"""Confidence intervals: logit for shares, plain for changes, with the quantile of Student's t."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def quantile(level: float, df: int) -> float:
    """Give the two-sided quantile of Student's t; not a number without degrees of freedom.

    Raises
    ------
    InputError
        If the level does not lie between 0 and 1.

    Examples
    --------
    >>> round(quantile(0.95, 10), 4)
    2.2281
    """
    from scipy.special import stdtrit

    if not 0 < level < 1:
        raise InputError([finding("needs.level", found=str(level))])
    return float(stdtrit(df, (1 + level) / 2)) if df > 0 else float("nan")


def share_limits(b: Floats, se: Floats, t: float) -> tuple[Floats, Floats]:
    """Give the limits of shares on the logit scale; none where the share is 0 or 1.

    References
    ----------
    StataCorp, Survey Data Reference Manual, svy: proportion. The standard error of logit(b) is
    se / (b (1 - b)).
    """
    import numpy as np

    inside = np.where((b > 0) & (b < 1), b, np.nan)
    centre = np.log(inside / (1 - inside))
    half = t * se / (inside * (1 - inside))
    return 1 / (1 + np.exp(half - centre)), 1 / (1 + np.exp(-half - centre))
