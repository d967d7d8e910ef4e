"""Markets of single places against brute force, OR-Tools and solving again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from jiedui.pairs.kernel.assignment import assign
from jiedui.pairs.kernel.chain import Chain, faults, raise_worst, split
from jiedui.pairs.kernel.desk import Desk
from jiedui.pairs.kernel.face import face_of
from jiedui.pairs.kernel.market import Assignment, Market
from jiedui.pairs.kernel.network import assign_by_network

CASES = 300
"""Random markets for each test: a few seconds in all."""


def draw_market(random: np.random.Generator, rows: int, columns: int, *, floors: bool = False) -> Market:
    """Draw a market, often with empty rows, ties, helpers without places, too few places."""
    count, helpers = int(random.integers(1, rows)), int(random.integers(1, columns))
    degree = random.integers(0, min(helpers, 8) + 1, count)
    helper = [np.sort(random.choice(helpers, size, replace=False)) for size in degree]
    largest = int(random.choice([1, 3, 10, 1000, 10**6]))
    outside = int(random.choice([largest // 2 + 1, largest + 1, 50 * largest + 7]))
    dear = random.integers(0, largest + 1, count) * int(random.integers(2))
    floor = -random.integers(0, 3 * largest + 2, helpers) * random.integers(0, 2, helpers) * floors
    return Market(
        start=np.concatenate([[0], np.cumsum(degree)]),
        helper=np.concatenate([*helper, np.zeros(0, np.int64)]).astype(np.int32),
        cost=random.integers(0, largest + 1, int(degree.sum())).astype(np.int32),
        capacity=random.integers(0, 1 + max(1, int(2.5 * count / helpers)), helpers),
        penalty=outside + dear,
        floor=floor,
    )


def choices(market: Market) -> Iterator[list[int]]:
    """Give every choice: the pair of each recipient, or -1."""
    options = [[-1, *range(a, b)] for a, b in itertools.pairwise(market.start.tolist())]
    for pairs in itertools.product(*options):
        taken = [market.helper[pair] for pair in pairs if pair >= 0]
        if (np.bincount(taken, minlength=len(market.capacity)) <= market.capacity).all():
            yield list(pairs)


@pytest.mark.parametrize("floors", [False, True])
def test_auction_and_network_agree_to_the_last_price(*, floors: bool) -> None:
    random = np.random.default_rng(11 + floors)
    for _ in range(CASES):
        check_market(random, floors=floors)


def check_market(random: np.random.Generator, *, floors: bool) -> None:
    """Compare the auction with OR-Tools on one random market."""
    market = draw_market(random, 120, 20, floors=floors)
    ours, theirs = assign(market, smallest=True), assign_by_network(market)
    assert not ours.faults()
    assert not theirs.faults()
    assert ours.value() == theirs.value() == ours.bound()
    np.testing.assert_array_equal(ours.prices, theirs.prices)


def test_wide_numbers_keep_the_optimum() -> None:
    random = np.random.default_rng(3)
    for factor in (2**31, 2**45, 2**60):
        market = draw_market(random, 40, 8)
        wide = replace(market, cost=market.cost.astype(np.int64) * 3 + factor // 2**20)
        found = assign(replace(wide, penalty=market.penalty * 3 + factor // 2**8))
        assert not found.faults()


def test_an_assignment_that_is_not_optimal_is_found_out() -> None:
    market = Market(*(np.array(part) for part in ([0, 2], [0, 1], [5, 1], [1, 1], [9], [0, 0])))
    wrong = Assignment(market, np.array([0], np.int32), np.zeros(2, np.int64))
    assert wrong.faults() == ["bound"]
    assert Assignment(market, np.array([1], np.int32), np.array([-1, 0])).faults() == ["prices", "bound"]
    crowded = replace(market, capacity=np.array([1, 0]))
    assert "capacity" in Assignment(crowded, np.array([1], np.int32), np.zeros(2, np.int64)).faults()


def test_wishes_in_order_equal_brute_force() -> None:
    random = np.random.default_rng(5)
    for _ in range(CASES):
        market = draw_market(random, 6, 4)
        pairs = len(market.helper)
        costs = [market.cost, *(random.integers(0, top, pairs) for top in (3, 2, 9))]
        outside = [0, 4, 1, 7]

        best = assign(market)
        face, chosen = face_of(best), np.flatnonzero(best.chosen)
        for cost, free in zip(costs[1:], outside[1:], strict=True):
            best = assign(face.market(cost, outside=free))
            chosen = face.positions()[best.chosen]
            face = face.narrow(best)
        penalties = [market.penalty, *(np.full(len(market.penalty), one) for one in outside[1:])]
        told = [worth(market, chosen, cost, free) for cost, free in zip(costs, penalties, strict=True)]
        assert told == min(
            [worth(market, np.array(pairs), cost, free) for cost, free in zip(costs, penalties, strict=True)]
            for pairs in choices(market)
        )


def worth(market: Market, pairs: np.ndarray, cost: np.ndarray, outside: np.ndarray) -> int:
    """Sum the costs of pairs (-1: none) and of those they leave outside."""
    pairs = pairs[pairs >= 0].astype(int)
    row = np.repeat(np.arange(len(market.penalty)), np.diff(market.start))[pairs]
    return int(cost[pairs].sum()) + int(np.delete(outside, row).sum())


def test_leximin_equals_brute_force() -> None:
    random = np.random.default_rng(7)
    for _ in range(CASES):
        market = draw_market(random, 6, 4)
        score, band = random.integers(0, 12, len(market.helper)), int(random.integers(1, 5))

        def rank(pairs: list[int], score: np.ndarray = score, band: int = band) -> tuple[int, ...]:
            served = [pair for pair in pairs if pair >= 0]
            level = [int(score[pair]) // band for pair in served]
            return (
                -len(served),
                *(level.count(one) for one in range(12)),
                -sum(score[pair] for pair in served),
            )

        chain = Chain(market)
        chain.cover(np.ones_like(market.penalty))
        raise_worst(chain, score, band=band)
        chain.ask("total", 12 - score)
        assert not faults(chain.rounds)
        assert rank(chain.chosen.tolist()) == min(rank(pairs) for pairs in choices(market))


def test_first_places_are_filled_as_far_as_everybody_served_allows() -> None:
    random = np.random.default_rng(9)
    for _ in range(CASES):
        market = draw_market(random, 6, 4)
        least = random.integers(0, 3, len(market.capacity))

        def rank(
            pairs: list[int], market: Market = market, least: np.ndarray = least
        ) -> tuple[int, int, int]:
            served = [pair for pair in pairs if pair >= 0]
            count = (
                np.bincount(market.helper[served], minlength=len(least)) if served else np.zeros(len(least))
            )
            filled = int(np.minimum(count, least).sum())
            return -len(served), -filled, int(sum(market.cost[pair] for pair in served))

        asked, edges = split(market, least)
        chain = Chain(asked)
        chain.cover(np.ones_like(market.penalty))
        chain.ask("total", asked.cost)
        assert not faults(chain.rounds)
        assert rank(edges[chain.chosen].tolist()) == min(rank(pairs) for pairs in choices(market))


def test_a_broken_round_is_found_out() -> None:
    market = draw_market(np.random.default_rng(1), 6, 4)
    chain = Chain(market)
    chain.cover(np.ones_like(market.penalty))
    chain.ask("total", market.cost)
    assert not faults(chain.rounds)
    first, second = chain.rounds
    assert second.before
    shifted = replace(second, before=replace(second.before, capacity=second.before.capacity + 1))
    assert "total: face" in faults([first, shifted])


@pytest.mark.parametrize("seed", range(3))
def test_every_change_on_the_desk_equals_solving_again(seed: int) -> None:
    random = np.random.default_rng(seed)
    for _ in range(CASES):
        check_desk(random)


def check_desk(random: np.random.Generator) -> None:
    """Change one random market four times, and compare with solving again each time."""
    market = draw_market(random, 40, 9)
    desk = Desk.of(assign(market, smallest=bool(random.integers(2))))
    for _ in range(4):
        change(random, desk)
        now = desk.assignment()
        assert not now.faults()
        assert now.value() == assign(now.market).value()


def change(random: np.random.Generator, desk: Desk) -> None:
    """Close or widen a helper, let somebody leave and perhaps come back, or hold somebody somewhere."""
    what, helper = random.integers(4), int(random.integers(len(desk.market.capacity)))
    row = int(random.integers(len(desk.taken)))
    if what == 0:
        desk.close(helper)
    elif what == 1:
        desk.widen(helper, int(random.integers(1, 3)))
    elif desk.absent[row]:
        return
    elif what == 2:
        desk.leave(row)
        assert random.random() < 0.5 or desk.come(row)
    else:
        candidates = desk.market.helper[desk.market.start[row] : desk.market.start[row + 1]]
        for only in candidates[:1]:
            desk.leave(row)
            room = desk.market.capacity[only] > 0
            assert desk.come(row, int(only)) == room
            if room:
                assert desk.taken[row] == only
                desk.hold(row)
