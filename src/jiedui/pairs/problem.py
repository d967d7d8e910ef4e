"""Who may help whom: helpers, recipients, candidate pairs, the present and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.pairs.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from jiedui.pairs.instance import Flags, Ints

SCORE_UNIT = 10**6
"""Scores are rounded once to millionths, so that optima are compared in whole numbers."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Checked, sorted and in whole numbers; made by `make_problem`.

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
    tick : Fraction
        A place is this many ticks: the coarsest unit in which every share of a recipient is whole.
    row, column : int64[E]
        Recipient and helper of each candidate pair, sorted.
    score : int64[E]
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
    tick: Fraction
    row: Ints
    column: Ints
    score: Ints
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
        return np.array([min(self.total_ticks, max(0, int(part * self.tick))) for part in free], np.int64)

    def load(self, helper: int, ticks: int) -> Fraction:
        """Give a helper's places and duties together per strength."""
        return (self.duties[helper] + ticks / self.tick) / self.strength[helper]

    def instance(
        self,
        *,
        cost: Ints,
        capacity: Ints,
        edges: Flags | None = None,
        max_moves: int | None = None,
        loss: Ints | int = 0,
    ) -> Instance:
        """Pose a question to a solver; what stays unserved costs its loss and more than all else together."""
        dearest = np.zeros(len(self.need), np.int64)
        np.maximum.at(dearest, self.row, cost)
        whole = Instance(
            row=self.row,
            column=self.column,
            cost=cost,
            moved=~self.present,
            forced=self.forced,
            need=self.need,
            weight=self.weight,
            capacity=capacity,
            penalty=(np.maximum(dearest, loss) * self.need).sum() + 1 + np.zeros_like(self.need) + loss,
            max_moves=max_moves,
        )
        return whole if edges is None else whole.keep(edges | self.forced)


def make_problem(
    helpers: pa.Table,
    recipients: pa.Table,
    candidates: pa.Table,
    *,
    present: pa.Table | None = None,
    decided: pa.Table | None = None,
) -> Problem:
    """Check the tables of a pairing and put them in order.

    Parameters
    ----------
    helpers
        ``id``, ``capacity`` (any weight of strength, more than 0), optional ``duties`` (places).
    recipients
        ``id``, optional ``places`` (whole, at least 1), optional ``need`` (helpers wanted, at least 1).
    candidates
        ``recipient``, ``helper``, ``score`` (0 to 1).
    present
        ``recipient``, ``helper``: pairs that exist.
    decided
        ``recipient``, ``helper``, ``kind``: ``forced``, ``locked`` (both: must be) or ``forbidden``.

    Raises
    ------
    InputError
        With every unknown id, duplicate, wrong number and contradiction.

    Examples
    --------
    >>> import pyarrow as pa
    >>> made = make_problem(
    ...     pa.table({"id": ["h"], "capacity": [2.0]}),
    ...     pa.table({"id": ["r"]}),
    ...     pa.table({"recipient": ["r"], "helper": ["h"], "score": [0.5]}),
    ... )
    >>> made.helper_ids, made.recipient_ids, made.score.tolist()
    (('h',), ('r',), [500000])
    """
    from jiedui.pairs.checking import check_problem

    if findings := check_problem(helpers, recipients, candidates, present, decided):
        raise InputError(findings)
    helper_rows = sorted(helpers.to_pylist(), key=lambda row: row["id"])
    recipient_rows = sorted(recipients.to_pylist(), key=lambda row: row["id"])
    helper_ids = tuple(row["id"] for row in helper_rows)
    recipient_ids = tuple(row["id"] for row in recipient_rows)
    places = [int(row.get("places") or 1) for row in recipient_rows]
    need = [int(row.get("need") or 1) for row in recipient_rows]
    duties = tuple(exact(row.get("duties") or 0) for row in helper_rows)
    kinds = {(row["recipient"], row["helper"]): row["kind"] for row in _rows(decided)}
    edges = sorted(
        (row["recipient"], row["helper"], row["score"])
        for row in candidates.to_pylist()
        if kinds.get((row["recipient"], row["helper"])) != "forbidden"
    )
    keys = [(recipient, helper) for recipient, helper, _ in edges]
    existing = {(row["recipient"], row["helper"]) for row in _rows(present)}
    shared = [Fraction(whole, count) for whole, count in zip(places, need, strict=True)]
    return Problem(
        helper_ids=helper_ids,
        recipient_ids=recipient_ids,
        strength=tuple(exact(row["capacity"]) for row in helper_rows),
        duties=duties,
        places=np.array(places, np.int64),
        need=np.array(need, np.int64),
        tick=_tick(shared),
        row=_positions(recipient_ids, (recipient for recipient, _ in keys)),
        column=_positions(helper_ids, (helper for _, helper in keys)),
        score=np.array([round(score * SCORE_UNIT) for _, _, score in edges], np.int64),
        present=np.array([key in existing for key in keys], bool),
        forced=np.array([key in kinds for key in keys], bool),
    )


def exact(value: float) -> Fraction:
    """Take a number as it is written: 23014.59 is 2301459/100."""
    return Fraction(str(value))


def _tick(shares: Sequence[Fraction]) -> Fraction:
    """Give the ticks of a place: the largest unit that divides every share, upside down."""
    whole = lcm(*(share.denominator for share in shares))
    return Fraction(whole, gcd(*(int(share * whole) for share in shares)))


def _rows(table: pa.Table | None) -> list[dict[str, str]]:
    """Give the rows of a table that may be absent."""
    return [] if table is None else table.to_pylist()


def _positions(ids: Sequence[str], wanted: Iterable[str]) -> Ints:
    """Look up where ids stand."""
    where = {name: place for place, name in enumerate(ids)}
    return np.array([where[name] for name in wanted], np.int64)
