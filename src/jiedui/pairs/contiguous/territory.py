"""Single places with their borders, and the helpers that may take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jiedui.pairs.instance import Flags, Instance, Ints


@dataclass(frozen=True, slots=True)
class Territory:
    """A question of single places, to be answered in few contiguous blocks per helper.

    Attributes
    ----------
    instance : Instance
        The question without contiguity; every pair weighs the same.
    near : tuple of tuple of int
        The places that each place shares a border with, sorted, [R].
    room : int64[H]
        Places each helper can take at most.
    least : int64[H]
        Places each helper should take at least, never more than its room.
    limit : int64[H]
        Contiguous blocks that each helper may have at most.
    """

    instance: Instance
    near: tuple[tuple[int, ...], ...]
    room: Ints
    least: Ints
    limit: Ints

    def owners(self, chosen: Flags) -> list[int]:
        """Give the helper of each place, H where nobody takes it."""
        owner = np.full(len(self.near), len(self.room), np.int64)
        owner[self.instance.row[chosen]] = self.instance.column[chosen]
        found: list[int] = owner.tolist()
        return found

    def chosen(self, owner: list[int]) -> Flags:
        """Mark the pairs of the owners, bool[E]."""
        marked: Flags = np.asarray(owner)[self.instance.row] == self.instance.column
        return marked

    def rank(self, chosen: Flags) -> tuple[int, int, int]:
        """Say how good a choice is, the less the better: unserved, places short of the least, cost."""
        count = np.bincount(self.instance.column[chosen], minlength=len(self.room))
        short = int(np.maximum(0, self.least - count).sum())
        return len(self.near) - int(chosen.sum()), short, int(self.instance.cost[chosen].sum())

    def parts(self, places: set[int]) -> list[set[int]]:
        """Cut places into those that hang together, the largest first, equals by their first place."""
        left, found = set(places), []
        while left:
            part = self.reach(min(left), left)
            left -= part
            found.append(part)
        return sorted(found, key=lambda part: (-len(part), min(part)))

    def reach(self, start: int, within: set[int]) -> set[int]:
        """Give the places of a set that hang together with one of them."""
        part, edge = {start}, [start]
        while edge:
            fresh = [place for place in self.near[edge.pop()] if place in within and place not in part]
            part.update(fresh)
            edge += fresh
        return part
