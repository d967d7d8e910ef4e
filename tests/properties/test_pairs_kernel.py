"""The kernel at its edges: numbers at their limits, no bids left, many places, parts, no compiler."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from jiedui.language import LANGUAGES, text
from jiedui.pairs import make_problem, propose, ties, warm_up
from jiedui.pairs.answers import Answers
from jiedui.pairs.flow import market as market_of
from jiedui.pairs.kernel import auction, components, exchanges, prices
from jiedui.pairs.kernel.assignment import assign
from jiedui.pairs.kernel.market import Market
from jiedui.pairs.kernel.network import assign_by_network
from jiedui.pairs.problem import Problem

CASES = 200


def draw_market(random: np.random.Generator, rows: int, helpers: int, *, largest: int = 20) -> Market:
    """Draw a market with ties, recipients without candidates and helpers without places."""
    degree = random.integers(0, min(helpers, 6) + 1, rows)
    helper = [np.sort(random.choice(helpers, size, replace=False)) for size in degree]
    return Market(
        start=np.concatenate([[0], np.cumsum(degree)]),
        helper=np.concatenate([*helper, np.zeros(0, np.int64)]).astype(np.int32),
        cost=random.integers(0, largest + 1, int(degree.sum())).astype(np.int32),
        capacity=random.integers(0, 1 + max(1, 2 * rows // helpers), helpers),
        penalty=np.full(rows, 3 * largest),
        floor=np.zeros(helpers, np.int64),
    )


def join(markets: list[Market]) -> Market:
    """Put markets side by side, recipients and helpers shuffled into each other by turns."""
    rows = np.concatenate(
        [np.arange(len(one.penalty)) * len(markets) + turn for turn, one in enumerate(markets)]
    )
    helpers = np.concatenate(
        [np.arange(len(one.capacity)) * len(markets) + turn for turn, one in enumerate(markets)]
    )
    order, columns = np.argsort(rows), np.argsort(np.argsort(helpers))
    lists, costs, passed = [], [], 0
    for one in markets:
        for low, high in zip(one.start[:-1], one.start[1:], strict=True):
            lists.append(columns[one.helper[low:high] + passed])
            costs.append(one.cost[low:high])
        passed += len(one.capacity)
    sides = {
        name: np.concatenate([getattr(one, name) for one in markets])
        for name in ("capacity", "penalty", "floor")
    }
    inverse = np.argsort(columns)
    return Market(
        start=np.concatenate([[0], np.cumsum([len(lists[row]) for row in order])]),
        helper=np.concatenate([lists[row] for row in order]).astype(np.int32),
        cost=np.concatenate([costs[row] for row in order]),
        capacity=sides["capacity"][inverse],
        penalty=sides["penalty"][order],
        floor=sides["floor"][inverse],
    )


def test_parts_in_threads_give_the_same_value_and_smallest_prices() -> None:
    random = np.random.default_rng(1)
    for _ in range(CASES):
        market = join([draw_market(random, 12, 4) for _ in range(int(random.integers(1, 6)))])
        whole = assign(market, smallest=True)
        for threads in (2, 3):
            apart = assign(market, smallest=True, threads=threads)
            assert not apart.faults()
            assert apart.value() == whole.value()
            np.testing.assert_array_equal(apart.prices, whole.prices)


def test_a_market_is_shared_out_without_common_candidates() -> None:
    market = join([draw_market(np.random.default_rng(seed), 40, 8) for seed in range(6)])
    shares = components.share_out(market, 3)
    assert len(shares) == 3
    helpers = np.concatenate([one.helpers for one in shares])
    assert len(np.unique(helpers)) == len(helpers)
    assert sum(len(one.market.helper) for one in shares) == len(market.helper)
    assert len(components.share_out(market, 1)) == 1


@pytest.mark.parametrize("least", [2**31 - 25, 2**31 - 12, 2**31, 2**40])
def test_costs_keep_their_optimum_across_the_width_of_32_bits(least: int) -> None:
    random = np.random.default_rng(2)
    for _ in range(CASES // 4):
        near = draw_market(random, 40, 8)
        width = np.int32 if least + 20 < 2**31 else np.int64
        far = replace(
            near, cost=(near.cost.astype(np.int64) + least).astype(width), penalty=near.penalty + least
        )
        found = assign(far, smallest=True)
        assert not found.faults()
        np.testing.assert_array_equal(found.prices, assign(near, smallest=True).prices)


def test_up_to_the_limit_prices_are_exact_and_beyond_it_refused() -> None:
    market = draw_market(np.random.default_rng(3), 30, 6)
    sums = 2 * (len(market.penalty) + int(market.capacity.sum()) + 1)
    most = 2**63 // sums - 2
    odd = np.where(np.arange(len(market.cost)) == 0, 1, most - 60 + market.cost.astype(np.int64))
    wide = replace(market, cost=odd, penalty=np.full(30, most))
    assert wide.is_exact
    assert not wide.fits(2**5)
    with pytest.raises(ValueError, match="too large"):
        assign(replace(wide, penalty=np.full(30, most + 2)))


def test_where_the_auction_has_no_bids_left_the_network_answers() -> None:
    random = np.random.default_rng(4)
    handed_over = 0
    for _ in range(CASES):
        market = draw_market(random, 60, 6, largest=1000)
        grain = np.int64(1)
        *_, proved = auction.solve(market.rows, market.columns(), market.sides, grain, np.int64(1))
        handed_over += not proved
        tiny = assign(market, smallest=True, budget=0)
        assert not tiny.faults()
        np.testing.assert_array_equal(tiny.prices, assign_by_network(market).prices)
    assert handed_over > CASES // 2


@pytest.mark.parametrize("places", [300, 10**9])
def test_helpers_with_very_many_places_are_no_trouble(places: int) -> None:
    random = np.random.default_rng(5)
    rows, helpers = 1500, 3
    market = Market(
        start=np.arange(rows + 1) * helpers,
        helper=np.tile(np.arange(helpers, dtype=np.int32), rows),
        cost=random.integers(0, 500, rows * helpers).astype(np.int32),
        capacity=np.array([places, 400, 0]),
        penalty=np.full(rows, 900),
        floor=np.zeros(helpers, np.int64),
    )
    ours, theirs = assign(market, smallest=True), assign_by_network(market)
    assert ours.value() == theirs.value() == ours.bound()
    np.testing.assert_array_equal(ours.prices, theirs.prices)


def test_after_warming_up_nothing_is_left_to_compile() -> None:
    assert warm_up()
    loops = [
        loop for module in (auction, components, exchanges, prices) for loop in vars(module).values()
        if hasattr(loop, "signatures")
    ]  # fmt: skip
    before = [len(loop.signatures) for loop in loops]
    assert sum(before) > len(loops) // 2
    tell_case(draw_problem(np.random.default_rng(6)))
    assert [len(loop.signatures) for loop in loops] == before


@pytest.mark.parametrize("block", ["", "sys.modules['numba'] = None; "])
def test_warming_up_says_what_it_did_in_both_languages(block: str) -> None:
    code = f"import sys; {block}sys.argv = ['jiedui', 'warm-up']; from jiedui.__main__ import main; main()"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    key = "screen.no_compiler" if block else "screen.warmed_up"
    assert done.stdout.splitlines() == [text(key, lang) for lang in LANGUAGES]


def draw_problem(random: np.random.Generator, *, rows: int = 14) -> Problem:
    """Draw a small problem with ties, present pairs and decisions."""
    rows, helpers = int(random.integers(2, rows)), int(random.integers(2, 6))
    pairs = [(row, helper) for row in range(rows) for helper in range(helpers) if random.random() < 0.6]
    names = [[f"r{row:02}" for row, _ in pairs], [f"h{helper}" for _, helper in pairs]]
    return make_problem(
        pa.table({"id": [f"h{helper}" for helper in range(helpers)], "capacity": [1.0] * helpers}),
        pa.table({"id": [f"r{row:02}" for row in range(rows)]}),
        pa.table([*names, np.round(random.random(len(pairs)), 1)], ["recipient", "helper", "score"]),
        present=pa.table([names[0][::3], names[1][::3]], ["recipient", "helper"]),
    )


def tell_case(problem: Problem) -> list[object]:
    """Ask everything of a problem and give it in plain values."""
    quota = {helper: 1 + number for number, helper in enumerate(problem.helper_ids)}
    told: list[object] = []
    for wishes in (["total"], ["leximin(0.2)", "total"], ["total", "least_change"]):
        proposal = propose(problem, objective=("coverage", *wishes), quota=quota, stay=0.05)
        told += [proposal.chosen.tolist(), proposal.faults()]
    answers = Answers(propose(problem, objective=("coverage", "total"), quota=quota))
    market = market_of(answers.proposal.steps[-1].instance)
    told.append(answers.worth().to_pydict())
    told.append(ties.first_by_numbers(answers.proposal.steps[-1].instance).tolist())
    told.append(market.columns()[1].tolist())
    for recipient in problem.recipient_ids:
        found = answers.explain(recipient)
        told.append((found.helper, found.price, answers.firmness(recipient)))
    changes = {"drop": [problem.helper_ids[0]]}, {"add_places": {problem.helper_ids[-1]: 1}}
    for change in changes:
        outcome = answers.what_if(**change)
        told.append((outcome.loss, outcome.unserved, outcome.faults()))
    return told


def test_of_equal_optima_the_first_by_ids_is_taken_whoever_stays_outside() -> None:
    random = np.random.default_rng(8)
    for _ in range(CASES // 2):
        problem = draw_problem(random, rows=5)
        quota = {helper: int(random.integers(0, 3)) for helper in problem.helper_ids}
        proposal = propose(problem, objective=("coverage", "total"), quota=quota)
        options = [[*np.flatnonzero(problem.row == row), -1] for row in range(len(problem.need))]

        def rank(pairs: tuple[int, ...], problem: Problem = problem) -> tuple[int, int, list[int]]:
            served = [pair for pair in pairs if pair >= 0]
            order = [pair if pair >= 0 else len(problem.row) for pair in pairs]
            return -len(served), -int(problem.score[served].sum()), order

        room = np.array(list(quota.values()))
        best = min(
            (pairs for pairs in itertools.product(*options) if (taken(problem, pairs) <= room).all()),
            key=rank,
        )
        assert np.flatnonzero(proposal.chosen).tolist() == sorted(pair for pair in best if pair >= 0)


def taken(problem: Problem, pairs: tuple[int, ...]) -> np.ndarray:
    """Count the places that a choice takes at each helper."""
    served = np.array([pair for pair in pairs if pair >= 0], int)
    return np.bincount(problem.column[served], minlength=len(problem.helper_ids))


def tell() -> str:
    """Tell many cases as text."""
    random = np.random.default_rng(7)
    return json.dumps([tell_case(draw_problem(random)) for _ in range(60)])


def test_without_the_compiler_all_answers_are_the_same() -> None:
    block = "import sys; sys.modules['numba'] = None; import runpy"
    check = "from jiedui.pairs.kernel.compiled import has_numba; assert not has_numba()"
    code = f"{block}; {check}; print(runpy.run_path({__file__!r})['tell']())"
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads(tell())
