"""What a way of pairing is measured by, the same for every way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.programmes.setting import Setting

    Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measures:
    """Measures of one way of pairing; loads are places and duties per strength."""

    places: Numbers
    loads: Numbers
    gross_loads: Numbers
    over_share: float
    mean_km: float
    worst_km: float
    blocks: tuple[int, ...]
    earlier_kept: int
    place_moves: float
    score_mean: float
    score_worst: float


def measure(setting: Setting, shares: Numbers, *, quota: Sequence[int]) -> Measures:
    """Measure shares of places [P, H].

    Distances and scores are means over places served; a place that two helpers share counts half for
    each. Blocks are connected components, by shared borders, of the places a helper serves. What is shared is
    no load.
    """
    places = shares.sum(axis=0)
    carried = np.where(setting.shared, 0, places)
    served = shares.sum(axis=1)
    taken = shares > 0
    by_place = (shares * setting.score).sum(axis=1)[served > 0] / served[served > 0]
    total = max(served.sum(), 1)
    return Measures(
        places=places,
        loads=_loads(carried, setting.duties, setting.strength),
        gross_loads=_loads(carried, setting.duties, setting.gross),
        over_share=float(np.maximum(0, places - np.array(quota))[setting.active & ~setting.shared].sum()),
        mean_km=float((shares * setting.km).sum() / total),
        worst_km=float(setting.km[taken].max(initial=0)),
        blocks=tuple(_blocks(setting, taken[:, helper]) for helper in range(len(setting.helpers))),
        earlier_kept=sum(bool(taken[covered, helper].any()) for helper, covered in setting.earlier),
        place_moves=float((shares * ~setting.present).sum()),
        score_mean=float((shares * setting.score).sum() / total),
        score_worst=float(by_place.min(initial=1)),
    )


def gini(values: Numbers) -> float:
    """Give the Gini coefficient: mean absolute difference over twice the mean; 0 when all is nothing.

    Examples
    --------
    >>> gini(np.array([1.0, 1.0, 1.0])), gini(np.array([0.0, 0.0, 3.0]))
    (0.0, 0.6666666666666666)
    """
    if not values.sum():
        return 0.0
    differences = np.abs(values[:, None] - values[None, :]).mean()
    return float(differences / (2 * values.mean()))


def ratio(values: Numbers) -> float | None:
    """Give the largest over the smallest value; None when the smallest is nothing."""
    return float(values.max() / values.min()) if values.min() > 0 else None


def _loads(places: Numbers, duties: Sequence[Fraction], strength: Sequence[Fraction]) -> Numbers:
    """Give (places + duties) / strength per helper."""
    own: Numbers = np.array([float(duty) for duty in duties]) + places
    weights: Numbers = np.array([float(weight) for weight in strength])
    return own / weights


def _blocks(setting: Setting, taken: NDArray[np.bool_]) -> int:
    """Count the contiguous blocks of the places marked."""
    return len(setting.adjacency.blocks({setting.border_codes[place] for place in np.flatnonzero(taken)}))
