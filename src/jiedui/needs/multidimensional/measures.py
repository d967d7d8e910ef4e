"""Measures: every one is a ratio of two sums over units."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from jiedui.errors import InputError
from jiedui.language import finding

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from jiedui.needs.multidimensional.sample import Sample
    from jiedui.needs.multidimensional.scores import Scores
    from jiedui.needs.spec import Spec

    Floats = npt.NDArray[np.float64]

MEASURES = (
    "H",
    "A",
    "M0",
    "severe",
    "vulnerable",
    "hd",
    "hdk",
    "actb",
    "pctb",
    "actb_dimension",
    "pctb_dimension",
    "popshare",
)
"""H headcount ratio; A intensity; M0 = H·A adjusted headcount ratio; severe: score of at least 1/2;
vulnerable: score of at least 1/5 and below k; hd, hdk: uncensored and censored headcount ratio of an
indicator; actb, pctb: its absolute contribution to M0, and as a share of M0; the same by dimension;
popshare: share of the population."""
SEVERE, VULNERABLE = Fraction(1, 2), Fraction(1, 5)
"""Cut-offs of the global MPI, used where they lie about the first cut-off of the specification."""

Part = tuple[str, int, Fraction | None]
"""A column to sum: what it is, the indicator or dimension, and the cut-off."""
ONE: Part = ("one", 0, None)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measure as a ratio of sums: of `top` to `bottom`, summed over units with their weights."""

    measure: str
    indicator: str
    k: Fraction | None
    top: Part
    bottom: Part = ONE


def list_ratios(spec: Spec, cutoffs: tuple[Fraction, ...], measures: Collection[str]) -> list[Ratio]:
    """Give the ratios of the measures asked for.

    Raises
    ------
    InputError
        If a measure is unknown.
    """
    for name in measures:
        if name not in MEASURES:
            allowed = ", ".join(MEASURES)
            raise InputError([finding("needs.choice", cell="measures", found=name, allowed=allowed)])
    found = [*_of_all(spec), *_of_extremes(cutoffs[0])]
    for k in cutoffs:
        found += [*_of_poor(k), *_of_indicators(spec, k), *_of_dimensions(spec, k)]
    return [one for one in found if one.measure in measures]


def _of_all(spec: Spec) -> Iterator[Ratio]:
    for place, one in enumerate(spec.indicators):
        yield Ratio("hd", one.id, None, ("deprived", place, None), ("observed", place, None))


def _of_extremes(k: Fraction) -> Iterator[Ratio]:
    if k < SEVERE:
        yield Ratio("severe", "", SEVERE, ("poor", 0, SEVERE))
    if k > VULNERABLE:
        yield Ratio("vulnerable", "", VULNERABLE, ("vulnerable", 0, k))


def _of_poor(k: Fraction) -> Iterator[Ratio]:
    yield Ratio("H", "", k, ("poor", 0, k))
    yield Ratio("A", "", k, ("censored", 0, k), ("poor", 0, k))
    yield Ratio("M0", "", k, ("censored", 0, k))


def _of_indicators(spec: Spec, k: Fraction) -> Iterator[Ratio]:
    for place, one in enumerate(spec.indicators):
        yield Ratio("hdk", one.id, k, ("poor and deprived", place, k), ("observed", place, None))
        yield Ratio("actb", one.id, k, ("weighted", place, k))
        yield Ratio("pctb", one.id, k, ("weighted", place, k), ("censored", 0, k))


def _of_dimensions(spec: Spec, k: Fraction) -> Iterator[Ratio]:
    for place, name in enumerate(spec.dimensions):
        yield Ratio("actb_dimension", name, k, ("dimension", place, k))
        yield Ratio("pctb_dimension", name, k, ("dimension", place, k), ("censored", 0, k))


def fill_part(part: Part, sample: Sample, scores: Scores, spec: Spec) -> Floats:
    """Give the column of a part, by unit, not yet weighted."""
    import numpy as np

    kind, place, k = part
    poor = partial(scores.poor, k or Fraction(0))
    if kind == "one":
        return np.ones(len(sample.weight))
    if kind in {"deprived", "observed"}:
        known = sample.observed[:, place]
        return (known & sample.g0[:, place] if kind == "deprived" else known).astype(np.float64)
    if kind == "poor":
        return poor().astype(np.float64)
    if kind == "vulnerable":
        return (scores.poor(VULNERABLE) & ~poor()).astype(np.float64)
    if kind == "censored":
        return scores.score * poor()
    return _of_the_deprived(kind, place, sample, scores, spec) * poor()


def _of_the_deprived(kind: str, place: int, sample: Sample, scores: Scores, spec: Spec) -> Floats:
    import numpy as np

    if kind == "poor and deprived":
        return sample.g0[:, place].astype(np.float64)
    if kind == "weighted":
        return scores.weights[:, place] * sample.g0[:, place]
    name = list(spec.dimensions)[place]
    inside = [number for number, one in enumerate(spec.indicators) if one.dimension == name]
    total: Floats = (scores.weights[:, inside] * sample.g0[:, inside]).sum(axis=1)
    return total
