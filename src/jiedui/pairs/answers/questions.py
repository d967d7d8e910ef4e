"""What a planner asks of a proposal: why this helper, why not that one, what if, what is a place worth.

Every answer is exact: it comes from the proposal's prices and shortest chains of exchanges, and equals
solving everything again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from jiedui.errors import InputError
from jiedui.language import finding
from jiedui.pairs.answers.coverage import coverage_of, highest_prices_of, with_room
from jiedui.pairs.answers.replies import Change, Explanation, Outcome, Rival, as_chain
from jiedui.pairs.certificate import SCALE
from jiedui.pairs.flow import is_market, market
from jiedui.pairs.kernel.desk import Desk
from jiedui.pairs.kernel.market import OUTSIDE, Assignment
from jiedui.pairs.problem import SCORE_UNIT

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from jiedui.pairs.kernel.market import Ints
    from jiedui.pairs.proposal import Proposal


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
        self.best = Assignment(with_room(market(instance), instance), taken, prices)
        self._loss_outside, self._firm = instance.loss, instance.spare == 0
        self._rows = {name: row for row, name in enumerate(self.problem.recipient_ids)}
        self._columns = {name: column for column, name in enumerate(self.problem.helper_ids)}

    @cached_property
    def desk(self) -> Desk:
        """The solved market, to be copied before it is changed."""
        return Desk.of(self.best)

    @cached_property
    def coverage(self) -> Assignment:
        """The same assignment seen as the best coverage, whatever the scores."""
        return coverage_of(self.best, self._loss_outside)

    def explain(self, recipient: str) -> Explanation:
        """Say why a recipient has its helper, and how its other candidates compare."""
        row = self._row(recipient)
        problem, prices = self.problem, self.best.prices
        edges = self._edges(row)
        first = edges[0] if len(edges) else 0
        own = edges[self.proposal.chosen[edges]]
        own = own[np.argsort(problem.forced[own], kind="stable")]
        decided = bool(problem.forced[own[:1]].any())
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
            None if now is None else float(self._in_score(prices[now], self.coverage.prices[now])),
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
            Places more (at least 1) for some helpers; whole pairs where a recipient has several places.
        drop
            Helpers that are no longer there.
        force
            Pairs (helper, recipient) that must be.

        Raises
        ------
        InputError
            If an id is unknown, a recipient is demanded twice, a demanded pair is no candidate or already
            decided otherwise, a helper to drop has decided pairs, or places are not at least one whole pair.
        """
        demands = [(self._row(recipient), self._column(name)) for name, recipient in force]
        self._check_demands(demands)
        desk = self.desk.copy()
        for name, places in (add_places or {}).items():
            desk.widen(self._column(name), self._room(name, places))
        for column in self._droppable(drop):
            desk.close(column)
        placed = all(_demand(desk, row, column) for row, column in demands)
        return self._outcome(desk, [row for row, _ in demands]) if placed else Outcome(possible=False)

    def worth(self) -> pa.Table:
        """Give what one more pair of each helper is worth and what one pair less costs, exactly, in score.

        The table has ``helper``, ``one_more``, ``one_less``: infinite where somebody more, or fewer, would be
        served; ``one_less`` is null where the helper has no place but for decided pairs.
        """
        import pyarrow as pa

        names, places = list(self.problem.helper_ids), self.best.market.capacity
        more = self._in_score(self.best.prices, self.coverage.prices)
        less = self._in_score(highest_prices_of(self.best), highest_prices_of(self.coverage))
        return pa.table(
            {"helper": names, "one_more": more, "one_less": pa.array(less, pa.float64(), mask=places == 0)}
        )

    def firmness(self, recipient: str) -> float:
        """Give how far a pair's score may fall, or another candidate's rise, before the pair changes.

        In score (with what was added to it for staying) and exact, with everything else as it is; infinite
        where only serving fewer could change it, or where it has no helper that could change.
        """
        row = self._row(recipient)
        if self.best.taken[row] < 0:
            return float("inf")
        desk = self.desk.copy()
        desk.leave(row)
        firm = self._loss(desk)
        for rival in sorted(self._rivals(row), key=_closeness):
            if rival.loss_at_least is None or rival.loss_at_least >= firm:
                break
            desk = self.desk.copy()
            if _demand(desk, row, self._column(rival.helper)):
                firm = min(firm, self._loss(desk))
        return firm

    def _loss(self, desk: Desk) -> float:
        """Give what a changed desk costs more, in score; infinite where it covers less."""
        moved = np.flatnonzero(desk.taken != self.best.taken)
        before, after = (
            np.array([self._cost(int(row), int(taken[row])) for row in moved], np.int64).reshape(-1, 2).sum(0)
            for taken in (self.best.taken, desk.taken)
        )
        lost = after - before
        return float(self._in_score(lost[0], lost[1]))

    def _cost(self, row: int, column: int) -> tuple[int, int]:
        """Give what a pair, or staying outside, costs in the market: by scores, and in coverage."""
        asked = self.best.market
        if column < 0:
            covered = int(self.coverage.market.penalty[row])
            return int(asked.penalty[row]) - covered, covered
        first, last = int(asked.start[row]), int(asked.start[row + 1])
        return int(asked.cost[first + np.searchsorted(asked.helper[first:last], column)]), 0

    def _rivals(self, row: int) -> list[Rival]:
        """Compare the open candidates of a recipient with what it has."""
        asked, desk = self.best.market, self.desk
        edges = slice(int(asked.start[row]), int(asked.start[row + 1]))
        columns, now = asked.helper[edges], int(self.best.taken[row])
        lost, uncovered = (
            cost + prices[columns] - own - (prices[now] if now >= 0 else 0)
            for cost, own, prices in (
                (asked.cost[edges], desk.paid[row], self.best.prices),
                (0, self._cost(row, now)[1], self.coverage.prices),
            )
        )
        return [
            Rival(
                self.problem.helper_ids[column],
                self._score(row, int(column)) / SCORE_UNIT,
                bool(desk.count[column] == asked.capacity[column]),
                None if np.isinf(loss) else float(loss),
            )
            for column, loss in zip(columns, self._in_score(lost, uncovered), strict=True)
            if column != now
        ]

    def _in_score(self, cost: Ints, uncovered: Ints) -> NDArray[np.float64]:
        """Turn costs into score; infinite where they cost coverage, too."""
        return np.where(uncovered > 0, np.inf, cost / SCORE_UNIT)

    def _outcome(self, desk: Desk, first: list[int]) -> Outcome:
        """Compare a changed desk with the proposal."""
        moved = np.flatnonzero(desk.taken != self.best.taken)
        pairs = [(int(row), int(self.best.taken[row]), int(desk.taken[row])) for row in moved]
        before = sum(self._score(row, helper) for row, helper, _ in pairs if helper >= 0)
        after = sum(self._score(row, helper) for row, _, helper in pairs if helper >= 0)
        lost = sum((earlier >= 0) - (helper >= 0) for row, earlier, helper in pairs if self._firm[row])
        changes = {row: Change(*self._names(row, earlier, helper)) for row, earlier, helper in pairs}
        return Outcome(
            possible=True,
            loss=(before - after) / SCORE_UNIT,
            unserved=lost,
            changes=tuple(changes[row] for row in as_chain(pairs, first)),
            desk=desk,
        )

    def _names(self, row: int, before: int, after: int) -> tuple[str, str | None, str | None]:
        names = self.problem.helper_ids
        return (
            self.problem.recipient_ids[row],
            names[before] if before >= 0 else None,
            names[after] if after >= 0 else None,
        )

    def _score(self, row: int, column: int) -> int:
        """Give the score of a pair, in millionths."""
        edges = self._edges(row)
        place = np.searchsorted(self.problem.column[edges], column)
        return int(self.problem.score[edges[place]])

    def _edges(self, row: int) -> Ints:
        """Give the candidate pairs of a recipient, as positions in the problem."""
        wanted = np.array([row, row + 1], self.problem.row.dtype)
        return np.arange(*np.searchsorted(self.problem.row, wanted))

    def _check_demands(self, demands: list[tuple[int, int]]) -> None:
        """Refuse demands for pairs that may not be, or for two helpers of one recipient."""
        names, asked = self.problem.recipient_ids, self.best.market
        counts = Counter(row for row, _ in demands)
        findings = [
            finding("pairs.duplicate", table="force", id=names[row], count=count)
            for row, count in counts.items()
            if count > 1
        ]
        findings += [
            finding("pairs.not_open", recipient=names[row], helper=self.problem.helper_ids[column])
            for row, column in demands
            if column not in asked.helper[asked.start[row] : asked.start[row + 1]]
        ]
        if findings:
            raise InputError(findings)

    def _droppable(self, drop: Collection[str]) -> list[int]:
        """Give helpers to drop, once each; decisions are not undone by a question."""
        columns = sorted({self._column(name) for name in drop})
        decided = np.bincount(
            self.problem.column[self.problem.forced], minlength=len(self.problem.helper_ids)
        )
        if held := [column for column in columns if decided[column]]:
            raise InputError(
                [
                    finding(
                        "pairs.drop_decided", helper=self.problem.helper_ids[column], count=decided[column]
                    )
                    for column in held
                ]
            )
        return columns

    def _room(self, helper: str, places: int) -> int:
        """Give places as whole pairs."""
        pairs = Fraction(places) * self.problem.tick
        if pairs < 1 or pairs.denominator > 1:
            raise InputError(
                [finding("pairs.add_places", id=helper, value=places, unit=1 / self.problem.tick)]
            )
        return int(pairs)

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


def _closeness(rival: Rival) -> tuple[float, str]:
    """Order rivals: the one that costs least first, those who would leave somebody without help last."""
    return (float("inf") if rival.loss_at_least is None else rival.loss_at_least, rival.helper)


def _demand(desk: Desk, row: int, column: int) -> bool:
    """Give a recipient to a helper and keep it there; False where there is no room."""
    if desk.taken[row] != column:
        desk.leave(row)
        if not desk.come(row, column):
            return False
    desk.hold(row)
    return True
