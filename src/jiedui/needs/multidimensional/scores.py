"""Scores in whole numbers: who is poor is decided without a rounded number anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, lcm
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from jiedui.needs.spec import Spec

    Floats = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]
    Integers = npt.NDArray[np.int64]

LARGEST = 2**62
"""Parts of one that still fit whole numbers of 64 bits when summed."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Units that lack the same indicators: their exact weights in whole parts of one scale.

    Attributes
    ----------
    rows : integers, shape (units,)
        Which units.
    parts : integers, shape (indicators,)
        Weights; 0 where an indicator is missing.
    scale : int
        What the parts of observed indicators sum to.
    """

    rows: Integers
    parts: Integers
    scale: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Weights and scores of units, exact in whole numbers, and as fractions of one.

    Attributes
    ----------
    patterns : tuple of Pattern
        Units by what they lack; exact.
    parts : integers, shape (units,)
        The score in parts of the pattern's scale.
    weights : floats, shape (units, indicators)
        Weight of each indicator for each unit, 0 where missing.
    score : floats, shape (units,)
        The share of deprivations, c.
    """

    patterns: tuple[Pattern, ...]
    parts: Integers
    weights: Floats
    score: Floats

    def poor(self, k: Fraction) -> Flags:
        """Say who is poor: whose score is at least k, compared in whole numbers."""
        import numpy as np

        is_poor = np.zeros(len(self.parts), np.bool_)
        for one in self.patterns:
            is_poor[one.rows] = self.parts[one.rows] >= ceil(k * one.scale)
        return is_poor


def score_units(g0: Flags, observed: Flags, spec: Spec) -> Scores:
    """Score units whose every dimension has an observed indicator.

    Parameters
    ----------
    g0, observed : booleans, shape (units, indicators)
        Deprived; and known at all. Where a unit lacks indicators, their weight goes to the others of the
        dimension, in proportion.

    References
    ----------
    S. Alkire, J. Foster: Counting and multidimensional poverty measurement, J. Public Econ. 95 (2011).
    """
    import numpy as np

    patterns = _patterns(observed, spec)
    parts = np.zeros(len(g0), np.int64)
    weights = np.zeros(g0.shape, np.float64)
    score = np.zeros(len(g0), np.float64)
    for one in patterns:
        parts[one.rows] = g0[one.rows] @ one.parts
        weights[one.rows] = one.parts / one.scale
        score[one.rows] = parts[one.rows] / one.scale
    return Scores(patterns, parts, weights, score)


def is_scored(observed: Flags, spec: Spec) -> Flags:
    """Say which units can be scored by the specification's rule for what is missing."""
    import numpy as np

    if spec.missing != "spread":
        return np.asarray(observed.all(axis=1))
    dimensions = np.array([one.dimension for one in spec.indicators])
    kept = [observed[:, dimensions == name].any(axis=1) for name in dict.fromkeys(dimensions.tolist())]
    return np.asarray(np.column_stack(kept).all(axis=1))


def _patterns(observed: Flags, spec: Spec) -> tuple[Pattern, ...]:
    import numpy as np

    if observed.all():
        rows, inverse = observed[:1], np.zeros(len(observed), np.int64)
    else:
        rows, inverse = np.unique(observed, axis=0, return_inverse=True)
    order = np.argsort(inverse.ravel(), kind="stable")
    bounds = np.searchsorted(inverse.ravel()[order], np.arange(len(rows) + 1))
    found = []
    for number, row in enumerate(rows.tolist()):
        exact = _spread(row, spec)
        scale = lcm(*(weight.denominator for weight in exact))
        if scale > LARGEST:
            raise InputError([finding("needs.scale", found=str(scale))])
        parts = np.array([int(weight * scale) for weight in exact], np.int64)
        found.append(Pattern(order[bounds[number] : bounds[number + 1]], parts, scale))
    return tuple(found)


def _spread(observed: list[bool], spec: Spec) -> list[Fraction]:
    """Give the weights of the observed indicators, enlarged to fill each dimension."""
    whole: dict[str, Any] = {}
    known: dict[str, Any] = {}
    for one, is_known in zip(spec.indicators, observed, strict=True):
        whole[one.dimension] = whole.get(one.dimension, Fraction(0)) + one.weight
        known[one.dimension] = known.get(one.dimension, Fraction(0)) + one.weight * is_known
    return [
        one.weight * whole[one.dimension] / known[one.dimension] if is_known else Fraction(0)
        for one, is_known in zip(spec.indicators, observed, strict=True)
    ]
