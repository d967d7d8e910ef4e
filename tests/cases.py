"""Small random pairings of single places, and the list of all their choices, which shares no code with us."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jiedui.pairs import make_problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jiedui.pairs.problem import Problem
    from jiedui.pairs.proposal import Proposal

    Choice = tuple[int, ...]
    Choices = NDArray[np.int64]

NONE = -1
UNIT = 10**6


@dataclass(frozen=True)
class Case:
    """A pairing of single places; pairs are (recipient, helper), scores in millionths.

    Recipients in `second` come after the others, those in `optional` need no helper but may have one.
    """

    places: dict[str, int]
    recipients: tuple[str, ...]
    score: dict[tuple[str, str], int]
    present: frozenset[tuple[str, str]] = frozenset()
    decided: frozenset[tuple[str, str, str]] = frozenset()
    second: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()

    @property
    def helpers(self) -> tuple[str, ...]:
        return tuple(self.places)

    @property
    def forced(self) -> dict[str, str]:
        return {recipient: helper for recipient, helper, kind in sorted(self.decided) if kind != "forbidden"}

    @property
    def forbidden(self) -> set[tuple[str, str]]:
        return {(recipient, helper) for recipient, helper, kind in self.decided if kind == "forbidden"}

    def problem(self) -> Problem:
        """Bring the case through the public door."""
        return make_problem(
            pa.table({"id": list(self.places), "capacity": [1.0] * len(self.places)}),
            pa.table(
                {
                    "id": list(self.recipients),
                    "priority": [1 + (name in self.second) for name in self.recipients],
                    "need_min": [int(name not in self.optional) for name in self.recipients],
                }
            ),
            pa.table(
                {
                    "recipient": pa.array([recipient for recipient, _ in self.score], pa.string()),
                    "helper": pa.array([helper for _, helper in self.score], pa.string()),
                    "score": pa.array([value / UNIT for value in self.score.values()], pa.float64()),
                }
            ),
            present=_table(self.present, ("recipient", "helper")),
            decided=_table(self.decided, ("recipient", "helper", "kind")) if self.decided else None,
        )

    def choices(self, room: dict[str, int] | None = None) -> Choices:
        """List every choice that keeps candidates, decisions and places.

        Each is a helper (or none) by recipient, [K, N]. Without `room`, decided pairs are kept beyond places.
        """
        decided = list(self.forced.values())
        room = room or {helper: max(count, decided.count(helper)) for helper, count in self.places.items()}
        options = [self._options(recipient) for recipient in self.recipients]
        listed = np.array(list(product(*options)), np.int64).reshape(-1, len(self.recipients))
        fits = [(listed == column).sum(axis=1) <= room[name] for column, name in enumerate(self.helpers)]
        return np.asarray(listed[np.all(fits, axis=0)])

    def _options(self, recipient: str) -> list[int]:
        if recipient in self.forced:
            return [self.helpers.index(self.forced[recipient])]
        open_pairs = {pair for pair in self.score if pair[0] == recipient} - self.forbidden
        return [NONE, *sorted(self.helpers.index(helper) for _, helper in open_pairs)]

    def served(self, choices: Choices) -> Choices:
        """Count in each choice those served who need it; all of `second` count less than one other."""
        weight = [
            (name not in self.optional) * (1 if name in self.second else 10) for name in self.recipients
        ]
        return np.asarray(((choices != NONE) * np.array(weight)).sum(axis=1))

    def lacking(self, choices: Choices) -> Choices:
        """Count in each choice who needs a helper and has none."""
        needs = np.array([name not in self.optional for name in self.recipients])
        return np.asarray(((choices == NONE) & needs).sum(axis=1))

    def total(self, choices: Choices, *, stay: int = 0) -> Choices:
        """Sum the scores of each choice, with a bonus for present pairs."""
        worth = np.zeros((len(self.recipients), len(self.helpers) + 1), np.int64)
        for (recipient, helper), value in self.score.items():
            bonus = stay * ((recipient, helper) in self.present)
            worth[self.recipients.index(recipient), self.helpers.index(helper)] = value + bonus
        return np.asarray(worth[np.arange(len(self.recipients)), choices].sum(axis=1))

    def moves(self, choices: Choices, earlier: frozenset[tuple[str, str]]) -> Choices:
        """Count the pairs of each choice that are not among earlier ones."""
        moved = np.ones((len(self.recipients), len(self.helpers) + 1), np.int64)
        moved[:, NONE] = 0
        for recipient, helper in earlier:
            if recipient in self.recipients and helper in self.helpers:
                moved[self.recipients.index(recipient), self.helpers.index(helper)] = 0
        return np.asarray(moved[np.arange(len(self.recipients)), choices].sum(axis=1))

    def best(self, choices: Choices, *, stay: int = 0) -> Choices:
        """Keep the choices that serve most and, of these, have the highest sum of scores."""
        most = choices[self.served(choices) == self.served(choices).max()]
        total = self.total(most, stay=stay)
        return np.asarray(most[total == total.max()])

    def taken(self, proposal: Proposal) -> Choice:
        """Give a proposal as a choice."""
        helper = {pair["recipient"]: pair["helper"] for pair in proposal.pairs.to_pylist()}
        return tuple(self.helpers.index(helper[name]) if name in helper else NONE for name in self.recipients)

    def pairs(self, choice: Choice) -> frozenset[tuple[str, str]]:
        """Give a choice as pairs of names."""
        named = zip(self.recipients, choice, strict=True)
        return frozenset((name, self.helpers[column]) for name, column in named if column != NONE)

    def with_places(self, helper: str, more: int) -> Case:
        """Give a helper more places, or fewer."""
        return replace(self, places={**self.places, helper: self.places[helper] + more})


def draw_case(
    random: np.random.Generator, *, recipients: int = 5, helpers: int = 3, optional: bool = False
) -> Case:
    """Draw a case, often with ties, empty rows, helpers without places, decisions, too few places."""
    rows = [f"r{row}" for row in range(int(random.integers(1, recipients + 1)))]
    columns = [f"h{column}" for column in range(int(random.integers(1, helpers + 1)))]
    share = random.choice([0.4, 0.8, 1.0])
    pairs = [pair for pair in product(rows, columns) if random.random() < share] or [(rows[0], columns[0])]
    step = int(random.choice([500_000, 200_000, 1]))
    decided: dict[tuple[str, str], tuple[str, str]] = {}
    for recipient, helper in pairs:
        kind = random.choice(["forced", "forbidden", ""], p=[0.05, 0.07, 0.88])
        if kind == "forbidden" or (kind and (recipient, "forced") not in decided.values()):
            decided[recipient, helper] = (recipient, str(kind))
    return Case(
        places={name: int(random.integers(0, 3)) for name in columns},
        recipients=tuple(rows),
        score={pair: int(random.integers(0, UNIT // step + 1)) * step for pair in pairs},
        present=frozenset(pair for pair in pairs if random.random() < 1 / 3),
        decided=frozenset((*pair, kind) for pair, (_, kind) in decided.items()),
        second=_some(random, rows, random.choice([0, 0, 1 / 2])),
        optional=_some(random, rows, random.choice([0, 0, 1 / 2]) * optional),
    )


def _some(random: np.random.Generator, names: list[str], share: float) -> frozenset[str]:
    return frozenset(name for name in names if random.random() < share)


def bound_of(proposal: Proposal) -> tuple[Fraction, Fraction]:
    """Recompute value and Lagrangian bound of the last step from its prices, in plain exact arithmetic.

    Pairs that fit in no place left by decisions, or in no move left, can never be and are left out.
    """
    step = proposal.steps[-1]
    asked, prices = step.instance, [Fraction(one, 2**16) for one in step.certificate.nodes[0].prices]
    assert min(prices) >= 0
    taken = proposal.chosen[proposal.open_edges].tolist()
    row, column, cost = asked.row.tolist(), asked.column.tolist(), asked.cost.tolist()
    weight = [int(asked.weight[one]) for one in row]
    decided = [edge for edge in range(len(row)) if asked.forced[edge]]
    room, need, moves = asked.capacity.tolist(), asked.need.tolist(), asked.max_moves
    for edge in decided:
        room[column[edge]] -= weight[edge]
        need[row[edge]] -= 1
        moves = None if moves is None else moves - int(asked.moved[edge])
    paid: dict[int, list[Fraction]] = {one: [] for one in range(len(need))}
    for edge in set(range(len(row))) - set(decided):
        moved = bool(asked.moved[edge]) and moves is not None
        if weight[edge] <= room[column[edge]] and not (moved and moves == 0):
            price = weight[edge] * prices[column[edge]] + moved * prices[-1]
            paid[row[edge]].append(cost[edge] + price)
    bound = Fraction(sum(cost[edge] for edge in decided))
    for one, wanted in enumerate(need):
        spare = min(int(asked.spare[one]), wanted)
        outside = [Fraction(int(asked.penalty[one]))] * (wanted - spare)
        outside += [Fraction(int(asked.loss[one]))] * spare
        bound += sum(sorted(paid[one] + outside)[:wanted], Fraction(0))
    bound -= sum((price * left for price, left in zip(prices[:-1], room, strict=True)), Fraction(0))
    bound -= prices[-1] * (moves or 0)
    served = Counter(one for one, is_taken in zip(row, taken, strict=True) if is_taken)
    value = Fraction(sum(one for one, is_taken in zip(cost, taken, strict=True) if is_taken))
    for one, wanted in enumerate(asked.need.tolist()):
        spare = min(int(asked.spare[one]), wanted - served[one])
        value += int(asked.penalty[one]) * (wanted - served[one] - spare) + int(asked.loss[one]) * spare
    return value, bound


def _table(rows: frozenset[tuple[str, ...]], names: tuple[str, ...]) -> pa.Table:
    listed = sorted(rows)
    return pa.table(
        {name: pa.array([row[place] for row in listed], pa.string()) for place, name in enumerate(names)}
    )
