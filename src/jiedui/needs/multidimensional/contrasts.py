"""Contrasts of two estimates for each of many groups, by the delta method."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from jiedui.needs.multidimensional.linearisation import Linear
from jiedui.needs.variance import Cells, variances

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Change = Callable[[Floats, Floats], tuple[Floats, Floats, Floats]]

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Contrast:
    """One kind of change; `b` and `se` of shape (groups, measures), `n` and `psu` of shape (groups,)."""

    kind: str
    b: Floats
    se: Floats
    n: Integers
    psu: Integers


def kinds_of_change(span: float | None) -> dict[str, Change]:
    """Give the kinds of change over `span` years; changes a year only where it is known.

    Each takes the first and the second estimate; gives the change and its derivatives by both.
    """
    kinds: dict[str, Change] = {"abs": partial(_difference, years=1), "rel": partial(_growth, years=1)}
    if span:
        kinds |= {"abs_year": partial(_difference, years=span), "rel_year": partial(_growth, years=span)}
    return kinds


def _difference(first: Floats, second: Floats, years: float) -> tuple[Floats, Floats, Floats]:
    import numpy as np

    return (second - first) / years, np.full_like(first, -1 / years), np.full_like(first, 1 / years)


def _growth(first: Floats, second: Floats, years: float) -> tuple[Floats, Floats, Floats]:
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        factor = (second / np.where(first > 0, first, np.nan)) ** (1 / years)
        slope = PERCENT / years * factor
        by_second = slope / second if years != 1 else PERCENT / first + 0 * second
        return PERCENT * (factor - 1), -slope / first, by_second


def contrasts(
    linear: Linear, first: Sequence[int], second: Sequence[int], kinds: dict[str, Change]
) -> Iterator[Contrast]:
    """Compare groups of `linear` pairwise; sampling units that a pair shares are counted once."""
    import numpy as np

    pairs = [_cells_of(linear.cells, first), _cells_of(linear.cells, second)]
    cells = np.concatenate([one[0] for one in pairs])
    pair = np.concatenate([one[1] for one in pairs])
    is_first = np.arange(len(cells)) < len(pairs[0][0])
    merged = pair * (int(linear.cells.psu.max()) + 1) + linear.cells.psu[cells]
    order = np.argsort(merged, kind="stable")
    starts = np.flatnonzero(np.diff(merged[order], prepend=-1))
    places = order[starts]
    of = np.empty(0, np.int64)
    shared = Cells(of, pair[places], linear.cells.psu[cells[places]], len(first))
    n = linear.n[list(first)] + linear.n[list(second)]
    psu = shared.counts()
    for kind, change in kinds.items():
        b, by_first, by_second = change(linear.b[list(first)], linear.b[list(second)])
        se = np.full_like(b, np.nan)
        if linear.clusters:
            slope = np.where(is_first[:, None], by_first[pair], by_second[pair])
            z = np.add.reduceat((slope * linear.z[cells])[order], starts, axis=0)
            se = np.sqrt(variances(z, shared, linear.clusters))
        yield Contrast(kind, b, se, n, psu)


def _cells_of(cells: Cells, groups: Sequence[int]) -> tuple[Integers, Integers]:
    """Give the cells of some groups, and the place of each one's group."""
    import numpy as np

    starts = np.append(0, np.cumsum(cells.counts()))
    parts = [np.arange(starts[group], starts[group + 1]) for group in groups]
    return np.concatenate(parts), np.repeat(np.arange(len(groups)), [len(one) for one in parts])
