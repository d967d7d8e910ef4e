"""The scale a model works on: as given, or the arcsine of the square root for shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jiedui.needs.areas.given import Direct
from jiedui.needs.areas.intake import listed, refuse

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Scaled:
    """Value and variance on the scale of the model, shape (areas,)."""

    y: np.ndarray
    D: np.ndarray


def to_arcsine(found: Direct) -> Scaled:
    """Give asin√p with variance 1/(4 ñ), ñ = p(1−p)/variance the effective sample size.

    Where the variance is zero or not known, as in areas where all or none are counted, ñ is the number of
    units over the median design effect of the other areas (Hadam, Würz, Kreutzmann and Schmid 2023).
    """
    import numpy as np

    outside = [area for area, b in zip(found.areas, found.b, strict=True) if b < 0 or b > 1]
    if outside:
        refuse("areas.not_a_share", areas=listed(outside))
    unlike = found.b * (1 - found.b)
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.where((found.variance > 0) & (unlike > 0), unlike / found.variance, np.nan)
    lacking = ~np.isnan(found.b) & np.isnan(effective)
    if lacking.any():
        names = listed(area for area, is_so in zip(found.areas, lacking, strict=True) if is_so)
        if not (found.n[lacking] > 0).all() or np.isnan(effective).all():
            refuse("areas.no_effective_size", areas=names)
        effect = np.nanmedian(found.n / effective)
        effective = np.where(lacking, found.n / effect, effective)
    return Scaled(np.arcsin(np.sqrt(found.b)), 1 / (4 * effective))


def expected_share(mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Give E sin²(θ) for θ ~ N(mean, variance): the share without the bias of turning back."""
    import numpy as np

    found: np.ndarray = (1 - np.cos(2 * mean) * np.exp(-2 * variance)) / 2
    return found


def variance_of_share(mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Give Var sin²(θ) for θ ~ N(mean, variance)."""
    import numpy as np

    square = (1 + np.cos(4 * mean) * np.exp(-8 * variance)) / 2
    found: np.ndarray = np.maximum(square - (np.cos(2 * mean) * np.exp(-2 * variance)) ** 2, 0) / 4
    return found


def share_at(angle: np.ndarray) -> np.ndarray:
    """Give sin² of an angle, held between 0 and π/2."""
    import numpy as np

    found: np.ndarray = np.sin(np.clip(angle, 0, np.pi / 2)) ** 2
    return found
