"""The classes of load that the rings of a map are drawn in."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles

RAMP = ("#b3bab7", "#8b9591", "#66726e", "#435049", "#141d1a")
"""From the least load to the worst: five greys that stay apart in print."""


@dataclass(frozen=True, slots=True)
class Shade:
    """One class: its grey and its limits as the legend shows them."""

    colour: str
    limits: str


def class_edges(loads: Iterable[float]) -> tuple[float, ...]:
    """Give the limits of at most five classes with about as many different loads in each.

    Examples
    --------
    >>> class_edges([1, 1, 2, 3, 4, 5])
    (1, 1.8, 2.6, 3.4, 4.2, 5)
    """
    found = sorted({round(load, 2) for load in loads if math.isfinite(load)})
    if len(found) < 2:  # noqa: PLR2004 - one load makes one class
        return tuple(found * 2)
    cuts = {round(cut, 2) for cut in quantiles(found, n=len(RAMP), method="inclusive")}
    return (found[0], *sorted(cut for cut in cuts if found[0] < cut < found[-1]), found[-1])


def classes(edges: Sequence[float]) -> list[Shade]:
    """Give the shade of each class between the limits."""
    apart = (len(RAMP) - 1) / max(len(edges) - 2, 1)
    return [
        Shade(RAMP[round(number * apart)], f"{low:.2f}–{high:.2f}")
        for number, (low, high) in enumerate(pairwise(edges))
    ]
