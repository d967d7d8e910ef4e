"""Lines: a fixed amount, or a share of the median or mean of the sample itself."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.needs.money.influence import Part, density, quantile
from jiedui.needs.money.intake import Sample

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
    check_amount(part.b)
    return part


def check_amount(line: float) -> float:
    """Give the amount of a line; refuse one that is not a number above 0.

    Raises
    ------
    InputError
        If it is not a number above 0.
    """
    if not (math.isfinite(line) and line > 0):
        raise InputError([finding("money.line", found=line)])
    return float(line)


def with_line(sample: Sample, line: float | RelativeLine) -> tuple[Sample, Part]:
    """Find the line among all known incomes, and tell it with the result."""
    import numpy as np

    known = np.isfinite(sample.y)
    part = line_part(sample.y[known], sample.w[known], line)
    rule = f"{line.share:g} × {line.of}" if isinstance(line, RelativeLine) else "amount"
    return replace(sample, origin={**sample.origin, "line": repr(part.b), "line_rule": rule}), part


def _median(y: Floats, w: Floats) -> Part:
    """Give the median; its derivative is -(1[y ≤ m] - 1/2) / (f(m) N), not a number where f is not."""
    middle = quantile(y, w, 0.5)
    return Part(middle, -((y <= middle) - 0.5) / (density(y, w, middle) * w.sum()))


def _mean(y: Floats, w: Floats) -> Part:
    total = w.sum()
    mean = float(w @ y / total) if total else math.nan
    return Part(mean, (y - mean) / total if total else 0 * y)
