"""A proposal: pairs with what proves them best, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from jiedui.pairs.certificate import SCALE, Certificate, is_proved, verify
from jiedui.pairs.problem import SCORE_UNIT, Problem

if TYPE_CHECKING:
    import pyarrow as pa

    from jiedui.pairs.instance import Flags, Instance, Ints
    from jiedui.pairs.kernel.chain import Followed


@dataclass(frozen=True, slots=True)
class Step:
    """One objective of a proposal: what was asked, and the proof of the answer.

    Attributes
    ----------
    objective : str
        ``coverage``, ``load``, ``floor`` or ``total``.
    instance : Instance
        For ``total`` the question whose best choice is the proposal. For the others the question that
        a better answer would solve at less than the certificate's value.
    certificate : Certificate
        No choice of the instance costs less than its bound.
    """

    objective: str
    instance: Instance
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the engine gives; decided by people, it becomes pairings.

    Attributes
    ----------
    problem : Problem
        What was asked.
    chosen : bool[E]
        The candidate pairs proposed.
    steps : tuple of Step
        One per objective that needed a proof; empty for a choice that nobody optimised.
    followed : Followed or None
        The rounds of ``leximin`` and ``least_change``, each proved by prices.
    unstated : tuple of str
        What it keeps though its last question does not ask for it: a limit of moves that did not bind,
        contiguity.
    """

    problem: Problem
    chosen: Flags
    steps: tuple[Step, ...] = ()
    followed: Followed | None = None
    unstated: tuple[str, ...] = ()

    @property
    def open_edges(self) -> Flags:
        """The candidate pairs that the last question still allowed, bool[E]."""
        last, helpers = self.steps[-1].instance, np.int64(len(self.problem.helper_ids))
        if len(last.row) == len(self.problem.row):
            return np.ones(len(last.row), bool)
        return np.isin(
            self.problem.row * helpers + self.problem.column, last.row * helpers + last.column, kind="sort"
        )

    @property
    def _total(self) -> Step | None:
        """The last step, where it is the question whose best choice is the proposal."""
        last = self.steps[-1] if self.steps else None
        return last if last and last.objective == "total" else None

    @property
    def proof(self) -> str:
        """The weakest proof among the steps, as in `Certificate.proof`; ``none`` without steps."""
        order = ("prices", "tree", "solver", "heuristic")
        proofs = [step.certificate.proof for step in self.steps] + ["prices"] * (self.followed is not None)
        return max(proofs, key=order.index, default="none")

    @property
    def gap(self) -> float | None:
        """Mean score per place by which the optimum might still be better, as far as proved here."""
        if not self._total:
            return 0.0 if self.followed else None
        places = int(self.problem.places.sum()) * self.problem.tick
        return float(self._total.certificate.gap / SCORE_UNIT / places)

    @property
    def prices(self) -> Ints | None:
        """Prices of capacity, of limits and, last, of a move (cost times SCALE); None if nobody optimised."""
        return np.asarray(self._total.certificate.nodes[0].prices, np.int64) if self._total else None

    @property
    def place_prices(self) -> dict[str, float] | None:
        """What one more place of each helper would be worth, in score (with a limit of moves: at most).

        Infinite where it would serve one more recipient. None where prices do not prove the optimum: prices
        of a relaxation say nothing about whole units.
        """
        if self.prices is None or not self._total or self._total.certificate.proof != "prices":
            return None
        own = self.prices[: len(self.problem.helper_ids)]
        instance = self._total.instance
        serves = int((instance.penalty - instance.loss).min()) // (2 * int(instance.weight.max()))
        worth = (int(price) / SCALE if price < serves * SCALE else float("inf") for price in own)
        worth = (price / SCORE_UNIT for price in worth)
        return dict(zip(self.problem.helper_ids, worth, strict=True))

    @property
    def pairs(self) -> pa.Table:
        """The pairs as a table ``recipient``, ``helper``, ``status`` (kept or new), sorted by both ids."""
        import pyarrow as pa

        problem, edges = self.problem, np.flatnonzero(self.chosen)
        return pa.table(
            {
                "recipient": [problem.recipient_ids[row] for row in problem.row[edges]],
                "helper": [problem.helper_ids[column] for column in problem.column[edges]],
                "status": ["kept" if kept else "new" for kept in problem.present[edges]],
            }
        )

    @property
    def moves(self) -> int:
        """How many pairs depart from the present."""
        return int((self.chosen & ~self.problem.present).sum())

    @property
    def unserved(self) -> int:
        """How many helpers are lacking of the least that recipients need, over all of them."""
        problem = self.problem
        served = np.bincount(problem.row[self.chosen], minlength=len(problem.need))
        return int(np.maximum(0, problem.need_min - served).sum())

    def loads(self) -> list[Fraction]:
        """Give each helper's places and duties per strength."""
        return [
            self.problem.load(helper, int(amount))
            for helper, amount in enumerate(self.problem.ticks(self.chosen))
        ]

    def below(self, least: Mapping[str, int]) -> dict[str, int]:
        """Give the helpers that take fewer places than asked for, and how many they lack."""
        ticks = self.problem.ticks(self.chosen)
        found = zip(self.problem.helper_ids, ticks, strict=True)
        lacking = {helper: least.get(helper, 0) - int(amount / self.problem.tick) for helper, amount in found}
        return {helper: count for helper, count in lacking.items() if count > 0}

    def faults(self) -> list[str]:
        """Check pairs and proofs anew, trusting no solver; empty when all holds."""
        unproved = [step for step in self.steps if not is_proved(step.instance, step.certificate)]
        found = [f"{step.objective}: bound" for step in unproved]
        if self._total:
            kept = self.open_edges
            chosen = self.chosen[kept]
            found += [
                f"total: {fault}" for fault in verify(self._total.instance, chosen, self._total.certificate)
            ]
            if self.chosen[~kept].any():
                found.append("total: edges")
        if self.followed:
            found += self.followed.faults(self.chosen)
        return found


def given(problem: Problem, pairs: Sequence[tuple[str, str]]) -> Proposal:
    """Take pairs (recipient, helper) as they are, without optimising: the present, a rule of thumb."""
    wanted = set(pairs)
    ids = (
        (problem.recipient_ids[r], problem.helper_ids[c])
        for r, c in zip(problem.row, problem.column, strict=True)
    )
    return Proposal(problem, np.array([pair in wanted for pair in ids], bool))
