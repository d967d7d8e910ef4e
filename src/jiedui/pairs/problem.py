"""Who may help whom: helpers, recipients, candidate pairs, the present and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.pairs.instance import LARGEST, Instance, are_equal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.instance import Flags, Ints, Whole
    from jiedui.pairs.limits import Limits

BLOCK = 2**16
"""Costs looked at together for their common unit."""
SCORE_UNIT = 10**6
"""Scores are rounded once to millionths, so that optima are compared in whole numbers."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Checked, sorted and in whole numbers; made by `jiedui.pairs.intake.make_problem`.

    Attributes
    ----------
    helper_ids, recipient_ids : tuple of str
        Sorted; columns and rows of every array.
    strength : tuple of Fraction
        The weight of each helper's capacity, more than 0.
    duties : tuple of Fraction
        Places each helper already carries by other duties.
    places : int64[R]
        How many places each recipient consists of.
    need : int64[R]
        How many different helpers each recipient shall have; they share its places equally.
    need_min : int64[R]
        How many of these it must have; the others as far as that raises the sum of scores.
    urgency : int64[R]
        1 for those who are served last when places are short, more for those served before them.
    shared : bool[H]
        Helpers whose offer is shared: any number of recipients may subscribe to it.
    tick : Fraction
        A place is this many ticks: the coarsest unit in which every share of a recipient is whole.
    row, column : int32[E]
        Recipient and helper of each candidate pair, sorted.
    score : int32[E]
        In millionths.
    present : bool[E]
        Pairs that exist.
    forced : bool[E]
        Pairs that were decided and must stay.
    """

    helper_ids: tuple[str, ...]
    recipient_ids: tuple[str, ...]
    strength: tuple[Fraction, ...]
    duties: tuple[Fraction, ...]
    places: Ints
    need: Ints
    need_min: Ints
    urgency: Ints
    shared: Flags
    tick: Fraction
    row: NDArray[np.int32]
    column: NDArray[np.int32]
    score: NDArray[np.int32]
    present: Flags
    forced: Flags

    @property
    def weight(self) -> Ints:
        """Ticks that one pair of each recipient takes, int64[R]."""
        places, need = self.places * self.tick.numerator, self.need * self.tick.denominator
        return places // need

    @property
    def total_ticks(self) -> int:
        """Ticks of all recipients together."""
        return int((self.weight * self.need).sum())

    def ticks(self, chosen: Flags) -> Ints:
        """Sum what each helper carries, int64[H]."""
        weight = self.weight[self.row[chosen]]
        return np.bincount(self.column[chosen], weight, len(self.helper_ids)).astype(np.int64)

    def room(self, load: Fraction) -> Ints:
        """Give the ticks each helper may take without its load exceeding `load` places per strength."""
        free = (load * strength - duty for strength, duty in zip(self.strength, self.duties, strict=True))
        most = self.total_ticks
        whole = [min(most, max(0, int(part * self.tick))) for part in free]
        return np.where(self.shared, most, np.array(whole, np.int64))

    def weighed(self, cost: Whole) -> Whole:
        """Multiply a cost per tick by the ticks of each pair, in 32 bits where they suffice, [E]."""
        own = self.weight
        most = int(own.max(initial=1))
        if most == 1:
            return cost
        weight = most if are_equal(own) else own[self.row]
        small = int(cost.max(initial=0)) * most < 2**31
        whole: Whole = cost * np.asarray(weight, np.int32 if small else np.int64)
        return whole

    def load(self, helper: int, ticks: int) -> Fraction:
        """Give a helper's places and duties together per strength; a shared offer carries no places."""
        places = 0 if self.shared[helper] else ticks / self.tick
        return (self.duties[helper] + places) / self.strength[helper]

    def instance(
        self,
        *,
        cost: Whole,
        capacity: Ints,
        edges: Flags | None = None,
        max_moves: int | None = None,
        limits: Limits | None = None,
        loss: Ints | int = 0,
        only_best: bool = False,
    ) -> Instance:
        """Pose a question to a solver; what stays unserved costs its loss and more than all else together.

        Where only the best choice matters, not how values compare, and all pairs weigh the same, more than
        any chain of exchanges is enough: a chain passes each helper once. Then urgency may be a factor, too:
        who can be served forms a matroid, whose heaviest basis serves the most urgent first.
        """
        dearest = self._dearest(cost)
        unit = _common_unit(cost)
        most = int((np.maximum(dearest, loss) * self.need).sum()) + 1
        is_flow = max_moves is None and limits is None and are_equal(self.weight)
        if only_best and is_flow:
            chain = 2 * (min(len(self.helper_ids), len(self.recipient_ids)) + 2)
            most = min(most, int(np.maximum(dearest, loss).max()) * chain + 1)
        whole = Instance(
            row=self.row,
            column=self.column,
            cost=cost,
            moved=self._moved,
            forced=self.forced,
            need=self.need,
            weight=self.weight,
            capacity=capacity,
            penalty=self._penalties(-(-most // unit) * unit, is_flow=is_flow) + loss,
            spare=self._spare,
            loss=np.broadcast_to(loss, self.need.shape),
            max_moves=max_moves,
            limits=limits,
        )
        return whole if edges is None else whole.keep(edges | self.forced)

    @property
    def _moved(self) -> Flags:
        """The candidate pairs that depart from the present, bool[E]; without a present, no memory."""
        return ~self.present if self.present.any() else np.broadcast_to(np.True_, self.present.shape)

    @property
    def _spare(self) -> Ints:
        """How many of its helpers each recipient may lack, int64[R]; where none may, no memory."""
        if self.need is self.need_min:
            return np.broadcast_to(np.int64(0), self.need.shape)
        return self.need - self.need_min

    def _dearest(self, cost: Whole) -> Ints:
        """Give the dearest candidate of each recipient, int64[R]; 0 where it has none."""
        dearest = np.zeros(len(self.need), np.int64)
        start = np.searchsorted(self.row, np.arange(len(self.need) + 1, dtype=self.row.dtype))
        some = np.flatnonzero(np.diff(start))
        if len(some):
            dearest[some] = np.maximum.reduceat(cost, start[some])
        return dearest

    def _penalties(self, least: int, *, is_flow: bool) -> Ints:
        """Give what it costs each recipient to lack a helper, int64[R]; `least` for the least urgent."""
        base = int(self.need.sum()) + 1
        steps = [one if is_flow else base ** (one - 1) for one in range(1, int(self.urgency.max()) + 1)]
        if least * steps[-1] >= LARGEST:
            raise InputError([finding("pairs.too_large", recipients=len(self.need))])
        return least * np.array([0, *steps], np.int64)[self.urgency]


def _common_unit(cost: Whole) -> int:
    """Give the largest number that divides all costs; 1 where all are 0."""
    unit = 0
    for first in range(0, len(cost), BLOCK):
        part = cost[first : first + BLOCK]
        if not unit or (part % unit).any():
            unit = int(np.gcd.reduce(part, initial=unit))
        if unit == 1:
            break
    return unit or 1


def exact(value: float) -> Fraction:
    """Take a number as it is written: 23014.59 is 2301459/100."""
    return Fraction(str(value))
