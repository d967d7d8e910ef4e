"""Wishes one after the other, each met as well as possible without giving up an earlier one.

Each round asks the optimal face of the rounds before (see `jiedui.pairs.face`), so that every round has
prices that prove it and nothing is weighed against anything else.

References
----------
Huang, Kavitha, Mehlhorn, Michail (2016), *Fair matchings and related problems*, Algorithmica 74:
leximin (there "fair") matchings by linear-programming duality.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.assignment import assign
from jiedui.pairs.face import Face, face_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiedui.pairs.market import Assignment, Flags, Ints, Market, Whole


@dataclass(frozen=True, slots=True)
class Round:
    """One wish met: its name, the best assignment for it, and the face it was chosen from."""

    wish: str
    best: Assignment
    before: Face | None

    @property
    def after(self) -> Face:
        """Every assignment that meets this wish, and the earlier ones, as well."""
        return face_of(self.best) if self.before is None else self.before.narrow(self.best)


@dataclass(frozen=True, slots=True)
class Followed:
    """The rounds of a proposal, and the pairs of its problem that they chose from: int64[F]."""

    edges: Ints
    rounds: tuple[Round, ...]

    def faults(self, chosen: Flags) -> list[str]:
        """Check rounds and the choice they led to, trusting no solver; empty when all holds.

        Parameters
        ----------
        chosen : bool[E]
            Of the problem.
        """
        return faults(self.rounds, chosen[self.edges])


class Chain:
    """Rounds on one market."""

    def __init__(self, first: Market) -> None:
        self.first = first
        self.rounds: list[Round] = []
        self.face: Face | None = None

    def cover(self) -> None:
        """Serve as many as possible; who is served stays open, how many does not."""
        asked = replace(self.first, cost=np.zeros(len(self.first.helper), np.int32))
        self._add("coverage", replace(asked, penalty=np.minimum(1, asked.penalty)))

    def ask(self, wish: str, cost: Whole) -> None:
        """Meet a wish after coverage: least cost (at least 0) per pair of the first market."""
        if self.face is not None:
            self._add(wish, self.face.market(cost, outside=0))

    def _add(self, wish: str, asked: Market) -> None:
        self.rounds.append(Round(wish, assign(asked), self.face))
        self.face = self.rounds[-1].after

    @property
    def chosen(self) -> Flags:
        """The pairs of the last round, as marks on the pairs of the first market, bool[E]."""
        last = self.rounds[-1]
        if last.before is None:
            return last.best.chosen
        chosen = np.zeros(len(self.first.helper), bool)
        chosen[last.before.positions()[last.best.chosen]] = True
        return chosen


def raise_worst(chain: Chain, score: Whole, *, band: int) -> None:
    """Leave as few as possible in the lowest band of scores, then in the next, and so on (leximin).

    Parameters
    ----------
    score : int[E]
        Of each pair of the first market.
    band : int
        Width of a band, in units of score.
    """
    level = score // band
    many = len(chain.first.penalty) + 1
    for low, high in _twos(np.unique(level)):
        chain.ask("leximin", many * (level == low) + (level == high))


def _twos(levels: Ints) -> Iterator[tuple[int, int]]:
    """Take levels two at a time, the last one perhaps with itself; the very best level needs no round."""
    for place in range(0, len(levels) - 1, 2):
        yield int(levels[place]), int(levels[min(place + 1, len(levels) - 1)])


def faults(rounds: tuple[Round, ...], chosen: Flags) -> list[str]:
    """Check rounds and the choice they led to, trusting no solver; empty when all holds."""
    found = [f"{one.wish}: {fault}" for one in rounds for fault in one.best.faults()]
    for before, after in zip(rounds, rounds[1:], strict=False):
        if after.before is None or not _same(before.after, after.before):
            found.append(f"{after.wish}: face")
    if rounds and not _lies_on(rounds[-1].after, rounds[0].best.market, chosen):
        found.append("choice")
    return found


def _same(one: Face, other: Face) -> bool:
    """Whether two faces are equal."""
    pairs = ("start", "helper", "capacity", "full", "served")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in pairs) and np.array_equal(
        one.positions(), other.positions()
    )


def _lies_on(face: Face, first: Market, chosen: Flags) -> bool:
    """Whether a choice of pairs of the first market is one of a face's."""
    row = np.repeat(np.arange(len(first.penalty)), np.diff(first.start))[chosen]
    count = np.bincount(first.helper[chosen], minlength=len(first.capacity))
    times = np.bincount(row, minlength=len(first.penalty))
    return bool(
        np.isin(np.flatnonzero(chosen), face.positions()).all()
        and (count <= first.capacity).all()
        and (count == first.capacity)[face.full].all()
        and (times <= 1).all()
        and (times == 1)[face.served].all()
    )
