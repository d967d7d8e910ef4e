"""Every ordered list of objectives on single places against the list of all choices."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from tests.cases import NONE, UNIT, Case, bound_of, draw_case

from jiedui.errors import InfeasibleError, InputError
from jiedui.pairs import propose
from jiedui.schemes import band_of, is_objective

CASES = 120
LISTS = [
    ("coverage", "total"),
    ("coverage", "total", "least_change"),
    ("coverage", "leximin(0.2)", "total"),
    ("coverage", "leximin(0.07)", "total", "least_change"),
    ("coverage", "floor", "leximin(0.3)", "total"),
    ("coverage", "load", "leximin(1)", "total", "least_change"),
    ("coverage", "floor", "total", "least_change"),
    ("coverage", "floor", "load", "total"),
    ("coverage", "load", "floor", "leximin(0.1)", "total", "least_change"),
]


def ranks(
    case: Case, choices: np.ndarray, *, objective: tuple[str, ...], least: dict[str, int], stay: int
) -> list[tuple[float, ...]]:
    """Give, for each choice, how well it meets each wish in turn; the least tuple is the best."""
    early = [name for name in objective if name in ("load", "floor")]
    late = [name for name in objective if name not in ("coverage", "load", "floor")]
    wishes = [-case.served(choices), *(rank_of(case, choices, wish=name) for name in early)]
    wishes += [-filled(case, choices, least)]
    for name in late:
        if name == "total":
            wishes.append(-case.total(choices, stay=stay))
        elif name == "least_change":
            wishes.append(case.moves(choices, case.present))
        else:
            wishes += list(levels(case, choices, band=round(band_of(name) * UNIT)).T)
    return [tuple(one) for one in np.column_stack(wishes).tolist()]


def rank_of(case: Case, choices: np.ndarray, *, wish: str) -> np.ndarray:
    """Give the worst load (pairs of a helper), or how low the worst score of an undecided pair is."""
    if wish == "load":
        return np.asarray(
            np.max([(choices == column).sum(axis=1) for column in range(len(case.helpers))], axis=0)
        )
    return np.asarray(-np.where(undecided(case, choices), scores(case, choices), 2 * UNIT).min(axis=1))


def scores(case: Case, choices: np.ndarray) -> np.ndarray:
    """Give the score of each pair, [K, N]; 0 where there is none."""
    table = np.zeros((len(case.recipients), len(case.helpers) + 1), np.int64)
    for (recipient, helper), value in case.score.items():
        table[case.recipients.index(recipient), case.helpers.index(helper)] = value
    return np.asarray(table[np.arange(len(case.recipients)), choices])


def undecided(case: Case, choices: np.ndarray) -> np.ndarray:
    """Mark pairs that are and were not decided, [K, N]."""
    free = np.array([name not in case.forced for name in case.recipients])
    return np.asarray((choices != NONE) & free)


def levels(case: Case, choices: np.ndarray, *, band: int) -> np.ndarray:
    """Count the pairs of each choice in each band of scores, the lowest first."""
    level = np.where(choices != NONE, scores(case, choices) // band, -1)
    return np.column_stack([(level == one).sum(axis=1) for one in range(UNIT // band + 1)])


def filled(case: Case, choices: np.ndarray, least: dict[str, int]) -> np.ndarray:
    """Count the places taken of those that helpers shall take at least."""
    wanted = [least.get(name, 0) for name in case.helpers]
    counts = [np.minimum((choices == column).sum(axis=1), most) for column, most in enumerate(wanted)]
    return np.asarray(np.sum(counts, axis=0))


@pytest.mark.parametrize("objective", LISTS, ids=lambda names: "-".join(names[1:]))
def test_each_wish_is_met_as_well_as_the_earlier_ones_allow(objective: tuple[str, ...]) -> None:
    random = np.random.default_rng(41 + LISTS.index(objective))
    for _ in range(CASES):
        case = draw_case(random)
        stay = int(random.choice([0, 0, 100_000, UNIT]))
        least = {name: int(random.integers(1, 3)) for name in case.helpers if random.random() < 1 / 4}
        proposal = propose(
            case.problem(), objective=objective, quota=case.places, least=least, stay=stay / UNIT
        )
        assert proposal.faults() == []
        assert proposal.gap == 0
        if proposal.prices is not None:
            assert len(set(bound_of(proposal))) == 1
        taken, choices = case.taken(proposal), case.choices()
        assert taken in {tuple(choice) for choice in choices.tolist()}
        own, everybody = (
            ranks(case, some, objective=objective, least=least, stay=stay)
            for some in (np.array([taken]), choices)
        )
        assert own[0] == min(everybody)
        assert proposal.unserved == case.lacking(np.array([taken]))[0]
        assert proposal.moves == case.moves(np.array([taken]), case.present)[0]
        count = {name: taken.count(column) for column, name in enumerate(case.helpers)}
        assert proposal.below(least) == {
            name: most - count[name] for name, most in least.items() if count[name] < most
        }


@pytest.mark.parametrize(
    "objective", [("coverage", "total"), ("coverage", "floor", "total"), ("coverage", "load", "total")]
)
def test_a_limit_of_moves_and_a_bonus_for_staying_work_together(objective: tuple[str, ...]) -> None:
    random = np.random.default_rng(61)
    for _ in range(CASES):
        case = draw_case(random, recipients=4)
        stay, limit = int(random.choice([0, 300_000])), int(random.integers(0, 4))
        choices = case.choices()
        most = choices[case.served(choices) == case.served(choices).max()]
        within = most[case.moves(most, case.present) <= limit]
        asked: dict[str, Any] = {
            "objective": objective,
            "quota": case.places,
            "max_moves": limit,
            "stay": stay / UNIT,
        }
        if not len(within):
            with pytest.raises(InfeasibleError, match=str(case.moves(most, case.present).min())):
                propose(case.problem(), **asked)
            continue
        proposal = propose(case.problem(), **asked)
        assert proposal.faults() == []
        assert proposal.gap == 0
        if proposal.proof == "prices":
            assert len(set(bound_of(proposal))) == 1
        taken = np.array([case.taken(proposal)])
        assert proposal.moves == case.moves(taken, case.present)[0] <= limit
        own, everybody = (
            ranks(case, some, objective=objective, least={}, stay=stay) for some in (taken, within)
        )
        assert own[0] == min(everybody)


@pytest.mark.parametrize("objective", LISTS[:4], ids=lambda names: "-".join(names[1:]))
def test_the_order_of_rows_changes_nothing(objective: tuple[str, ...]) -> None:
    random = np.random.default_rng(51)
    for _ in range(CASES // 4):
        case = draw_case(random)
        pairs = list(case.score.items())
        made: list[Any] = []
        for order in (range(len(pairs)), random.permutation(len(pairs))):
            shuffled = Case(
                dict(reversed(case.places.items())) if made else case.places,
                case.recipients[::-1] if made else case.recipients,
                dict(pairs[place] for place in order),
                case.present,
                case.decided,
            )
            made.append(propose(shuffled.problem(), objective=objective, quota=case.places).pairs)
        assert made[0].equals(made[1])


def test_every_order_of_known_words_is_followed_or_refused() -> None:
    case = draw_case(np.random.default_rng(3))
    words = ("coverage", "load", "floor", "total", "leximin(0.5)", "least_change")
    followed = 0
    for length in range(1, len(words) + 1):
        for objective in permutations(words, length):
            if is_objective(objective):
                assert propose(case.problem(), objective=objective, quota=case.places).faults() == []
                followed += 1
            elif length <= 3:
                with pytest.raises(InputError, match=r"pairs\.objective"):
                    propose(case.problem(), objective=objective, quota=case.places)
    assert followed == 5 * 4
