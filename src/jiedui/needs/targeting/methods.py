"""The methods of fitting: a line, a line through a quantile, a line with trees of what it misses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from jiedui.needs.targeting.model import Method, predict
from jiedui.needs.targeting.regression import least_squares, quantile_regression
from jiedui.needs.targeting.trees import Trees, grow

if TYPE_CHECKING:
    from jiedui.needs.targeting.columns import Floats

METHODS = ("linear", "quantile", "boosted")


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a method makes of a matrix: coefficients (p,), and trees of what they miss."""

    b: Floats
    trees: Trees | None = None

    def predict(self, X: Floats) -> Floats:  # noqa: N803
        """Predict each row of `X` (n, p)."""
        return predict(X, self.b, self.trees)


Fit = Callable[["Floats", "Floats", "Floats"], Fitted]


def method_of(method: Method, *, quantile: float, monotone: Sequence[int], seed: int) -> Fit:
    """Give what fits a matrix (n, p) to values (n,) with weights (n,)."""
    if method == "boosted":
        return partial(_boosted, monotone=monotone, seed=seed)
    if method == "quantile":
        return lambda x, y, w: Fitted(quantile_regression(x, y, w, quantile))
    return lambda x, y, w: Fitted(least_squares(x, y, w))


def _boosted(X: Floats, y: Floats, w: Floats, *, monotone: Sequence[int], seed: int) -> Fitted:  # noqa: N803
    """Fit a line, and trees of what it misses: trees alone do not go beyond what they saw."""
    b = least_squares(X, y, w)
    return Fitted(b, grow(X, y - X @ b, w, monotone=monotone, seed=seed))
