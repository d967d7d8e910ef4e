"""Lines: a fixed amount, or a share of the median or mean of the sample itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.money.influence import Part, density, quantile

if TYPE_CHECKING:
    from jiedui.needs.money.influence import Floats

OF = ("median", "mean")


@dataclass(frozen=True, slots=True)
class RelativeLine:
    """A share of the median or mean income of all; its own error enters that of every measure below it."""

    share: float
    of: Literal["median", "mean"]


def relative_line(*, share: float = 0.6, of: Literal["median", "mean"] = "median") -> RelativeLine:
    """Give a line that is a share of the median or mean.

    Raises
    ------
    InputError
        If the share is not a number above 0, or `of` is unknown.

    Examples
    --------
    >>> relative_line(share=0.5, of="mean")
    RelativeLine(share=0.5, of='mean')
    """
    found = []
    if not (math.isfinite(share) and share > 0):
        found.append(finding("money.share", found=share))
    if of not in OF:
        found.append(finding("money.of", found=of, allowed=" | ".join(OF)))
    if found:
        raise InputError(found)
    return RelativeLine(share, of)


def line_part(y: Floats, w: Floats, line: float | RelativeLine) -> Part:
    """Give the amount of a line among incomes, with its derivatives; a fixed line has none.

    Raises
    ------
    InputError
        If the amount is not a number above 0.

    Examples
    --------
    >>> import numpy as np
    >>> line_part(np.array([1.0, 2.0, 6.0]), np.ones(3), relative_line(share=0.6)).b
    1.2
    """
    import numpy as np

    if isinstance(line, RelativeLine):
        middle = _median(y, w) if line.of == "median" else _mean(y, w)
        part = Part(line.share * middle.b, line.share * middle.u)
    else:
        part = Part(float(line), np.zeros(len(y)))
    if not (math.isfinite(part.b) and part.b > 0):
        raise InputError([finding("money.line", found=part.b)])
    return part


def _median(y: Floats, w: Floats) -> Part:
    """Give the median; its derivative is -(1[y ≤ m] - 1/2) / (f(m) N), not a number where f is not."""
    middle = quantile(y, w, 0.5)
    return Part(middle, -((y <= middle) - 0.5) / (density(y, w, middle) * w.sum()))


def _mean(y: Floats, w: Floats) -> Part:
    total = w.sum()
    mean = float(w @ y / total) if total else math.nan
    return Part(mean, (y - mean) / total if total else 0 * y)
