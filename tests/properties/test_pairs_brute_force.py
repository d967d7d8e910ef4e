"""Every proposal meets its brute-force twin on small random cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given as random_case
from hypothesis import settings
from hypothesis import strategies as st

from jiedui.errors import InfeasibleError
from jiedui.pairs import least_moves, make_problem, propose
from jiedui.pairs.problem import Problem
from jiedui.pairs.proposal import Proposal

Pair = tuple[str, str]
HELPERS = ("a", "b", "c")


@dataclass(frozen=True)
class Case:
    """A small pairing: everything a brute-force search needs."""

    capacity: dict[str, float]
    duties: dict[str, float]
    places: dict[str, int]
    need: dict[str, int]
    score: dict[Pair, float]
    present: set[Pair]
    forced: set[Pair]
    quota: dict[str, int] | None
    max_moves: int | None

    def problem(self) -> Problem:
        return make_problem(
            pa.table(
                {
                    "id": list(self.capacity),
                    "capacity": list(self.capacity.values()),
                    "duties": list(self.duties.values()),
                }
            ),
            pa.table(
                {
                    "id": list(self.places),
                    "places": list(self.places.values()),
                    "need": list(self.need.values()),
                }
            ),
            pa.table(
                {
                    "recipient": [recipient for recipient, _ in self.score],
                    "helper": [helper for _, helper in self.score],
                    "score": list(self.score.values()),
                }
            ),
            present=_pairs(self.present),
            decided=_pairs(self.forced).append_column(
                "kind", pa.array(["forced"] * len(self.forced), pa.string())
            ),
        )

    def load(self, chosen: frozenset[Pair]) -> Fraction:
        """Worst load of a choice."""
        return max(
            (Fraction(self.duties[helper]) + self.carried(chosen, helper)) / Fraction(self.capacity[helper])
            for helper in HELPERS
        )

    def carried(self, chosen: frozenset[Pair], helper: str) -> Fraction:
        """Places a helper serves."""
        return sum((Fraction(self.places[r], self.need[r]) for r, h in chosen if h == helper), Fraction(0))

    def choices(self) -> list[frozenset[Pair]]:
        """Every choice that keeps the rules."""
        options = []
        for recipient, need in self.need.items():
            open_pairs = [pair for pair in self.score if pair[0] == recipient]
            options.append(
                [frozenset(some) for count in range(need + 1) for some in combinations(open_pairs, count)]
            )
        whole = (frozenset().union(*parts) for parts in product(*options))
        return [choice for choice in whole if self.keeps(choice)]

    def keeps(self, chosen: frozenset[Pair]) -> bool:
        decided = frozenset(self.forced)
        return decided <= chosen and (
            self.quota is None or all(self.fits(chosen, helper) for helper in HELPERS)
        )

    def fits(self, chosen: frozenset[Pair], helper: str) -> bool:
        quota = Fraction((self.quota or {}).get(helper, 0))
        return self.carried(chosen, helper) <= max(quota, self.carried(frozenset(self.forced), helper))

    def moves(self, chosen: frozenset[Pair]) -> int:
        return len(chosen - self.present)

    def total(self, chosen: frozenset[Pair]) -> Fraction:
        """Sum of scores over places, in millionths."""
        return sum(
            (round(self.score[r, h] * 10**6) * Fraction(self.places[r], self.need[r]) for r, h in chosen),
            Fraction(0),
        )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    recipients = [f"r{place}" for place in range(draw(st.integers(1, 4)))]
    whole = draw(st.booleans())
    places = {r: draw(st.integers(1, 3)) if whole else 1 for r in recipients}
    need = {r: draw(st.sampled_from([1, 1, 2])) if whole else 1 for r in recipients}
    pairs = list(product(recipients, HELPERS))
    kept = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))
    score = {pair: draw(st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0])) for pair in sorted(kept)}
    present = {pair for pair in score if draw(st.booleans())}
    forced = {pair for pair in score if draw(st.integers(0, 7)) == 0}
    forced = {pair for pair in forced if sum(r == pair[0] for r, _ in forced) <= need[pair[0]]}
    return Case(
        capacity={h: draw(st.sampled_from([1.0, 2.0, 2.5])) for h in HELPERS},
        duties={h: draw(st.sampled_from([0.0, 0.0, 1.0, 0.5])) for h in HELPERS},
        places=places,
        need=need,
        score=score,
        present=present,
        forced=forced,
        quota=draw(st.none() | st.fixed_dictionaries({h: st.integers(0, 4) for h in HELPERS})),
        max_moves=draw(st.none() | st.integers(0, 3)),
    )


def _pairs(pairs: set[Pair]) -> pa.Table:
    rows = sorted(pairs)
    return pa.table(
        {
            "recipient": pa.array([r for r, _ in rows], pa.string()),
            "helper": pa.array([h for _, h in rows], pa.string()),
        }
    )


def _chosen(proposal: Proposal) -> frozenset[Pair]:
    problem = proposal.problem
    edges = np.flatnonzero(proposal.chosen)
    return frozenset(
        (problem.recipient_ids[problem.row[e]], problem.helper_ids[problem.column[e]]) for e in edges
    )


def _best(case: Case, objective: list[str]) -> list[frozenset[Pair]]:
    """Keep, objective after objective, only the best choices."""
    measures: dict[str, Callable[[frozenset[Pair]], Fraction | float]] = {
        "coverage": lambda choice: -len(choice),
        "load": case.load,
        "floor": lambda choice: -min((case.score[pair] for pair in choice - case.forced), default=2),
        "total": lambda choice: -case.total(choice),
    }
    left = case.choices()
    for name in objective:
        if name != "coverage":
            left = [
                choice for choice in left if case.max_moves is None or case.moves(choice) <= case.max_moves
            ]
        best = min(measures[name](choice) for choice in left)
        left = [choice for choice in left if measures[name](choice) == best]
    return left


@pytest.mark.parametrize(
    "objective",
    [
        ["coverage", "total"],
        ["coverage", "load", "total"],
        ["coverage", "floor", "total"],
        ["coverage", "load", "floor", "total"],
    ],
    ids=lambda names: "-".join(names[1:]),
)
@settings(max_examples=150, deadline=None)
@random_case(case=cases())
def test_a_proposal_is_as_good_as_the_best_of_all_choices(objective: list[str], case: Case) -> None:
    problem = case.problem()
    served = max(len(choice) for choice in case.choices())
    fewest = min(case.moves(choice) for choice in case.choices() if len(choice) == served)
    if case.max_moves is not None and fewest > case.max_moves:
        with pytest.raises(InfeasibleError, match=str(fewest)):
            propose(problem, objective=objective, quota=case.quota, max_moves=case.max_moves)
        return
    proposal = propose(problem, objective=objective, quota=case.quota, max_moves=case.max_moves)
    chosen, best = _chosen(proposal), _best(case, objective)
    assert case.keeps(chosen)
    assert case.max_moves is None or case.moves(chosen) <= case.max_moves
    assert len(chosen) == len(best[0])
    assert case.total(chosen) == case.total(best[0])
    if "load" in objective:
        assert case.load(chosen) == case.load(best[0])
    assert proposal.faults() == []
    assert proposal.proof in ("prices", "tree")
    assert proposal.gap == 0


@settings(max_examples=150, deadline=None)
@random_case(case=cases())
def test_equal_flows_give_the_pairs_that_are_first_by_recipient_and_helper(case: Case) -> None:
    if set(case.places.values()) != {1} or set(case.need.values()) != {1}:
        return
    proposal = propose(case.problem(), objective=["coverage", "total"], quota=case.quota)
    unlimited = Case(**{**vars(case), "max_moves": None})
    best = _best(unlimited, ["coverage", "total"])

    def order(choice: frozenset[Pair]) -> list[str]:
        helper = dict(choice)
        return [helper.get(recipient, "~") for recipient in sorted(case.need)]

    if len({recipient for choice in best for recipient, _ in choice}) == len(best[0]):
        assert order(_chosen(proposal)) == min(order(choice) for choice in best)


@settings(max_examples=150, deadline=None)
@random_case(case=cases())
def test_the_least_moves_that_serve_as_many_as_the_quota_can_are_found(case: Case) -> None:
    quota = case.quota or dict.fromkeys(HELPERS, 4)
    bounded = Case(**{**vars(case), "quota": quota})
    choices = bounded.choices()
    served = max(len(choice) for choice in choices)
    expected = min(case.moves(choice) for choice in choices if len(choice) == served)
    assert least_moves(bounded.problem(), quota=quota) == expected
