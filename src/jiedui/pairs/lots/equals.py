"""All choices as good as a proposal's that serve the same recipients; random numbers draw one of them.

Two such choices differ by exchanges along pairs of the optimal face only. So a pair is in some of them
exactly if the helper it leaves and the helper it goes to lie on a common circle of exchanges, where a
helper with a place left takes and one that need not be full gives.

References
----------
Tassa (2012), *Finding all maximally-matchable edges in a bipartite graph*, Theoretical Computer Science 423.
Steele, Lea, Flood (2014), *Fast splittable pseudorandom number generators*, OOPSLA (SplitMix64).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.pairs.certificate import SCALE
from jiedui.pairs.flow import free_edges, is_market, market
from jiedui.pairs.kernel.assignment import assign
from jiedui.pairs.kernel.chain import Followed, Round
from jiedui.pairs.kernel.face import Face, face_of
from jiedui.pairs.kernel.market import OUTSIDE, Assignment
from jiedui.pairs.proposal import Proposal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.kernel.market import Flags, Ints, Whole

NUMBER_BITS = 20
"""Bits of each of the two random numbers of a pair; more would not fit the exact prices of large markets."""
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))


@dataclass(frozen=True, slots=True)
class Equals:
    """The choices among which a lot may decide.

    Attributes
    ----------
    proposal : Proposal
    face : Face
        All optima, whoever they serve, with K pairs.
    row, pair : int64[K]
        The recipient of each pair of the face, and its place among the pairs of the problem.
    taken : int32[N]
        Whom the proposal gives each recipient; -2 outside.
    usable : bool[K]
        Pairs that some choice serving the same recipients takes.
    """

    proposal: Proposal
    face: Face
    row: Ints
    pair: Ints
    taken: NDArray[np.int32]
    usable: Flags

    @property
    def is_open(self) -> Flags:
        """Whether each recipient could have several pairs, bool[N]."""
        return self._counts > 1

    @property
    def open_pairs(self) -> Ints:
        """The pairs of the recipients who could have several, as positions in the face, int64[L]."""
        return np.flatnonzero(self.usable & self.is_open[self.row])

    @property
    def _counts(self) -> Ints:
        return np.bincount(self.row[self.usable], minlength=len(self.taken))

    def open_face(self) -> Face:
        """Give the choices of the recipients who could have several, in what places the others leave them."""
        is_open, pairs = self.is_open, self.open_pairs
        settled = self.taken[(self.taken >= 0) & ~is_open]
        return Face(
            start=np.concatenate([[0], np.cumsum(np.where(is_open, self._counts, 0))]),
            edges=None,
            helper=self.face.helper[pairs],
            capacity=self.face.capacity - np.bincount(settled, minlength=len(self.face.capacity)),
            full=self.face.full,
            served=is_open,
        )

    def proposed(self, drawn: Ints) -> Proposal:
        """Give the proposal that takes these pairs of the face for the open recipients, with its proof."""
        plain, taken = self.proposal, self.taken.copy()
        taken[self.row[drawn]] = self.face.helper[drawn]
        chosen = plain.chosen.copy()
        chosen[self.pair] = False
        chosen[self.pair[self.face.helper == taken[self.row]]] = True
        if plain.followed is None:
            return replace(plain, chosen=chosen)
        level = self.face.market(np.zeros(len(plain.followed.edges), np.int32), outside=0)
        best = Assignment(level, taken, np.zeros(len(level.capacity), np.int64))
        rounds = (*plain.followed.rounds[:-1], Round("lot", best, self.face))
        return replace(plain, chosen=chosen, followed=Followed(plain.followed.edges, rounds))


def equals_of(proposal: Proposal) -> Equals:
    """Find the choices as good as a proposal's.

    Raises
    ------
    InputError
        If the proposal is not proved by prices on single places, or keeps more than it was asked.
    """
    if proposal.unstated:
        raise InputError([finding("pairs.lot_bound", found=", ".join(proposal.unstated))])
    followed, last = proposal.followed, proposal.steps[-1] if proposal.steps else None
    if followed and (face := followed.rounds[-1].before):
        edges, taken = followed.edges, followed.rounds[-1].best.taken
    elif last and proposal.proof == "prices" and last.objective == "total" and is_market(last.instance):
        best = solved(proposal)
        edges = np.flatnonzero(proposal.open_edges)[free_edges(last.instance)]
        face, taken = face_of(best), best.taken
    else:
        raise InputError([finding("pairs.no_lot", found=proposal.proof)])
    row = np.repeat(np.arange(len(taken)), np.diff(face.start))
    return Equals(proposal, face, row, edges[face.positions()], taken, _usable(face, taken))


def solved(proposal: Proposal) -> Assignment:
    """Give the market of a proposal's last step, with its choice and prices."""
    step = proposal.steps[-1]
    chosen = proposal.chosen[proposal.open_edges] & ~step.instance.forced
    taken = np.full(len(step.instance.need), OUTSIDE, np.int32)
    taken[step.instance.row[chosen]] = step.instance.column[chosen]
    prices = np.asarray(step.certificate.nodes[0].prices, np.int64)[: len(step.instance.capacity)] // SCALE
    return Assignment(market(step.instance), taken, prices)


def draw(face: Face, *, seed: str, pair: Ints) -> Ints:
    """Give the choice on a face with the least sum of random numbers, as positions among its pairs.

    Parameters
    ----------
    face
        With ``edges`` None, so that its pairs are those of the first market.
    seed
        Hexadecimal, at least 16 digits.
    pair : int64[L]
        The place of each pair in the stream of random numbers.
    """
    if not len(pair):
        return np.zeros(0, np.int64)
    first, second = random_numbers(seed, pair)
    narrow = face.narrow(assign(face.market(first, outside=0)))
    drawn: Ints = narrow.positions()[assign(narrow.market(second, outside=0)).chosen]
    return drawn


def random_numbers(seed: str, pair: Ints) -> NDArray[np.int32]:
    """Give two numbers of `NUMBER_BITS` bits for each pair, by SplitMix64 from the seed's first 64 bits."""
    state = np.uint64(int(seed[:16], 16)) + (pair.astype(np.uint64) + np.uint64(1)) * GOLDEN
    for shift, factor in MIX:
        state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
    state ^= state >> np.uint64(31)
    parts = [state >> np.uint64(64 - place * NUMBER_BITS) for place in (1, 2)]
    return np.stack([part & np.uint64(2**NUMBER_BITS - 1) for part in parts]).astype(np.int32)


def _usable(face: Face, taken: Whole) -> Flags:
    """Mark the pairs of a face that some choice takes which serves the same recipients, bool[K]."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    helpers = len(face.capacity)
    here = np.repeat(taken, np.diff(face.start))
    own = here >= 0
    spare = np.flatnonzero(np.bincount(taken[taken >= 0], minlength=helpers) < face.capacity)
    giving = np.flatnonzero(~face.full)
    source = np.concatenate([here[own], spare, np.full(len(giving), helpers)])
    target = np.concatenate([face.helper[own], np.full(len(spare), helpers), giving])
    arcs = csr_array((np.ones(len(source), bool), (source, target)), shape=(helpers + 1, helpers + 1))
    _, circle = connected_components(arcs, connection="strong")
    usable: Flags = own & (circle[here] == circle[face.helper])
    return usable
