"""Sets of places in which a fractional choice takes more than it roots inside or leads out of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

WHOLE = 10**6
"""Shares are counted in millionths, as whole-number flows need."""
LEAST_SHARE = 0.05
"""Smaller shares are not worth a cut; a whole choice has none."""
LEAST_BREACH = 0.01
"""Smaller breaches are not worth a cut; a whole choice breaks by 1."""


@dataclass(frozen=True, slots=True)
class Separator:
    """A place and a set around it: positions in the list of places that were asked about."""

    place: int
    inside: frozenset[int]


def separators(share: Numbers, root: Numbers, borders: tuple[tuple[int, ...], ...]) -> Iterator[Separator]:
    """Give sets in which a place's share exceeds the roots inside and the shares on the border together.

    Parameters
    ----------
    share, root : float64[K]
        How much of each place is taken, and how much of a root stands there.
    borders
        The neighbours of each place among the K, by position.

    Examples
    --------
    >>> from numpy import array
    >>> found = separators(array([1.0, 0, 1]), array([1.0, 0, 0]), ((1,), (0, 2), (1,)))
    >>> [sorted(one.inside) for one in found]
    [[2]]
    """
    from scipy.sparse.csgraph import maximum_flow

    size = len(share)
    graph = _graph(share, root, borders)
    for place in np.argsort(-share, kind="stable").tolist():
        if share[place] < LEAST_SHARE:
            return
        flow = maximum_flow(graph, 2 * size, place)
        if flow.flow_value < (share[place] - LEAST_BREACH) * WHOLE:
            yield Separator(place, frozenset(_sink_side(graph - flow.flow, place, size)))


def _graph(share: Numbers, root: Numbers, borders: tuple[tuple[int, ...], ...]) -> Any:  # noqa: ANN401 - a csr_array
    """Let flow come from a source through roots into places, and through places to their neighbours."""
    from scipy.sparse import csr_matrix

    size = len(share)
    place = np.arange(size)
    counts = [len(near) for near in borders]
    near = np.fromiter((other for one in borders for other in one), np.int64, sum(counts))
    tail = np.concatenate([place, np.full(size, 2 * size), size + np.repeat(place, counts)])
    head = np.concatenate([size + place, place, near])
    room = np.concatenate([share, root, np.full(len(near), 2.0)])
    shape = (2 * size + 1, 2 * size + 1)
    return csr_matrix((np.rint(room * WHOLE).astype(np.int32), (tail, head)), shape=shape)


def _sink_side(left: Any, place: int, size: int) -> list[int]:  # noqa: ANN401 - a csr_array
    """Give the places from which the sink can still be reached."""
    from scipy.sparse.csgraph import breadth_first_order

    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    reached = breadth_first_order(left.T.tocsr(), place, return_predecessors=False)
    return [one for one in reached.tolist() if one < size]
