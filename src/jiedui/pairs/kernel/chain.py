"""Wishes one after the other, each met as well as possible without giving up an earlier one.

Each round asks the optimal face of the rounds before (see `jiedui.pairs.kernel.face`), so that every round
has prices that prove it and nothing is weighed against anything else.

References
----------
Huang, Kavitha, Mehlhorn, Michail (2016), *Fair matchings and related problems*, Algorithmica 74:
leximin (there "fair") matchings by linear-programming duality.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.kernel.assignment import assign
from jiedui.pairs.kernel.face import Face, face_of
from jiedui.pairs.kernel.market import Market

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jiedui.pairs.kernel.market import Assignment, Flags, Ints, Whole


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
    """The rounds of a proposal, and what each pair of their first market is in its problem: int64[F]."""

    edges: Ints
    rounds: tuple[Round, ...]

    def faults(self, chosen: Flags) -> list[str]:
        """Check rounds and the choice they led to, trusting no solver; empty when all holds.

        Parameters
        ----------
        chosen : bool[E]
            Of the problem.
        """
        own = chosen_at_last(self.rounds)
        same = np.array_equal(np.sort(self.edges[own]), np.intersect1d(self.edges, np.flatnonzero(chosen)))
        return faults(self.rounds) + ([] if same else ["choice"])


def chosen_at_last(rounds: Sequence[Round]) -> Ints:
    """Give the pairs of the last round, as positions among the pairs of the first market."""
    last = rounds[-1]
    own: Ints = np.flatnonzero(last.best.chosen)
    return own if last.before is None else last.before.positions()[own]


class Chain:
    """Rounds on one market."""

    def __init__(self, first: Market, *, threads: int = 1) -> None:
        self.first, self.threads = first, threads
        self.rounds: list[Round] = []
        self.face: Face | None = None

    def cover(self, urgency: Ints) -> None:
        """Serve as many as possible and fill as many first places (see `split`) as possible.

        Both at once: one assignment can do both (Mendelsohn, Dulmage 1958). Who is served stays open, how
        many does not; of those who compete the more urgent are served (int64[N], at least 1).
        """
        nothing = np.zeros(len(self.first.helper), np.int32)
        firm = np.where(self.first.penalty > 0, 1 + urgency, 0)
        self._add("coverage", replace(self.first, cost=nothing, penalty=firm))

    def ask(self, wish: str, cost: Whole) -> None:
        """Meet a wish after coverage: least cost (at least 0) per pair of the first market."""
        if self.face is not None:
            self._add(wish, self.face.market(cost, outside=0))

    def _add(self, wish: str, asked: Market) -> None:
        self.rounds.append(Round(wish, assign(asked, threads=self.threads), self.face))
        self.face = self.rounds[-1].after

    @property
    def chosen(self) -> Ints:
        """The pairs of the last round, as positions among the pairs of the first market."""
        return chosen_at_last(self.rounds)


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


def faults(rounds: Sequence[Round]) -> list[str]:
    """Check rounds, trusting no solver: each is optimal on its face, each face follows from the round before.

    The last choice is optimal for every wish, since every face holds nothing but optima.
    """
    found = [f"{one.wish}: {fault}" for one in rounds for fault in one.best.faults()]
    for before, after in pairwise(rounds):
        if after.before is None or not _same(before.after, after.before):
            found.append(f"{after.wish}: face")
    return found


def _same(one: Face, other: Face) -> bool:
    """Whether two faces are equal."""
    pairs = ("start", "helper", "capacity", "full", "served")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in pairs) and np.array_equal(
        one.positions(), other.positions()
    )


def split(market: Market, least: Ints) -> tuple[Market, Ints]:
    """Give each helper that must take at least so many a second self, so that first places are filled first.

    Returns
    -------
    Market
        Helpers as before with their first places only, which count when filled; then the rest of theirs.
    edges : int64[F]
        The pair of the given market that each pair of this one is.
    """
    wanted = np.flatnonzero(least > 0)
    rest = np.full(len(least), -1, np.int64)
    rest[wanted] = len(least) + np.arange(len(wanted))
    twice = np.flatnonzero(rest[market.helper] >= 0)
    row = np.repeat(np.arange(len(market.penalty)), np.diff(market.start))
    rows = np.concatenate([row, row[twice]])
    order = np.argsort(rows, kind="stable")
    edges = np.concatenate([np.arange(len(row)), twice])[order]
    helper = np.concatenate([market.helper, rest[market.helper[twice]]])[order]
    first = np.where(least > 0, np.minimum(least, market.capacity), market.capacity)
    return (
        Market(
            start=np.searchsorted(rows[order], np.arange(len(market.start))),
            helper=helper.astype(np.int32),
            cost=market.cost[edges],
            capacity=np.concatenate([first, (market.capacity - first)[wanted]]),
            penalty=market.penalty,
            floor=np.concatenate([np.where(least > 0, -1, 0), np.zeros(len(wanted), np.int64)]),
        ),
        edges,
    )
