"""A specification: who counts as deprived in what, with which weights, and from which share on as poor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal

from jiedui.language import Words

Missing = Literal["drop", "spread", "bounds"]
"""What becomes of a unit with a missing indicator: ``drop`` leaves it out and counts it; ``spread`` gives the
weight to the other indicators of the dimension and, where a whole dimension is missing, leaves it out;
``bounds`` computes twice, all missing as deprived and as not deprived."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of a dimension.

    Attributes
    ----------
    weight : Fraction
        Its share of the whole, exact.
    deprived : str
        An expression over the columns of the units, true where a unit is deprived; empty when the units
        already hold a column of its id with 1, 0 or null.
    roster : str
        How members decide for a household: empty when `deprived` reads the household itself; ``any`` or
        ``all`` when it reads the members.
    """

    id: str
    dimension: str
    words: Words
    weight: Fraction
    deprived: str = ""
    roster: Literal["", "any", "all"] = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """A specification of multidimensional poverty.

    Attributes
    ----------
    dimensions : mapping of str to Words
        Names of the dimensions, in order.
    cutoffs : tuple of Fraction
        Poverty cut-offs k, exact; the first is the one meant when none is named.
    identification, analysis : str
        The unit that is identified, and the one that is counted: ``household`` and ``person`` mean that each
        household counts with its members.
    source : str
        Paper or law.
    """

    id: str
    words: Words
    dimensions: Mapping[str, Words]
    indicators: tuple[Indicator, ...]
    cutoffs: tuple[Fraction, ...]
    missing: Missing = "drop"
    identification: str = "household"
    analysis: str = "person"
    source: str = ""

    @property
    def scale(self) -> int:
        """The least common multiple of all denominators: scores are whole numbers of its parts."""
        exact = (*(one.weight for one in self.indicators), *self.cutoffs)
        return lcm(*(value.denominator for value in exact))

    @property
    def weights(self) -> Mapping[str, int]:
        """Give the weight of each indicator in whole parts of `scale`."""
        return {one.id: int(one.weight * self.scale) for one in self.indicators}
