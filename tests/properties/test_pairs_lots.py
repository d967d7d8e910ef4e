"""Lots among equals: every draw is one of all equal choices, and the probabilities say how often."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pytest

from jiedui.errors import InputError
from jiedui.pairs import Proposal, given, make_problem, propose
from jiedui.pairs.contiguous import propose_contiguous
from jiedui.pairs.lots import Lot, LotDecision, draw_lot, fingerprint
from jiedui.pairs.lots.equals import random_numbers
from jiedui.pairs.problem import Problem

CASES = 40
REDRAWS = 40
SURE = 4
"""Standard errors: missed once in 16,000 draws; seeds are fixed."""
DECISION = LotDecision(
    who="county office",
    why="these households are equal in every respect",
    decided_on=date(2026, 3, 1),
    closed_on=date(2026, 3, 2),
    drawn_on=date(2026, 3, 3),
    source="welfare lottery, draw of 3 March 2026",
    value="07 11 12 19 26 31",
)
OBJECTIVES = (
    ("coverage", "total"),
    ("coverage", "floor", "total"),
    ("coverage", "load", "floor", "total"),
    ("coverage", "leximin(0.2)", "total"),
    ("coverage", "total", "least_change"),
)


def draw_problem(random: np.random.Generator) -> Problem:
    """Draw a problem with many ties, some pairs present, perhaps one forced."""
    rows, columns = int(random.integers(1, 6)), int(random.integers(1, 4))
    row, column = np.nonzero(random.random((rows, columns)) < 0.8)
    if not len(row):
        row, column = np.zeros(1, int), np.zeros(1, int)
    pairs = {"recipient": [f"r{one}" for one in row], "helper": [f"h{one}" for one in column]}
    some = random.random(len(row)) < 0.3
    decided = pa.table({name: values[:1] for name, values in pairs.items()} | {"kind": ["forced"]})
    return make_problem(
        pa.table({"id": [f"h{one}" for one in range(columns)], "capacity": [1.0] * columns}),
        pa.table({"id": [f"r{one}" for one in range(rows)]}),
        pa.table(pairs | {"score": random.integers(4, 7, len(row)) / 10}),
        present=pa.table({name: pa.array(values).filter(pa.array(some)) for name, values in pairs.items()}),
        decided=decided if random.random() < 0.3 else None,
    )


def equal_choices(
    plain: Proposal, objective: tuple[str, ...], quota: Mapping[str, int], least: Mapping[str, int]
) -> set[tuple[int, ...]]:
    """Try every choice that serves the same recipients, and keep those that are exactly as good."""
    problem = plain.problem
    places = np.array([quota[name] for name in problem.helper_ids])
    forced = problem.ticks(problem.forced)
    wanted = np.maximum(0, [least.get(name, 0) for name in problem.helper_ids] - forced)

    def worth(pairs: tuple[int, ...]) -> list[object]:
        edges = np.array(pairs, np.int64)
        count = np.bincount(problem.column[edges], minlength=len(places))
        score = problem.score[edges]
        told: list[object] = [int(score.sum()), int(np.minimum(count - forced, wanted).sum())]
        told += [score.min() if "floor" in objective else 0]
        told += [count.max() if "load" in objective else 0]
        told += [sorted((score // 200_000).tolist()) if "leximin(0.2)" in objective else 0]
        told += [int(problem.present[edges].sum()) if "least_change" in objective else 0]
        return told

    chosen = np.flatnonzero(plain.chosen)
    options = [np.flatnonzero(problem.row == row).tolist() for row in problem.row[chosen]]
    return (
        {
            pairs
            for pairs in itertools.product(*options)
            if (
                np.bincount(problem.column[list(pairs)], minlength=len(places)) <= np.maximum(places, forced)
            ).all()
            and problem.forced[list(pairs)].sum() == problem.forced.sum()
            and worth(pairs) == worth(tuple(chosen.tolist()))
        }
        if len(chosen)
        else {()}
    )


@pytest.mark.parametrize("objective", OBJECTIVES, ids=",".join)
@pytest.mark.parametrize("wants", [False, True], ids=["", "least"])
def test_draws_are_equal_choices_and_every_pair_of_one_is_told(
    objective: tuple[str, ...], *, wants: bool
) -> None:
    random = np.random.default_rng(len(objective[1]) + wants)
    for case in range(CASES):
        problem = draw_problem(random)
        quota = dict(
            zip(problem.helper_ids, random.integers(0, 4, len(problem.helper_ids)).tolist(), strict=True)
        )
        least = {problem.helper_ids[0]: int(random.integers(0, 3))} if wants else {}
        plain = propose(problem, objective=objective, quota=quota, least=least)
        equal = equal_choices(plain, objective, quota, least)
        lot = draw_lot(plain, decision=replace(DECISION, value=str(case)), redraws=REDRAWS)
        assert lot.faults() == []
        assert tuple(np.flatnonzero(lot.proposal.chosen).tolist()) in equal
        assert told(lot) == named(problem, {pair for pairs in equal for pair in pairs})
        check_sums(lot)


def told(lot: Lot) -> set[tuple[str, str]]:
    columns = (lot.chances[name].to_pylist() for name in ("recipient", "helper"))
    return set(zip(*columns, strict=True))


def named(problem: Problem, pairs: set[int]) -> set[tuple[str, str]]:
    return {
        (problem.recipient_ids[problem.row[one]], problem.helper_ids[problem.column[one]]) for one in pairs
    }


def check_sums(lot: Lot) -> None:
    """Probabilities of each recipient served sum to 1."""
    sums = lot.chances.group_by("recipient").aggregate([("probability", "sum")])
    np.testing.assert_allclose(sums["probability_sum"].to_numpy(), 1)
    assert set(sums["recipient"].to_pylist()) == set(lot.plain.pairs["recipient"].to_pylist())


def alike(count: int, *, scores: Mapping[tuple[int, int], float] | None = None) -> Problem:
    """Give as many recipients as helpers, all equal but for some scores."""
    every = list(itertools.product(range(count), range(count)))
    return make_problem(
        pa.table({"id": [f"h{one}" for one in range(count)], "capacity": [1.0] * count}),
        pa.table({"id": [f"r{one}" for one in range(count)]}),
        pa.table(
            {
                "recipient": [f"r{row}" for row, _ in every],
                "helper": [f"h{column}" for _, column in every],
                "score": [(scores or {}).get(pair, 0.5) for pair in every],
            }
        ),
    )


def plain_of(problem: Problem) -> Proposal:
    return propose(problem, objective=("coverage", "total"), quota=dict.fromkeys(problem.helper_ids, 1))


@pytest.mark.parametrize("count", [2, 3])
def test_recipients_who_are_alike_have_like_chances(count: int) -> None:
    better = {(row, 0): 0.9 for row in range(count)}
    lot = draw_lot(plain_of(alike(count, scores=better)), decision=DECISION, redraws=2000)
    probability, se = lot.chances["probability"].to_numpy(), lot.chances["se"].to_numpy()
    assert len(probability) == count**2
    np.testing.assert_allclose(se, np.sqrt(probability * (1 - probability) / 2000))
    assert (abs(probability - 1 / count) <= SURE * se).all()


def test_draws_of_many_days_follow_the_probabilities() -> None:
    plain = plain_of(alike(2))
    first = [
        draw_lot(plain, decision=replace(DECISION, value=f"day {day}"), redraws=1).proposal.chosen[0]
        for day in range(400)
    ]
    assert abs(np.mean(first) - 0.5) <= SURE * np.sqrt(0.25 / 400)


def test_where_nothing_is_tied_the_lot_changes_nothing() -> None:
    scores = {pair: 0.1 + 0.01 * pair[0] * pair[1] for pair in itertools.product(range(3), range(3))}
    plain = plain_of(alike(3, scores=scores))
    lot = draw_lot(plain, decision=DECISION)
    np.testing.assert_array_equal(lot.proposal.chosen, plain.chosen)
    assert lot.chances.select(["probability", "se"]).to_pylist() == [{"probability": 1, "se": 0}] * 3


def test_one_who_is_left_out_without_the_lot_stays_out_and_nobody_else() -> None:
    problem = alike(3)
    plain = propose(problem, objective=("coverage", "total"), quota={"h0": 1, "h1": 1, "h2": 0})
    served = set(plain.pairs["recipient"].to_pylist())
    for day in range(20):
        lot = draw_lot(plain, decision=replace(DECISION, value=str(day)), redraws=1)
        assert set(lot.proposal.pairs["recipient"].to_pylist()) == served


def test_the_seed_is_the_hash_of_the_closed_list_and_the_public_value() -> None:
    plain = plain_of(alike(2))
    lot = draw_lot(plain, decision=DECISION, redraws=1)
    assert lot.fingerprint == fingerprint(plain)
    assert lot.seed == sha256(f"{lot.fingerprint}\n{DECISION.value}".encode()).hexdigest()
    changed = [
        plain_of(alike(2, scores={(1, 1): 0.500001})),
        plain_of(alike(3)),
        propose(alike(2), objective=("coverage", "total"), quota={"h0": 2, "h1": 1}),
        propose(alike(2), objective=("coverage", "total", "least_change"), quota={"h0": 1, "h1": 1}),
    ]
    assert len({fingerprint(one) for one in (plain, *changed)}) == len(changed) + 1
    assert draw_lot(plain, decision=replace(DECISION, value="1"), redraws=1).seed != lot.seed


def test_the_random_numbers_are_those_of_splitmix64() -> None:
    """Its first outputs from seed 0 are e220a8397b1dcdaf, 6e789e6aa1b965f4, 06c45d188009454f."""
    numbers = random_numbers("0" * 64, np.arange(3))
    assert numbers.tolist() == [[0xE220A, 0x6E789, 0x06C45], [0x8397B, 0xE6AA1, 0xD1880]]


def test_the_same_list_and_value_give_the_same_bytes() -> None:
    one, other = (draw_lot(plain_of(alike(3)), decision=DECISION, redraws=100) for _ in range(2))
    assert one.chances.equals(other.chances)
    assert one.seed == other.seed
    np.testing.assert_array_equal(one.proposal.chosen, other.proposal.chosen)


def test_a_lot_that_was_tampered_with_is_found_out() -> None:
    lot = draw_lot(plain_of(alike(2, scores={(0, 0): 0.6, (1, 0): 0.6})), decision=DECISION, redraws=1)
    swapped = replace(lot.proposal, chosen=~lot.proposal.chosen)
    assert replace(lot, proposal=swapped).faults() == ["lot: draw"]
    assert "lot: seed" in replace(lot, seed="0" * 64).faults()
    assert "lot: list" in replace(lot, fingerprint="0" * 64).faults()
    assert "lot: decision" in replace(lot, decision=replace(DECISION, who="")).faults()
    worse = given(lot.plain.problem, [("r0", "h0")])
    spoilt = replace(lot.plain, chosen=worse.chosen)
    assert {"lot: served", "lot: total"} <= set(replace(lot, proposal=spoilt).faults())


def test_without_a_decision_there_is_no_lot() -> None:
    plain = plain_of(alike(2))
    late = replace(DECISION, closed_on=date(2026, 3, 4), decided_on=date(2026, 3, 4))
    empty = replace(DECISION, who=" ", why="", source="", value="")
    asked = {
        "pairs.lot_undecided": (None, 1),
        "pairs.lot_unstated": (empty, 4),
        "pairs.lot_dates": (late, 2),
    }
    for rule, (decision, count) in asked.items():
        with pytest.raises(InputError) as refused:
            draw_lot(plain, decision=decision)
        assert [found.rule for found in refused.value.findings] == [rule] * count
    with pytest.raises(InputError) as refused:
        draw_lot(plain, decision=DECISION, redraws=0)
    assert [found.rule for found in refused.value.findings] == ["pairs.lot_redraws"]


def test_what_is_not_proved_by_prices_on_single_places_is_refused() -> None:
    problem = alike(2)
    units = make_problem(
        pa.table({"id": ["g", "h"], "capacity": [1.0, 1.0]}),
        pa.table({"id": ["r", "s"], "places": [1, 2]}),
        pa.table({"recipient": ["r", "r", "s", "s"], "helper": ["g", "h", "g", "h"], "score": [0.5] * 4}),
    )
    asked = {
        "pairs.no_lot": [
            given(problem, [("r0", "h0")]),
            propose(units, objective=("coverage", "total"), quota={"g": 2, "h": 2}),
        ],
        "pairs.lot_bound": [
            propose(problem, objective=("coverage", "total"), quota={"h0": 1, "h1": 1}, max_moves=2),
            propose_contiguous(
                problem, pa.table({"code_a": ["r0"], "code_b": ["r1"]}), quota={"h0": 1, "h1": 1}
            ),
        ],
    }
    for rule, proposals in asked.items():
        for proposal in proposals:
            with pytest.raises(InputError) as refused:
                draw_lot(proposal, decision=DECISION)
            assert [found.rule for found in refused.value.findings] == [rule]
