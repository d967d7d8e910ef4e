"""Which places share a border, and which of them hang together."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pyarrow as pa


class Adjacency:
    """The known borders between places.

    Parameters
    ----------
    table : pyarrow.Table
        Columns ``code_a`` and ``code_b``: each row a border, in either direction, once or more often.

    Raises
    ------
    KeyError
        If a column is missing.

    Examples
    --------
    >>> import pyarrow as pa
    >>> adjacency = Adjacency(pa.table({"code_a": ["1", "2"], "code_b": ["2", "3"]}))
    >>> adjacency.blocks(["1", "2", "3"]), adjacency.blocks(["3", "1"])
    ((('1', '2', '3'),), (('1',), ('3',)))
    """

    __slots__ = ("_neighbours",)

    def __init__(self, table: pa.Table) -> None:
        neighbours: defaultdict[str, set[str]] = defaultdict(set)
        for a, b in zip(table["code_a"].to_pylist(), table["code_b"].to_pylist(), strict=True):
            neighbours[a].add(b)
            neighbours[b].add(a)
        self._neighbours = dict(neighbours)

    def knows(self, code: str) -> bool:
        """Tell whether any border of the place is known; where none is, its neighbours are unknown."""
        return code in self._neighbours

    def among(self, codes: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Give the borders between these places, each once, sorted.

        Examples
        --------
        >>> import pyarrow as pa
        >>> Adjacency(pa.table({"code_a": ["1", "3"], "code_b": ["2", "2"]})).among(["1", "2"])
        (('1', '2'),)
        """
        known = set(codes)
        pairs = ((a, b) for a in known for b in self._neighbours.get(a, ()) if b in known and a < b)
        return tuple(sorted(pairs))

    def blocks(self, codes: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """Give the contiguous blocks that the places form among themselves, all sorted by code.

        A place without a known border is a block of its own.
        """
        left = set(codes)
        found = []
        while left:
            found.append(self._grow(left.pop(), left))
        return tuple(sorted(found))

    def _grow(self, start: str, left: set[str]) -> tuple[str, ...]:
        """Take from what is left all that hangs together with the start."""
        block, edge = {start}, [start]
        while edge:
            near = self._neighbours.get(edge.pop(), set()) & left
            left -= near
            block |= near
            edge += near
        return tuple(sorted(block))
