"""Who may help whom: helpers, recipients, candidate pairs, the present and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.pairs.checking import check_problem, is_increasing, joined, parts
from jiedui.pairs.instance import Instance

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.pairs.instance import Flags, Ints, Whole

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
        return np.array([min(self.total_ticks, max(0, int(part * self.tick))) for part in free], np.int64)

    def weighed(self, cost: Whole) -> Whole:
        """Multiply a cost per tick by the ticks of each pair, in 32 bits where they suffice, [E]."""
        kinds = np.unique(self.weight)
        if kinds.tolist() in ([], [1]):
            return cost
        weight = kinds[0] if len(kinds) == 1 else self.weight[self.row]
        small = int(cost.max(initial=0)) * int(kinds[-1]) < 2**31
        whole: Whole = cost * np.asarray(weight, np.int32 if small else np.int64)
        return whole

    def load(self, helper: int, ticks: int) -> Fraction:
        """Give a helper's places and duties together per strength."""
        return (self.duties[helper] + ticks / self.tick) / self.strength[helper]

    def instance(
        self,
        *,
        cost: Whole,
        capacity: Ints,
        edges: Flags | None = None,
        max_moves: int | None = None,
        loss: Ints | int = 0,
        only_best: bool = False,
    ) -> Instance:
        """Pose a question to a solver; what stays unserved costs its loss and more than all else together.

        Where only the best choice matters, not how values compare, and all pairs weigh the same, more than
        any chain of exchanges is enough: a chain passes each helper once.
        """
        dearest = np.zeros(len(self.need), np.int64)
        np.maximum.at(dearest, self.row, cost)
        unit = int(np.gcd.reduce(cost)) or 1
        most = int((np.maximum(dearest, loss) * self.need).sum()) + 1
        if only_best and len(np.unique(self.weight)) == 1:
            chain = 2 * (min(len(self.helper_ids), len(self.recipient_ids)) + 2)
            most = min(most, int(np.maximum(dearest, loss).max()) * chain + 1)
        whole = Instance(
            row=self.row,
            column=self.column,
            cost=cost,
            moved=~self.present,
            forced=self.forced,
            need=self.need,
            weight=self.weight,
            capacity=capacity,
            penalty=-(-most // unit) * unit + np.zeros_like(self.need) + loss,
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
    if findings := check_problem(helpers, recipients, candidates, present, decided):
        raise InputError(findings)
    helpers, recipients = helpers.sort_by("id"), recipients.sort_by("id")
    helper_ids, recipient_ids = tuple(helpers["id"].to_pylist()), tuple(recipients["id"].to_pylist())
    places, need = _counts(recipients, "places"), _counts(recipients, "need")
    row, column, order = _sorted_pairs(candidates, recipients["id"], helpers["id"])
    score = _millionths(candidates["score"] if order is None else candidates["score"].take(order))
    kept, forced = _decided(decided, recipients["id"], helpers["id"], row, column)
    existing = _marked(present, recipients["id"], helpers["id"], row, column)
    if not kept.all():
        row, column, score = row[kept], column[kept], score[kept]
        existing, forced = existing[kept], forced[kept]
    _release_memory()
    return Problem(
        helper_ids=helper_ids,
        recipient_ids=recipient_ids,
        strength=tuple(exact(value) for value in helpers["capacity"].to_pylist()),
        duties=tuple(exact(value) for value in _optional(helpers, "duties", 0)),
        places=places,
        need=need,
        tick=_tick(places, need),
        row=row,
        column=column,
        score=score,
        present=existing,
        forced=forced,
    )


def _release_memory() -> None:
    """Give back what looking up ids took; Arrow would keep it for later."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


def exact(value: float) -> Fraction:
    """Take a number as it is written: 23014.59 is 2301459/100."""
    return Fraction(str(value))


def _tick(places: Ints, need: Ints) -> Fraction:
    """Give the ticks of a place: the largest unit that divides every share, upside down."""
    kinds = np.unique(np.stack([places, need]), axis=1)
    shares = [Fraction(int(whole), int(count)) for whole, count in kinds.T]
    whole = lcm(*(share.denominator for share in shares))
    return Fraction(whole, gcd(*(int(share * whole) for share in shares)))


def _optional(table: pa.Table, column: str, default: float) -> list[float]:
    """Give a column that may be absent or have gaps."""
    if column not in table.column_names:
        return [default] * table.num_rows
    return [value or default for value in table[column].to_pylist()]


def _counts(table: pa.Table, column: str) -> Ints:
    """Give whole numbers, 1 where none stands."""
    return np.array(_optional(table, column, 1), np.int64)


def _positions(values: pa.ChunkedArray, ids: pa.ChunkedArray) -> NDArray[np.int32]:
    """Look up where values stand among ids."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = ids.cast("string")
    if not pa.types.is_dictionary(values.type):
        return np.asarray(pc.index_in(values.cast("string"), value_set=ids).to_numpy(), np.int32)
    values = joined(values)
    places = pc.index_in(values.dictionary.cast("string"), value_set=ids).to_numpy(zero_copy_only=False)
    found = np.asarray(places, np.int32)
    looked_up: NDArray[np.int32] = found[values.indices.to_numpy()]
    return looked_up


def _sorted_pairs(
    table: pa.Table, recipients: pa.ChunkedArray, helpers: pa.ChunkedArray
) -> tuple[NDArray[np.int32], NDArray[np.int32], Ints | None]:
    """Give recipient and helper of each pair, sorted, and the order that sorts them; None if they were."""
    row, column = _positions(table["recipient"], recipients), _positions(table["helper"], helpers)
    if is_increasing((row, column)):
        return row, column, None
    order = np.lexsort((column, row))
    return row[order], column[order], order


def _millionths(score: pa.ChunkedArray) -> NDArray[np.int32]:
    """Round scores to whole millionths."""
    rounded = np.empty(len(score), np.int32)
    for first, part in parts(score):
        millionths = part.to_numpy(zero_copy_only=False) * float(SCORE_UNIT)
        rounded[first : first + len(part)] = np.rint(millionths)
    return rounded


def _marked(
    table: pa.Table | None,
    recipients: pa.ChunkedArray,
    helpers: pa.ChunkedArray,
    row: NDArray[np.int32],
    column: NDArray[np.int32],
) -> Flags:
    """Mark the candidate pairs that a table names."""
    if table is None or not table.num_rows:
        return np.zeros(len(row), bool)
    width = np.int64(len(helpers))
    wanted = _positions(table["recipient"], recipients) * width + _positions(table["helper"], helpers)
    return np.isin(row * width + column, wanted)


def _decided(
    decided: pa.Table | None,
    recipients: pa.ChunkedArray,
    helpers: pa.ChunkedArray,
    row: NDArray[np.int32],
    column: NDArray[np.int32],
) -> tuple[Flags, Flags]:
    """Mark the candidate pairs that nobody forbade, and those that must be."""
    if decided is None:
        return np.ones(len(row), bool), np.zeros(len(row), bool)
    banned = np.array([kind == "forbidden" for kind in decided["kind"].to_pylist()], bool)
    forbidden = _marked(decided.filter(banned), recipients, helpers, row, column)
    return ~forbidden, _marked(decided.filter(~banned), recipients, helpers, row, column)
