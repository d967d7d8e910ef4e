"""What a planner asks of a proposal: why this helper, why not that one, what if, what is a place worth.

Every answer is exact: it comes from the proposal's prices and shortest chains of exchanges, and equals
solving everything again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.pairs.certificate import SCALE
from jiedui.pairs.desk import Desk
from jiedui.pairs.exchanges import FAR
from jiedui.pairs.flow import is_market, market
from jiedui.pairs.market import OUTSIDE, Assignment
from jiedui.pairs.prices import highest_prices
from jiedui.pairs.problem import SCORE_UNIT

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.pairs.instance import Instance
    from jiedui.pairs.market import Ints, Market
    from jiedui.pairs.proposal import Proposal


@dataclass(frozen=True, slots=True)
class Change:
    """A recipient whose helper changes; None: it has none."""

    recipient: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Rival:
    """A candidate of a recipient: its score, whether it is full, and what taking it would cost at least.

    The loss is in score; None where taking it would leave somebody without help.
    """

    helper: str
    score: float
    full: bool
    loss_at_least: float | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a recipient has its helper.

    Attributes
    ----------
    helper : str or None
        None: nobody is left for it.
    decided : bool
        Whether people decided the pair, so that nothing was compared.
    rank : int or None
        1 + how many candidates score higher.
    price : float or None
        What one more place of the helper would be worth, in score.
    rivals : tuple of Rival
        The other candidates, the closest first.
    """

    recipient: str
    helper: str | None
    decided: bool
    score: float | None
    rank: int | None
    price: float | None
    rivals: tuple[Rival, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would become of a proposal after a change, with the proof that nothing better is possible.

    Attributes
    ----------
    possible : bool
        False where a demanded pair finds no place at all; the rest is then empty.
    loss : float
        Sum of scores by which it is worse; negative where it is better.
    unserved : int
        How many more stay without a helper; negative where fewer.
    changes : tuple of Change
        Everybody whose helper changes; for `Answers.why_not` as a chain, the demanded pair first.
    desk : Desk or None
        The changed assignment with its prices.
    """

    possible: bool
    loss: float = 0.0
    unserved: int = 0
    changes: tuple[Change, ...] = ()
    desk: Desk | None = field(default=None, repr=False)

    def faults(self) -> list[str]:
        """Check the outcome anew, trusting no solver; empty when it is proved best."""
        return [] if self.desk is None else self.desk.assignment().faults()


class Answers:
    """Answers about one proposal, in milliseconds each once this is made.

    Raises
    ------
    InputError
        If the proposal is no optimum proved by prices (whole units of different sizes, a limit of moves,
        or pairs nobody optimised).

    Examples
    --------
    >>> import pyarrow as pa
    >>> from jiedui.pairs import make_problem, propose
    >>> problem = make_problem(
    ...     pa.table({"id": ["g", "h"], "capacity": [1.0, 1.0]}),
    ...     pa.table({"id": ["r", "s"]}),
    ...     pa.table({"recipient": ["r", "r", "s"], "helper": ["g", "h", "g"], "score": [0.9, 0.5, 0.6]}),
    ... )
    >>> answers = Answers(propose(problem, objective=("coverage", "total"), quota={"g": 1, "h": 1}))
    >>> answers.explain("r").helper
    'h'
    >>> [(change.recipient, change.after) for change in answers.why_not("g", "r").changes]
    [('r', 'g'), ('s', None)]
    """

    def __init__(self, proposal: Proposal) -> None:
        steps = proposal.steps
        if (
            not steps
            or proposal.prices is None
            or steps[-1].certificate.proof != "prices"
            or not is_market(steps[-1].instance)
        ):
            raise InputError([finding("pairs.no_answers", found=proposal.proof)])
        self.proposal, self.problem = proposal, proposal.problem
        instance = steps[-1].instance
        kept = np.flatnonzero(proposal.open_edges)
        chosen = proposal.chosen[kept] & ~instance.forced
        taken = np.full(len(instance.need), OUTSIDE, np.int32)
        taken[instance.row[chosen]] = instance.column[chosen]
        prices = np.asarray(steps[-1].certificate.nodes[0].prices[:-1], np.int64) // SCALE
        self.best = Assignment(_with_room(market(instance), instance), taken, prices)
        self._rows = {name: row for row, name in enumerate(self.problem.recipient_ids)}
        self._columns = {name: column for column, name in enumerate(self.problem.helper_ids)}

    @cached_property
    def desk(self) -> Desk:
        """The solved market, to be copied before it is changed."""
        return Desk.of(self.best)

    def explain(self, recipient: str) -> Explanation:
        """Say why a recipient has its helper, and how its other candidates compare."""
        row = self._row(recipient)
        problem, prices = self.problem, self.best.prices
        edges = self._edges(row)
        first = edges[0] if len(edges) else 0
        own = edges[self.proposal.chosen[edges]]
        decided = bool(problem.forced[own].any())
        now = int(problem.column[own[0]]) if len(own) else None
        score = problem.score[edges] / SCORE_UNIT
        mine = float(score[own[0] - first]) if len(own) else None
        rivals = [] if decided else self._rivals(row)
        return Explanation(
            recipient,
            None if now is None else problem.helper_ids[now],
            decided,
            mine,
            None if mine is None else 1 + int((score > mine).sum()),
            None if now is None else float(prices[now]) / SCORE_UNIT,
            tuple(sorted(rivals, key=_closeness)),
        )

    def why_not(self, helper: str, recipient: str) -> Outcome:
        """Say what would have to give way if this recipient had this helper, as a chain of names."""
        return self.what_if(force=[(helper, recipient)])

    def what_if(
        self,
        *,
        add_places: Mapping[str, int] | None = None,
        drop: Collection[str] = (),
        force: Iterable[tuple[str, str]] = (),
    ) -> Outcome:
        """Say what the best proposal would be with more places, without some helpers, with demanded pairs.

        Parameters
        ----------
        add_places
            Places more (at least 1) for some helpers.
        drop
            Helpers that are no longer there.
        force
            Pairs (helper, recipient) that must be.

        Raises
        ------
        InputError
            If an id is unknown, or a demanded pair is no candidate or already decided otherwise.
        """
        desk = self.desk.copy()
        for name, places in (add_places or {}).items():
            desk.widen(self._column(name), places)
        for name in drop:
            desk.close(self._column(name))
        first = []
        for name, recipient in force:
            row, column = self._row(recipient), self._column(name)
            self._check_candidate(row, column)
            first.append(row)
            desk.leave(row)
            if not desk.come(row, column):
                return Outcome(possible=False)
            desk.hold(row)
        return self._outcome(desk, first)

    def worth(self) -> pa.Table:
        """Give what one more place of each helper is worth and what one place less costs, exactly, in score.

        The table has ``helper``, ``one_more``, ``one_less`` (null where it has no place).
        """
        import pyarrow as pa

        asked = self.best.market
        highest = highest_prices(
            asked.rows, self.desk.columns, asked.sides, self.best.taken, self.best.prices
        )
        less = [
            None if value == FAR or not places else float(value) / SCORE_UNIT
            for value, places in zip(highest, asked.capacity, strict=True)
        ]
        return pa.table(
            {
                "helper": list(self.problem.helper_ids),
                "one_more": self.best.prices / SCORE_UNIT,
                "one_less": pa.array(less, pa.float64()),
            }
        )

    def firmness(self, recipient: str) -> float:
        """Give how far a pair's score may fall, or another candidate's rise, before the pair changes.

        In score and exact, with everything else as it is; infinite where only leaving somebody without
        help could change it, or where it has no helper that could change.
        """
        row = self._row(recipient)
        if self.best.taken[row] < 0:
            return float("inf")
        firm = float("inf")
        for rival in sorted(self._rivals(row), key=_closeness):
            if rival.loss_at_least is None or rival.loss_at_least >= firm:
                break
            outcome = self.why_not(rival.helper, recipient)
            if outcome.possible and not outcome.unserved:
                firm = min(firm, outcome.loss)
        return firm

    def _rivals(self, row: int) -> list[Rival]:
        """Compare the open candidates of a recipient with what it has."""
        asked, desk = self.best.market, self.desk
        edges = slice(int(asked.start[row]), int(asked.start[row + 1]))
        columns, paid = asked.helper[edges], asked.cost[edges] + self.best.prices[asked.helper[edges]]
        now = int(self.best.taken[row])
        own = desk.paid[row] + (self.best.prices[now] if now >= 0 else 0)
        return [
            Rival(
                self.problem.helper_ids[column],
                self._score(row, int(column)),
                bool(desk.count[column] == asked.capacity[column]),
                float(cost - own) / SCORE_UNIT if cost < asked.penalty[row] else None,
            )
            for column, cost in zip(columns, paid, strict=True)
            if column != now
        ]

    def _outcome(self, desk: Desk, first: list[int]) -> Outcome:
        """Compare a changed desk with the proposal."""
        moved = np.flatnonzero(desk.taken != self.best.taken)
        pairs = [(int(row), int(self.best.taken[row]), int(desk.taken[row])) for row in moved]
        before = sum(self._score(row, helper) for row, helper, _ in pairs if helper >= 0)
        after = sum(self._score(row, helper) for row, _, helper in pairs if helper >= 0)
        lost = sum((helper >= 0) - (earlier >= 0) for _, earlier, helper in pairs)
        changes = {row: Change(*self._names(row, earlier, helper)) for row, earlier, helper in pairs}
        return Outcome(
            possible=True,
            loss=round(before - after, 9),
            unserved=-lost,
            changes=tuple(changes[row] for row in _as_chain(pairs, first)),
            desk=desk,
        )

    def _names(self, row: int, before: int, after: int) -> tuple[str, str | None, str | None]:
        names = self.problem.helper_ids
        return (
            self.problem.recipient_ids[row],
            names[before] if before >= 0 else None,
            names[after] if after >= 0 else None,
        )

    def _score(self, row: int, column: int) -> float:
        edges = self._edges(row)
        place = np.searchsorted(self.problem.column[edges], column)
        return float(self.problem.score[edges[place]]) / SCORE_UNIT

    def _edges(self, row: int) -> Ints:
        """Give the candidate pairs of a recipient, as positions in the problem."""
        wanted = np.array([row, row + 1], self.problem.row.dtype)
        return np.arange(*np.searchsorted(self.problem.row, wanted))

    def _check_candidate(self, row: int, column: int) -> None:
        """Refuse a demand for a pair that may not be."""
        asked = self.best.market
        if column not in asked.helper[asked.start[row] : asked.start[row + 1]]:
            names = self.problem.recipient_ids[row], self.problem.helper_ids[column]
            raise InputError([finding("pairs.not_open", recipient=names[0], helper=names[1])])

    def _row(self, recipient: str) -> int:
        if recipient not in self._rows:
            raise InputError(
                [finding("pairs.unknown_id", table="answers", id=recipient, allowed="recipients")]
            )
        return self._rows[recipient]

    def _column(self, helper: str) -> int:
        if helper not in self._columns:
            raise InputError([finding("pairs.unknown_id", table="answers", id=helper, allowed="helpers")])
        return self._columns[helper]


def _with_room(asked: Market, instance: Instance) -> Market:
    """Tell helpers with a place too many from those with just enough; more than that makes no difference."""
    unit = max(1, int(instance.weight.max(initial=1)))
    room = (instance.capacity - instance.ticks(instance.forced)) // unit
    candidates = np.bincount(asked.helper, minlength=len(room))
    return replace(asked, capacity=np.minimum(room, candidates + 1))


def _closeness(rival: Rival) -> tuple[float, str]:
    """Order rivals: the one that costs least first, those who would leave somebody without help last."""
    return (float("inf") if rival.loss_at_least is None else rival.loss_at_least, rival.helper)


def _as_chain(pairs: list[tuple[int, int, int]], first: list[int]) -> list[int]:
    """Order changes so that each gives way to the one before; those demanded begin."""
    left: dict[int, list[int]] = {}
    for row, before, _ in sorted(pairs, reverse=True):
        left.setdefault(before, []).append(row)
    goes = {row: after for row, _, after in pairs}
    order: dict[int, None] = {}
    for start in (*first, *sorted(goes)):
        queue = [start]
        while queue and queue[-1] in goes and queue[-1] not in order:
            row = queue[-1]
            order[row] = None
            queue = [one for one in left.get(goes[row], ()) if one not in order and goes[row] >= 0]
    return list(order)
