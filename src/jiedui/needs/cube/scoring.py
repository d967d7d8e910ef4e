"""Exact scores: whole numbers above and below, the same arithmetic on columns of Ibis and arrays of NumPy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import gcd, lcm, prod
from operator import add, mul
from typing import TYPE_CHECKING, Any

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    from jiedui.needs.spec import Missing, Spec

LARGEST = 2**62
"""Comparing a score with a cut-off multiplies whole numbers, which must stay within 64 bits."""

Columns = Mapping[str, Any]
"""For each indicator whole numbers 1 and 0, as a column of Ibis or an array of NumPy."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What units score under one rule for what is missing.

    Attributes
    ----------
    name : str
        Empty; or ``lower`` and ``upper``, where all that is missing is taken as not deprived and as deprived.
    counted : column
        1 where the unit counts, 0 where it is left out, whatever the others say there.
    parts : mapping of str to column
        What each indicator adds to the score, in whole parts of `den`.
    den : column
    deprived : mapping of str to column
        1 where the unit is deprived in the indicator.
    observed : mapping of str to column
        1 where the indicator is known; empty where it is known of all that count.
    """

    name: str
    counted: Any
    parts: Columns
    den: Any
    deprived: Columns
    observed: Columns

    def poor(self, k: Fraction) -> Any:  # noqa: ANN401
        """Say who is poor at a cut-off, in whole numbers: as good as fractions."""
        return total(self.parts.values()) * k.denominator >= self.den * k.numerator


def total(columns: Iterable[Any]) -> Any:  # noqa: ANN401
    """Add columns."""
    return reduce(add, columns)


def product(columns: Iterable[Any]) -> Any:  # noqa: ANN401
    """Multiply columns; 1 if there are none."""
    return reduce(mul, columns, 1)


def scores(spec: Spec, deprived: Columns, missing: Columns, *, rule: Missing) -> tuple[Scores, ...]:
    """Score units by the rule for what is missing: one result, or two for bounds.

    Parameters
    ----------
    deprived, missing
        1 where a unit is deprived in the indicator and where the indicator is missing; never both.

    Raises
    ------
    InputError
        If the weights or cut-offs need numbers that are too large to be exact.
    """
    if rule == "bounds":
        highest = {key: value + missing[key] for key, value in deprived.items()}
        return _plain(spec, deprived, "lower"), _plain(spec, highest, "upper")
    if rule == "spread":
        return (_spread(spec, deprived, missing),)
    counted = product(1 - value for value in missing.values())
    return (_plain(spec, deprived, counted=counted),)


def _plain(spec: Spec, deprived: Columns, name: str = "", *, counted: Any = 1) -> Scores:  # noqa: ANN401
    """Score units of which everything is known."""
    _check_size(spec, spec.scale)
    parts = {key: weight * deprived[key] for key, weight in spec.weights.items()}
    return Scores(name, counted, parts, spec.scale, deprived, {})


def _spread(spec: Spec, deprived: Columns, missing: Columns) -> Scores:
    """Give the weight of what is missing to the other indicators of the dimension.

    A dimension adds W·N/S, where W is its weight, N and S the weights of its deprived and of its observed
    indicators. Brought to the common denominator ∏S all numbers stay whole.
    """
    dimensions = _dimensions(spec)
    scale = lcm(*(sum(weights.values(), Fraction(0)).denominator for weights in dimensions.values()))
    whole = {name: _whole(weights) for name, weights in dimensions.items()}
    _check_size(spec, scale * prod(sum(weights.values()) for weights in whole.values()))
    seen = {
        name: total(own * (1 - missing[key]) for key, own in weights.items())
        for name, weights in whole.items()
    }
    counted = product(1 - product(missing[key] for key in weights) for weights in whole.values())
    parts: dict[str, Any] = {}
    for name, weights in whole.items():
        share = int(sum(dimensions[name].values()) * scale)
        others = product(value for other, value in seen.items() if other != name)
        for key, own in weights.items():
            parts[key] = share * own * deprived[key] * others
    return Scores(
        "",
        counted,
        {key: parts[key] for key in deprived},
        scale * product(seen.values()) + (1 - counted),
        deprived,
        {key: 1 - value for key, value in missing.items()},
    )


def _dimensions(spec: Spec) -> dict[str, dict[str, Fraction]]:
    """Give the weights of each dimension's indicators."""
    found: dict[str, dict[str, Fraction]] = {}
    for one in spec.indicators:
        found.setdefault(one.dimension, {})[one.id] = one.weight
    return found


def _whole(weights: Mapping[str, Fraction]) -> dict[str, int]:
    """Give the smallest whole numbers that stand to each other as the weights do."""
    scale = lcm(*(value.denominator for value in weights.values()))
    whole = {key: int(value * scale) for key, value in weights.items()}
    shared = gcd(*whole.values())
    return {key: value // shared for key, value in whole.items()}


def _check_size(spec: Spec, largest: int) -> None:
    """Refuse numbers that 64 bits cannot compare."""
    if largest * max(k.denominator for k in spec.cutoffs) > LARGEST:
        raise InputError([finding("cube.too_fine", spec=spec.id)])
