"""Agreement of two orders, ties counted as ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

DIGITS = 12
"""Estimates are rounded to these decimals before they are ordered: closer ones are tied."""


def kendall(first: Floats, second: Floats) -> float | None:
    """Give Kendall's tau-b; nothing where all values of a side are equal.

    Examples
    --------
    >>> import numpy as np
    >>> kendall(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0]))
    0.3333333333333333
    """
    import numpy as np

    signs = [np.sign(one[:, None] - one[None, :]) for one in (first.round(DIGITS), second.round(DIGITS))]
    total = float((signs[0] * signs[1]).sum())
    below = float((signs[0] ** 2).sum() * (signs[1] ** 2).sum()) ** 0.5
    return total / below if below else None


def spearman(first: Floats, second: Floats) -> float | None:
    """Give Spearman's rho, the correlation of mean ranks; nothing where all values of a side are equal.

    Examples
    --------
    >>> import numpy as np
    >>> spearman(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0]))
    0.5
    """
    import numpy as np

    # Half the sum of signs is a mean rank about its middle, exact in halves.
    ranks = [
        np.sign(one[:, None] - one[None, :]).sum(axis=1)
        for one in (first.round(DIGITS), second.round(DIGITS))
    ]
    below = float((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()) ** 0.5
    return float((ranks[0] * ranks[1]).sum()) / below if below else None
