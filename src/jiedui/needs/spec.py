"""A specification: who counts as deprived in what, with which weights, and from which share on as poor."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Literal, Self

from jiedui.errors import InputError
from jiedui.language import Words, finding
from jiedui.needs.exact import read_fraction
from jiedui.needs.spec_checking import spec_findings

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
    """A specification of multidimensional poverty; one that is not whole is refused.

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

    Raises
    ------
    InputError
        If weights are not positive or do not sum to one, a cut-off lies outside (0, 1], an id stands twice
        or a dimension is not named.
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

    def __post_init__(self) -> None:
        """Refuse what is not whole."""
        if findings := spec_findings(self):
            raise InputError(findings)

    @classmethod
    def of(
        cls,
        dimensions: Mapping[str, Sequence[str] | Mapping[str, object]],
        cutoffs: Sequence[object] = ("1/3",),
        *,
        id: str = "own",  # noqa: A002
        missing: Missing = "drop",
        identification: str = "household",
        analysis: str = "person",
    ) -> Self:
        """Give a specification over columns that already hold 1, 0 or null.

        Parameters
        ----------
        dimensions : mapping of str to sequence or mapping
            Indicators of each dimension. A sequence shares the dimension's weight, one over the number of
            dimensions, equally; a mapping gives each indicator its share of the whole.
        cutoffs : sequence
            Poverty cut-offs as exact numbers, such as ``"1/3"`` or 0.25.

        Raises
        ------
        InputError
            As for the class, and if a number is not exact.

        Examples
        --------
        >>> spec = Spec.of({"health": ["nutrition", "mortality"], "education": ["years"]}, ["1/3"])
        >>> [str(one.weight) for one in spec.indicators]
        ['1/4', '1/4', '1/2']
        """
        indicators = [
            Indicator(name, dimension, {"zh": name, "en": name}, weight)
            for dimension, inside in dimensions.items()
            for name, weight in _weights(inside, len(dimensions)).items()
        ]
        return cls(
            id=id,
            words={"zh": id, "en": id},
            dimensions={name: {"zh": name, "en": name} for name in dimensions},
            indicators=tuple(indicators),
            cutoffs=tuple(read_fraction(k) for k in cutoffs),
            missing=missing,
            identification=identification,
            analysis=analysis,
        )

    @property
    def scale(self) -> int:
        """The least common multiple of all denominators: scores are whole numbers of its parts."""
        exact = (*(one.weight for one in self.indicators), *self.cutoffs)
        return lcm(*(value.denominator for value in exact))

    @property
    def sha256(self) -> str:
        """The fingerprint of everything that decides a number."""
        parts = [
            [one.id, one.dimension, str(one.weight), one.deprived, one.roster] for one in self.indicators
        ]
        told = [self.id, parts, [str(k) for k in self.cutoffs], self.missing]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    @property
    def weights(self) -> Mapping[str, int]:
        """Give the weight of each indicator in whole parts of `scale`."""
        return {one.id: int(one.weight * self.scale) for one in self.indicators}


def _weights(inside: Sequence[str] | Mapping[str, object], dimensions: int) -> dict[str, Fraction]:
    if isinstance(inside, Mapping):
        return {name: read_fraction(weight, cell=name) for name, weight in inside.items()}
    names = dict.fromkeys(inside)
    if len(names) < len(inside):
        raise InputError([finding("needs.twice", found=", ".join(inside), times=len(inside))])
    return {name: Fraction(1, dimensions * len(names)) for name in names}
