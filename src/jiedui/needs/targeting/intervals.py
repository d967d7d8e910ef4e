"""Prediction intervals from what the model missed where it had not seen the sampling unit.

References
----------
Vovk, V. (2015). Cross-conformal predictors. Annals of Mathematics and Artificial Intelligence 74, 9-28.
Lee, Y., Barber, R. F. and Willett, R. (2023). Distribution-free inference with hierarchical data.
arXiv:2306.06342: the place of the unseen unit is that of a whole sampling unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from jiedui.needs.targeting.columns import Flags, Floats, Ints

    Predict = Callable[[Flags, Flags], Floats]


@dataclass(frozen=True, slots=True)
class Misses:
    """What was observed less what was predicted, each predicted without its own fold.

    Attributes
    ----------
    residuals, weights : array (n,)
    psu, fold : array (n,) of int
    """

    residuals: Floats
    weights: Floats
    psu: Ints
    fold: Ints


def folds_of(psu: Ints, folds: int, seed: int) -> Ints:
    """Put whole sampling units into folds of equal count, in an order drawn by the seed.

    Examples
    --------
    >>> import numpy as np
    >>> folds_of(np.array([0, 0, 1, 1]), 2, seed=1).tolist() in ([0, 0, 1, 1], [1, 1, 0, 0])
    True
    """
    import numpy as np

    units, own = np.unique(psu, return_inverse=True)
    place = np.random.default_rng(seed).permutation(len(units)) % folds
    fold: Ints = place[own]
    return fold


def misses(predict: Predict, y: Floats, weights: Floats, *, psu: Ints, fold: Ints) -> Misses:
    """Predict each fold from the others."""
    import numpy as np

    residuals = np.zeros(len(y))
    for one in np.unique(fold):
        held = fold == one
        residuals[held] = y[held] - predict(~held, held)
    return Misses(residuals, weights, psu, fold)


def bounds(found: Misses, level: float, *, among: Flags | None = None) -> tuple[float, float]:
    """Give how far below and above its prediction an unseen unit lies with the probability `level`.

    Raises
    ------
    InputError
        If there are too few sampling units for so high a level.
    """
    import numpy as np

    inside = np.ones(len(found.psu), bool) if among is None else among
    residuals, weights = found.residuals[inside], found.weights[inside]
    units = len(np.unique(found.psu[inside]))
    order = np.argsort(residuals, kind="stable")
    total = weights.sum()
    reached = (1 - (1 - level) / 2) * total * (1 + 1 / units)
    if reached > total:
        needed = int(np.ceil(2 / (1 - level) - 1 - 1e-9))
        raise InputError([finding("targeting.few_psus", found=units, level=f"{level:.0%}", allowed=needed)])
    up, down = np.cumsum(weights[order]), np.cumsum(weights[order[::-1]])
    slack = total * 1e-12
    above = residuals[order[np.searchsorted(up, reached - slack)]]
    below = residuals[order[::-1][np.searchsorted(down, reached - slack)]]
    return float(below), float(above)


def observed_coverage(found: Misses, level: float) -> float:
    """Give the share of each fold that lies within the bounds made from the others; nan where none can."""
    import numpy as np

    hits = 0.0
    for one in np.unique(found.fold):
        held = found.fold == one
        try:
            below, above = bounds(found, level, among=~held)
        except InputError:
            return float("nan")
        inside = (found.residuals >= below) & (found.residuals <= above) & held
        hits += float(found.weights[inside].sum())
    return hits / float(found.weights.sum())
