"""Contiguous blocks for many places: a start is mended and improved by chains of exchanges.

A chain hands one place from helper to helper, each giving one away and taking another, until a free place
or the first helper is reached; the cheapest chains are found as negative cycles among the helpers.

References
----------
Ahuja, Orlin, Sharma (2003), *A composite very large-scale neighborhood structure for the capacitated
minimum spanning tree problem*, Operations Research Letters 31: cyclic exchanges between connected groups.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiedui.pairs.contiguous.territory import Territory
    from jiedui.pairs.instance import Flags, Ints

NEVER = 2**60
"""Costs more than any chain of exchanges."""


def improve(territory: Territory, start: Flags, *, shakes: int = 0, enough: int = -1) -> Flags:
    """Give a choice in contiguous blocks that no chain of exchanges betters; from any start, bool[E].

    Parameters
    ----------
    start
        A choice that keeps capacities and forced pairs; blocks too many are given up first.
    shakes
        How often a neighbourhood is emptied and filled anew in search of a better choice; the places come
        from a fixed seed.
    enough
        The value of a choice than which none is better: reached, nothing more is tried.
    """
    regions = Regions(territory, territory.owners(start))
    best = regions.settle()
    draw = np.random.default_rng(0)
    for _ in range(shakes):
        if territory.instance.value(best) <= enough and not territory.rank(best)[1]:
            return best
        centre, size = draw.integers([0, 2], [len(territory.near), 12])
        regions.empty(int(centre), int(size))
        found = regions.settle()
        if territory.rank(found) <= territory.rank(best):
            best = found
        else:
            regions.restore(territory.owners(best))
    return best


class Regions:
    """The places of each helper while they change hands; helper H is nobody, who has room for all.

    No helper ever has more blocks or more places than it may.
    """

    def __init__(self, territory: Territory, owner: list[int]) -> None:
        instance, self.territory = territory.instance, territory
        self.nobody = len(territory.room)
        self.pinned = set(instance.row[instance.forced].tolist())
        self.short = int(instance.cost.max(initial=0)) * (2 * len(territory.near) + 2) + 1
        unserved = self.short * (int(territory.least.sum()) + 1)
        self.cost: list[dict[int, int]] = [{self.nobody: unserved} for _ in territory.near]
        pairs = (instance.row.tolist(), instance.column.tolist(), instance.cost.tolist())
        for row, column, cost in zip(*pairs, strict=True):
            self.cost[row][column] = cost
        self.room: list[int] = [*territory.room.tolist(), len(territory.near)]
        self.least: list[int] = [*territory.least.tolist(), 0]
        self.limit: list[int] = [*territory.limit.tolist(), len(territory.near)]
        size = self.nobody + 2
        self.price = np.full((size, size), NEVER, np.int64)
        self.moved = np.full((size, size), -1, np.int64)
        self.restore(owner)
        for helper in range(self.nobody):
            self._give_up_blocks(helper)

    def restore(self, owner: list[int]) -> None:
        """Take the owners as they are."""
        self.owner = owner.copy()
        self.places: list[set[int]] = [set() for _ in self.room]
        for place, helper in enumerate(owner):
            self.places[helper].add(place)
        self.blocks = [0] * len(self.room)
        self.stale = set(range(len(self.room)))
        for helper in range(self.nobody):
            self._count_blocks(helper)

    def empty(self, centre: int, size: int) -> None:
        """Let go of some places around one, and of blocks that this cuts off."""
        ball = [centre]
        for place in ball:
            fresh = (other for other in self.territory.near[place] if other not in ball)
            ball += list(fresh)[: size - len(ball)]
        touched = {self.owner[place] for place in ball} - {self.nobody}
        for place in set(ball) - self.pinned:
            self._hand(place, self.nobody)
        for helper in sorted(touched):
            self._give_up_blocks(helper)

    def settle(self) -> Flags:
        """Fill what is free, then exchange as long as that betters the choice, bool[E]."""
        self._grow()
        fresh = False
        while True:
            for helper in sorted(self.stale):
                self._fill_row(helper)
            self.stale = set()
            self._fill_free()
            while cycles := negative_cycles(self.price):
                for cycle in cycles:
                    self._apply(cycle)
                if self.stale:
                    break
            if self.stale:
                fresh = False
            elif fresh:
                return self.territory.chosen(self.owner)
            else:
                self.stale, fresh = set(range(len(self.room))), True

    def _grow(self) -> None:
        """Let helpers with room take places that nobody has, the cheapest first."""
        waiting = [offer for place in self.places[-1] for offer in self._offers(place)]
        heapq.heapify(waiting)
        while waiting:
            _, place, helper = heapq.heappop(waiting)
            full = len(self.places[helper]) >= self.room[helper]
            if self.owner[place] != self.nobody or full or not self._may_take(place, helper):
                continue
            self._hand(place, helper)
            self._count_blocks(helper)
            for other in self.territory.near[place]:
                if self.owner[other] == self.nobody and helper in self.cost[other]:
                    heapq.heappush(waiting, (self.cost[other][helper], other, helper))

    def _offers(self, place: int) -> Iterator[tuple[int, int, int]]:
        """List what each helper beside the place, or free to begin a block, would pay for it."""
        return (
            (cost, place, helper)
            for helper, cost in self.cost[place].items()
            if self._may_take(place, helper)
        )

    def _may_take(self, place: int, helper: int) -> bool:
        """Whether the place is beside the helper's region, or may begin a new block of it."""
        if self.blocks[helper] < self.limit[helper]:
            return helper != self.nobody
        return any(self.owner[other] == helper for other in self.territory.near[place])

    def _hand(self, place: int, helper: int) -> None:
        """Let a place change hands."""
        before = self.owner[place]
        self.places[before].discard(place)
        self.places[helper].add(place)
        self.owner[place] = helper
        beside = {self.owner[other] for other in self.territory.near[place]}
        self.stale |= beside | {before, helper, self.nobody}

    def _count_blocks(self, helper: int) -> bool:
        """Count a helper's blocks anew; tell whether they are few enough."""
        if helper != self.nobody:
            self.blocks[helper] = len(self.territory.parts(self.places[helper]))
        return self.blocks[helper] <= self.limit[helper]

    def _give_up_blocks(self, helper: int) -> None:
        """Keep the blocks with forced places and the largest others, as many as allowed."""
        parts = self.territory.parts(self.places[helper])
        parts.sort(key=self.pinned.isdisjoint)
        for part in parts[self.limit[helper] :]:
            for place in sorted(part):
                self._hand(place, self.nobody)
        self._count_blocks(helper)

    def _fill_row(self, helper: int) -> None:
        """Find the cheapest place that a helper could hand to each other one."""
        price, moved = self.price[helper], self.moved[helper]
        price[:] = NEVER
        best: dict[int, int] = {}
        begin = [other for other in range(self.nobody) if self.blocks[other] < self.limit[other]]
        begin += [self.nobody] * bool(self.places[self.nobody])
        for place in sorted(self.places[helper] - self.pinned):
            own = self.cost[place]
            takers = {self.owner[other] for other in self.territory.near[place]}.union(begin)
            better = [
                taker
                for taker in takers
                if taker != helper and taker in own and own[taker] - own[helper] < best.get(taker, NEVER)
            ]
            if better and self._can_leave(place, helper):
                for taker in better:
                    best[taker] = own[taker] - own[helper]
                    moved[taker] = place
        for taker, cost in best.items():
            price[taker] = cost

    def _can_leave(self, place: int, helper: int) -> bool:
        """Whether the helper's blocks stay few enough without the place."""
        if helper == self.nobody:
            return True
        left = {other for other in self.territory.near[place] if self.owner[other] == helper}
        spare = self.limit[helper] - self.blocks[helper] + 1
        while len(left) > spare:
            self._walk(place, left)
            spare -= 1
            if spare < 0:
                return False
        return len(left) <= spare

    def _walk(self, place: int, left: set[int]) -> None:
        """Strike out what hangs together with one of its neighbours when the place is gone."""
        start = min(left)
        left.discard(start)
        helper, seen, edge = self.owner[start], {place, start}, [start]
        for one in edge:
            for other in self.territory.near[one]:
                if other not in seen and self.owner[other] == helper:
                    seen.add(other)
                    edge.append(other)
                    left.discard(other)
            if not left:
                return

    def _fill_free(self) -> None:
        """Let the last node stand for free places: who takes one ends a chain, who gives one begins it."""
        for helper, places in enumerate(self.places):
            count, least = len(places), self.least[helper]
            self.price[helper, -1] = -self.short * (count < least) if count < self.room[helper] else NEVER
            self.price[-1, helper] = self.short * (count <= least) if count else NEVER

    def _apply(self, cycle: list[tuple[int, int]]) -> None:
        """Hand on a place along each link; take it back and forbid what does not keep the blocks few."""
        links = [(giver, taker) for giver, taker in cycle if max(giver, taker) <= self.nobody]
        touched = {helper for link in links for helper in link}
        kept = self.stale.copy()
        for giver, taker in links:
            self._hand(int(self.moved[giver, taker]), taker)
        wrong = [helper for helper in sorted(touched) if not self._count_blocks(helper)]
        if not wrong:
            return
        for giver, taker in links:
            self._hand(int(self.moved[giver, taker]), giver)
        for helper in sorted(touched):
            self._count_blocks(helper)
        self.stale = kept
        for giver, taker in links:
            if taker in wrong or giver in wrong:
                self.price[giver, taker] = NEVER


def negative_cycles(price: Ints) -> list[list[tuple[int, int]]]:
    """Give cycles of links that cost less than nothing together, no two through one node (Bellman–Ford)."""
    size = len(price)
    reached, before = np.zeros(size, np.int64), np.full(size, -1)
    for _ in range(size + 1):
        through = reached[:, None] + price
        nearest = through.argmin(axis=0)
        cost = through[nearest, np.arange(size)]
        better = cost < reached
        if not better.any():
            return []
        reached[better], before[better] = cost[better], nearest[better]
        if cycles := _cycles(before.tolist()):
            return cycles
    return []


def _cycles(before: list[int]) -> list[list[tuple[int, int]]]:
    """Give the cycles that arise when every node points back to the one before it, or to -1."""
    seen, found = [-1] * len(before), []
    for start in range(len(before)):
        node = start
        while node >= 0 and seen[node] < 0:
            seen[node] = start
            node = before[node]
        if node >= 0 and seen[node] == start:
            one, links = node, list[tuple[int, int]]()
            while not links or one != node:
                links.append((before[one], one))
                one = before[one]
            found.append(links)
    return found
