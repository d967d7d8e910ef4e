"""What is wrong with a specification; nothing is computed from one that is not whole."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from jiedui.language import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiedui.errors import Finding
    from jiedui.needs.spec import Spec


def spec_findings(spec: Spec) -> list[Finding]:
    """Give everything that keeps a specification from being computed."""
    return [*_of_indicators(spec), *_of_cutoffs(spec)]


def _of_indicators(spec: Spec) -> Iterator[Finding]:
    if not spec.indicators:
        yield finding("needs.no_indicators")
        return
    for name, times in Counter(one.id for one in spec.indicators).items():
        if times > 1 or not name.strip():
            yield finding("needs.twice", cell=name, found=name, times=times)
    for one in spec.indicators:
        if one.dimension not in spec.dimensions:
            known = ", ".join(spec.dimensions)
            yield finding("needs.no_dimension", cell=one.id, found=one.dimension, allowed=known)
        if one.weight <= 0:
            yield finding("needs.weight", cell=one.id, found=str(one.weight))
    total = sum(one.weight for one in spec.indicators)
    if total != 1:
        yield finding("needs.weights_sum", found=str(total))


def _of_cutoffs(spec: Spec) -> Iterator[Finding]:
    if not spec.cutoffs:
        yield finding("needs.no_cutoffs")
    for k in spec.cutoffs:
        if not 0 < k <= 1:
            yield finding("needs.cutoff", found=str(k))
